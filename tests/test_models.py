"""The loader finds every model of a project, whatever its style, and tells what it could not look at."""

import sys
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import NoneType, SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import inspect

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.models import load_schema
from schemalint.loaders.recording import recorded_classes
from schemalint.subjects.schema import Schema
from snippets import empty_sqlmodel

PROJECTS = Path(__file__).parent / "projects"

BASE = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

class Base(DeclarativeBase):
    pass
"""

MODEL = """
class {name}(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def model(name: str, table: str) -> str:
    return MODEL.format(name=name, table=table)


@pytest.fixture(autouse=True)
def forgotten_modules(tmp_path: Path) -> Iterator[None]:
    """Forget what a test imports: projects have modules of the same names."""
    before = set(sys.modules)
    with empty_sqlmodel():
        yield
    homes = (tmp_path, tmp_path.resolve(), PROJECTS)
    new = {name: sys.modules[name] for name in set(sys.modules) - before}
    places = {name: [getattr(one, "__file__", None), *getattr(one, "__path__", ())] for name, one in new.items()}
    for name in new:
        if any(Path(place).is_relative_to(home) for place in filter(None, places[name]) for home in homes):
            del sys.modules[name]


def test_a_package_is_imported_with_all_below_it_but_tests_and_migrations(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/__main__.py": "raise SystemExit('not to be run')",
            "app/base.py": BASE,
            "app/users/__init__.py": "",
            "app/users/models.py": "from app.base import *\n" + model("User", "users"),
            "app/no_init/models.py": "from app.base import *\n" + model("Thing", "things"),
            "app/tests/test_it.py": "raise RuntimeError('not to be imported')",
            "app/migrations/env.py": "raise RuntimeError('not to be imported')",
            "app/alembic/script.py.mako": "",
            "app/alembic/env.py": "raise RuntimeError('not to be imported')",
            "app/not-a-module.py": "raise RuntimeError('not to be imported')",
        },
        "app",
    )
    assert names(schema) == ["things", "users"]
    assert schema.failures == ()
    assert schema.files == tuple(
        str(tmp_path / "app" / name) for name in ("base.py", "no_init/models.py", "users/models.py")
    )


def test_a_namespace_package_can_be_named(tmp_path: Path) -> None:
    files = {
        "space/models.py": BASE + model("A", "a"),
        "space/deep/more.py": "from space.models import *\n" + model("B", "b"),
    }
    assert names(load(tmp_path, files, "space")) == ["a", "b"]


def test_a_module_under_src_is_found(tmp_path: Path) -> None:
    assert names(
        load(tmp_path, {"src/app/models.py": BASE + model("A", "a"), "src/app/__init__.py": ""}, "app.models")
    ) == ["a"]


TWO_BASES = (
    BASE + model("A", "a") + "\nclass Other(DeclarativeBase):\n    pass\n" + model("B", "b").replace("Base", "Other")
)


@pytest.mark.parametrize("attribute", ["Base", "Base.metadata", "Base.registry", "A", "table"])
def test_an_attribute_of_a_module_can_be_named(tmp_path: Path, attribute: str) -> None:
    schema = load(tmp_path, {"pair.py": TWO_BASES + "\ntable = A.__table__\n"}, f"pair:{attribute}")
    assert names(schema) == ["a"]
    assert [mapper.class_.__name__ for mapper in schema.mappers] == ["A"]
    assert len(schema.metadata) == 1


def test_a_module_is_judged_with_all_its_metadatas(tmp_path: Path) -> None:
    schema = load(tmp_path, {"pair.py": TWO_BASES}, "pair")
    assert names(schema) == ["a", "b"]
    assert len(schema.metadata) == 2


COPIED = (
    TWO_BASES
    + """
archive = MetaData()
for table in Base.metadata.sorted_tables:
    table.to_metadata(archive)
"""
)


ARCHIVED = """
class Copy(DeclarativeBase):
    metadata = archive

class Archived(Copy):
    __table__ = archive.tables["a"]
"""


