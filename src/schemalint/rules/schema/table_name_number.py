"""A table name that is not plural, or, with `style = "singular"`, one that is.

A table holds rows, so it is called after all of them: `SELECT ... FROM users`. One name in the other number makes everybody look
up every name, in each foreign key and each query; two of the singulars (`user`, `order`) are reserved words of PostgreSQL
(https://www.postgresql.org/docs/current/sql-keywords-appendix.html), which must be quoted for ever.

Only the last word counts: `user_preferences`, `order_statuses`. Words without a plural are fine (`news`, `metadata`, `equipment`), so are
words that name a collection (`history`, `inbox`), acronyms, copies of a table (`users_archive`), and words that are not English as far as one can tell. Tables
that link two others are free: `user_role`. `also-fine` takes words of the project: `also-fine = ["agenda"]`. A name that SQLModel made of a class of
several words (`userprofile`) is left to `table-name-implicit`.

Right anyway: a schema that is singular throughout. Say `style = "singular"` under `[tool.schemalint.rules.table-name-number]`.

Bad:

```python
class Category(SQLModel, table=True):
    __tablename__ = "category"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class Category(SQLModel, table=True):
    __tablename__ = "categories"
    id: int | None = Field(default=None, primary_key=True)
```
"""

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._tables import implicit_names, link_tables, runs_together
from schemalint.rules.schema._words import is_plural, may_be_plural, number_words, plural, singular
from schemalint.subjects.schema import Schema


@rule
def table_name_number(
    schema: Schema, *, style: Literal["plural", "singular"] = "plural", also_fine: tuple[str, ...] = ()
) -> Iterator[Problem]:
    free = {*link_tables(schema), *(table for mapper, table in implicit_names(schema) if runs_together(mapper, table))}
    for table in schema.tables:
        before, word, behind = number_words(table.name)
        if not word or table in free:
            continue
        if style == "plural" and not may_be_plural(word, also_fine):
            yield misnamed(schema, table, "singular, and holds many rows", f"{before}{plural(word)}{behind}")
        if style == "singular" and is_plural(word, also_fine):
            yield misnamed(
                schema, table, "plural, where tables are called after one row", f"{before}{singular(word)}{behind}"
            )


def misnamed(schema: Schema, table: Table, wrong: str, proposal: str) -> Problem:
    remedy = f'__tablename__ = "{proposal}"' if schema.mapper_of(table) else f'"{proposal}"'
    return Problem(part=table, message=f"{table.name} is {wrong}", remedy=remedy)
