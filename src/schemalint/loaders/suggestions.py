"""The `op.*` lines that would make the migrations agree with the models, one difference at a time.

What Alembic renders well is rendered by Alembic from the model's own part; the rest is PostgreSQL's own text of what the models made.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ARRAY, Column, Index, MetaData, Table
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeEngine

from schemalint.loaders.comparison import Pair
from schemalint.loaders.model_parts import DIALECT, Parts, named_types
from schemalint.subjects.catalog import (
    Catalog,
    ColumnFact,
    ConstraintFact,
    EnumFact,
    IndexFact,
    Key,
    SequenceFact,
    TableFact,
    identifier,
    quoted,
)
from schemalint.subjects.drift import Aspect

FAMILIES = (
    ("character varying", "text", "character", "citext"),
    ("smallint", "integer", "bigint", "numeric", "real", "double precision"),
    ("json", "jsonb"),
)
"""Types that turn into each other without being told how."""


@dataclass(frozen=True)
class Suggestions:
    """Writes suggestions from both catalogs and the parts of the models, for the server's major `version`."""

    models: Catalog
    migrations: Catalog
    parts: Parts
    version: int

    def suggest(self, pair: Pair) -> str:
        """Return lines of Python for a revision's `upgrade`, empty where none are known to be right."""
        write: Mapping[Aspect, Callable[[Pair], Iterator[str]]] = {
            "table": self.table,
            "column": self.column,
            "type": self.type,
            "nullable": self.nullable,
            "default": self.default,
            "enum": self.enum,
            "key": self.key,
            "index": self.index,
            "name": self.name,
            "comment": self.comment,
            "storage": self.storage,
        }
        return "\n".join(write[pair.aspect](pair))

    def table(self, pair: Pair) -> Iterator[str]:
        if pair.key.kind == "sequence":
            yield from self.sequence(pair)
        elif pair.ours is None:
            yield f"op.drop_table({self.arguments(pair.key)})"
        else:
            table: Table = self.parts.get(pair.ours)
            yield from self.missing_types(*table.columns)
            copy = without_type_creation(table)
            yield render(ops.CreateTableOp.from_table(copy))
            for index in sorted(copy.indexes, key=lambda one: str(one.name)):
                yield render(ops.CreateIndexOp.from_index(index))

    def sequence(self, pair: Pair) -> Iterator[str]:
        name = (
            self.models.quoted_name(pair.key)
            if pair.key.schema != self.models.default_schema
            else identifier(pair.key.relation)
        )
        fact = self.models.get(SequenceFact, pair.ours) if pair.ours else None
        if fact is None:
            yield execute(f"DROP SEQUENCE {name}")
        else:
            yield execute(f"{'ALTER' if pair.theirs else 'CREATE'} SEQUENCE {name} {parameters(fact)}")

    def column(self, pair: Pair) -> Iterator[str]:
        if pair.ours is None:
            yield f"op.drop_column({self.arguments(pair.key, pair.key.name)})"
        else:
            yield from self.add_column(pair.ours)

    def add_column(self, key: Key) -> Iterator[str]:
        column: Column[Any] = self.parts.get(key)
        yield from self.missing_types(column)
        yield render(ops.AddColumnOp.from_column(without_type_creation(column.table).columns[column.key]))

    def missing_types(self, *columns: Column[Any]) -> Iterator[str]:
        for type_ in dict.fromkeys(one for column in columns for one in named_types(column.type)):
            key = Key("enum", type_.schema or self.models.default_schema, str(type_.name))
            if isinstance(type_, pg.ENUM) and key not in self.migrations.facts:
                yield execute(f"CREATE TYPE {self.statement_name(key)} AS ENUM ({', '.join(map(quoted, type_.enums))})")

    def type(self, pair: Pair) -> Iterator[str]:
        ours, theirs = self.models.get(ColumnFact, pair.key), self.migrations.get(ColumnFact, pair.key)
        column = self.parts.get(pair.key)
        if ours is None or theirs is None or pair.key.kind != "column":
            return
        yield from self.missing_types(column)
        changes_family = family(ours.type) != family(theirs.type)
        if changes_family and theirs.default:
            yield f"op.alter_column({self.arguments(pair.key, pair.key.name)}, server_default=None)"
        operation = ops.AlterColumnOp(
            pair.key.relation,
            pair.key.name,
            schema=self.schema(pair.key),
            modify_type=without_creation(column.type),
        )
        using = conversion(identifier_as_printed(pair.key.name), ours.type, theirs.type)
        yield with_argument(render(operation), f"postgresql_using={python_string(using)}" if using else "")
        if changes_family and theirs.default and ours.default:
            yield self.set_default(pair.key, ours.default)
        yield from self.left_behind(theirs.type)

    def left_behind(self, type_: str) -> Iterator[str]:
        """Drop the enum that only the one column had whose type changes."""
        for key in self.migrations.of(EnumFact):
            users = [
                one
                for one in self.migrations.of(ColumnFact).values()
                if one.type.removesuffix("[]") == self.printed(key)
            ]
            if self.printed(key) == type_ and len(users) == 1 and key not in self.parts.enums:
                yield execute(f"DROP TYPE {type_}")

    def nullable(self, pair: Pair) -> Iterator[str]:
        ours = self.models.get(ColumnFact, pair.key)
        assert ours
        yield f"op.alter_column({self.arguments(pair.key, pair.key.name)}, nullable={not ours.not_null})"

    def default(self, pair: Pair) -> Iterator[str]:
        if pair.key.kind == "sequence":
            yield from self.sequence(pair)
            return
        ours, theirs = self.models.get(ColumnFact, pair.key), self.migrations.get(ColumnFact, pair.key)
        assert ours
        assert theirs
        alter = f"ALTER TABLE {self.statement_name(pair.key.table)} ALTER COLUMN {identifier(pair.key.name)}"
        if ours.generated or theirs.generated:
            yield f"op.drop_column({self.arguments(pair.key, pair.key.name)})"
            yield from self.add_column(pair.key)
        elif ours.identity and theirs.identity and ours.sequence:
            yield execute(f"{alter} SET GENERATED {generation(ours)} {set_parameters(ours.sequence)}")
        elif ours.identity:
            if theirs.default:
                yield f"op.alter_column({self.arguments(pair.key, pair.key.name)}, server_default=None)"
            yield execute(f"{alter} ADD GENERATED {generation(ours)} AS IDENTITY")
            yield execute(self.catch_up(pair.key))
        elif theirs.identity:
            yield execute(f"{alter} DROP IDENTITY")
            yield from self.plain_default(pair.key, ours, theirs)
        else:
            yield from self.plain_default(pair.key, ours, theirs)

    def plain_default(self, key: Key, ours: ColumnFact, theirs: ColumnFact) -> Iterator[str]:
        if ours.is_serial and ours.sequence:
            if theirs.is_serial and theirs.sequence:
                yield execute(f"ALTER SEQUENCE {theirs.sequence.name} {parameters(ours.sequence)}")
                return
            table = self.statement_name(key.table)
            yield execute(
                f"CREATE SEQUENCE {ours.sequence.name} AS {ours.sequence.type} OWNED BY {table}.{identifier(key.name)}"
            )
            yield self.set_default(key, ours.default)
            yield execute(self.catch_up(key))
        elif ours.default:
            yield self.set_default(key, ours.default)
        elif theirs.default:
            yield f"op.alter_column({self.arguments(key, key.name)}, server_default=None)"

    def catch_up(self, key: Key) -> str:
        """Return the statement that lets a new sequence begin after the rows that are there."""
        table, column = self.statement_name(key.table), identifier(key.name)
        sequence = f"pg_get_serial_sequence({quoted(table)}, {quoted(key.name)})"
        last = f"coalesce(max({column}), 0)"
        return f"SELECT setval({sequence}, {last} + 1, false) FROM {table}"  # noqa: S608  # names of the user's own

    def set_default(self, key: Key, default: str) -> str:
        return f"op.alter_column({self.arguments(key, key.name)}, server_default=sa.text({default!r}))"

    def enum(self, pair: Pair) -> Iterator[str]:
        name = self.statement_name(pair.key)
        ours = self.models.get(EnumFact, pair.key)
        if ours is None:
            yield execute(f"DROP TYPE {name}")
            return
        theirs = self.migrations.get(EnumFact, pair.key)
        assert theirs
        if [one for one in ours.labels if one in theirs.labels] == list(theirs.labels):
            for number, label in enumerate(ours.labels):
                if label not in theirs.labels:
                    where = (
                        f"AFTER {quoted(ours.labels[number - 1])}" if number else f"BEFORE {quoted(theirs.labels[0])}"
                    )
                    yield execute(f"ALTER TYPE {name} ADD VALUE {quoted(label)} {where}")
        else:
            yield from self.enum_anew(pair.key, name, ours)

    def enum_anew(self, key: Key, name: str, ours: EnumFact) -> Iterator[str]:
        """Labels can be neither removed nor moved: the type is made anew (rows with a removed label must be changed before)."""
        old = identifier(f"{key.relation}_old")
        yield execute(f"ALTER TYPE {name} RENAME TO {old}")
        yield execute(f"CREATE TYPE {name} AS ENUM ({', '.join(map(quoted, ours.labels))})")
        printed = self.printed(key)
        for column_key, column in self.migrations.of(ColumnFact).items():
            if column.type in (printed, f"{printed}[]"):
                alter = (
                    f"ALTER TABLE {self.statement_name(column_key.table)} ALTER COLUMN {identifier(column_key.name)}"
                )
                array = "[]" if column.type.endswith("[]") else ""
                if column.default:
                    yield execute(f"{alter} DROP DEFAULT")
                yield execute(
                    f"{alter} TYPE {name}{array} USING {identifier(column_key.name)}::text{array}::{name}{array}"
                )
                if column.default:
                    yield execute(f"{alter} SET DEFAULT {column.default}")
        schema = "" if key.schema == self.models.default_schema else f"{identifier(key.schema)}."
        yield execute(f"DROP TYPE {schema}{old}")

    def key(self, pair: Pair) -> Iterator[str]:
        ours = self.models.get(ConstraintFact, pair.ours) if pair.ours else None
        theirs = self.migrations.get(ConstraintFact, pair.theirs) if pair.theirs else None
        table = self.statement_name(pair.key.table)
        if ours and theirs and ours.definition == theirs.definition and ours.validated and not theirs.validated:
            assert pair.theirs
            yield execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {identifier(pair.theirs.name)}")
            return
        if theirs and pair.theirs:
            kind = {"p": "primary", "u": "unique", "f": "foreignkey"}.get(theirs.type)
            type_ = f", type_={kind!r}" if kind else ""
            yield f"op.drop_constraint({self.arguments(pair.theirs, first=pair.theirs.name)}{type_})"
        elif pair.theirs:
            yield f"op.drop_index({pair.theirs.name!r}, table_name={pair.theirs.relation!r}{self.schema_argument(pair.theirs)})"
        if ours and pair.ours:
            yield self.create_constraint(pair.ours, ours, table)
        elif pair.ours and (index := self.parts.get(pair.ours)) is not None:
            yield render(ops.CreateIndexOp.from_index(index))

    def create_constraint(self, key: Key, fact: ConstraintFact, table: str) -> str:
        is_named = key in self.parts.named
        name = f"op.f({key.name!r})" if is_named else "None"
        columns = repr(list(fact.columns))
        if not fact.index or not fact.index.options:
            where = f"{key.relation!r}"
            schema = self.schema_argument(key)
            listed = ", ".join(map(identifier_as_printed, fact.columns))
            match fact.type:
                case "p" if fact.definition == f"PRIMARY KEY ({listed})":
                    return f"op.create_primary_key({name}, {where}, {columns}{schema})"
                case "u" if fact.definition == f"UNIQUE ({listed})":
                    return f"op.create_unique_constraint({name}, {where}, {columns}{schema})"
                case "c" if is_named and fact.definition == f"CHECK ({fact.expression})":
                    return f"op.create_check_constraint({name}, {where}, {fact.expression!r}{schema})"
                case "f" if (constraint := self.parts.get(key)) is not None and " MATCH " not in fact.definition:
                    return render(ops.AddConstraintOp.from_constraint(constraint))
        constraint_name = f"CONSTRAINT {identifier(key.name)} " if is_named else ""
        options = f" WITH ({', '.join(fact.index.options)})" if fact.index and fact.index.options else ""
        return execute(f"ALTER TABLE {table} ADD {constraint_name}{fact.definition}{options}")

    def index(self, pair: Pair) -> Iterator[str]:
        if pair.theirs:
            yield f"op.drop_index({pair.theirs.name!r}, table_name={pair.theirs.relation!r}{self.schema_argument(pair.theirs)})"
        if pair.ours:
            index: Index | None = self.parts.get(pair.ours)
            fact = self.models.get(IndexFact, pair.ours)
            assert fact
            yield execute(fact.definition) if index is None else render(ops.CreateIndexOp.from_index(index))

    def name(self, pair: Pair) -> Iterator[str]:
        assert pair.ours
        assert pair.theirs
        old, new = identifier(pair.theirs.name), identifier(pair.ours.name)
        if pair.ours.kind == "index":
            schema = "" if pair.theirs.schema == self.models.default_schema else f"{identifier(pair.theirs.schema)}."
            yield execute(f"ALTER INDEX {schema}{old} RENAME TO {new}")
        else:
            yield execute(f"ALTER TABLE {self.statement_name(pair.theirs.table)} RENAME CONSTRAINT {old} TO {new}")

    def comment(self, pair: Pair) -> Iterator[str]:
        assert pair.theirs
        table = self.statement_name(pair.key.table)
        fact = self.models.facts[pair.key]
        assert isinstance(fact, (TableFact, ColumnFact, ConstraintFact))
        match fact:
            case TableFact():
                target = f"TABLE {table}"
            case ColumnFact():
                target = f"COLUMN {table}.{identifier(pair.key.name)}"
            case ConstraintFact():
                target = f"CONSTRAINT {identifier(pair.theirs.name)} ON {table}"
        said = fact.comment
        yield execute(f"COMMENT ON {target} IS {quoted(said) if said else 'NULL'}")

    def storage(self, pair: Pair) -> Iterator[str]:
        ours, theirs = self.models.get(TableFact, pair.key), self.migrations.get(TableFact, pair.key)
        assert ours
        assert theirs
        alter = f"ALTER TABLE {self.statement_name(pair.key)}"
        if ours.partition_key != theirs.partition_key or ours.kind != theirs.kind:
            return  # A table cannot be made partitioned, nor the other way round: its rows have to be moved.
        if ours.access_method != theirs.access_method and self.version < 15:
            return  # SET ACCESS METHOD is new in PostgreSQL 15: https://www.postgresql.org/docs/15/release-15.html
        if ours.persistence != theirs.persistence:
            yield execute(f"{alter} SET {'UNLOGGED' if ours.persistence == 'u' else 'LOGGED'}")
        if ours.access_method != theirs.access_method:
            yield execute(f"{alter} SET ACCESS METHOD {ours.access_method}")
        gone = {one.partition("=")[0] for one in theirs.options} - {one.partition("=")[0] for one in ours.options}
        if gone:
            yield execute(f"{alter} RESET ({', '.join(sorted(gone))})")
        if set(ours.options) - set(theirs.options):
            yield execute(f"{alter} SET ({', '.join(ours.options)})")
        for parent in theirs.parents:
            if parent not in ours.parents:
                yield execute(f"{alter} NO INHERIT {parent}")
        for parent in ours.parents:
            if parent not in theirs.parents:
                yield execute(f"{alter} INHERIT {parent}")

    def schema(self, key: Key) -> str | None:
        return None if key.schema == self.models.default_schema else key.schema

    def schema_argument(self, key: Key) -> str:
        return "" if key.schema == self.models.default_schema else f", schema={key.schema!r}"

    def arguments(self, key: Key, *more: str, first: str | None = None) -> str:
        """Return a table's name with other names before and after it, as arguments of an operation."""
        names = [*([first] if first else []), key.relation, *more]
        return ", ".join(map(repr, names)) + self.schema_argument(key)

    def statement_name(self, key: Key) -> str:
        """Return a relation's or type's name for a statement, with its schema where it is not the default one."""
        if key.schema == self.models.default_schema:
            return identifier_as_printed(key.relation)
        return f"{identifier_as_printed(key.schema)}.{identifier_as_printed(key.relation)}"

    printed = statement_name


