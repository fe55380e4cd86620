"""How rules speak of a foreign key: its columns, the table it refers to, its action."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ForeignKey, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import InvalidRequestError, NoReferenceError

from schemalint.rules.schema._definitions import column_name, definitions
from schemalint.rules.schema._operations import LONGEST, literal, operation
from schemalint.subjects.schema import AnyColumn, Schema

ACTIONS = ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT")
"""What PostgreSQL can do with the rows that refer to one which is deleted or gets another key."""


class Target(NamedTuple):
    """What a foreign key names, as it is written: `column` is None where it names a table only."""

    schema: str | None
    table: str
    column: str | None

    @property
    def table_key(self) -> str:
        return f"{self.schema}.{self.table}" if self.schema else self.table

    def __str__(self) -> str:
        return f"{self.table_key}.{self.column}" if self.column else self.table_key


def target_of(element: ForeignKey) -> Target:
    """Return what one column of a foreign key names, whether it exists or not."""
    try:
        rest, dot, last = element.target_fullname.rpartition(".")
    except InvalidRequestError:  # a name has a dot in it, which SQLAlchemy knows of since 2.1
        return Target(*element.target_tokens)
    if not dot:
        return Target(None, last, None)
    schema, _, table = rest.rpartition(".")
    return Target(schema or None, table, last)


def referred_columns(key: ForeignKeyConstraint) -> list[AnyColumn] | None:
    """Return the columns that a key refers to, in the order of its own; None where one of them does not exist."""
    try:
        return [element.column for element in key.elements]
    except InvalidRequestError:  # NoReferenceError is one; a table that was taken out of its metadata gives another
        return None


def referable(table: Table) -> set[frozenset[str]]:
    """Return the sets of columns that a foreign key may refer to; what is made under a condition (`ddl_if`) counts."""
    unique = {
        frozenset(column.name for column in one.columns) for one in unique_constraints(table) if not one.deferrable
    }
    for index in table.indexes:
        if index.unique and index.dialect_options["postgresql"]["where"] is None:
            unique.add(frozenset(column_name(expression, table) for expression in index.expressions))
    return unique


def is_refused(key: ForeignKeyConstraint) -> bool:
    """Whether PostgreSQL does not make a foreign key, since the columns that it refers to are no primary key and not unique."""
    columns = referred_columns(key)
    if not columns:
        return False
    table = columns[0].table
    return not is_primary_key(table, columns) and frozenset(column.name for column in columns) not in referable(table)


def is_primary_key(table: Table, columns: Sequence[AnyColumn]) -> bool:
    return set(columns) == set(table.primary_key.columns) and not table.primary_key.deferrable


def unique_constraints(table: Table) -> Iterator[PrimaryKeyConstraint | UniqueConstraint]:
    return (one for one in table.constraints if isinstance(one, (PrimaryKeyConstraint, UniqueConstraint)))


def led_by_the_unindexed(table: Table, columns: Sequence[AnyColumn]) -> list[AnyColumn]:
    """Return columns in the order in which an index over them makes no other index superfluous, where that can be."""
    leading = {one.leading[0] for one in definitions(table) if one.leading}
    return sorted(columns, key=lambda column: column.name in leading)


def is_written_in_field(schema: Schema, key: ForeignKeyConstraint) -> bool:
    """Whether a key is an argument of SQLModel's own Field: `foreign_key="books.id"`."""
    field = schema.field_of(key.elements[0].parent)
    if field is None or field.info is None:
        return False
    # Up to 0.0.31 the FieldInfo has it, later an entry of its metadata may.
    return any(isinstance(getattr(holder, "foreign_key", None), str) for holder in (field.info, *field.info.metadata))


def written(schema: Schema, key: ForeignKeyConstraint, target: str) -> str:
    """Return how a key to `target` is written where this one is."""
    if is_written_in_field(schema, key):
        return f'foreign_key="{target}"'
    return f'ForeignKey("{target}")' if len(key.elements) == 1 else f'"{target}"'


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
        return target_of(key.elements[0]).table_key


def action(phrase: str) -> str:
    """Return a referential action in PostgreSQL's spelling, without a column list: `SET NULL` for `set null (book_id)`."""
    return " ".join(phrase.partition("(")[0].upper().split())


def action_columns(phrase: str) -> tuple[str, ...]:
    """Return the column list of `SET NULL (a, b)`; empty where there is none, which means all columns of the key.

    PostgreSQL 15 and newer: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES
    """
    inside = phrase.partition("(")[2].rpartition(")")[0]
    return tuple(name.strip().strip('"') for name in inside.split(",") if name.strip())


def replace_foreign_key(key: ForeignKeyConstraint, ondelete: str) -> str:
    """Return the operations that give a foreign key another action in a migration; a clause where its name or its target is not known."""
    names = [column.name for column in key.columns]
    name = key.name if isinstance(key.name, str) else "_".join([key.table.name, *names, "fkey"])
    targets = referred_columns(key)
    if targets is None or len(name.encode()) > LONGEST:
        return f"drop the foreign key {name_of(key)} and make it again with ON DELETE {ondelete}"
    other = targets[0].table
    said = {
        "source_schema": key.table.schema,
        "referent_schema": other.schema,
        "onupdate": key.onupdate,
        "ondelete": ondelete,
        "initially": key.initially,
        "match": key.match,
    }
    arguments = [
        *map(literal, (name, key.table.name, other.name)),
        *(f"[{', '.join(map(literal, one))}]" for one in (names, [column.name for column in targets])),
        *(f"{keyword}={literal(value)}" for keyword, value in said.items() if value),
        *(["deferrable=True"] if key.deferrable else []),
    ]
    drop = operation("drop_constraint", literal(name), literal(key.table.name), 'type_="foreignkey"', table=key.table)
    return f"{drop}\nop.create_foreign_key({', '.join(arguments)})"
