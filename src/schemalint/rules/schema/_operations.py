"""How the migration that a fix makes due is written: Alembic's operations, as code."""

import json
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Column, Index, Integer, MetaData, Table, UniqueConstraint

from schemalint.subjects.schema import AnyColumn

LONGEST = 63
"""Bytes that PostgreSQL keeps of a name (NAMEDATALEN - 1): https://www.postgresql.org/docs/current/sql-syntax-lexical.html"""


USUAL_CONVENTION = MetaData().naming_convention
"""SQLAlchemy's own: an index is called after the label of its first column."""


def create_index(table: Table, name: str, columns: Sequence[str], **options: str) -> str:
    said = [literal(name), literal(table.name), f"[{', '.join(map(literal, columns))}]"]
    return operation("create_index", *said, *(f"{key}={literal(value)}" for key, value in options.items()), table=table)


def drop_index(index: Index) -> str:
    assert index.table is not None
    return operation(
        "drop_index", literal(str(index.name)), f"table_name={literal(index.table.name)}", table=index.table
    )


def drop_unique(constraint: UniqueConstraint) -> str:
    """Return how a unique constraint is dropped; one without a name, by the name that PostgreSQL gives it."""
    table = constraint.table
    name = constraint.name if isinstance(constraint.name, str) else name_by_postgresql(constraint)
    if len(name.encode()) > LONGEST:
        return f"drop the unique constraint over {', '.join(column.name for column in constraint.columns)}"
    return operation("drop_constraint", literal(name), literal(table.name), 'type_="unique"', table=table)


def rename_table(table: Table, name: str) -> str:
    return operation("rename_table", literal(table.name), literal(name), table=table)


def rename_column(column: AnyColumn, name: str) -> str:
    return alter_column(column, new_column_name=name)


def comment_on_column(column: AnyColumn, comment: str) -> str:
    return alter_column(column, comment=comment)


def alter_column(column: AnyColumn, **changes: str) -> str:
    said = [
        literal(column.table.name),
        literal(column.name),
        *(f"{key}={literal(value)}" for key, value in changes.items()),
    ]
    return operation("alter_column", *said, table=column.table)


def operation(name: str, *arguments: str, table: Table) -> str:
    schema = [f"schema={literal(table.schema)}"] if table.schema else []
    return f"op.{name}({', '.join([*arguments, *schema])})"


def literal(text: str) -> str:
    """Return a text as Python code, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def name_by_postgresql(constraint: UniqueConstraint) -> str:
    return "_".join([constraint.table.name, *(column.name for column in constraint.columns), "key"])


def index_argument(table: Table, columns: Sequence[str], **options: str) -> str:
    """Return the `Index(...)` to write in `__table_args__`; its name is left to the naming convention, where there is one for indexes."""
    name = "None" if "ix" in table.metadata.naming_convention else literal(index_name(table, columns))
    said = [name, *map(literal, columns), *(f"{key}={literal(value)}" for key, value in options.items())]
    return f"Index({', '.join(said)})"


def index_name(table: Table, columns: Sequence[str]) -> str:
    """Return the name of a new index: by the metadata's naming convention, and where that has none for it, as SQLAlchemy's own has it."""
    if table.metadata.naming_convention == USUAL_CONVENTION:
        # The same, without a table for it: a schema may lack an index by the thousand.
        schema = [table.schema.replace(".", "_")] if table.schema else []
        return "_".join(["ix", *schema, table.name, columns[0]])
    with suppress(Exception):  # a convention may call functions of the project
        # A twin of the table, since an index cannot be taken from a table again.
        metadata = MetaData(naming_convention=table.metadata.naming_convention)
        twin = Table(table.name, metadata, *(Column(name, Integer) for name in columns), schema=table.schema)
        if isinstance(name := Index(None, *twin.columns).name, str):
            return name
    return "_".join(["ix", table.name, *columns])
