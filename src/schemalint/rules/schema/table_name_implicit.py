"""A table whose name SQLModel made of a class of several words, without a sign between them.

SQLModel writes the class in lower case: `UserProfile` becomes `userprofile`. The name is then part of every foreign key, query
and migration; `foreign_key="user_profile.id"`, which everybody writes at first, names a table that does not exist. Changing
it later is `ALTER TABLE ... RENAME`, under an ACCESS EXCLUSIVE lock and with a running release that still uses the old name
(https://www.postgresql.org/docs/current/sql-altertable.html).

A class of one word is fine here: `Hero` becomes `hero`, and `table-name-number` alone has a say in it. Right anyway: a table that is
in production under this name. Write the name of today, and the class may be renamed without a migration.

Bad:

```python
class UserProfile(SQLModel, table=True):
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

from schemalint.fix import Fix, SetAttribute
from schemalint.rule import Problem, rule
from schemalint.rules.schema._operations import literal
from schemalint.rules.schema._tables import implicit_names, runs_together
from schemalint.rules.schema._words import plural, split_model
from schemalint.subjects.schema import Schema


@rule(fixes=("safe",))
def table_name_implicit(schema: Schema) -> Iterator[Problem]:
    for mapper, table in implicit_names(schema):
        if runs_together(mapper, table):
            (*before, last), _ = split_model(mapper.class_.__name__)
            proposal = "_".join([*before, plural(last)])
            yield Problem(
                part=table,
                message=f"{mapper.class_.__name__} has no __tablename__: its table is called {table.name}, with the words run together",
                remedy=f'__tablename__ = "{proposal}", or "{table.name}" if the table exists already',
                fix=Fix("safe", (SetAttribute(mapper, "__tablename__", literal(table.name)),)),
            )
