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
from schemalint.rules.schema._unimported import tables
from schemalint.rules.schema._words import plural, split, split_model
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source


@rule(fixes=("safe",))
def table_name_implicit(schema: Schema) -> Iterator[Problem]:
    for mapper, table in implicit_names(schema):
        if runs_together(mapper, table):
            yield problem(table, mapper, mapper.class_.__name__, table.name)


@table_name_implicit.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for one in tables(source):
        name = one.tablename.rpartition(".")[2]
        is_said = any("__tablename__" in part.said for part in (one, *one.above))
        if one.kind == "table" and not is_said and name != "_".join(split(one.name)):
            yield problem(one, one, one.name, name)


def problem(part: object, owner: object, model: str, table: str) -> Problem:
    (*before, last), _ = split_model(model)
    proposal = "_".join([*before, plural(last)])
    return Problem(
        part=part,
        message=f"{model} has no __tablename__: its table is called {table}, with the words run together",
        remedy=f'__tablename__ = "{proposal}", or "{table}" if the table exists already',
        fix=Fix("safe", (SetAttribute(owner, "__tablename__", literal(table)),)),
    )
