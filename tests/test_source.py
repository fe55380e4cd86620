"""The source pass: what the files of the models say, found and read without importing anything."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.places import Project
from schemalint.loaders.source import Modules, load_source
from schemalint.rule import Place, Problem, Rule
from schemalint.rules import rule_names
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Passage, Source
from snippets import USUAL
from sources import BARE, imported, source_of, write_files, written

DOZEN: Mapping[str, str] = {
    "shop/models.py": f"""{BARE}
import sqlalchemy as sa
from sqlmodel import Column, Field, Index, Relationship, SQLModel

from shop.teams import Team


class Customer(SQLModel, table=True):
    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_name", "name"))
    id: int | None = Field(default=None, primary_key=True, sa_column=Column(sa.BigInteger))
    name: str = Field(index=True, unique=True, sa_column=Column(sa.String(80)))
    metadata: str
    details: dict
    kind: Literal["a", "b"]
    tags: list[str]


class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    total: Decimal
    customer: int = Field(foreign_key="customers.id")
    customer: "Customer" = Relationship()


class ExpressOrder(Order, table=True):
    hours: int


class Invoice(SQLModel):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)


class Bill(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
""",
    "shop/teams.py": f"""{BARE}
from sqlmodel import Field, SQLModel

from shop.models import Customer


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    id: int | None = Field(default=None, primary_key=True)
""",
}
"""Mistakes that Python would show one exception at a time."""


def run(root: Path, *arguments: str) -> dict[str, Any]:
    """Run `schemalint check` as a user does and return its report."""
    ended = subprocess.run(
        [sys.executable, "-m", "schemalint", "check", "--offline", "--format", "json", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    document: dict[str, Any] = json.loads(ended.stdout)
    assert document["exit-status"] == ended.returncode
    return document


def in_short(root: Path, document: dict[str, Any]) -> str:
    """Return the findings of the rules over the source, a line each: place, rule, object and what is marked."""
    lines = []
    for one in document["findings"]:
        if rule_names()[one["rule"]] == "source":
            at = one["location"]
            text = (root / at["path"]).read_text(encoding="utf-8").splitlines()[at["line"] - 1]
            marked = text[at["column"] - 1 : at["end-column"] - 1]
            lines.append(f"{at['path']}:{at['line']} {one['rule']} {one['object']}: {marked}\n")
    return "".join(lines)


def reasons(document: dict[str, Any]) -> list[str]:
    return [f"{one['at']['path']}:{one['at']['line']} {one['reason']}" for one in document["unasked"]]


def configure(root: Path, *models: str) -> None:
    (root / "pyproject.toml").write_text(f"[tool.schemalint]\nmodels = {json.dumps(models)}\n", encoding="utf-8")


def test_a_project_with_a_dozen_mistakes_gives_all_of_them_at_once_each_on_its_place(tmp_path: Path) -> None:
    configure(tmp_path, *write_files(tmp_path, DOZEN))
    document = run(tmp_path)
    assert in_short(tmp_path, document) == snapshot("""\
shop/models.py:10 table-args-shape customers.__table_args__: Index("ix_customers_name", "name")
shop/models.py:11 sa-column-conflict customers.id: Field(default=None, primary_key=True, sa_column=Column(sa.BigInteger))
shop/models.py:12 sa-column-conflict customers.name: Field(index=True, unique=True, sa_column=Column(sa.String(80)))
shop/models.py:13 reserved-attribute-name customers.metadata: metadata
shop/models.py:14 unsupported-field-type customers.details: dict
shop/models.py:15 missing-import shop.models :name Literal: Literal
shop/models.py:16 unsupported-field-type customers.tags: list[str]
shop/models.py:22 missing-import shop.models :name Decimal: Decimal
shop/models.py:24 field-hidden Order~customer: customer
shop/models.py:27 table-inherits-table shop.models.ExpressOrder: True
shop/models.py:31 forgotten-table-true shop.models.Invoice: Invoice
shop/models.py:36 table-defined-twice orders: class Bill(SQLModel, table=True)
shop/teams.py:4 circular-model-import import of shop.models, shop.teams: from shop.models import Customer
""")
    assert document["exit-status"] == 2
    assert reasons(document)[0] == "shop/teams.py:4 the models cannot be imported, because of circular-model-import"


def test_why_a_module_does_not_import_is_told_in_the_words_of_the_rule_only(tmp_path: Path) -> None:
    field = "    x: int = Field(index=True, sa_column=Column())\n"
    configure(tmp_path, *write_files(tmp_path, f"class Book(SQLModel, table=True):\n{field}"))
    document = run(tmp_path)
    assert [one["rule"] for one in document["findings"]] == ["sa-column-conflict"]
    assert [one["reason"] for one in document["unasked"]] == [
        "the models cannot be imported, because of sa-column-conflict"
    ]
    assert document["exit-status"] == 2


def test_a_class_that_is_not_made_for_one_of_its_fields_is_told_in_the_words_of_the_rule(tmp_path: Path) -> None:
    configure(tmp_path, *write_files(tmp_path, "class Book(SQLModel, table=True):\n    x: int\n    y: dict\n"))
    assert [one["reason"] for one in run(tmp_path)["unasked"]] == [
        "the models cannot be imported, because of unsupported-field-type"
    ]


@pytest.mark.parametrize(
    ("base", "rule"),
    [
        ("metadata: dict", "unsupported-field-type"),
        ("__table_args__ = (Index('ix_n', 'n'),)\n    n: int", "shared-schema-object"),
        ("n: int = Field(sa_column=Column(sa.Integer))", "shared-schema-object"),
    ],
)
def test_a_class_that_is_not_made_for_what_its_base_says_is_told_in_the_words_of_the_rule(
    base: str, rule: str, tmp_path: Path
) -> None:
    key = "    id: int = Field(primary_key=True)\n"
    classes = "".join(f"class {name}(Named, table=True):\n{key}" for name in ("Book", "Loan"))
    configure(tmp_path, *write_files(tmp_path, f"class Named(SQLModel):\n    {base}\n{classes}"))
    document = run(tmp_path)
    assert rule in {one["rule"] for one in document["findings"]}
    assert [one["reason"] for one in document["unasked"]] == [f"the models cannot be imported, because of {rule}"]


def test_a_name_that_is_only_warned_of_is_not_called_the_reason(tmp_path: Path) -> None:
    source = "class Book(SQLModel, table=True):\n    registry: str\n"
    configure(tmp_path, *write_files(tmp_path, source))
    document = run(tmp_path)
    assert "reserved-attribute-name" in {one["rule"] for one in document["findings"]}
    assert "could not assemble any primary key" in document["unasked"][0]["reason"]


def test_a_name_that_is_refused_is_called_the_reason(tmp_path: Path) -> None:
    key = "    id: int = Field(primary_key=True)\n"
    configure(tmp_path, *write_files(tmp_path, f"class Book(SQLModel, table=True):\n{key}    model_config: str\n"))
    assert [one["reason"] for one in run(tmp_path)["unasked"]] == [
        "the models cannot be imported, because of reserved-attribute-name"
    ]


def test_set_null_over_a_field_that_sqlmodel_refuses_is_called_the_reason(tmp_path: Path) -> None:
    source = """
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id", ondelete="{0}")
    {1}
"""
    configure(tmp_path, *write_files(tmp_path, source.format("SET NULL", "")))
    document = run(tmp_path)
    assert [one["location"]["line"] for one in document["findings"] if one["rule"].startswith("foreign-key-set")]
    assert [one["reason"] for one in document["unasked"]] == [
        "the models cannot be imported, because of foreign-key-set-null-not-null"
    ]
    configure(tmp_path, *write_files(tmp_path, source.format("set null", "tags: list[str] = Field(max_length=True)")))
    assert "because of unsupported-field-type" in run(tmp_path)["unasked"][0]["reason"]


def test_a_relationship_without_an_annotation_is_called_the_reason(tmp_path: Path) -> None:
    source = "class Book(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    loans = Relationship()\n"
    configure(tmp_path, *write_files(tmp_path, source))
    assert [one["reason"] for one in run(tmp_path)["unasked"]] == [
        "the models cannot be imported, because of relationship-annotation"
    ]


def test_a_circle_of_imports_is_told_once_whichever_module_python_meets_first(tmp_path: Path) -> None:
    table = "class {0}(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
    files = {
        "shop/__init__.py": "",
        "shop/books.py": "from shop.loans import Loan\n" + table.format("Book"),
        "shop/loans.py": "from shop.books import Book\n" + table.format("Loan"),
    }
    configure(tmp_path, *write_files(tmp_path, files))
    document = run(tmp_path)
    (circle,) = (one["location"] for one in document["findings"] if one["rule"] == "circular-model-import")
    assert [(one["reason"], one["at"]["path"], one["at"]["line"]) for one in document["unasked"]] == [
        ("the models cannot be imported, because of circular-model-import", circle["path"], circle["line"])
    ]


def test_a_relationship_over_a_key_that_leads_nowhere_is_told_by_the_key(tmp_path: Path) -> None:
    source = """
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team")

class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="{0}")
    team: Team = Relationship(back_populates="heroes")
