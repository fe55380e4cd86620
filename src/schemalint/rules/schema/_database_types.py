"""What a column's type is on PostgreSQL, as far as keys compare by it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import INTEGER, SMALLINT, VARCHAR, Integer, SmallInteger, String

from schemalint.fix import SetArgument, SetType
from schemalint.rules.schema._fields import has_sa_column, pydantic_max_length
from schemalint.rules.schema._operations import literal, operation
from schemalint.rules.schema._types import is_from_sqlmodel, postgresql
from schemalint.subjects.schema import AnyColumn, Schema

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "SMALLINT": "integer",
        "INTEGER": "integer",
        "BIGINT": "integer",
        "NUMERIC": "number",
        "REAL": "number",
        "FLOAT": "number",
        "DOUBLE PRECISION": "number",
        "VARCHAR": "text",
        "CHAR": "text",
        "TEXT": "text",
        "UUID": "uuid",
        "DATE": "time",
        "TIMESTAMP": "time",
        "TIMESTAMP WITHOUT TIME ZONE": "time",
        "TIMESTAMP WITH TIME ZONE": "time",
        "BOOLEAN": "boolean",
        "BYTEA": "bytes",
    }
)
"""Types of one family compare with one another through one index; of different ones they do not, but that an integer is a number, too."""

LARGEST: Mapping[str, int] = MappingProxyType({"SMALLINT": 2**15 - 1, "INTEGER": 2**31 - 1, "BIGINT": 2**63 - 1})


class DatabaseType(NamedTuple):
    """A type as PostgreSQL has it: `VARCHAR(20)`, its name, its family, its length and its collation, each where there is one.

    The family is empty for a type that is not known here: an extension's, a domain, an enum, a project's own.
    """

    text: str
    name: str
    family: str
    length: int | None = None
    collation: str = ""


UNKNOWN = DatabaseType("", "", "")


def database_type(column: AnyColumn) -> DatabaseType:
    """Return what PostgreSQL makes of a column's type, variants and decorators considered."""
    try:
        text = column.type.compile(postgresql())
    except Exception:  # noqa: BLE001 # another dialect's type, none at all, or one of the project that raises what it likes
        return UNKNOWN
    text, _, collation = text.partition(" COLLATE ")
    name, _, rest = text.partition("(")
    inside, _, behind = rest.partition(")")
    name += behind
    family = FAMILIES.get(name, "")
    length = int(inside) if family == "text" and inside.isdigit() else None
    return DatabaseType(text, name, family, length, collation.strip('"'))


def may_refer(one: DatabaseType, other: DatabaseType) -> bool:
    """Whether PostgreSQL lets a key of type `one` refer to a column of type `other`, both of them known."""
    return one.family == other.family or (one.family, other.family) == ("integer", "number")


WRITTEN: Mapping[str, str] = MappingProxyType(
    {"SMALLINT": "SmallInteger", "INTEGER": "Integer", "BIGINT": "BigInteger"}
)
REPLACEABLE = frozenset({Integer, INTEGER, SmallInteger, SMALLINT, String, VARCHAR})


def sqlalchemy_type(kind: DatabaseType) -> str:
    """Return how a type is written with SQLAlchemy's general types; empty for one that has none here."""
    if kind.name == "VARCHAR" and kind.length and not kind.collation:
        return f"String({kind.length})"
    return WRITTEN.get(kind.name, "")


def retyped(schema: Schema, column: AnyColumn, kind: DatabaseType) -> SetType | SetArgument | None:
    """Return the edit that gives a column the type `kind`; None where the column is declared with a type that one does not simply replace."""
    code = sqlalchemy_type(kind)
    field = schema.field_of(column)
    if code and type(column.type) in REPLACEABLE:
        name = type(column.type).__name__
        return SetType(column, code, instead_of=name, imports=(f"sqlalchemy.{code.partition('(')[0]}",))
    if code and field is not None and field.info is not None and is_from_sqlmodel(column.type, "AutoString"):
        limit = pydantic_max_length(field)
        if limit is not None and limit == database_type(column).length and not has_sa_column(field.info):
            return SetArgument(column, "max_length", str(kind.length))
    return None


def alter_type(column: AnyColumn, kind: DatabaseType) -> str:
    """Return the operation that gives a column the type `kind` in a migration."""
    code = sqlalchemy_type(kind)
    said = f"type_=sa.{code if '(' in code else code + '()'}"
    return operation("alter_column", literal(column.table.name), literal(column.name), said, table=column.table)
