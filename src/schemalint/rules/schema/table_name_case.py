"""A table name that is not snake_case: with capitals, or signs other than letters, digits and underscores.

PostgreSQL folds every name to lower case unless it is quoted (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). SQLAlchemy quotes such a name when it creates the table, so `SELECT *
FROM UserProfiles` fails with *relation "userprofiles" does not exist*: everybody who writes SQL, every report and every
monitoring query must quote the name for ever.

Digits and leading underscores are fine, and so are lower-case letters of other alphabets. Right anyway: a table that another system made.
List it in `external-tables`, or allow it.

Bad:

```python
class UserProfile(SQLModel, table=True):
    __tablename__ = "UserProfiles"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class UserProfile(SQLModel, table=True):
    __tablename__ = "user_profiles"
    id: int | None = Field(default=None, primary_key=True)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._renaming import renamed_table
from schemalint.rules.schema._words import split
from schemalint.subjects.schema import Schema


@rule(fixes=("schema",))
def table_name_case(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        if not is_snake_case(table.name):
            name = "_".join(split(table.name))
            yield Problem(
                part=table,
                at="__tablename__",
                message=f'{table.name} is not snake_case: all SQL must write it quoted, "{table.name}"',
                remedy=f'"{name}"',
                fix=renamed_table(schema, table, name),
            )


def is_snake_case(name: str) -> bool:
    return name == name.lower() and name.replace("_", "").isalnum()
