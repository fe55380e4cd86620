"""A composite foreign key that PostgreSQL does not check while one of its columns is NULL.

By default (`MATCH SIMPLE`) a row is checked only when all columns of the key are given: with (tenant_id, book_id) = (NULL, 7) any 7 will do, and no
ON DELETE reaches the row. Found are keys of which two columns or more may be NULL, and those whose columns that are NOT NULL name a
parent row by themselves.

Silent where a row can only refer wholly or not at all: one nullable column beside others that are NOT NULL (a tenant, say) is how an optional
reference is written; `match="FULL"`, a CHECK that names the nullable columns, and a further foreign key of some of the columns to the
same table guard the rest.

It is right anyway when half a reference means something: a plan for a warehouse whose shelf is not known yet.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int

class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"], ondelete="RESTRICT"),
        Index("ix_loans_book", "tenant_id", "book_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int | None = None
    book_id: int | None = None
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int

class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"], ondelete="RESTRICT"),
        Index("ix_loans_book", "tenant_id", "book_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    book_id: int | None = None
```
"""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table
from sqlalchemy.exc import SQLAlchemyError

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import listed, name_of, referable, referred_columns, referred_name
from schemalint.subjects.schema import Schema


@rule
def composite_foreign_key_nullable(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        if len(key.elements) > 1 and (key.match or "").upper() not in ("FULL", "PARTIAL"):
            free = [column.name for column in key.columns if column.nullable and not column.primary_key]
            if free and (len(free) > 1 or names_a_parent(key, free)) and not is_guarded(key, free):
                yield Problem(
                    part=key,
                    message=f"{name_of(key)} is not checked while {' or '.join(free)} is NULL: it can then refer to a row of "
                    f"{referred_name(key)} that does not exist",
                    remedy=remedy(key, free),
                )


def names_a_parent(key: ForeignKeyConstraint, free: Sequence[str]) -> bool:
    """Whether the columns that are always given name a row of the other table already."""
    columns = referred_columns(key)
    if columns is None:
        return False
    given = {
        column.name for element, column in zip(key.elements, columns, strict=True) if element.parent.name not in free
    }
    return any(one and one <= given for one in referable(columns[0].table))


def is_guarded(key: ForeignKeyConstraint, free: Sequence[str]) -> bool:
    """Whether a CHECK speaks of the columns that may be NULL, or a foreign key of fewer columns leads to the same table."""
    enough = min(2, len(free))
    if any(len(words & frozenset(free)) >= enough for words in checked_words(key.table)):
        return True
    own = frozenset(key.column_keys)
    return any(
        frozenset(other.column_keys) < own and referred_name(other) == referred_name(key)
        for other in key.table.foreign_key_constraints
    )


def checked_words(table: Table) -> Iterator[frozenset[str]]:
    """Yield the words of each CHECK of a table, its columns' included; generous on purpose, since it is asked in order to stay silent."""
    for constraint in (*table.constraints, *(one for column in table.columns for one in column.constraints)):
        if isinstance(constraint, CheckConstraint):
            try:
                text = str(constraint.sqltext)
            except SQLAlchemyError:
                # An expression of the project's own may speak of any column.
                text = " ".join(column.name for column in table.columns)
            yield frozenset(re.findall(r"\w+", text))


def remedy(key: ForeignKeyConstraint, free: Sequence[str]) -> str:
    if len(free) == len(key.elements):
        return f'match="FULL" (all of {listed(list(free))} or none), or NOT NULL columns'
    return f"{' and '.join(free)} NOT NULL, or a CHECK that says which of them may be NULL together"
