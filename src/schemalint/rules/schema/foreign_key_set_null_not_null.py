"""A foreign key that would set a NOT NULL column to NULL.

With `ON DELETE SET NULL` over a column that is NOT NULL, every deletion of a parent row that has children fails with a not-null violation
of the child table. Neither PostgreSQL nor SQLAlchemy objects when the table is made; SQLModel does, in upper case only: then the module does not import.

It is never right: where deletions should be refused, `RESTRICT` says so and gives the clearer error.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="set null", index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="SET NULL", index=True)
```
"""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, action_columns, listed, referred_name
from schemalint.rules.schema._unimported import at, column_argument, references
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Attribute, Source, literal, members


@rule
def foreign_key_set_null_not_null(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        if key.ondelete and action(key.ondelete) == "SET NULL" and (refusing := columns_that_refuse(key, key.ondelete)):
            yield problem(key, referred_name(key), key.table.fullname, listed(refusing), remedy(key, refusing))


@foreign_key_set_null_not_null.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for key in references(source):
        phrase = literal(node := key.arguments.get("ondelete"))
        if node is None or not isinstance(phrase, str) or action(phrase) != "SET NULL" or "(" in phrase:
            continue
        column = key.column
        is_key = literal(column.keyword("primary_key")) is True
        if is_key or is_surely_not_null(source, column):
            referred = key.target.rpartition(".")[0] or key.target
            remedy = OF_A_KEY if is_key else OF_A_COLUMN
            yield problem(at(column, node), referred, column.owner.table, column.column_name, remedy)


def problem(part: object, referred: str, table: str, columns: str, remedy: str) -> Problem:
    return Problem(
        part=part,
        at="ondelete",
        message=f"deleting a row of {referred} fails while {table} refers to it: ON DELETE SET NULL empties {columns}, which is NOT NULL",
        remedy=remedy,
    )


OF_A_KEY = 'ondelete="CASCADE" or "RESTRICT"'
OF_A_COLUMN = 'nullable (`| None` in the annotation), or ondelete="CASCADE" or "RESTRICT"'

PLAIN = frozenset({"builtins.int", "builtins.str", "uuid.UUID", "decimal.Decimal"})
"""Annotations of which one knows without an import that they leave None out."""


def is_surely_not_null(source: Source, column: Attribute) -> bool:
    """Whether a column is NOT NULL by what is written, or by an annotation that nothing overrides."""
    if column.takes_unknown_keywords:
        return False
    written = column_argument(column, "nullable") or column.keyword("nullable")
    if written is not None or column.called == "Column" or "sa_column" in column.keywords:
        return literal(written) is False
    module = column.owner.module
    kinds = members(module, column.annotation)
    return bool(kinds) and all(source.meaning(module, one) in PLAIN for one in kinds)


def columns_that_refuse(key: ForeignKeyConstraint, phrase: str) -> list[str]:
    """Return the names of the columns that would be set to NULL and must not be; a primary key's columns are NOT NULL always."""
    emptied = action_columns(phrase) or [column.name for column in key.columns]
    return [
        column.name for column in key.columns if column.name in emptied and (column.primary_key or not column.nullable)
    ]


def remedy(key: ForeignKeyConstraint, refusing: list[str]) -> str:
    free = [column.name for column in key.columns if column.name not in refusing]
    if free:
        return f'ondelete="SET NULL ({", ".join(free)})" (PostgreSQL 15), "CASCADE" or "RESTRICT"'
    if any(key.table.columns[name].primary_key for name in key.column_keys):
        return OF_A_KEY
    return OF_A_COLUMN
