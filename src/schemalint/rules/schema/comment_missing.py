"""A table or a column without a comment in the database.

`\\d+ loans`, pgAdmin, BI tools and generated documentation show what COMMENT ON says, to people who never see the models; a docstring they do not see. The comment costs nothing but a short
SHARE UPDATE EXCLUSIVE lock when it is set (https://www.postgresql.org/docs/current/sql-comment.html).

`tables` and `columns` say of which it is asked. With `all-or-nothing`, the default, no table needs a comment where none has one, and no column of a table where none of its columns has one: what
was begun must be complete. `also-fine` takes names of columns that say enough. Right anyway: a column whose name says it all.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    taken_on: date = Field(sa_column_kwargs={"comment": "In the library's own time zone"})
    days: int = Field(description="How long it may be kept, Sundays included")
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    taken_on: date = Field(sa_column_kwargs={"comment": "In the library's own time zone"})
    days: int = Field(sa_column_kwargs={"comment": "How long it may be kept, Sundays included"})
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import column_argument
from schemalint.rules.schema._operations import comment_on_column, literal
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="opt-in", fixes=("schema",))
def comment_missing(
    schema: Schema,
    *,
    tables: bool = True,
    columns: bool = True,
    all_or_nothing: bool = True,
    also_fine: tuple[str, ...] = ("id", "created_at", "updated_at"),
) -> Iterator[Problem]:
    if tables and (not all_or_nothing or any(table.comment for table in schema.tables)):
        for table in schema.tables:
            if not table.comment:
                yield Problem(
                    part=table,
                    message=f"{table.fullname} has no comment in the database",
                    remedy='a "comment" in the dictionary at the end of __table_args__, or comment=... in Table(...)',
                )
    for table in schema.tables if columns else ():
        if all_or_nothing and not any(column.comment for column in table.columns):
            continue
        for column in table.columns:
            if not column.comment and column.name not in also_fine:
                yield Problem(
                    part=column,
                    message=f"{table.fullname}.{column.name} has no comment in the database",
                    remedy=column_argument(schema, column, "comment", '"..."'),
                    fix=fix(schema, column),
                )


def fix(schema: Schema, column: AnyColumn) -> Fix | None:
    """Return what the model says already, to people who read Python: the description of its field."""
    field = schema.field_of(column)
    if field is None or field.info is None or not field.info.description:
        return None
    text = field.info.description
    return Fix("schema", (SetArgument(column, "comment", literal(text)),), due=comment_on_column(column, text))
