"""An `updated_at` that keeps the time of the insert unless every UPDATE remembers to set it.

Its default fills it when the row is made; without `onupdate` nothing touches it afterwards by itself. Caches, incremental exports and
synchronisation that ask for rows `WHERE updated_at > ...` then miss every change, and nothing tells.

`onupdate=` counts, and so do `server_onupdate=FetchedValue()` and `server_default=FetchedValue()`, which say that a trigger fills the column, and a `before_update` listener of
the mapper. `server_onupdate=func.now()` does not: PostgreSQL has no such clause, and SQLAlchemy writes none
(https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Column.params.server_onupdate). A column without any default is silent: the application
writes it. `names` are the columns that are meant. Right anyway: a trigger that keeps the column. Say
`server_onupdate=FetchedValue()` to let SQLAlchemy know, so that it reads the new value back.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    updated_at: datetime = Field(
        default=None, sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    updated_at: datetime = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now(), "onupdate": func.now()},
    )
```
"""

from collections.abc import Iterator

from sqlalchemy import DefaultClause, FetchedValue

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import NOW, is_aware_timestamp
from schemalint.rules.schema._fields import column_argument, python_defaults
from schemalint.rules.schema._types import is_timestamp
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("behaviour",))
def updated_at_never_updated(
    schema: Schema, *, names: tuple[str, ...] = ("updated_at", "modified_at")
) -> Iterator[Problem]:
    for column in schema.columns:
        if (
            column.name in names
            and is_timestamp(column)
            and looks_automatic(schema, column)
            and not is_updated(schema, column)
        ):
            on_update = column_argument(schema, column, "onupdate", NOW.code)
            by_trigger = column_argument(schema, column, "server_onupdate", "FetchedValue()")
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} has a default but no onupdate: an UPDATE that does not bring a new time keeps the old one",
                remedy=f"{on_update}, or {by_trigger} where a trigger does it",
                fix=fix(column),
            )


def fix(column: AnyColumn) -> Fix | None:
    """Return the present moment at every UPDATE that SQLAlchemy writes; in a column without time zone it would depend on who updates."""
    if not is_aware_timestamp(column):
        return None
    return Fix("behaviour", (SetArgument(column, "onupdate", NOW.code, imports=NOW.imports),))


def looks_automatic(schema: Schema, column: AnyColumn) -> bool:
    """Whether a default fills the column, so that nobody expects to write it."""
    return column.server_default is not None or any(True for _ in python_defaults(schema, column))


def is_updated(schema: Schema, column: AnyColumn) -> bool:
    if column.onupdate is not None or column.computed is not None or is_left_to_a_trigger(column):
        return True
    mapper = schema.mapper_of(column.table)
    return mapper is not None and (mapper.version_id_col is column or bool(mapper.dispatch.before_update))


def is_left_to_a_trigger(column: AnyColumn) -> bool:
    # A DefaultClause, which is a FetchedValue too, is the text of a default, which PostgreSQL uses for inserts only.
    return any(
        isinstance(value, FetchedValue) and not isinstance(value, DefaultClause)
        for value in (column.server_default, column.server_onupdate)
    )
