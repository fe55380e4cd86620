"""Whole runs of fixes: what keeps its promise is written, what breaks it is found and undone, and the user is told."""

import json
import re
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixes import BELOW, fixed, left_alone
from schemalint.check import merged, with_placed_fix
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.finding import Finding, Report
from schemalint.fix import DropArgument, Fix, FixKind, SetArgument
from schemalint.fixing.account import DONE, account, due_in_order
from schemalint.fixing.files import Files
from schemalint.fixing.fingerprint import Fact, Fingerprint, fingerprint
from schemalint.fixing.looking import look
from schemalint.fixing.overlay import laid_over
from schemalint.fixing.promises import Difference, Look, broken_promise
from schemalint.fixing.rounds import ORDER, Outcome, fix_all
from schemalint.loaders.models import load_schema
from schemalint.reporters import get_reporter
from schemalint.reporters.json import parse
from schemalint.rule import Problem, Rule, rule
from schemalint.rules import get_rule
from schemalint.subjects.schema import Schema
from snippets import USUAL, empty_sqlmodel
from test_cli import schemalint


@dataclass
class Run:
    """A run of the fixes of one made-up rule on a snippet, and how often it looked at the models."""

    outcome: Outcome
    source: str
    looks: int
    files: Files

    @property
    def undone(self) -> dict[str, str]:
        return {finding.object: reason for finding, reason in self.outcome.undone}


def run(root: Path, source: str, some_rule: Rule) -> Run:
    """Fix a snippet in this process, with the real loader and the real proof."""
    config = Config(root=root, models=(root.name,))
    path = root / f"{root.name}.py"
    path.write_text(USUAL + BELOW + textwrap.dedent(source), encoding="utf-8")
    looks = 0

    def look_at(contents: Mapping[str, bytes]) -> Look:
        nonlocal looks
        looks += 1
        with empty_sqlmodel(), laid_over(contents), warnings.catch_warnings():
            try:
                schema = load_schema(config)
                asked = some_rule.ask(schema, {}) if schema.tables else ()
                found = [(some_rule, with_placed_fix(one, schema), schema.place(one.part, one.at)) for one in asked]
                failures = tuple(one.message for one in schema.failures)
                return Look(tuple(merged(found)), fingerprint(schema), failures)
            finally:
                sys.modules.pop(root.name, None)

    files = Files(config)
    outcome = fix_all(files, ORDER, look_at)
    return Run(outcome, files.content(path.name).decode().partition(BELOW)[2], looks, files)


def offering(
    kind: FixKind, edits: Callable[[Schema], Iterable[tuple[object, tuple[SetArgument | DropArgument, ...]]]]
) -> Rule:
    """Make a rule that finds what `edits` yields."""

    @rule
    def made_up(schema: Schema) -> Iterator[Problem]:
        for part, wanted in edits(schema):
            yield Problem(part, "it is so", "something else", fix=Fix(kind, wanted))

    return made_up


TITLES = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int = Field(primary_key=True)
    a: str = Field(default=str())
    b: str = Field(default=str())
    c: str = Field(default=str())
    d: str = Field(default=str())
    e: str = Field(default=str())
