"""Laws over generated schemas: no rule raises, order changes nothing, and what is allowed or accepted is exactly what goes."""

import itertools
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import CreateIndex, CreateTable

from schemalint.allowing import write_allowances
from schemalint.check import check
from schemalint.config import Config
from schemalint.finding import Finding, Report
from schemalint.loaders.models import load_schema
from schemalint.rules import all_rules
from snippets import USUAL, empty_sqlmodel

TABLES = ("users", "order", "Tag", "news", "user_tags", "données", "audit.events")
COLUMNS = ("name", "created_at", "updated_at", "deleted_at", "code", "Value", "parent_id", "note", "is_active", "price")
TYPES = (
    "sa.Integer",
    "sa.BigInteger",
    "sa.SmallInteger",
    "sa.String",
    "sa.String(20)",
    "sa.CHAR(2)",
    "sa.Text",
    "sa.Text(collation='C')",
    "sa.DateTime",
    "sa.DateTime(timezone=True)",
    "sa.Date",
    "sa.Time(timezone=True)",
    "sa.Interval",
    "sa.Uuid",
    "sa.Boolean",
    "sa.Numeric",
    "sa.Numeric(10, 2)",
    "sa.Float",
    "sa.Enum('a', 'b', name='letters')",
    "sa.Enum('a', 'b', native_enum=False, create_constraint=True, name='checked')",
    "sa.Enum(Color)",
    "sa.JSON",
    "sa.LargeBinary",
    "pg.JSONB",
    "pg.JSONB(none_as_null=True)",
    "pg.ARRAY(sa.String)",
    "pg.ARRAY(sa.Integer, dimensions=2)",
    "pg.TSVECTOR",
    "pg.INET",
    "pg.HSTORE",
    "pg.MONEY",
    "pg.CITEXT",
    "pg.INT4RANGE",
    "pg.DOMAIN('code', sa.String(3))",
    "sa.Integer().with_variant(sa.BigInteger, 'postgresql')",
    "Shouted",
    "Point",
)
USUAL_TYPES = """\
class Color(Enum):
    RED = "red"
    BLUE = "blue"

class Shouted(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True

class Point(sa.types.UserDefinedType):
    cache_ok = True
    def get_col_spec(self, **kw):
        return "point"
"""
DEFAULTS = (
    "",
    "default=uuid4",
    "default=uuid4()",
    "default='x'",
    "server_default='now()'",
    "server_default=func.now()",
    "server_default=text('1')",
    "default=datetime.now",
    "onupdate=func.now()",
    "comment='what it holds'",
    "quote=True",
)

flags = st.fixed_dictionaries({}, optional={one: st.booleans() for one in ("nullable", "index", "unique")})
column = st.builds(
    lambda name, kind, given, default: (
        ", ".join(
            [
                f"Column({name!r}",
                kind,
                *(f"{key}={value}" for key, value in given.items()),
                *([default] if default else []),
            ]
        )
        + ")"
    ),
    st.sampled_from(COLUMNS),
    st.sampled_from(TYPES),
    flags,
    st.sampled_from(DEFAULTS),
)
KEYS = {
    "none": (),
    "integer": ("Column('id', sa.Integer, primary_key=True)",),
    "uuid": ("Column('id', sa.Uuid, primary_key=True)",),
    "indexed": ("Column('id', sa.Integer, primary_key=True, index=True)",),
    "identity": ("Column('id', sa.BigInteger, sa.Identity(always=True), primary_key=True)",),
    "text": ("Column('id', sa.String(10), primary_key=True)",),
    "composite": (
        "Column('id', sa.Integer, nullable=False, autoincrement=False)",
        "Column('part', sa.Integer, nullable=False, autoincrement=False)",
    ),
}
EXTRAS = (
    "Column('computed', sa.Integer, sa.Computed('1 + 1'))",
    "Column('virtual', sa.Text, sa.Computed(\"'a' || 'b'\", persisted=True), index=True)",
    "Column('numbered', sa.Integer, sa.Identity())",
    "Column('counted', sa.Integer, sa.Sequence('counted_seq'))",
    "Column('x', sa.Integer, key='y')",
    "sa.CheckConstraint('1 > 0')",
    "sa.CheckConstraint('1 > 0', name='one')",
)


@dataclass(frozen=True)
class Drawn:
    """One table of a generated schema: its columns and its other arguments as source."""

    name: str
    columns: tuple[str, ...]
    arguments: tuple[str, ...]

    def source(self, number: int) -> str:
        schema, _, name = self.name.rpartition(".")
        given = [*self.columns, *self.arguments, *([f"schema={schema!r}"] if schema else [])]
        return f"t{number} = Table(\n    {name!r},\n    metadata,\n" + "".join(f"    {one},\n" for one in given) + ")\n"

    def class_source(self, number: int) -> str:
        schema, _, name = self.name.rpartition(".")
        lines = [f"class T{number}(Base):", f"    __tablename__ = {name!r}"]
        lines += [f"    c{position} = {one}" for position, one in enumerate(self.columns)]
        given = [*self.arguments, *([f"{{'schema': {schema!r}}}"] if schema else [])]
        lines += ["    __table_args__ = (", *(f"        {one}," for one in given), "    )"] if given else []
        return "\n".join(lines) + "\n"


