"""How rules speak of a foreign key: its columns, the table it refers to, its action."""

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.exc import NoReferenceError


def name_of(key: ForeignKeyConstraint) -> str:
    """Return `loans.book_id`, or `loans.(library_id, book_id)` for a composite key."""
    return f"{key.table.fullname}.{listed([column.name for column in key.columns])}"


def listed(names: list[str]) -> str:
    """Return one name as it is, several as `(a, b)`."""
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def referred_name(key: ForeignKeyConstraint) -> str:
    """Return the name of the table that `key` refers to, also when the metadata has no such table."""
    try:
        return key.referred_table.fullname
    except NoReferenceError:
        target = key.elements[0].target_fullname
        return target.rpartition(".")[0] or target


def action(phrase: str) -> str:
    """Return a referential action in PostgreSQL's spelling, without a column list: `SET NULL` for `set null (book_id)`."""
    return " ".join(phrase.partition("(")[0].upper().split())


def action_columns(phrase: str) -> tuple[str, ...]:
    """Return the column list of `SET NULL (a, b)`; empty where there is none, which means all columns of the key.

    PostgreSQL 15 and newer: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES
    """
    inside = phrase.partition("(")[2].rpartition(")")[0]
    return tuple(name.strip().strip('"') for name in inside.split(",") if name.strip())