"""


def factories(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
    """Give every string a factory instead of a default, and one of them an index as well."""
    for field in schema.fields:
        if field.info is not None and field.annotation is str and field.info.default_factory is None:
            index = (SetArgument(field, "index", "True"),) if field.name == "d" else ()
            yield field.column, (SetArgument(field, "default_factory", "str", instead_of="default"), *index)


def test_a_safe_fix_that_changes_the_ddl_is_found_and_undone_and_called_our_defect(tmp_path: Path) -> None:
    ran = run(tmp_path, TITLES, offering("safe", factories))
    assert [one.object for one in ran.outcome.made] == ["books.a", "books.b", "books.c", "books.e"]
    assert ran.undone == {"books.d": "index CREATE INDEX ix_books_d ON books (d) would be new"}
    assert ran.source == textwrap.dedent(TITLES).replace("default=str()", "default_factory=str").replace(
        "d: str = Field(default_factory=str)", "d: str = Field(default=str())"
    )
    assert ran.outcome.defects == ran.outcome.undone
    assert ran.looks <= 1 + 7, "one look before, and a number that grows with the logarithm"
    told = "\n".join(account(ran.outcome, ran.files, DONE))
    assert "books.d: the fix of made-up is called safe, but index CREATE INDEX" in told
    assert "This is a defect of schemalint: please report it" in told
    assert "fixed 4 problems in 1 file" in told


@pytest.mark.parametrize(
    ("kind", "edit", "reason"),
    [
        ("behaviour", ("index", "True"), "index CREATE INDEX ix_books_a ON books (a) would be new"),
        ("schema", ("sa_type", "NOWHERE"), "the models would no longer be loaded: importing "),
        ("schema", ("max_length", "9"), "made-up would still be found"),
        ("schema", ("max_length", "f(a=1, a=2)"), "test_a_fix_that_does_not_do_w"),
        ("behaviour", ("description", "''"), "made-up would still be found"),
    ],
)
def test_a_fix_that_does_not_do_what_it_says_is_undone(
    tmp_path: Path, kind: FixKind, edit: tuple[str, str], reason: str
) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        column = schema.tables[0].c.a
        yield column, (SetArgument(column, *edit),)

    ran = run(tmp_path, TITLES, offering(kind, edits))
    assert ran.outcome.made == []
    assert ran.outcome.defects == []
    assert ran.undone["books.a"].startswith(reason)
    assert ran.source == TITLES
    assert any("with its fix, " in line for line in account(ran.outcome, ran.files, DONE))


TWO_TABLES = """
def title():
    return Column("title", sa.String)

class Base(DeclarativeBase):
    pass

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    {key}

for name in ("shelves", "rooms"):
    Table(name, Base.metadata, title(), Column("id", sa.Integer, primary_key=True))
"""


def test_a_schema_fix_that_reaches_other_tables_is_undone(tmp_path: Path) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        (shelves,) = (table for table in schema.tables if table.name == "shelves")
        if not shelves.c.title.index:
            yield shelves.c.title, (SetArgument(shelves.c.title, "index", "True"),)

    ran = run(tmp_path, TWO_TABLES.format(key=""), offering("schema", edits))
    assert ran.undone == {"shelves.title": "index CREATE INDEX ix_rooms_title ON rooms (title) would be new"}


def test_a_schema_fix_that_loses_something_else_is_undone(tmp_path: Path) -> None:
    source = """
        Key = Annotated[int, Field(foreign_key="books.id", unique=True)]

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int = Field(primary_key=True)
            up: Key
    """

    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        (books,) = schema.tables
        if not books.c.up.index:
            yield books.c.up, (SetArgument(books.c.up, "index", "True"),)

    ran = run(tmp_path, source, offering("schema", edits))
    assert ran.undone == {"books.up": "books would have fewer facts: foreign key"}


MIXIN = """
class Titled(SQLModel):
    title: str

class Book(Titled, table=True):
    __tablename__ = "books"
    id: int = Field(primary_key=True)

class Film(Titled, table=True):
    __tablename__ = "films"
    id: int = Field(primary_key=True)