"""
    for target in ("team", "teams.id", "team.nr"):
        configure(tmp_path, *write_files(tmp_path, source.format(target)))
        document = run(tmp_path)
        assert "foreign-key-target-missing" in {one["rule"] for one in document["findings"]}
        assert (document["unasked"], document["exit-status"]) == ([], 1)


def test_a_relationship_without_a_key_is_told_as_python_does_whatever_another_key_lacks(tmp_path: Path) -> None:
    source = """
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    shelf_id: int = Field(foreign_key="shelf.id")

class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team: Team = Relationship()
"""
    configure(tmp_path, *write_files(tmp_path, source))
    document = run(tmp_path)
    assert "foreign-key-target-missing" in {one["rule"] for one in document["findings"]}
    assert ["NoForeignKeysError" in one["reason"] for one in document["unasked"]] == [True]


def test_what_could_be_imported_has_one_finding_and_no_more(tmp_path: Path) -> None:
    configure(tmp_path, *write_files(tmp_path, TWICE))
    document = run(tmp_path, "--select", "field-hidden")
    assert [one["object"] for one in document["findings"] if one["rule"] == "field-hidden"] == ["book.x"]
    assert document["unasked"] == []


TWICE = """
class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    x: int
    x: int
"""


def test_an_allowance_in_a_file_that_does_not_import_counts(tmp_path: Path) -> None:
    allowed = "index=True, sa_column=Column())  # schemalint: allow[sa-column-conflict] soon"
    unused = "index=True)  # schemalint: allow[sa-column-conflict, string-length] why"
    models = f"class Book(SQLModel, table=True):\n    x: int = Field({allowed}\n    y: int = Field({unused}\n"
    configure(tmp_path, *write_files(tmp_path, models))
    document = run(tmp_path)
    # What a rule over the models would have found there, nobody knows.
    assert [(one["rule"], one["message"].partition(" ")[0]) for one in document["findings"]] == [
        ("unused-allowance", "sa-column-conflict")
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("class Book(:\n", "models.py:1 importing models fails: SyntaxError: invalid syntax"),
        ("x = '\0'\n", "importing models fails"),
        ("# coding: martian\n", "importing models fails"),
    ],
)
def test_a_file_that_is_no_python_is_told_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    configure(tmp_path, "models")
    (tmp_path / "models.py").write_text(text)
    document = run(tmp_path)
    assert document["exit-status"] == 2
    (told,) = document["unasked"]
    assert reason in f"{told['at']['path']}:{told['at']['line']} {told['reason']}" if told["at"] else told["reason"]


def test_a_file_that_is_no_python_behind_another_mistake_is_told_as_well(tmp_path: Path) -> None:
    configure(tmp_path, *write_files(tmp_path, {"shop/a.py": "1 / 0\nfrom shop.b import B\n", "shop/b.py": ""}))
    (tmp_path / "shop" / "b.py").write_text("def f(:\n    pass\n")
    assert sorted(reasons(run(tmp_path))) == snapshot(
        [
            "shop/a.py:13 importing shop.a fails: ZeroDivisionError: division by zero",
            "shop/b.py:1 importing shop.b fails: SyntaxError: invalid syntax",
        ]
    )


def test_the_files_are_those_that_env_imports_directly_or_through_others(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/db.py": "from shop.models import order\n",
            "shop/models/order.py": "from ..base import Base\nclass Order(Base, table=True):\n    id: int\n",
            "shop/base.py": "class Base(SQLModel): pass\nimport os, sqlalchemy.orm\n",
            "shop/late.py": "class Late(SQLModel, table=True):\n    id: int\n",
            "shop/other.py": "class Other(SQLModel, table=True):\n    id: int\n",
        },
    )
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "env.py").write_text(
        "raise SystemExit\nimport shop.db\ndef run():\n    from shop.late import Late\n"
    )
    source = load_source(Config(root=tmp_path), None)
    assert [one.name for one in source.modules] == [
        *("shop", "shop.base", "shop.db", "shop.late", "shop.models", "shop.models.order")
    ]
    assert [one.tablename for one in source.classes if one.makes_table] == ["late", "order"]
    assert not source.is_whole
    assert source.failures == ()


def test_all_below_a_package_is_read_but_tests_migrations_and_what_others_wrote() -> None:
    files = {"shop/a.py": "", "shop/inner/b.py": "", "shop/tests/c.py": "", "shop/migrations/d.py": ""}
    assert [one.name for one in source_of(files).modules] == ["shop", "shop.a", "shop.inner", "shop.inner.b"]


def test_nothing_is_executed() -> None:
    source = source_of("import sys\nsys.exit('it ran')\nclass A(SQLModel, table=True):\n    id: int\n")
    assert [one.name for one in source.classes] == ["A"]


def test_packages_without_an_init_are_packages(tmp_path: Path) -> None:
    (tmp_path / "shop" / "inner" / "deep").mkdir(parents=True)
    for name in ("a", "inner/b", "inner/deep/c"):
        (tmp_path / "shop" / f"{name}.py").write_text("")
    names = {one.name for one in load_source(Config(root=tmp_path, models=("shop",)), None).modules}
    assert names == {"shop.a", "shop.inner.b", "shop.inner.deep.c"}


def test_a_module_and_what_of_it_models_names() -> None:
    with written({"shop/a.py": "", "shop/b.py": ""}, models=("shop.a:Base",)) as source:
        assert [one.name for one in source.modules] == ["shop", "shop.a"]


def test_where_all_is_imported_the_files_are_those_that_declare_something(tmp_path: Path) -> None:
    files = {
        "whole/base.py": "class Base(SQLModel):\n    id: int | None = Field(default=None, primary_key=True)\n",
        "whole/a.py": "from whole.base import Base\nclass Whole(Base, table=True): pass\n",
        "whole/tools.py": f"{BARE}\n",
    }
    with imported(tmp_path, files) as (_, source):
        assert source.is_whole
        assert [(one.name, one.imported) for one in source.modules] == [("whole.a", True), ("whole.base", True)]


def test_what_nothing_imports_may_be_anything(tmp_path: Path) -> None:
    model = "class Any{0}(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"
    files = {"anything/a.py": model.format("A"), "anything/b.py": "", "anything/stamps/c.py": model.format("C")}
    with imported(tmp_path, files, ("anything.a",)) as (schema, _):
        (tmp_path / "anything" / "b.py").write_text("__tablename__ = {{ name }}\nclass {{ name }}:\n")
        (tmp_path / "anything" / "notes.txt").write_text("__tablename__")
        (tmp_path / "anything" / "stamps" / "script.py.mako").touch()
        source = load_source(Config(root=tmp_path, models=("anything.a",)), schema)
    assert (source.failures, source.unreached) == ((), ())


def test_where_env_says_what_is_imported_libraries_are_not_searched(tmp_path: Path) -> None:
    model = "class Env{0}(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"
    files = {"envmodels/a.py": model.format("A"), "envmodels/b.py": model.format("B"), "envflat.py": model.format("C")}
    (tmp_path / "migrations").mkdir()
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (tmp_path / "migrations" / "env.py").write_text("import sqlalchemy, envmodels.a, nowhere\n")
    with imported(tmp_path, files, ("envmodels.a", "envflat")) as (schema, _):
        source = load_source(Config(root=tmp_path), schema)
        assert [one.name for one in source.modules] == ["envflat", "envmodels.a"]
        assert [one.full_name for one in source.unreached] == ["envmodels.b.EnvB"]


def test_a_file_that_has_gone_since_it_was_imported_is_told(tmp_path: Path) -> None:
    model = "class Gone(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"
    with imported(tmp_path, {"gone/a.py": model}) as (schema, _):
        (tmp_path / "gone" / "a.py").unlink()
        fresh = replace(schema, locate=lambda *_: Place("", None))
        (failure,) = load_source(Config(root=tmp_path, models=("gone",)), fresh).failures
    assert str(failure).startswith("gone/a.py: FileNotFoundError: ")


def test_the_modules_that_were_read_are_a_mapping(tmp_path: Path) -> None:
    write_files(tmp_path, {"shop/a.py": "", "shop/b.py": ""})
    modules = Modules(Project(tmp_path), (str(tmp_path),))
    assert "shop.a" in modules
    assert "shop.c" not in modules
    assert [*modules] == ["shop.a"]
    assert len(modules) == 1


def test_a_class_that_was_imported_is_not_asked_about_without_import(tmp_path: Path) -> None:
    model = "class Half{0}(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"
    files = {"half/a.py": model.format("A"), "half/b.py": model.format("B") + "1 / 0\n" + model.format("C")}

    def speaks(source: Source) -> Iterator[Problem]:
        for one in source.classes:
            yield Problem(one, "it speaks")

    def silent(_: Schema) -> Iterator[Problem]:
        yield from ()

    rule = Rule(silent)
    rule.without_import(speaks)
    with imported(tmp_path, files) as (schema, source):
        assert not schema.is_whole
        made = {f"{one.class_.__module__}.{one.class_.__qualname__}" for one in schema.mappers}
        rest = source.without(made)
        assert [rest.place(one.part).object for one in rule.ask(rest, {})] == ["halfc"]
        assert rest.of["half.a.HalfA"].tablename == "halfa"


def test_imports_are_known_by_their_full_names() -> None:
    source = source_of(
        {
            "shop/base.py": f"{BARE}\nfrom sqlmodel import SQLModel as Model, Field\nAgain = Model\n",
            "shop/inner/a.py": f"""{BARE}
