"""Columns that hold many values in one, which a btree index keeps whole and cannot look into."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Enum, Integer, Numeric, SmallInteger, String, Text, Uuid
from sqlalchemy.types import TypeEngine

from schemalint.rules.schema._types import has_variants, known_type, type_on_postgresql
from schemalint.subjects.schema import AnyColumn

RANGES = frozenset(
    f"{subtype}{kind}" for subtype in ("INT4", "INT8", "NUM", "TS", "TSTZ", "DATE") for kind in ("RANGE", "MULTIRANGE")
)
DOCUMENTS = frozenset({"JSON", "JSONB", "TSVECTOR", "HSTORE"})

# Types of one value, told by their class alone: there are many, and to compile each takes time.
SCALARS: frozenset[type[TypeEngine[Any]]] = frozenset(
    {BigInteger, Boolean, Date, DateTime, Enum, Integer, Numeric, SmallInteger, String, Text, Uuid}
)


def many_values(column: AnyColumn) -> str:
    """Return what holds a column's many values: `JSON`, `JSONB`, `TSVECTOR`, `HSTORE`, `ARRAY` or `RANGE`; empty for any other type."""
    if type(known_type(column)) in SCALARS and not has_variants(column):
        return ""
    written = type_on_postgresql(column)
    if written in DOCUMENTS:
        return written
    if written in RANGES:
        return "RANGE"
    return "ARRAY" if written.endswith("[]") else ""


def is_scalar(column: AnyColumn) -> bool:
    """Whether a column is beyond doubt of one of PostgreSQL's own types for one value."""
    return type(known_type(column)) in SCALARS and not has_variants(column)