"""


def test_a_mixin_is_fixed_once(tmp_path: Path) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        for table in schema.tables:
            if not table.c.title.index:
                yield table.c.title, (SetArgument(table.c.title, "index", "True"),)

    ran = run(tmp_path, MIXIN, offering("schema", edits))
    assert ran.source == MIXIN.replace("title: str", "title: str = Field(index=True)")
    assert [(one.object, one.tables) for one in ran.outcome.made] == [("Titled.title", ("books", "films"))]


def test_a_mixin_whose_tables_need_different_things_is_left_alone(tmp_path: Path) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        for table in schema.tables:
            yield table.c.title, (SetArgument(table.c.title, "comment", f'"of {table.name}"'),)

    ran = run(tmp_path, MIXIN, offering("schema", edits))
    assert [reason for _, reason in ran.outcome.left] == [
        "the tables that share its declaration would need different things there"
    ]


def test_a_mixin_of_which_only_one_table_has_the_problem_is_not_fixed_for_all(tmp_path: Path) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        (books,) = (table for table in schema.tables if table.name == "books")
        if not books.c.title.index:
            yield books.c.title, (SetArgument(books.c.title, "index", "True"),)

    ran = run(tmp_path, MIXIN, offering("schema", edits))
    assert ran.source == MIXIN
    assert ran.undone == {"Titled.title": "index CREATE INDEX ix_films_title ON films (title) would be new"}


def test_fixes_of_one_statement_are_made_in_turns(tmp_path: Path) -> None:
    source = TITLES.partition("    b:")[0]

    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        column = schema.tables[0].c.a
        length = getattr(column.type, "length", None) or 0
        if length < 3:
            yield column, (SetArgument(column, "max_length", str(length + 1)),)

    # The finding is another one each time, as its identity says.
    @rule
    def counts(schema: Schema) -> Iterator[Problem]:
        for part, wanted in edits(schema):
            yield Problem(part, "too short", "longer", fix=Fix("schema", wanted))

    ran = run(tmp_path, source, counts)
    assert ran.undone == {"books.a": "counts would still be found"}


def test_a_run_ends_although_each_fix_brings_the_next(tmp_path: Path) -> None:
    source = TITLES.partition("    b:")[0]

    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        column = schema.tables[0].c.a
        target = column if (getattr(column.type, "length", None) or 0) % 2 == 0 else schema.tables[0].c.id
        length = getattr(column.type, "length", None) or 0
        yield target, (SetArgument(column, "max_length", str(length + 1)),)

    ran = run(tmp_path, source, offering("schema", edits))
    assert not ran.outcome.is_finished
    assert "there is more to fix: run it again" in [*account(ran.outcome, ran.files, DONE)]


def test_models_that_did_not_import_are_fixed_too() -> None:
    source = """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True, sa_column=Column(sa.BigInteger))
    """
    assert "Field(default=None, sa_column=Column(sa.BigInteger, primary_key=True))" in fixed(
        get_rule("sa-column-conflict"), source
    )


def test_the_helper_for_tests_of_rules_says_why_nothing_is_done() -> None:
    source = """
        COMMON = {"description": "x"}

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            title: str = Field(**COMMON)
    """
    assert left_alone(get_rule("string-length"), source) == [
        "`**COMMON` in its call says arguments that stand elsewhere"
    ]


@pytest.mark.parametrize(
    ("kind", "before", "after", "reason"),
    [
        ("safe", {}, {"column b.x": "x"}, "column b.x would be new"),
        ("safe", {"column a.x": "x"}, {"column a.x": "y"}, "column a.x would change from x to y"),
        ("schema", {"column a.x": "x"}, {"column a.y": "y"}, ""),
        ("schema", {"column b.x": "x"}, {"column b.x": "y"}, "column b.x would change from x to y"),
        ("schema", {"column a.x": "x"}, {"column c.x": "x"}, "a would have fewer facts: column"),
        ("behaviour", {"column a.x": "x"}, {"column a.x": "y"}, "column a.x would change from x to y"),
        ("behaviour", {"mapper a": "x"}, {"mapper a": "y"}, ""),
        ("behaviour", {"mapper b": "x"}, {"mapper b": "y"}, "mapper b would change from x to y"),
    ],
)
@pytest.mark.parametrize("failures", [(), ("it does not import",)])
def test_what_fixes_of_each_kind_may_change(
    kind: FixKind, before: dict[str, str], after: dict[str, str], reason: str, failures: tuple[str, ...]
) -> None:
    finding = Finding("a-rule", "a", None, "", "", ("a",), Fix(kind, ()))
    name = "mappers" if any("mapper" in one for one in [*before, *after]) else "ddl"
    was = Look((finding,), Fingerprint(**{name: facts_of(before)}), failures)
    is_now = Look((), Fingerprint(**{name: facts_of(after)}), failures)
    is_unknown = failures and not before
    assert broken_promise(was, is_now, [finding]) == ("" if is_unknown else reason)


def facts_of(texts: dict[str, str]) -> dict[str, Fact]:
    """Return facts about the tables a, b or c, which their names say."""
    return {name: Fact(name.split()[0], text, frozenset({name.split()[1][0]})) for name, text in texts.items()}


def test_a_fact_that_is_gone_is_told() -> None:
    assert str(Difference("column a.x", Fact("column", "x", frozenset("a")), None)) == "column a.x would be gone"


FIXABLE = '''"""Models."""

from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel


class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(default=uuid4(), primary_key=True)
    title: str  # of the cover
'''
SAFE = FIXABLE.replace("default=uuid4()", "default_factory=uuid4")
UNSAFE = SAFE.replace("title: str ", "title: str = Field(max_length=255) ")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A project with one problem of each kind."""
    (tmp_path / "pyproject.toml").write_text('[tool.schemalint]\nmodels = ["library"]\n', encoding="utf-8")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "__init__.py").write_text(FIXABLE, encoding="utf-8")
    return tmp_path


