"""A default that gives a time without a time zone to a column that has one.

`datetime.utcnow`, `datetime.now` and `datetime.today` return naive values. SQLModel's own type for `datetime`, since 0.0.45, refuses them: every insert
that needs the default fails with *Datetime values must have timezone information*. Any other TIMESTAMP WITH TIME ZONE takes the value for a time in the
session's `TimeZone` (https://www.postgresql.org/docs/current/datatype-datetime.html): on a server that is not set to UTC, the moment stored is hours off, and nothing tells.

Seen are these methods as `default`, `default_factory` and `onupdate`; lambdas and functions are not called. A naive column is reported as such by
`naive-datetime-column`, not here. Right anyway: never; the value means another moment than it says.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime(timezone=True))
```

Good:

```python
def utc_now() -> datetime:
    return datetime.now(timezone.utc)

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(
        default_factory=utc_now,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
```
"""

from collections.abc import Iterator

from sqlalchemy import DateTime

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._clocks import aware_clocks, naive_clocks
from schemalint.rules.schema._types import is_utc_datetime
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("safe", "behaviour"))
def naive_datetime_value(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if not is_utc_datetime(column) and not (isinstance(column.type, DateTime) and column.type.timezone):
            continue
        clocks = list(naive_clocks(schema, column))
        if clocks:
            edits = aware_clocks(schema, column)
            yield Problem(
                part=column,
                at=edits[0].name if edits and not edits[1:] else "",
                message=f"{' and '.join(clocks)} {'give' if clocks[1:] else 'gives'} no time zone: {damage(column)}",
                remedy="a function that returns datetime.now(timezone.utc)",
                # Safe where a naive value is refused today, so that nothing can have depended on it.
                fix=Fix("safe" if is_utc_datetime(column) else "behaviour", edits) if edits else None,
            )


def damage(column: AnyColumn) -> str:
    name = f"{column.table.name}.{column.name}"
    if is_utc_datetime(column):
        return f"SQLModel refuses such a value for {name} since 0.0.45, so every statement that needs it fails"
    return f"{name} takes such a value for a time in the session's time zone"