@pytest.mark.parametrize("mapped", ["", ARCHIVED])
def test_a_metadata_of_copies_is_the_same_tables_for_another_database(tmp_path: Path, mapped: str) -> None:
    schema = load(tmp_path, {"pair.py": COPIED + mapped}, "pair")
    assert names(schema) == ["a", "b"]
    assert len(schema.metadata) == 2
    assert {mapper.class_.__name__ for mapper in schema.mappers} == {"A", "B"}


def test_a_metadata_with_copies_and_a_table_of_its_own_is_judged(tmp_path: Path) -> None:
    schema = load(tmp_path, {"pair.py": f'{COPIED}\nTable("c", archive, Column("id", Integer))\n'}, "pair")
    assert names(schema) == ["a", "a", "b", "c"]


def test_a_metadata_of_copies_that_the_user_names_is_judged(tmp_path: Path) -> None:
    schema = load(tmp_path, {"pair.py": COPIED}, "pair:archive")
    assert names(schema) == ["a"]
    assert schema.tables[0].metadata is schema.metadata[0]


def test_copies_of_what_is_not_judged_are(tmp_path: Path) -> None:
    source = BASE + "\nmade = Table('a', MetaData(), Column('id', Integer)).to_metadata(MetaData())\n"
    schema = load(tmp_path, {"one.py": source}, "one")
    assert names(schema) == ["a"]


def test_core_tables_and_imperative_mappings_are_models(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            "core.py": BASE
            + """
metadata = MetaData()
users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("name", String))
loose = Table("loose", metadata, Column("id", Integer, primary_key=True))
class User: ...
from sqlalchemy.orm import registry
registry(metadata=metadata).map_imperatively(User, users, properties={"nick": users.c.name})
"""
        },
        "core",
    )
    assert names(schema) == ["loose", "users"]
    assert {(field.name, field.column.name, field.annotation) for field in schema.fields} == {
        ("nick", "name", None),
        ("id", "id", None),
    }
    assert schema.mapper_of(schema.tables[0]) is None
    assert schema.mapper_of(schema.tables[1]) is schema.mappers[0]


def test_automap_does_not_reflect(tmp_path: Path) -> None:
    source = """
        from sqlalchemy import create_engine
        from sqlalchemy.ext.automap import automap_base
        Base = automap_base()
        Base.prepare(autoload_with=create_engine("postgresql+psycopg://nowhere.invalid/x"))
    """
    (failure,) = load(tmp_path, {"auto.py": source}, "auto").failures
    assert failure.at == UserLine("auto.py", 5, 1)


def test_sqlmodel_without_table_is_no_table(tmp_path: Path) -> None:
    source = """
        from sqlmodel import Field, SQLModel
        class HeroBase(SQLModel):
            name: str
        class Hero(HeroBase, table=True):
            id: int | None = Field(default=None, primary_key=True)
        class HeroRead(HeroBase):
            id: int
    """
    schema = load(tmp_path, {"heroes.py": source}, "heroes")
    assert names(schema) == ["hero"]
    assert {field.name: field.types for field in schema.fields} == {"id": (int, NoneType), "name": (str,)}
    assert all(field.info is not None for field in schema.fields)


def test_fields_of_inherited_tables_stand_once_on_the_class_that_maps_them(tmp_path: Path) -> None:
    source = (
        BASE
        + """
class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    rooms: Mapped[list["Room"]] = relationship()
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}
class Worker(Person):
    __tablename__ = "workers"
    id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    wage: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "worker"}
class Guest(Person):
    until: Mapped[int | None] = mapped_column()
    __mapper_args__ = {"polymorphic_identity": "guest"}
class Room(Base):
    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
"""
    )
    schema = load(tmp_path, {"people.py": source}, "people")
    assert sorted((one.model.__name__, str(one.column)) for one in schema.fields) == [
        ("Guest", "people.until"),
        ("Person", "people.id"),
        ("Person", "people.kind"),
        ("Room", "rooms.id"),
        ("Room", "rooms.person_id"),
        ("Worker", "workers.id"),
        ("Worker", "workers.wage"),
    ]
    assert [(one.parent.class_.__name__, one.key) for one in schema.relationships] == [("Person", "rooms")]
    mapper = schema.mapper_of(next(table for table in schema.tables if table.name == "people"))
    assert mapper is not None
    assert mapper.class_.__name__ == "Person"