def text_of(library: Path) -> str:
    return (library / "library" / "__init__.py").read_text(encoding="utf-8")


def test_fix_writes_what_is_safe_and_reports_the_rest(library: Path) -> None:
    ended = schemalint("check", "--fix", "--offline", "--format", "concise", cwd=library)
    assert ended.stderr == "schemalint: fixed 1 problem in 1 file\n"
    assert ended.stdout == (
        "library/__init__.py:12:5: string-length [* schema] books.title is VARCHAR without a length: it takes strings of up to 1 GB\n"
    )
    assert ended.returncode == 1
    assert text_of(library) == SAFE
    again = schemalint("check", "--fix", "--offline", "--format", "concise", cwd=library)
    assert (again.stdout, again.stderr) == (ended.stdout, "schemalint: fixed nothing\n")
    assert text_of(library) == SAFE


def test_unsafe_fixes_say_which_migration_is_due(library: Path) -> None:
    ended = schemalint("check", "--fix", "--unsafe-fixes", "--offline", cwd=library)
    assert ended.stderr == (
        "schemalint: fixed 2 problems in 1 file\n"
        "schemalint: migrations that are now due:\n"
        '    op.alter_column("books", "title", type_=sa.String(255))\n'
    )
    assert "Found nothing in 1 table" in ended.stdout
    assert ended.returncode == 0
    assert text_of(library) == UNSAFE


def test_diff_shows_and_writes_nothing(library: Path) -> None:
    ended = schemalint("check", "--diff", "--offline", cwd=library)
    assert ended.stdout == (
        "--- a/library/__init__.py\n+++ b/library/__init__.py\n@@ -8,5 +8,5 @@\n class Book(SQLModel, table=True):\n"
        '     __tablename__ = "books"\n \n-    id: UUID = Field(default=uuid4(), primary_key=True)\n'
        "+    id: UUID = Field(default_factory=uuid4, primary_key=True)\n     title: str  # of the cover\n"
    )
    assert ended.stderr == "schemalint: would fix 1 problem in 1 file\n"
    assert ended.returncode == 1
    assert text_of(library) == FIXABLE
    (library / "library" / "__init__.py").write_text(SAFE, encoding="utf-8")
    ended = schemalint("check", "--diff", "--offline", "--output-file", "fixes.diff", cwd=library)
    assert (ended.stdout, ended.returncode) == ("", 0)
    assert (library / "fixes.diff").read_text(encoding="utf-8") == ""


def test_only_the_files_that_were_named_are_changed(library: Path) -> None:
    (library / "library" / "films.py").write_text(
        FIXABLE.replace("Book", "Film").replace("books", "films"), encoding="utf-8"
    )
    ended = schemalint("check", "--fix", "--offline", "library/films.py", cwd=library)
    assert ended.stderr == "schemalint: fixed 1 problem in 1 file\n"
    assert text_of(library) == FIXABLE
    assert "default_factory" in (library / "library" / "films.py").read_text(encoding="utf-8")


def test_what_is_left_alone_is_said(library: Path) -> None:
    path = library / "library" / "__init__.py"
    path.write_text(f"# generated by us\n{FIXABLE}", encoding="utf-8")
    ended = schemalint("check", "--fix", "--offline", cwd=library)
    assert re.sub(r":12:\d+:", ":12:", ended.stderr) == (
        "schemalint: left alone: library/__init__.py:12: default-evaluated-once books.id: "
        "the file says that it is generated: its generator has to be changed\n"
        "schemalint: fixed nothing\n"
    )
    assert ended.returncode == 1


def test_a_read_only_file_is_one_sentence(library: Path) -> None:
    (library / "library" / "__init__.py").chmod(0o444)
    ended = schemalint("check", "--fix", "--offline", cwd=library)
    assert ended.stderr == "schemalint: library/__init__.py is read-only; nothing was changed\n"
    assert (ended.stdout, ended.returncode) == ("", 2)
    assert text_of(library) == FIXABLE


def test_unsafe_fixes_alone_say_what_is_missing(library: Path) -> None:
    ended = schemalint("check", "--unsafe-fixes", "--offline", cwd=library)
    assert ended.stderr == "schemalint: --unsafe-fixes says what --fix or --diff may write: give one of them as well\n"
    assert ended.returncode == 2