def identifier_as_printed(name: str) -> str:
    """Quote a name where it is needed: lower case letters, digits and underscores need none (keywords do)."""
    return str(DIALECT.identifier_preparer.quote(name))


def family(type_: str) -> str:
    """Return a type without its length; one word for those that turn into each other."""
    base, _, rest = type_.partition("(")
    whole = base + rest.partition(")")[2]
    return next((together[0] for together in FAMILIES if whole in together), whole)


def conversion(column: str, ours: str, theirs: str) -> str:
    """Return the expression that turns a column's rows into another type, empty where PostgreSQL does it by itself."""
    if family(ours) == family(theirs):
        return ""
    if ours.startswith("timestamp") and theirs.startswith("timestamp"):
        return f"{column} AT TIME ZONE 'UTC'"
    return f"{column}::text::{ours}"


def with_argument(call: str, argument: str) -> str:
    """Return a rendered call with one more argument."""
    return f"{call.rstrip().removesuffix(')')}, {argument})" if argument else call


def generation(column: ColumnFact) -> str:
    return "ALWAYS" if column.identity == "a" else "BY DEFAULT"


def parameters(fact: SequenceFact) -> str:
    return (
        f"AS {fact.type} INCREMENT {fact.increment} MINVALUE {fact.minimum} MAXVALUE {fact.maximum} START {fact.start}"
        f" CACHE {fact.cache} {'CYCLE' if fact.cycle else 'NO CYCLE'}"
    )


