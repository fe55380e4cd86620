from typing import Annotated, Optional

from pydantic import create_model
from sqlalchemy import CheckConstraint, Column, String, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

Short = Annotated[str, Field(max_length=10)]


class Named(SQLModel):
    name: str = Field(  #: @shared Named.name
        max_length=50,
        index=True,
    )
    note: str | None = None  #: @shared Named.note


class Membership(SQLModel, table=True):  #: membership | Membership | membership :primary key
    team_id: int = Field(foreign_key="team.id", primary_key=True, ondelete="CASCADE")  #: membership.team_id
    hero_id: int = Field(foreign_key="hero.id", primary_key=True, ondelete="CASCADE")  #: membership.hero_id


class Team(Named, table=True):  #: team | Team
    __table_args__ = (
        UniqueConstraint("name", "city", name="uq"),  #: team :unique name, city => UniqueConstraint("name", "city", name="uq")
        CheckConstraint("length(city) > 0"),  #: team :check length(city) > 0 => CheckConstraint("length(city) > 0")
    )
    id: int | None = Field(default=None, primary_key=True)  #: team.id | team :primary key
    city: Short  #: team.city
    members: list["Hero"] = Relationship(back_populates="teams", link_model=Membership)  #: Team~members


class Hero(Named, table=True):  #: hero | Hero
    id: Optional[int] = Field(default=None, primary_key=True)  #: hero.id | hero :primary key
    note: str = "none"  #: hero.note
    mentor_id: int | None = Field(default=None, foreign_key="hero.id")  #: hero.mentor_id
    power: str = Field(sa_column=Column("strength", String(9), unique=True))  #: hero.strength | hero :unique strength
    teams: list[Team] = Relationship(back_populates="members", link_model=Membership)  #: Hero~teams


class HeroCreate(Named):
    secret: str


create_model("Made", __base__=SQLModel, __cls_kwargs__={"table": True}, id=(int, Field(primary_key=True)))
exec('class Run(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n')