ANNOTATIONS = """
from __future__ import annotations
import enum
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, Optional, TypeVar
from sqlalchemy import Numeric
from typing_extensions import TypeAliasType
from sqlalchemy.orm import column_property, declared_attr, synonym
if TYPE_CHECKING:
    from somewhere import Unknown
T = TypeVar("T")
name = Annotated[str, mapped_column(String(5))]
Alias = TypeAliasType("Alias", Annotated[str, 5])

class Mixin:
    @declared_attr
    def made(cls) -> Mapped[datetime]:
        return mapped_column()
    mixed: Mapped["date | None"]

class A(Mixin, Base):
    __tablename__ = "a"
    __allow_unmapped__ = True
    id: Mapped[int] = mapped_column(primary_key=True)
    plain: Mapped[str]
    quoted: Mapped["str | None"]
    optional: Mapped[Optional["Decimal"]] = mapped_column(Numeric)
    annotated: Mapped[name]
    inside: Mapped[Optional[name]]
    date: Mapped[date]
    attribute = mapped_column("silent", String)
    old: int = Column(Integer)
    twice = column_property(id * 2)
    other = synonym("plain")
    alias: Mapped[Alias] = mapped_column(String)
    generic: Mapped[T] = mapped_column(String)
"""


def test_annotations_are_resolved_without_mapped_and_annotated(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            "annotated.py": "from __future__ import annotations\n"
            + BASE
            + ANNOTATIONS.replace("from __future__ import annotations\n", "")
        },
        "annotated",
    )
    assert schema.failures == ()
    found: dict[str, object] = {one.name: one.types for one in schema.fields}
    assert found == {
        "id": (int,),
        "plain": (str,),
        "quoted": (str, NoneType),
        "optional": (Decimal, NoneType),
        "annotated": (str,),
        "inside": (str, NoneType),
        "date": (date,),
        "attribute": (),
        "alias": (str,),
        "generic": (),
        "old": (int,),
        "made": (datetime,),
        "mixed": (date, NoneType),
    }


def test_an_annotation_for_type_checkers_only_is_unknown_and_the_others_are_not(tmp_path: Path) -> None:
    source = (
        BASE
        + """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from somewhere import Unknown
class A(Base):
    __tablename__ = "a"
    __allow_unmapped__ = True
    id: Mapped[int] = mapped_column(primary_key=True)
    odd: "Unknown | None" = Column(String)
"""
    )
    schema = load(tmp_path, {"checkers.py": source}, "checkers")
    assert {one.name: one.annotation for one in schema.fields} == {"id": int, "odd": None}


DEFERRED = "" if sys.version_info >= (3, 14) else "from __future__ import annotations\n"
"""What leaves annotations unevaluated: nothing is needed since Python 3.14 (PEP 649)."""


def test_names_for_type_checkers_only_need_no_quotes_where_annotations_are_deferred(tmp_path: Path) -> None:
    source = (
        DEFERRED
        + BASE
        + """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from somewhere import Unknown
class A(Base):
    __tablename__ = "a"
    __allow_unmapped__ = True
    id: Mapped[int] = mapped_column(primary_key=True)
    odd: Unknown | None = Column(String)
class Node:
    id: int
    parent: "Node" | None
table = Table("nodes", Base.metadata, Column("id", Integer, primary_key=True), Column("parent", Integer))
Base.registry.map_imperatively(Node, table)
"""
    )
    schema = load(tmp_path, {"deferred.py": source}, "deferred")
    assert schema.failures == ()
    assert {(one.name, one.annotation) for one in schema.fields} >= {("id", int), ("odd", None), ("parent", None)}