from typing import TYPE_CHECKING
import sqlalchemy as sa
import sqlalchemy.orm
from ..base import Model as M, Again
from .. import base
from . import b
from ..base import *
if TYPE_CHECKING:
    from shop.other import Thing
try:
    from fast import dumps
except ImportError:
    dumps = None
if TYPE_CHECKING:
    from shop.other import M
Renamed: type = M
class Own: pass
""",
            "shop/inner/b.py": "",
        }
    )
    module = source.known["shop.inner.a"]

    def meaning(text: str) -> str:
        return source.meaning(module, ast.parse(text, mode="eval").body)

    assert meaning("Renamed") == "sqlmodel.SQLModel"
    names = ["sa.Column", "sqlalchemy.orm.Mapped", "M", "Again", "base.Field", "Field", "Thing", "dumps", "Own", "dict"]
    assert [meaning(name) for name in names] == [
        *("sqlalchemy.Column", "sqlalchemy.orm.Mapped", "sqlmodel.SQLModel", "sqlmodel.SQLModel", "sqlmodel.Field"),
        *("sqlmodel.Field", "shop.other.Thing", "fast.dumps", "shop.inner.a.Own", "builtins.dict"),
    ]
    assert meaning("unknown") == "shop.inner.a.unknown"  # the star may have brought it
    assert meaning("1 + 1") == meaning("f().x") == ""
    assert module.imports["Thing"].for_typing
    assert not module.imports["M"].for_typing
    assert module.stars == ("shop.base",)
    assert source.named(module, ast.parse("Own", mode="eval").body) is source.of["shop.inner.a.Own"]


def test_what_a_star_import_of_a_library_brings_is_known_for_the_names_of_models() -> None:
    source = source_of(
        f"{BARE}\nfrom sqlmodel import *\nclass A(SQLModel, table=True):\n    x: int = Field()\n    y: thing\n"
    )
    one = source.of["models.A"]
    assert (one.tablename, one.fields[0].called) == ("a", "Field")
    assert source.meaning(one.module, one.fields[0].annotation) == "builtins.int"
    assert source.meaning(one.module, one.fields[1].annotation) == ""


def test_imports_in_a_circle_end() -> None:
    source = source_of({"shop/a.py": f"{BARE}\nfrom shop.b import X\n", "shop/b.py": f"{BARE}\nfrom shop.a import X\n"})
    assert source.meaning(source.known["shop.a"], ast.Name("X")) in ("shop.a.X", "shop.b.X")


BASES = """
class Base(DeclarativeBase): pass
Made = orm.declarative_base()
mapper = orm.registry()
db = flask_sqlalchemy.SQLAlchemy()
class Mixin:
    x: Mapped[int]
