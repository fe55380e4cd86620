"""A foreign key that stands twice over the same columns.

Both constraints are checked on every write, and both act on every deletion of the parent row. Where their actions differ, PostgreSQL lets the one
that was created first decide: a CASCADE behind a RESTRICT never deletes anything. It happens where `foreign_key=` stands beside
`sa_column_args=[ForeignKey(...)]`, or a `ForeignKeyConstraint` beside a column's own `ForeignKey`. Foreign keys of one column to different
tables, and a composite key that shares a column with another, are no duplicates.

It is right anyway for the time in which one replaces the other (`NOT VALID` first); the models then need only the new one.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(
        foreign_key="books.id",
        ondelete="RESTRICT",
        index=True,
        sa_column_args=[ForeignKey("books.id", ondelete="CASCADE")],
    )
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
```
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from sqlalchemy import ForeignKeyConstraint, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, listed, name_of, referred_columns, referred_name, target_of
from schemalint.subjects.schema import Schema, sorted_foreign_keys


@rule
def foreign_key_duplicate(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        for keys in same_keys(table):
            actions = sorted({on_delete(key) for key in keys})
            names = [column.name for column in keys[0].columns]
            yield Problem(
                part=keys[-1],
                message=f"{name_of(keys[0])} has {len(keys)} foreign keys to {referred_name(keys[0])}: {consequence(actions)}",
                remedy=f"one foreign key over {listed(names)}",
            )


def same_keys(table: Table) -> Iterator[Sequence[ForeignKeyConstraint]]:
    """Yield the foreign keys of a table that refer from the same columns to the same, in groups of two or more."""
    if len(table.foreign_key_constraints) < 2:
        return
    groups: defaultdict[Hashable, list[ForeignKeyConstraint]] = defaultdict(list)
    for key in sorted_foreign_keys(table):
        targets: Sequence[Hashable] = referred_columns(key) or [target_of(element) for element in key.elements]
        groups[
            frozenset((element.parent.key, target) for element, target in zip(key.elements, targets, strict=True))
        ].append(key)
    for keys in groups.values():
        if len(keys) > 1:
            # SQLAlchemy keeps foreign keys in a set: those without a name have no order of their own.
            yield sorted(keys, key=lambda key: (str(key.name or ""), on_delete(key)))


def on_delete(key: ForeignKeyConstraint) -> str:
    return action(key.ondelete) if key.ondelete else "NO ACTION"


def consequence(actions: Sequence[str]) -> str:
    if len(actions) > 1:
        return f"whichever is created first decides between ON DELETE {' and '.join(actions)}"
    return "every write is checked by each of them"