def test_external_tables_and_the_version_table_are_not_judged_but_referred_to(tmp_path: Path) -> None:
    source = (
        BASE
        + model("User", "users")
        + model("Audit", "audit_log")
        + """
class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()
Table("alembic_version", Base.metadata, Column("version_num", String(32)))
Table("theirs", Base.metadata, Column("id", Integer), schema="auth")
"""
    )
    schema = load(tmp_path, {"mixed.py": source}, "mixed", external_tables=("users", "audit_*", "auth.*"))
    assert names(schema) == ["posts"]
    assert [mapper.class_.__name__ for mapper in schema.mappers] == ["Post"]
    assert schema.foreign_keys[0].referred_table.name == "users"
    assert [target.class_.__name__ for target in schema.targets.values()] == ["User"]


def test_tables_of_a_library_in_the_same_metadata_are_not_judged(tmp_path: Path) -> None:
    library = (
        "from base import Base\n"
        + BASE.partition("class")[0]
        + model("Lib", "lib_models")
        + """
Table("lib_core", Base.metadata, Column("id", Integer))
def make(metadata):
    return Table("made_by_lib", metadata, Column("id", Integer))
"""
    )
    schema = load(
        tmp_path,
        {
            "base.py": BASE,
            "venv/lib/python3/site-packages/lib.py": library,
            "mine.py": """
                import pathlib, sys
                sys.path.append(str(pathlib.Path(__file__).parent / "venv/lib/python3/site-packages"))
                from base import *
                import lib
                made = lib.make(Base.metadata)
            """
            + textwrap.indent(model("Mine", "mine"), " " * 16),
        },
        "mine",
    )
    # What the project asks a library to make is the project's.
    assert names(schema) == ["made_by_lib", "mine"]
    assert {table.name for table in schema.metadata[0].tables.values()} == {
        "lib_models",
        "lib_core",
        "made_by_lib",
        "mine",
    }


def test_a_package_that_the_user_names_is_judged_where_it_is_installed(tmp_path: Path) -> None:
    write(
        tmp_path, {"site-packages/app/__init__.py": "", "site-packages/app/base.py": BASE, "project/pyproject.toml": ""}
    )
    write(tmp_path, {"site-packages/app/models.py": "from app.base import *\n" + model("A", "a")})
    sys.path.append(str(tmp_path / "site-packages"))
    try:
        schema = load(tmp_path / "project", {}, "app.models")
    finally:
        sys.path.remove(str(tmp_path / "site-packages"))
    assert names(schema) == ["a"]
    location = schema.place(schema.tables[0]).location
    assert location is not None
    assert location.path.endswith("/site-packages/app/models.py")


def test_models_that_are_imported_already_are_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"early.py": BASE + model("A", "a") + "\ncore = Table('core', Base.metadata, Column('id', Integer))\n"},
    )
    sys.path.append(str(tmp_path))
    try:
        __import__("early")
    finally:
        sys.path.remove(str(tmp_path))
    assert names(load(tmp_path, {}, "early")) == ["a", "core"]


def test_constructors_and_modules_are_as_before_afterwards(tmp_path: Path) -> None:
    before = [vars(one)["__init__"] for one in recorded_classes()]
    load(tmp_path, {"app/__init__.py": "1/0", "app/models.py": BASE + model("A", "a")}, "app")
    assert [vars(one)["__init__"] for one in recorded_classes()] == before
    assert "app" not in sys.modules


def test_an_attribute_of_a_module_that_does_not_import_is_one_failure(tmp_path: Path) -> None:
    (failure,) = load(tmp_path, {"app/__init__.py": "1/0", "there.py": "2/0"}, "app:Base", "app:metadata").failures
    assert failure.at == UserLine("app/__init__.py", 1, 1)
    assert len(load(tmp_path, {}, "there:Base", "there:metadata").failures) == 1