def column_name(source: str) -> str:
    return source.split("'")[1]


@st.composite
def schemas(draw: st.DrawFn) -> list[Drawn]:
    """Draw a few tables; foreign keys lead to tables that are there, of which their own may be one."""
    names = draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=4, unique=True))
    keys = {name: draw(st.sampled_from([*KEYS])) for name in names}
    return [draw_table(draw, keys, name) for name in names]


def draw_table(draw: st.DrawFn, keys: dict[str, str], name: str) -> Drawn:
    plain = draw(st.lists(column, max_size=5, unique_by=column_name))
    more = draw(st.lists(st.sampled_from(EXTRAS), max_size=2, unique=True))
    references = list(draw_references(draw, keys))
    columns = [*KEYS[keys[name]], *plain, *(one for one in [*more, *references] if one.startswith("Column("))]
    arguments = [one for one in [*more, *references] if not one.startswith("Column(")]
    if keys[name] == "composite":
        arguments.append("sa.PrimaryKeyConstraint('id', 'part')")
    if there := [column_name(one) for one in columns if "key=" not in one.replace("primary_key=", "")]:
        arguments += draw(indexes(there, draw(st.integers(0, 1_000))))
    return Drawn(name, tuple(columns), tuple(arguments))


def draw_references(draw: st.DrawFn, keys: dict[str, str]) -> Iterator[str]:
    for number in range(draw(st.integers(0, 2))):
        target = draw(st.sampled_from([*keys]))
        action = draw(
            st.sampled_from(("", ", ondelete='CASCADE'", ", ondelete='set null'", ", ondelete='SET DEFAULT'"))
        )
        given = f"nullable={draw(st.booleans())}{draw(st.sampled_from(('', ', index=True', ', unique=True')))}"
        if keys[target] == "composite":
            yield f"Column('r{number}a', sa.Integer, {given})"
            yield f"Column('r{number}b', sa.Integer, {given})"
            columns = f"['r{number}a', 'r{number}b'], ['{target}.id', '{target}.part']"
            yield f"ForeignKeyConstraint({columns}{action}, name='fk_{number}_{draw(st.integers(0, 1_000))}')"
        elif keys[target] != "none":
            kind = draw(st.sampled_from(("sa.Integer", "sa.BigInteger", "sa.Uuid", "sa.String")))
            yield f"Column('r{number}', {kind}, ForeignKey('{target}.id'{action}), {given})"


@st.composite
def indexes(draw: st.DrawFn, columns: list[str], number: int) -> list[str]:
    """Draw indexes and unique constraints, each with a name of its own."""
    some = st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True).map(
        lambda one: ", ".join(map(repr, one))
    )
    options = st.sampled_from(
        (
            "",
            ", unique=True",
            ", postgresql_where=text('1 = 1')",
            f", postgresql_where=text('\"{columns[0]}\" IS NOT NULL')",
            ", postgresql_using='gin'",
            ", postgresql_using='hash'",
            f", postgresql_include=['{columns[-1]}']",
            ", postgresql_nulls_not_distinct=True, unique=True",
        )
    )
    kinds = st.sampled_from(
        ("Index('ix_{}', {}{})", "Index('ix_{}', {}, text('lower(name)'){})", "UniqueConstraint({1}, name='uq_{0}')")
    )
    return [
        kind.format(f"{number}_{place}", draw(some), draw(options))
        for place, kind in enumerate(draw(st.lists(kinds, max_size=3)))
    ]


_numbers = itertools.count()


@dataclass(frozen=True)
class Models:
    """A project of one module, which can be loaded again and again."""

    root: Path

    @contextmanager
    def imported(self) -> Iterator[Config]:
        """Give a configuration that means the module as it is now, under a name of its own."""
        name = f"laws_{next(_numbers)}"
        (current,) = self.root.glob("*.py")
        current.rename(self.root / f"{name}.py")
        with empty_sqlmodel(), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what SQLAlchemy warns of is the user's to see, and says nothing of the rules
            try:
                yield Config(root=self.root, models=(name,), offline=True, profile="all")
            finally:
                sys.modules.pop(name, None)

    def check(self, **config: object) -> Report:
        with self.imported() as usual:
            return check(replace(usual, **config))  # type: ignore[arg-type] # the tests below name fields of Config

    def identities(self) -> list[tuple[str, str]]:
        """Return what all rules find; without their words, in which columns may be listed as the table has them."""
        return sorted((one.rule, one.object) for one in self.check().findings)


