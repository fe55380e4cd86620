"""A table that says twice whether a row is deleted: a flag and a time.

The two can disagree: a row with `is_deleted = false` and a `deleted_at` is shown by half of the queries. Partial indexes and unique constraints must
choose one, and PostgreSQL proves an index usable only by the one that the query names. The time alone says both: a row is deleted when it is not NULL.

A flag that PostgreSQL generates from the time is fine, and so is a CHECK that holds both together. It is right anyway while one replaces the other over several
releases; allow it with the date.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    is_deleted: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    deleted_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    deleted_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
```
"""

from collections.abc import Iterator

from sqlalchemy import Boolean, Date, TypeDecorator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._tables import checks, words_in
from schemalint.rules.schema._types import is_timestamp
from schemalint.rules.schema._words import split
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="strict")
def soft_delete_twice(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        flag = next((column for column in table.columns if is_flag(column)), None)
        time = next((column for column in table.columns if is_time(column)), None)
        if flag is not None and time is not None and not are_held_together(flag, time):
            yield Problem(
                part=flag,
                message=f"{table.fullname} says twice whether a row is deleted: {flag.name} and {time.name} can disagree",
                remedy=f"{time.name} alone: a row is deleted when it is not NULL",
            )


FLAGS = (
    ("deleted",),
    ("is", "deleted"),
    ("removed",),
    ("is", "removed"),
    ("soft", "deleted"),
    ("is", "soft", "deleted"),
)
DONE = {"deleted", "deletion", "removed", "removal"}
WHEN = {"at", "on", "date", "time", "datetime", "timestamp", "ts", "utc", "soft"}


def is_flag(column: AnyColumn) -> bool:
    """Whether a column is a boolean that says only this; an integer that is the row's own key once it is deleted says more."""
    return underlying_is_boolean(column) and column.computed is None and split(column.name) in FLAGS


def is_time(column: AnyColumn) -> bool:
    words = set(split(column.name))
    return (
        column.computed is None
        and (is_timestamp(column) or isinstance(column.type, Date))
        and bool(words & DONE)
        and words <= DONE | WHEN
    )


def underlying_is_boolean(column: AnyColumn) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, Boolean)


def are_held_together(flag: AnyColumn, time: AnyColumn) -> bool:
    """Whether a CHECK names both."""
    both = {flag.name.lower(), time.name.lower()}
    return any(both <= words_in(condition) for condition in checks(flag.table))