def test_one_module_that_does_not_import_leaves_the_others_judged(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/base.py": BASE,
            "app/a.py": "from app.base import *\n" + model("A", "a"),
            "app/b.py": "from app.base import *\nclass B(Base:\n",
            "app/c.py": "from app.base import *\n" + model("C", "c") + "raise ValueError('no')\n",
            "app/d.py": "import sys\nsys.exit(3)\n",
            "app/e.py": "from app.base import *\n" + model("E", "e"),
            "app/f.py": "import app.b\n",
        },
        "app",
    )
    assert names(schema) == ["a", "c", "e"]
    assert [(failure.at.path, failure.at.line) for failure in schema.failures if failure.at] == [
        ("app/b.py", 2),
        ("app/c.py", 6),
        ("app/d.py", 2),
    ]
    assert "ValueError: no" in schema.failures[1].message
    assert schema.place(schema.tables[1]).location is not None


def test_modules_in_a_package_that_does_not_import_are_still_judged(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/models/__init__.py": "from app.models.a import A\nfrom app.models.b import B\nfrom app.models.c import C\n",
            "app/models/base.py": BASE,
            "app/models/a.py": "from app.models.base import *\n" + model("A", "a"),
            "app/models/b.py": "from app.models.base import *\nclass B(Base:\n",
            "app/models/c.py": "from app.models.base import *\n" + model("C", "c"),
            "app/models/d.py": "from app.models import A\n",
            "app/models/e.py": "import app.models\napp.models.A\n",
        },
        "app.models",
    )
    assert names(schema) == ["a", "c"]
    assert [(failure.at.path, failure.at.line) for failure in schema.failures if failure.at] == [("app/models/b.py", 2)]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("missing", "there is no module 'missing'"),
        (
            "src/app/models.py",
            "models names the file 'src/app/models.py'; write the module, as it is imported: models = [\"app.models\"]",
        ),
        ("there:Bsae", "models names there:Bsae, but there is no 'Bsae'; did you mean 'Base'?"),
        (
            "there:model",
            "models names there:model, which is neither a MetaData, a registry, a declarative base nor a model",
        ),
    ],
)
def test_an_entry_that_names_nothing_is_a_failure_in_one_sentence(tmp_path: Path, entry: str, sentence: str) -> None:
    schema = load(tmp_path, {"there.py": BASE + model("A", "a") + "\ndef model(): ...\n"}, entry, "there")
    (failure,) = schema.failures
    assert sentence in failure.message
    assert names(schema) == ["a"]


BROKEN = (
    BASE
    + """
class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author")
    fans: Mapped[list["Missing"]] = relationship()

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="boks")
    shelf: Mapped["Shelf"] = relationship(lambda: Shelf, foreign_keys="Book.author_id")

class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    rooms: Mapped[list["broken.Room"]] = relationship(back_populates="shelf")

class Room(Base):
    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))
    shelf: Mapped[Shelf] = relationship(back_populates="rooms")
"""
)


def test_mappers_that_cannot_be_configured_leave_everything_else_judged(tmp_path: Path) -> None:
    schema = load(tmp_path, {"broken.py": BROKEN}, "broken")
    assert names(schema) == ["authors", "books", "rooms", "shelves"]
    assert sorted(failure.at.line for failure in schema.failures if failure.at) == [11, 17]
    assert all(failure.at and failure.at.path == "broken.py" for failure in schema.failures)
    assert [
        failure.message.partition(" cannot")[0] for failure in sorted(schema.failures, key=lambda one: str(one.at))
    ] == [
        "the relationship Author.fans",
        "the relationship Book.author",
    ]
    assert {
        f"{one.parent.class_.__name__}.{one.key}": target.class_.__name__ for one, target in schema.targets.items()
    } == {
        "Author.books": "Book",
        "Book.author": "Author",
        "Book.shelf": "Shelf",
        "Room.shelf": "Shelf",
        "Shelf.rooms": "Room",
    }
    assert len(schema.relationships) == 6
    assert len(schema.fields) == 6
    assert {one.class_.__name__ for one in schema.mappers if one.configured} == {"Room", "Shelf"}


