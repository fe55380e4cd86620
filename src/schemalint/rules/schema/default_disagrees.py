"""A column whose default in Python is another value than its default in PostgreSQL.

A row that the application makes starts with one value, a row from a script, a migration or another service with the other, and the rows that exist when the
column is added get PostgreSQL's. Nothing fails; the two kinds of rows are told apart by who wrote them.

Constants are compared as the column keeps them: `False` and `"false"`, `0` and `"0"`, `dict` and `"{}"`, an enum's member and its label agree. Expressions and functions are not
compared, nor types of the project. It is right anyway while an old release writes rows by SQL that must look different; allow it with the reason.

Bad:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": "false"})
```

Good:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import Constant, kept, misquoted, server_constant
from schemalint.rules.schema._fields import python_defaults
from schemalint.subjects.schema import AnyColumn, Schema


@rule
def default_disagrees(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if column.server_default is None or column.computed is not None or misquoted(column) is not None:
            continue
        known = [value for value in (kept(column, one) for one in python_defaults(schema, column)) if value is not None]
        if not known:
            continue
        there = server_constant(column)
        if there is not None and (others := [value for value in known if value != there]):
            yield problem(column, others[0], there)


def problem(column: AnyColumn, here: Constant, there: Constant) -> Problem:
    return Problem(
        part=column,
        message=f"{column.table.fullname}.{column.name} starts with {shown(here)} in rows that Python makes, and with {shown(there)} in all others",
        remedy="one value for both",
        at="server_default",
    )


def shown(value: Constant) -> str:
    return repr(value) if isinstance(value, str) else str(value).lower()
