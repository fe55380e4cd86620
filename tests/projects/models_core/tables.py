import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import declarative_base, registry, relationship

metadata = sa.MetaData(schema="app")

users = Table(  #: app.users => Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),  #: app.users.id => Column("id", Integer, primary_key=True) | app.users :primary key => Column("id", Integer, primary_key=True)
    sa.Column("naïve", String(5), unique=True, index=True),  #: app.users.naïve => sa.Column("naïve", String(5), unique=True, index=True) | app.users :index naïve => sa.Column("naïve", String(5), unique=True, index=True)
    UniqueConstraint("id", "naïve"),  #: app.users :unique id, naïve => UniqueConstraint("id", "naïve")
)
Index("ix_lower", sa.func.lower(users.c.naïve))  #: app.users :index lower(app.users."naïve")

for letter in "ab":
    Table(letter, metadata, Column("id", sa.ForeignKey(users.c.id), primary_key=True))  #: app.a | app.a.id => Column("id", sa.ForeignKey(users.c.id), primary_key=True) | app.a :primary key => Column("id", sa.ForeignKey(users.c.id), primary_key=True) | app.b | app.b.id => Column("id", sa.ForeignKey(users.c.id), primary_key=True) | app.b :primary key => Column("id", sa.ForeignKey(users.c.id), primary_key=True)


def link(name, *columns):
    return Table(name, metadata, *columns)  #: app.x_y => Table(name, metadata, *columns) | app.x_y :primary key => Table(name, metadata, *columns)


x_y = link(
    "x_y",
    Column("x", ForeignKey("app.a.id"), primary_key=True),  #: app.x_y.x => Column("x", ForeignKey("app.a.id"), primary_key=True)
    Column("y", ForeignKey("app.b.id"), primary_key=True),  #: app.x_y.y => Column("y", ForeignKey("app.b.id"), primary_key=True)
)

mapper_registry = registry(metadata=metadata)


class User:  #: User
    pass


class Room:  #: Room
    pass


rooms = Table("rooms", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("app.users.id")))  #: app.rooms => Table("rooms", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("app.users.id"))) | app.rooms.id => Column("id", Integer, primary_key=True) | app.rooms :primary key => Column("id", Integer, primary_key=True) | app.rooms.user_id => Column("user_id", ForeignKey("app.users.id"))

mapper_registry.map_imperatively(User, users)
mapper_registry.map_imperatively(
    Room,
    rooms,
    properties={"user": relationship(User, backref="rooms")},  #: Room~user => relationship(User, backref="rooms") | User~rooms => "rooms"
)

Base = declarative_base(metadata=metadata)


class Hybrid(Base):  #: Hybrid
    __table__ = Table(  #: app.hybrids => Table(
        "hybrids",
        Base.metadata,
        Column("hidden", Integer),  #: app.hybrids.hidden => Column("hidden", Integer)
        Column("id", Integer, primary_key=True),  #: app.hybrids.id => Column("id", Integer, primary_key=True) | app.hybrids :primary key => Column("id", Integer, primary_key=True)
        ExcludeConstraint(("id", "="), name="no_two"),  #: app.hybrids :exclude no_two => ExcludeConstraint(("id", "="), name="no_two")
    )
    __mapper_args__ = {"exclude_properties": ["hidden"]}


mapper_registry.map_imperatively(
    Extra := type("Extra", (), {}),
    Table("extras", metadata, Column("id", ForeignKey("app.users.id"), primary_key=True)),  #: app.extras => Table("extras", metadata, Column("id", ForeignKey("app.users.id"), primary_key=True)) | app.extras.id => Column("id", ForeignKey("app.users.id"), primary_key=True) | app.extras :primary key => Column("id", ForeignKey("app.users.id"), primary_key=True)
    properties={"user": relationship(User, viewonly=True)},  #: Extra~user => relationship(User, viewonly=True)
)


class Late(Base):  #: app.late | Late
    __tablename__ = "late"
    id = Column(Integer, primary_key=True)  #: app.late.id | app.late :primary key


Index("ix_late", Late.id, unique=True)  #: app.late :index id