def test_the_other_side_of_a_relationship_that_cannot_be_configured_is_not_blamed_too(tmp_path: Path) -> None:
    source = """
from sqlmodel import Field, Relationship, SQLModel
class Person(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    orders: list["Order"] = Relationship(back_populates="buyer")
class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    buyer_id: int = Field(foreign_key="person.id")
    seller_id: int = Field(foreign_key="person.id")
    buyer: Person = Relationship(back_populates="orders", sa_relationship_kwargs={"foreign_keys": "Order.buyer_id"})
"""
    (failure,) = load(tmp_path, {"people.py": source}, "people").failures
    assert str(failure).startswith(
        "people.py:5:29: the relationship Person.orders cannot be configured: AmbiguousForeignKeysError"
    )


def test_the_skipping_of_failed_mappers_ends_with_the_loading(tmp_path: Path) -> None:
    schema = load(tmp_path, {"broken.py": BROKEN}, "broken")
    with pytest.raises(Exception, match=r"expression .* failed to locate a name|has no property 'boks'"):
        _ = inspect(schema.mappers[0].class_).relationships


@pytest.mark.parametrize("name", ["before_configured", "after_configured"])
def test_an_event_handler_that_raises_is_a_failure_on_its_line(tmp_path: Path, name: str) -> None:
    source = (
        BASE
        + model("A", "a")
        + model("B", "b")
        + f"""
from sqlalchemy import event
from sqlalchemy.orm import Mapper
@event.listens_for(Mapper, "{name}")
def fails():
    event.remove(Mapper, "{name}", fails)
    1 / 0
"""
    )
    schema = load(tmp_path, {"listening.py": source}, "listening")
    (failure,) = schema.failures
    assert failure.at == UserLine("listening.py", 20, 5)
    assert "configuring the mappers fails: ZeroDivisionError" in failure.message
    assert names(schema) == ["a", "b"]


def test_a_relationship_argument_that_raises_is_a_failure_on_its_line(tmp_path: Path) -> None:
    source = BASE + model("A", "a") + "    other = relationship(lambda: 1 / 0)\n"
    schema = load(tmp_path, {"raising.py": source}, "raising")
    (failure,) = schema.failures
    assert failure.at == UserLine("raising.py", 10, 13)
    assert "ZeroDivisionError" in failure.message
    assert schema.targets == {}


def test_mappers_that_miss_a_class_of_a_broken_module_are_not_reported_beside_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app/a.py": "from app.base import *\n" + model("A", "a") + '    bs: Mapped[list["B"]] = relationship()\n'},
    )
    schema = load(tmp_path, {"app/__init__.py": "", "app/base.py": BASE, "app/b.py": "import nothing_like_it\n"}, "app")
    (failure,) = schema.failures
    assert failure.at == UserLine("app/b.py", 1, 1)
    assert names(schema) == ["a"]


@pytest.mark.parametrize(
    ("source", "line", "sentence", "tables"),
    [
        (
            'class A(Base):\n    __tablename__ = "a"\n    name: Mapped[str]\n',
            6,
            "could not assemble any primary key",
            ["a"],
        ),
        (model("A", "a") + model("B", "a"), 11, "'a' is already defined", ["a"]),
        ("class A(Base):\n    id: Mapped[int]\n", 6, "does not have a __table__ or __tablename__", []),
        (
            "from sqlmodel import SQLModel\nclass A(SQLModel, table=True):\n    x: dict\n",
            7,
            "no matching SQLAlchemy type",
            [],
        ),
    ],
)
def test_a_class_that_cannot_be_mapped_is_a_failure_on_its_line(
    tmp_path: Path, source: str, line: int, sentence: str, tables: list[str]
) -> None:
    schema = load(tmp_path, {"unmapped.py": BASE + source}, "unmapped")
    (failure,) = schema.failures
    assert failure.at is not None
    assert (failure.at.path, failure.at.line) == ("unmapped.py", line)
    assert sentence in failure.message
    assert names(schema) == tables
    assert all(schema.place(table).location for table in schema.tables)