def test_the_report_says_what_can_be_fixed(library: Path) -> None:
    ended = schemalint("check", "--offline", cwd=library)
    assert re.search(r"^library/__init__.py:11:\d+: default-evaluated-once \[\*\]$", ended.stdout, re.MULTILINE)
    assert ended.stdout.endswith("1 fixable with --fix, 1 more with --fix --unsafe-fixes.\n")
    ended = schemalint("check", "--offline", "--format", "json", cwd=library)
    findings = json.loads(ended.stdout)["findings"]
    assert [(one["fix"], one["due"]) for one in findings] == [
        ("safe", ""),
        ("schema", 'op.alter_column("books", "title", type_=sa.String(255))'),
    ]
    ended = schemalint("check", "--offline", "--format", "github", cwd=library)
    assert "%0AFixable: schemalint check --fix --unsafe-fixes (schema)\n" in ended.stdout


def test_a_report_that_is_read_again_knows_what_can_be_fixed(tmp_path: Path) -> None:
    fix = Fix("schema", (SetArgument("a part", "index", "True"),), due="op.create_index()")
    report = Report(
        findings=(Finding("a-rule", "books.title", None, "it is so", "another", (), fix),), root=str(tmp_path)
    )
    (again,) = parse(get_reporter("json").render(report), tmp_path).findings
    assert again.fix == Fix("schema", (), due="op.create_index()")
    assert again == report.findings[0], "a fix is no part of what a finding is"


def test_a_report_without_fixes_says_nothing_of_them() -> None:
    assert "fixable" not in get_reporter("text").render(Report())


def test_a_process_that_cannot_look_is_a_sentence(library: Path) -> None:
    (library / "library" / "__init__.py").write_text(
        "import os\nprint('gone', file=__import__('sys').stderr, flush=True)\nos._exit(3)\n", encoding="utf-8"
    )
    with pytest.raises(SchemalintError, match=r"the process that imports the models ended with status 3: gone"):
        look(Config(root=library, models=("library",)), {})
    with pytest.raises(SchemalintError, match="there is nothing to check"):
        look(Config(root=library), {})
    (library / "library" / "__init__.py").write_text("", encoding="utf-8")
    nothing = look(Config(root=library, models=("library",)), {})
    assert nothing.failures == ("no table is declared in library: name the modules that do",)
    assert nothing.meaning == Fingerprint()


def test_a_process_that_dies_of_a_fix_undoes_it(tmp_path: Path) -> None:
    def edits(schema: Schema) -> Iterator[tuple[object, tuple[SetArgument, ...]]]:
        column = schema.tables[0].c.a
        yield column, (SetArgument(column, "description", "''"),)

    made_up = offering("behaviour", edits)
    calls: list[Mapping[str, bytes]] = []
    (tmp_path / "models.py").write_text(USUAL + TITLES, encoding="utf-8")
    ran = run(tmp_path, TITLES, made_up)
    finding = ran.outcome.undone[0][0]

    def dies(contents: Mapping[str, bytes]) -> Look:
        calls.append(contents)
        if contents:
            raise SchemalintError("the process that imports the models ended with status 3")
        return Look((finding,), Fingerprint())

    outcome = fix_all(Files(Config(root=tmp_path)), ORDER, dies)
    assert [reason for _, reason in outcome.undone] == [
        "the models would no longer be loaded: the process that imports the models ended with status 3"
    ]


def test_whoever_reads_or_imports_a_file_sees_what_is_laid_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "laid_over_module.py"
    path.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import importlib

    assert importlib.import_module("laid_over_module").x == 1
    del sys.modules["laid_over_module"]
    with laid_over({str(path): "x = 'ü'\n".encode()}):
        assert importlib.import_module("laid_over_module").x == "ü"
        assert path.read_text(encoding="utf-8") == "x = 'ü'\n"
        assert path.read_bytes() == "x = 'ü'\n".encode()
        with open(path, encoding="utf-8") as file:  # noqa: PTH123  # what is asked here
            assert file.read() == "x = 'ü'\n"
        (tmp_path / "other.py").write_text("y", encoding="utf-8")
        assert (tmp_path / "other.py").read_text(encoding="utf-8") == "y"
    del sys.modules["laid_over_module"]
    assert importlib.import_module("laid_over_module").x == 1
    assert path.read_text(encoding="utf-8") == "x = 1\n"
    del sys.modules["laid_over_module"]


