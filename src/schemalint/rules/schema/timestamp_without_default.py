"""A `created_at` or `updated_at` that is NOT NULL and that nothing fills.

Every insert must then bring the time along: one that forgets it fails with *null value in column violates not-null constraint*, and those that
remember take it from as many clocks as there are writers. Adding such a column to a table with rows fails at once.

A default in Python (`default_factory`), in SQLAlchemy (`default=`) or in PostgreSQL (`server_default=func.now()`) is enough. `names` are the columns that are
meant. Right anyway: rows copied from elsewhere, whose times come with them. Allow those.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(
        default_factory=lambda: datetime.now(timezone.utc),
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import NOW, is_aware_timestamp, server_default_operation
from schemalint.rules.schema._fields import column_argument, is_filled_by_the_server, python_defaults
from schemalint.rules.schema._types import is_timestamp
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def timestamp_without_default(
    schema: Schema, *, names: tuple[str, ...] = ("created_at", "updated_at", "inserted_at", "modified_at")
) -> Iterator[Problem]:
    for column in schema.columns:
        if column.name not in names or column.nullable or column.primary_key or not is_timestamp(column):
            continue
        if not is_filled_by_the_server(column) and not any(True for _ in python_defaults(schema, column)):
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} is NOT NULL and has no default: an insert that does not bring the time fails",
                remedy=column_argument(schema, column, "server_default", NOW.code),
                fix=fix(column),
            )


def fix(column: AnyColumn) -> Fix | None:
    """Return the present moment as the server's default; in a column without time zone it would depend on who inserts."""
    if not is_aware_timestamp(column):
        return None
    edit = SetArgument(column, "server_default", NOW.code, imports=NOW.imports)
    return Fix("schema", (edit,), server_default_operation(column, NOW.code))
