"""What PostgreSQL will make of a column's type, for the types that the rules know; a project's own types are nobody's business."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CHAR,
    JSON,
    NCHAR,
    NVARCHAR,
    VARCHAR,
    CheckConstraint,
    DateTime,
    String,
    Text,
    Unicode,
    UnicodeText,
)
from sqlalchemy.exc import CompileError
from sqlalchemy.types import TEXT, TypeDecorator, TypeEngine

from schemalint.rules.schema._operations import literal, operation
from schemalint.subjects.schema import AnyColumn

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

VARCHARS = frozenset({String, VARCHAR, Unicode, NVARCHAR})
CHARS = frozenset({CHAR, NCHAR})
TEXTS = frozenset({Text, TEXT, UnicodeText})


def known_type(column: AnyColumn) -> TypeEngine[Any]:
    """Return a column's type, in place of SQLModel's AutoString the String in it."""
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, TypeDecorator) and is_from_sqlmodel(kind, "AutoString"):
        return kind.impl_instance
    return kind


def type_on_postgresql(column: AnyColumn) -> str:
    """Return a column's type as PostgreSQL's DDL writes it, variants considered (`TIMESTAMP WITH TIME ZONE`); empty where it cannot be written."""
    kind: TypeEngine[Any] = column.type
    # SQLModel's decorators only pass their type on, and a decorator takes six times as long to compile.
    if isinstance(kind, TypeDecorator) and (is_from_sqlmodel(kind, "AutoString") or is_utc_datetime(column)):
        kind = kind.impl_instance
    return written_for_postgresql(kind)


def written_for_postgresql(kind: TypeEngine[Any]) -> str:
    """Return a type as PostgreSQL's DDL writes it; empty for one of another database, or one that lacks what it needs."""
    try:
        return kind.compile(postgresql())
    except Exception:  # noqa: BLE001 # a type of the project's own may raise what it likes
        return ""


def is_plain_json(kind: TypeEngine[Any]) -> bool:
    """Whether a type is SQLAlchemy's own JSON or JSONB with no argument but `none_as_null`."""
    # By name for PostgreSQL's two: importing the dialect costs every run some milliseconds.
    is_own = isinstance(kind, JSON) and type(kind).__module__.startswith("sqlalchemy.")
    return is_own and type(getattr(kind, "astext_type", None) or Text()) is Text


def has_variants(column: AnyColumn) -> bool:
    """Whether a column's type is another one on some databases (`with_variant`): the project uses more than PostgreSQL."""
    # Private; SQLAlchemy has no other way to ask.
    return bool(getattr(column.type, "_variant_mapping", None))


def alteration(column: AnyColumn, kind: str, using: str = "") -> str:
    """Return the Alembic operation that gives a column the type `kind` (code); in `using`, `{}` stands for the column."""
    said = [literal(column.table.name), literal(column.name), f"type_={kind}"]
    if using:
        quoted = postgresql().identifier_preparer.quote(column.name)
        said.append(f"postgresql_using={literal(using.format(quoted))}")
    return operation("alter_column", *said, table=column.table)


def is_varchar(column: AnyColumn) -> bool:
    """Whether a column is declared as a VARCHAR, with or without a length; enums and types of others are not."""
    return type(known_type(column)) in VARCHARS


def is_text(column: AnyColumn) -> bool:
    """Whether a column is declared as TEXT."""
    return type(known_type(column)) in TEXTS


def declared_length(column: AnyColumn) -> int | None:
    """Return the length that a VARCHAR, CHAR or TEXT is declared with, None where there is none."""
    length: int | None = getattr(known_type(column), "length", None)
    return length


def is_timestamp(column: AnyColumn) -> bool:
    """Whether a column holds a date with a time, also through a type decorator of the project."""
    kind: TypeEngine[Any] = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, DateTime)


def is_naive_timestamp(column: AnyColumn) -> bool:
    """Whether a column is a TIMESTAMP WITHOUT TIME ZONE; a type decorator may convert, so it is none."""
    kind: TypeEngine[Any] = column.type
    return isinstance(kind, DateTime) and not kind.timezone and is_timestamp_without_zone(written_for_postgresql(kind))


def is_timestamp_without_zone(written: str) -> bool:
    # With a precision between the two words: TIMESTAMP(3) WITHOUT TIME ZONE.
    return written.startswith("TIMESTAMP") and written.endswith("WITHOUT TIME ZONE")


def is_utc_datetime(column: AnyColumn) -> bool:
    """Whether a column has the type that SQLModel gives a plain datetime since 0.0.45: it refuses values without a time zone."""
    return is_from_sqlmodel(column.type, "UTCDateTime")


def is_custom(column: AnyColumn) -> bool:
    """Whether a column's type is a decorator of the project or of a third party, which may do anything to a value."""
    kind: TypeEngine[Any] = column.type
    return isinstance(kind, TypeDecorator) and not kind.__class__.__module__.startswith("sqlmodel.")


def is_on_postgresql(kind: TypeEngine[Any], other: TypeEngine[Any]) -> bool:
    """Whether two types are the same in PostgreSQL, variants (`with_variant`) considered."""
    return kind.compile(postgresql()) == other.compile(postgresql())


def length_on_postgresql(column: AnyColumn) -> int | None:
    """Return the length that a VARCHAR has in PostgreSQL, variants (`with_variant`) considered."""
    length: int | None = getattr(known_type(column).dialect_impl(postgresql()), "length", None)
    return length


def has_bounding_check(column: AnyColumn) -> bool:
    """Whether a CHECK of the table may bound a column's length: it names the column, and a length, a list or a pattern.

    Generous on purpose: it is asked in order to stay silent.
    """
    return any(
        isinstance(constraint, CheckConstraint) and may_bound(str(constraint.sqltext), column.name)
        for constraint in (*column.constraints, *column.table.constraints)
    )


def is_named_in_a_check(column: AnyColumn) -> bool:
    """Whether a CHECK of the table says anything about a column, were it only its name in a comment: generous, in order to stay silent."""
    return any(
        isinstance(constraint, CheckConstraint) and may_name(constraint, column.name)
        for constraint in (*column.constraints, *column.table.constraints)
    )


def may_name(constraint: CheckConstraint, name: str) -> bool:
    try:
        condition = str(constraint.sqltext)
    except CompileError:  # an element of the project's own, which only PostgreSQL's compiler knows
        return True
    return name.lower() in re.findall(r"\w+", condition.lower())


def may_bound(condition: str, name: str) -> bool:
    words = set(re.findall(r"\w+|~", condition.lower()))
    return name.lower() in words and not words.isdisjoint(BOUNDING)


BOUNDING = frozenset({"length", "char_length", "character_length", "octet_length", "in", "any", "similar", "~", "or"})


def is_from_sqlmodel(kind: TypeEngine[Any], name: str) -> bool:
    # By name: a project without SQLModel must not import it, and older ones have no UTCDateTime.
    return type(kind).__name__ == name and type(kind).__module__.startswith("sqlmodel.")


@cache
def postgresql() -> "Dialect":
    # Imported late: it is needed for the few columns that are about to be reported, and costs every run some milliseconds.
    from sqlalchemy.dialects.postgresql import dialect

    return dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types there
