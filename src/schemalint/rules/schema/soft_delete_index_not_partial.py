"""An index that holds the deleted rows as well, in a table that marks rows as deleted.

Where every query says `WHERE deleted_at IS NULL`, an index without this predicate holds rows that nobody reads: it is larger, is written when such a row changes, and its
entries must be checked against the table. `postgresql_where=text("deleted_at IS NULL")` leaves them out, and PostgreSQL uses such an index for queries that say the
same (https://www.postgresql.org/docs/current/indexes-partial.html).

`columns` names the marks, and any other flag that queries always filter one way (`is_sent`). An index that has the mark as a key, in INCLUDE or in its predicate, unique
indexes and primary keys, and indexes that a foreign key needs (deleting a parent row looks for the deleted children, too) are fine. It is right anyway when deleted rows are few, or are searched as well.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"

    id: int | None = Field(default=None, primary_key=True)
    due_on: date = Field(index=True)
    deleted_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_due_on", "due_on", postgresql_where=text("deleted_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    due_on: date
    deleted_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
```
"""

import re
from collections.abc import Iterator

from sqlalchemy import Boolean, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.subjects.schema import Schema


@rule(profile="opt-in")
def soft_delete_index_not_partial(
    schema: Schema, *, columns: tuple[str, ...] = ("deleted_at", "is_deleted", "deleted")
) -> Iterator[Problem]:
    for table in schema.tables:
        marks = [column for column in table.columns if column.name in columns]
        if not marks:
            continue
        names = {column.name for column in marks}
        alive = f"NOT {marks[0].name}" if isinstance(marks[0].type, Boolean) else f"{marks[0].name} IS NULL"
        for one in definitions(table):
            if not one.unique and not mentions(one, names) and not is_needed_by_a_foreign_key(one, table):
                yield Problem(
                    part=one.part,
                    message=f"{one} holds the rows of {table.fullname} that {marks[0].name} marks as well",
                    remedy=f'postgresql_where=text("{alive}")',
                )


def mentions(one: Definition, marks: set[str]) -> bool:
    """Whether an index distinguishes the marked rows from the others, or shows the mark."""
    words = {word for text in (one.where, *one.elements) for word in re.findall(r"\w+", text)}
    return not marks.isdisjoint(words | one.columns | one.include)


def is_needed_by_a_foreign_key(one: Definition, table: Table) -> bool:
    """Whether an index begins with the columns of a foreign key, so that the rows of a deleted parent are found through it."""
    for key in table.foreign_key_constraints:
        columns = {column.name for column in key.columns}
        if set(one.leading[: len(columns)]) == columns:
            return True
    return False
