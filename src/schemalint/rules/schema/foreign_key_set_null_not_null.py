"""A foreign key that would set a NOT NULL column to NULL.

With `ON DELETE SET NULL` over a column that is NOT NULL, every deletion of a parent row that has children fails with a not-null violation
of the child table. Neither PostgreSQL nor SQLAlchemy objects when the table is made; SQLModel does, in upper case only.

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
from schemalint.subjects.schema import Schema


@rule
def foreign_key_set_null_not_null(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        if key.ondelete and action(key.ondelete) == "SET NULL" and (refusing := columns_that_refuse(key, key.ondelete)):
            yield Problem(
                part=key,
                at="ondelete",
                message=f"deleting a row of {referred_name(key)} fails while {key.table.fullname} refers to it: "
                f"ON DELETE SET NULL empties {listed(refusing)}, which is NOT NULL",
                remedy=remedy(key, refusing),
            )


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
        return 'ondelete="CASCADE" or "RESTRICT"'
    return 'nullable (`| None` in the annotation), or ondelete="CASCADE" or "RESTRICT"'