def set_parameters(fact: SequenceFact) -> str:
    return (
        f"SET INCREMENT {fact.increment} SET MINVALUE {fact.minimum} SET MAXVALUE {fact.maximum} SET START {fact.start}"
        f" SET CACHE {fact.cache} SET {'CYCLE' if fact.cycle else 'NO CYCLE'}"
    )


def execute(statement: str) -> str:
    return f"op.execute({python_string(statement)})"


def python_string(text: str) -> str:
    """Return a literal in double quotes, as formatters write it."""
    if '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    return repr(text)


def render(operation: ops.MigrateOperation) -> str:
    """Return the Python that Alembic writes for an operation."""
    context = MigrationContext.configure(dialect_name="postgresql", opts={"target_metadata": MetaData()})
    body = render_python_code(ops.UpgradeOps([operation]), migration_context=context, render_item=render_enum)
    return "\n".join(line.removeprefix("    ") for line in body.splitlines() if not line.lstrip().startswith("# ###"))


def render_enum(kind: str, part: Any, _: object) -> str | Literal[False]:
    """Return how an existing enum is written: before SQLAlchemy 2.1 its own `repr` does not say that it exists."""
    if kind != "type" or not isinstance(part, pg.ENUM) or part.create_type:
        return False
    schema = f", schema={part.schema!r}" if part.schema else ""
    return f"postgresql.ENUM({', '.join(map(repr, part.enums))}, name={str(part.name)!r}{schema}, create_type=False)"


def without_type_creation(table: Table) -> Table:
    """Return a copy of a table whose enums are not created with it."""
    metadata = MetaData(naming_convention=table.metadata.naming_convention)
    for key in table.foreign_keys:
        if key.column.table is not table and key.column.table.key not in metadata.tables:
            key.column.table.to_metadata(metadata)
    copy = table.to_metadata(metadata)
    for column in copy.columns:
        column.type = without_creation(column.type)
    return copy


def without_creation(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type of a column, an enum as one that exists already."""
    named = next(named_types(type_), None)
    if not isinstance(named, pg.ENUM):
        return type_
    enum = pg.ENUM(*named.enums, name=named.name, schema=named.schema, create_type=False)
    return ARRAY(enum) if isinstance(type_.dialect_impl(DIALECT), ARRAY) else enum