class Named:
    __tablename__ = "named"
class Computed:
    @declared_attr.directive
    def __tablename__(cls): return cls.__name__
class Table(SQLModel, table=True): pass
class Parent(Base):
    __tablename__ = "parents"
"""


@pytest.mark.parametrize(
    ("statement", "kind", "table"),
    [
        ("class A(SQLModel, table=True): pass", "table", "a"),
        ("class ABook(SQLModel, table=True): __tablename__ = 'books'", "table", "books"),
        ("class A(SQLModel, table=True): __table_args__ = {'schema': 's'}", "table", "s.a"),
        ("class A(SQLModel, table=True): __table_args__ = (1, {'schema': 's'})", "table", "s.a"),
        ("class A(SQLModel, table=True): __tablename__: str = 'books'", "table", "books"),
        ("class A(SQLModel, table=True): __tablename__ = NAME", "table", "computed"),
        ("class A(Computed, SQLModel, table=True): pass", "table", "computed"),
        ("class A(Table, table=True): pass", "table", ""),
        ("class A(Table): pass", "model", ""),
        ("class A(SQLModel): pass", "model", ""),
        ("class A(SQLModel, table=False): pass", "model", ""),
        ("class A(SQLModel):\n    model_config = SQLModelConfig(table=True)", "table", "a"),
        ("class A(SQLModel):\n    model_config = SQLModelConfig(title='a')", "model", ""),
        ("class A(SQLModel):\n    model_config = {'table': True}", "table", "a"),
        ("class A(SQLModel):\n    model_config = {'title': 'a'}", "model", ""),
        ("class A(Base): __table__ = sa.Table(NAME, Base.metadata)", "declarative", "computed"),
        ("class A(Unknown, table=True): pass", "table", "computed"),
        ("class A(DeclarativeBase): pass", "base", ""),
        ("class A(MappedAsDataclass, DeclarativeBase): pass", "base", ""),
        ("class A(orm.declarative_base()): pass", "base", ""),
        ("@orm.as_declarative()\nclass A: pass", "base", ""),
        ("class A(metaclass=orm.DeclarativeMeta): pass", "base", ""),
        ("class A(Base): __tablename__ = 'books'", "declarative", "books"),
        ("class A(Made): __tablename__ = 'books'", "declarative", "books"),
        ("class A(Base): __abstract__ = True", "declarative", ""),
        ("class A(Named, Base): pass", "declarative", "named"),
        ("class A(Computed, Base): pass", "declarative", "computed"),
        ("class A(Parent): pass", "declarative", ""),
        ("class A(Parent): __tablename__ = None", "declarative", ""),
        ("class A(Parent): __tablename__ = 'children'", "declarative", "children"),
        ("class A(Base): __table__ = sa.Table('core', Base.metadata)", "declarative", "core"),
        ("class A(Base): __table__ = sa.Table('core', Base.metadata, schema='s')", "declarative", "s.core"),
        ("class A(Base): __table__ = other", "declarative", "computed"),
        ("@mapper.mapped\nclass A: __tablename__ = 'books'", "declarative", "books"),
        ("class A(db.Model): pass", "declarative", "computed"),
        ("class A(Unknown): __tablename__ = 'books'", "declarative", "books"),
        ("from flask_appbuilder import Model\nclass A(Model): pass", "declarative", "computed"),
        ("from flask_appbuilder.models.filters import BaseFilter\nclass A(BaseFilter): pass", "other", ""),
        ("from advanced_alchemy.base import UUIDAuditBase\nclass A(UUIDAuditBase): pass", "declarative", "computed"),
        ("class A(Mixin): pass", "other", ""),
        ("class A(Enum): a = 1", "other", ""),
    ],
)
def test_what_a_class_is_and_which_table_it_makes(statement: str, kind: str, table: str) -> None:
    """`computed` is a table whose name only Python knows."""
    one = source_of(f"{BASES}\n{statement}\n").of["models.A" if "ABook" not in statement else "models.ABook"]
    assert one.kind == kind
    assert (one.makes_table, one.tablename) == (bool(table), "" if table == "computed" else table)


def test_a_class_in_a_class_or_in_a_branch_is_one_and_none_in_a_function_or_for_type_checkers() -> None:
    source = source_of(
        """
        class Outer:
            class Inner(SQLModel, table=True): pass
        if True:
            class Branch: pass
        def f():
            class Local: pass
        if TYPE_CHECKING:
            class Typing: pass
        """
    )
    assert [(one.qualname, one.is_conditional) for one in source.classes] == [
        *(("Outer", False), ("Outer.Inner", False), ("Branch", True))
    ]


MODEL = """
ARGUMENTS: dict = {}
class Base(DeclarativeBase): pass
class Mixin:
    created: Mapped[dt.datetime] = mapped_column("made", sa.DateTime, comment="when")
    @declared_attr.directive
    def __mapper_args__(cls): return ARGUMENTS