@contextmanager
def project(tables: Sequence[Drawn], as_classes: bool = False) -> Iterator[Models]:
    """Give a project with the models of `tables`; those that SQLAlchemy does not compile for PostgreSQL are not drawn."""
    with TemporaryDirectory() as directory:
        base = "class Base(DeclarativeBase):\n    metadata = metadata\n" if as_classes else ""
        parts = [one.class_source(number) if as_classes else one.source(number) for number, one in enumerate(tables)]
        text = f"{USUAL}{USUAL_TYPES}metadata = MetaData()\n{base}" + "".join(parts)
        (Path(directory) / "models.py").write_text(text, encoding="utf-8")
        (Path(directory) / "pyproject.toml").touch()
        models = Models(Path(directory))
        with models.imported() as config:
            schema = load_schema(config)
            assert not schema.failures
            assume(compiles(schema.metadata))
        yield models


def compiles(metadata: Sequence[object]) -> bool:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    try:
        for table in (table for one in metadata for table in one.tables.values()):  # type: ignore[attr-defined]
            str(CreateTable(table).compile(dialect=dialect))
            for index in table.indexes:
                str(CreateIndex(index).compile(dialect=dialect))
    except CompileError:
        return False
    return True


def has_keys(tables: Sequence[Drawn]) -> bool:
    """Whether classes can be mapped to the tables: each has a primary key."""
    return all("primary_key=True" in str(one.columns) or "PrimaryKey" in str(one.arguments) for one in tables)


def shuffled(tables: Sequence[Drawn], order: Sequence[float]) -> list[Drawn]:
    """Return the tables in the reverse order, with their columns, indexes and constraints in another one."""
    numbers = itertools.cycle(order)

    def mixed(parts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part for _, part in sorted((next(numbers), part) for part in parts))

    return [replace(one, columns=mixed(one.columns), arguments=mixed(one.arguments)) for one in reversed(tables)]


many = settings(max_examples=50, deadline=None, suppress_health_check=[*HealthCheck])
few = settings(many, max_examples=15)


@given(schemas(), st.booleans(), st.lists(st.floats(0, 1), min_size=7, max_size=7))
@many
def test_the_order_of_tables_and_columns_changes_no_finding_and_nothing_raises(
    tables: list[Drawn], as_classes: bool, order: list[float]
) -> None:
    as_classes = as_classes and has_keys(tables)
    with project(tables, as_classes) as models:
        found = models.identities()
    with project(shuffled(tables, order), as_classes) as models:
        assert models.identities() == found


@given(schemas(), st.data())
@few
def test_allowing_a_finding_takes_exactly_that_one_away(tables: list[Drawn], data: st.DataObject) -> None:
    with project(tables) as models:
        before = models.check().findings
        assume(before)
        one = data.draw(st.sampled_from(before))
        after = models.check(allow={one.rule: (one.object,)}).findings
        assert [*map(identity, after)] == [identity(other) for other in before if other.identity != one.identity]


@given(schemas(), st.data())
@few
def test_a_comment_takes_away_what_its_rule_says_of_that_declaration(tables: list[Drawn], data: st.DataObject) -> None:
    with project(tables) as models:
        before = models.check().findings
        assume(before)
        one = data.draw(st.sampled_from(before))
        with models.imported() as config:
            moved = replace_path(one, config)
            assert write_allowances(config, [moved], "why").left == ()
        after = {*map(said, models.check().findings)}
        gone = [other for other in before if said(other) not in after]
        assert one in gone
        assert {(other.rule, lines(other)) for other in gone} == {(one.rule, lines(one))}
        assert after < {*map(said, before)}


@given(schemas())
@few
def test_all_findings_can_be_allowed_by_comments_or_accepted_by_a_baseline(tables: list[Drawn]) -> None:
    with project(tables) as models:
        found = models.check().findings
        assert models.check(update_baseline=True).findings == ()
        report = models.check(baseline="schemalint-baseline.txt")
        assert (report.findings, report.accepted) == ((), len(found))
        with models.imported() as config:
            write_allowances(config, [replace_path(one, config) for one in found], "")
        assert models.check().findings == ()


def replace_path(finding: Finding, config: Config) -> Finding:
    """Return a finding where the module is now: it has another name each time it is imported."""
    assert finding.location
    return replace(finding, location=replace(finding.location, path=f"{config.models[0]}.py"))


def identity(finding: Finding) -> str:
    return finding.identity


def said(finding: Finding) -> tuple[str, str]:
    """Return what tells a finding from any other: two indexes over the same columns have one identity."""
    return finding.identity, finding.message


def lines(finding: Finding) -> tuple[int, int]:
    assert finding.location
    return finding.location.line, finding.location.end_line


def test_every_rule_over_models_is_under_these_laws() -> None:
    with project([Drawn("books", KEYS["integer"], ())]) as models:
        asked = {*models.check().asked}
    assert {one.name for one in all_rules(["schema", "source"])} <= asked