def test_a_link_that_is_called_otherwise_than_its_file_shows_what_is_laid_over_that(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "linked.py").symlink_to("real.py")
    with laid_over({str((tmp_path / "real.py").resolve()): b"x = 2\n"}):
        assert (tmp_path / "linked.py").read_bytes() == b"x = 2\n"


def test_what_a_link_under_another_name_leads_to_is_fixed(library: Path) -> None:
    models = library / "library" / "__init__.py"
    models.rename(library / "shared.py")
    models.symlink_to("../shared.py")
    ended = schemalint("check", "--fix", "--offline", "--format", "concise", cwd=library)
    assert ended.stderr == "schemalint: fixed 1 problem in 1 file\n"
    assert models.is_symlink()
    assert "default_factory=uuid4" in (library / "shared.py").read_text(encoding="utf-8")


def due(*lines: str) -> tuple[Finding, ...]:
    """Return findings of one round, with fixes after which these lines are due."""
    return tuple(Finding("string-length", line, None, "", fix=Fix("schema", (), due=line)) for line in lines)


def test_what_is_due_can_be_performed_line_by_line() -> None:
    rename = 'op.rename_table("user", "users"), and new names for its indexes and constraints that bear the old one'
    renamed_column = 'op.alter_column("user", "At", new_column_name="at")'
    outcome = Outcome(
        rounds=[
            due(
                rename,
                renamed_column,
                'op.create_index("ix_user_a", "user", ["a"])',
                "# first this\nop.execute('that')",
            ),
            due('op.alter_column("users", "b", type_=sa.String(255))'),
        ]
    )
    assert due_in_order(outcome) == [
        'op.create_index("ix_user_a", "user", ["a"])',
        "# first this",
        "op.execute('that')",
        renamed_column,
        rename,
        'op.alter_column("users", "b", type_=sa.String(255))',
    ]


def test_an_index_that_a_later_fix_takes_away_again_is_not_due() -> None:
    outcome = Outcome(
        rounds=[
            due('op.create_index("ix_a", "t", ["a"])', 'op.create_index("ix_a", "u", ["a"])'),
            due('op.drop_index("ix_a", table_name="t")', 'op.drop_index("ix_b", table_name="t")'),
            due('op.drop_index("ix_a", table_name="u"); op.create_index("ix_a", "u", ["a"], unique=True)'),
        ]
    )
    assert due_in_order(outcome) == [
        'op.create_index("ix_a", "u", ["a"])',
        'op.drop_index("ix_b", table_name="t")',
        'op.drop_index("ix_a", table_name="u"); op.create_index("ix_a", "u", ["a"], unique=True)',
    ]


ONE_TO_ONE = """
class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    profile: Optional["Profile"] = Relationship(back_populates="user", passive_deletes="all")

class Profile(SQLModel, table=True):
    __tablename__ = "profiles"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE")
    user: User = Relationship(back_populates="profile")
"""


def test_a_key_that_becomes_unique_gets_no_second_index(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.schemalint]\nmodels = ["shop"]\n', encoding="utf-8")
    (tmp_path / "shop.py").write_text(USUAL + ONE_TO_ONE, encoding="utf-8")
    ended = schemalint("check", "--fix", "--unsafe-fixes", "--offline", cwd=tmp_path)
    assert ended.stderr == (
        "schemalint: fixed 1 problem in 1 file\n"
        "schemalint: migrations that are now due:\n"
        '    op.create_unique_constraint(None, "profiles", ["user_id"])\n'
    )
    assert 'ondelete="CASCADE", unique=True)' in (tmp_path / "shop.py").read_text(encoding="utf-8")
    assert "foreign-key-without-index" not in ended.stdout


ENUM = """
class Status(StrEnum):
    OPEN = "open"
    DONE = "done"

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: Status = Status.OPEN
"""


def test_a_server_default_is_written_in_the_words_of_the_new_type(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.schemalint]\nmodels = ["shop"]\n', encoding="utf-8")
    (tmp_path / "shop.py").write_text(USUAL + ENUM, encoding="utf-8")
    selected = ("--select", "server-default-missing,enum-stores-names")
    schemalint("check", "--fix", "--unsafe-fixes", "--offline", *selected, cwd=tmp_path)
    text = (tmp_path / "shop.py").read_text(encoding="utf-8")
    assert "values_callable=lambda members: [member.value for member in members]" in text
    assert 'sa_column_kwargs={"server_default": "open"}' in text
