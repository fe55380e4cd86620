"""What a column's type is on PostgreSQL, as far as keys compare by it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemalint.rules.schema._types import postgresql
from schemalint.subjects.schema import AnyColumn

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
