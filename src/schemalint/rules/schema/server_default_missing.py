"""A default that only Python knows, on a column that is NOT NULL.

An INSERT that does not go through these models (a migration's, a script's, another service's, `COPY`) fails with *null value in column violates not-null
constraint*. `ALTER TABLE ... ADD COLUMN ... NOT NULL` fails on every table with rows, while one with a constant default is done at once since PostgreSQL 11: the rows get the value without
being rewritten (https://www.postgresql.org/docs/current/sql-altertable.html).

Found is what PostgreSQL can say as well: constants, empty JSON and arrays, the present moment of a column with time zone, random UUIDs, also those of a primary key, and
`default=func.now()`, which SQLAlchemy writes into its own INSERTs only. Other functions, types of the project and foreign keys are left alone, and columns without
time zone, whose moment depends on who asks. It is right anyway where every writer uses these models.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(default=0)
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import (
    Written,
    as_server_default,
    class_default,
    server_default_operation,
)
from schemalint.rules.schema._fields import column_argument, is_filled_by_the_server, python_defaults
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="strict", fixes=("schema",))
def server_default_missing(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if column.nullable or column.foreign_keys or is_filled_by_the_server(column):
            continue
        default = server_default(schema, column)
        if default is not None:
            yield Problem(
                part=column,
                message=f"an INSERT into {column.table.fullname} that does not come from these models fails without {column.name}: "
                "only Python knows its default",
                remedy=column_argument(schema, column, "server_default", default.code),
                fix=Fix(
                    "schema",
                    (SetArgument(column, "server_default", default.code, imports=default.imports),),
                    server_default_operation(column, default.code),
                ),
            )


def server_default(schema: Schema, column: AnyColumn) -> Written | None:
    """Return the server default that says what Python's default says; None without one, with several, or with one beyond PostgreSQL."""
    field = schema.field_of(column)
    if field is not None and callable(class_default(field)):
        return None  # the function itself, which `default-is-function` is about
    values = list(python_defaults(schema, column))
    written = {as_server_default(column, value) for value in values}
    return written.pop() if len(written) == 1 else None