class Book(Mixin, Base):
    __tablename__ = "books"
    key: Mapped[int] = mapped_column("id", primary_key=True)
    größe: Mapped[str] = mapped_column(name="size"); naïve: Mapped[int] = mapped_column(index=True)
    plain: Mapped[int]
    author: Mapped["Author"] = relationship(back_populates="books")
    @declared_attr
    def late(cls) -> Mapped[int]: return mapped_column(sa.Integer, unique=True)
class Novel(Book):
    pages: Mapped[int] = mapped_column(nullable=True)
class Author(SQLModel, table=True):
    id: int = Field(sa_column=Column("key", sa.Integer, nullable=False))
    name: str = Field(sa_column_kwargs={"name": "nom", "onupdate": f})
    books: list[Book] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    born: int = Field(sa_column_kwargs=dict(comment="c", info={}))
    died: int = Field(sa_column_kwargs={"comment": "c"})
    alias: Annotated[str, Field(max_length=3)] = "a"
"""


@pytest.mark.parametrize(
    ("class_", "attribute", "at", "object_", "marked"),
    [
        ("Mixin", "created", "", "models.Mixin.created", 'mapped_column("made", sa.DateTime, comment="when")'),
        ("Mixin", "created", "comment", "models.Mixin.created", '"when"'),
        ("Book", "key", "", "books.id", 'mapped_column("id", primary_key=True)'),
        ("Book", "größe", "name", "books.size", "größe"),
        ("Book", "naïve", "index", "books.naïve", "True"),
        ("Book", "naïve", "annotation", "books.naïve", "Mapped[int]"),
        ("Book", "plain", "", "books.plain", "plain: Mapped[int]"),
        ("Book", "plain", "nothing", "books.plain", "plain: Mapped[int]"),
        ("Book", "author", "back_populates", "Book~author", '"books"'),
        ("Book", "late", "", "books.late", "mapped_column(sa.Integer, unique=True)"),
        ("Book", "late", "unique", "books.late", "True"),
        ("Novel", "pages", "nullable", "books.pages", "True"),
        ("Author", "id", "", "author.key", 'Field(sa_column=Column("key", sa.Integer, nullable=False))'),
        ("Author", "id", "nullable", "author.key", "False"),
        ("Author", "name", "onupdate", "author.nom", "f"),
        ("Author", "name", "comment", "author.nom", 'Field(sa_column_kwargs={"name": "nom", "onupdate": f})'),
        ("Author", "books", "lazy", "Author~books", '"raise"'),
        ("Author", "died", "comment", "author.died", '"c"'),
        ("Author", "born", "info", "author.born", "{}"),
        ("Author", "born", "onupdate", "author.born", 'Field(sa_column_kwargs=dict(comment="c", info={}))'),
        ("Mixin", "__mapper_args__", "", "models.Mixin.__mapper_args__", "def __mapper_args__(cls)"),
        ("Author", "alias", "max_length", "author.alias", "3"),
    ],
)
def test_an_attribute_has_the_identity_of_the_schema_and_its_exact_place(
    class_: str, attribute: str, at: str, object_: str, marked: str
) -> None:
    source = source_of(MODEL)
    (one,) = source.of[f"models.{class_}"].bindings(attribute)
    place = source.place(one, at)
    assert place.object == object_
    assert place.location is not None
    line = (USUAL + MODEL).splitlines()[place.location.line - 1]
    assert line[place.location.column - 1 : place.location.end_column - 1] == marked


def test_a_class_a_module_and_a_passage_have_places() -> None:
    source = source_of(
        f"{BARE}\nfrom sqlmodel import SQLModel\nclass Book(SQLModel, table=True): pass\nclass Plain: pass\n"
    )
    book, plain = source.of["models.Book"], source.of["models.Plain"]
    assert source.place(book) == Place("book", Location("models.py", 3, 1, 3, 33), table="book")
    assert source.place(book, "name").location == Location("models.py", 3, 7, 3, 11)
    assert source.place(book, "table").location == Location("models.py", 3, 28, 3, 32)
    assert source.place(plain) == Place("models.Plain", Location("models.py", 4, 1, 4, 12))
    assert source.place(book.module) == Place("models", Location("models.py", 1))
    passage = Passage(book.module, book.node.bases[0], "what I call it", "book")
    assert source.place(passage) == Place("what I call it", Location("models.py", 3, 12, 3, 20), table="book")
    with pytest.raises(TypeError, match="no part of the source"):
        source.place("book")


def test_the_schema_and_the_source_name_one_thing_alike(tmp_path: Path) -> None:
    models = MODEL.replace('onupdate": f', 'info": {}').replace(
        "books: list[Book] = Relationship(", "books: list['Author'] = Relationship("
    )
    models = models.replace('    author: Mapped["Author"] = relationship(back_populates="books")\n', "")
    models = models.replace("nullable=False))", "primary_key=True))").replace(
        '    books: list[\'Author\'] = Relationship(sa_relationship_kwargs={"lazy": "raise"})\n', ""
    )
    with imported(tmp_path, {"alike.py": models}) as (schema, source):
        assert schema.failures == ()
        own = {source.place(field).object for one in source.classes for field in one.fields if one.table}
        mixed = {"books.made"}  # a mixin's field is no table's
        assert own | mixed == {schema.place(column).object for column in schema.columns}
        assert {source.place(one).object for one in source.classes if one.makes_table} == {
            schema.place(table).object for table in schema.tables
        }


def test_what_a_call_is_does_not_depend_on_how_it_was_imported() -> None:
    source = source_of(
        f"""{BARE}
import pydantic, sqlmodel as sm, sqlalchemy.orm as orm
from sqlmodel import Field as F, Column
from app import db
class A(sm.SQLModel, table=True):
    a: int = F()
    b: int = sm.Field()
    c: int = pydantic.Field()
    d = Column()
    e = orm.relationship()
    f = db.Column()
    g = anything()
    h = 3
    i, j = 1, 2
"""
    )
    assert [one.called for one in source.of["models.A"].attributes] == [
        *("Field", "Field", "", "Column", "relationship", "Column", "", "")
    ]


def test_the_text_of_a_node_is_as_it_is_written() -> None:
    source = source_of(f"{BARE}\nx = (f(1,  # one\n    'größe'))\n")
    value = source.known["models"].names["x"]
    assert isinstance(value, ast.expr)
    assert source.known["models"].text(value) == "f(1,  # one\n    'größe')"