def test_a_link_to_sources_elsewhere_belongs_to_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/models.py": BASE + model("A", "a"), "project/alembic.ini": ALEMBIC["alembic.ini"]})
    (tmp_path / "project" / "app").symlink_to(tmp_path / "elsewhere")
    files = {name: source for name, source in ALEMBIC.items() if name != "alembic.ini"}
    schema = load(tmp_path / "project", files)
    location = schema.place(schema.tables[0]).location
    assert location is not None
    assert location.path == "app/models.py"


def test_without_configuration_the_models_are_those_of_env_py(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        {
            **ALEMBIC,
            "app/__init__.py": "",
            "app/base.py": BASE,
            "app/models.py": "from app.base import *\n" + model("A", "a"),
        },
        external_tables=(),
    )
    assert names(schema) == ["a"]
    assert [mapper.class_.__name__ for mapper in schema.mappers] == ["A"]
    assert schema.place(schema.tables[0]).location is not None
    assert schema.files == (str(tmp_path / "app/base.py"), str(tmp_path / "app/models.py"))


ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
    "migrations/script.py.mako": "",
    "migrations/versions/.keep": "",
    "migrations/env.py": """
        from alembic import context
        from app.models import Base
        target_metadata = Base.metadata
        context.configure(dialect_name="postgresql", target_metadata=target_metadata, version_table="versions")
    """,
}


def test_what_stands_in_sys_modules_need_not_be_hashable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "odd", SimpleNamespace())
    schema = load(
        tmp_path,
        {
            **ALEMBIC,
            "app/__init__.py": "",
            "app/base.py": BASE,
            "app/models.py": "from app.base import *\n" + model("A", "a"),
        },
    )
    assert names(schema) == ["a"]


def test_the_version_table_that_env_py_names_is_not_judged(tmp_path: Path) -> None:
    models = (
        "from app.base import *\n"
        + model("A", "a")
        + 'Table("versions", Base.metadata, Column("version_num", String(32)))\n'
    )
    assert names(load(tmp_path, {**ALEMBIC, "app/base.py": BASE, "app/models.py": models})) == ["a"]


def test_metadata_without_the_models_is_an_error_on_env_py(tmp_path: Path) -> None:
    with pytest.raises(SchemalintError, match=r"migrations/env.py: target_metadata has no tables"):
        load(tmp_path, {**ALEMBIC, "app/models.py": BASE})


def test_only_tables_of_others_is_an_error_not_silence(tmp_path: Path) -> None:
    write(tmp_path, {"other/far/models.py": BASE + model("A", "a"), "project/alembic.ini": ALEMBIC["alembic.ini"]})
    env = textwrap.dedent(ALEMBIC["migrations/env.py"]).replace("app.models", "far.models")
    files = {"alembic.ini": ALEMBIC["alembic.ini"], "migrations/script.py.mako": "", "migrations/env.py": env}
    sys.path.append(str(tmp_path / "other"))
    try:
        with pytest.raises(SchemalintError, match="none of the 1 tables is declared below"):
            load(tmp_path / "project", files)
    finally:
        sys.path.remove(str(tmp_path / "other"))


def test_neither_models_nor_alembic_is_an_error_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(SchemalintError, match=r'models = \["your_package.models"\].*alembic.ini'):
        load(tmp_path, {})


def load(root: Path, files: dict[str, str], *models: str, **options: Any) -> Schema:
    write(root, files)
    return load_schema(Config(root=root, models=models, **options))


def write(root: Path, files: dict[str, str]) -> None:
    root.mkdir(exist_ok=True)
    for name, source in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(source), encoding="utf-8")


def names(schema: Schema) -> list[str]:
    return [table.fullname for table in schema.tables]
