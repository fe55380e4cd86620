"""A table name that is not plural, or, with `style = "singular"`, one that is.

A table holds rows, so it is called after all of them: `SELECT ... FROM users`. One name in the other number makes everybody look
up every name, in each foreign key and each query; two of the singulars (`user`, `order`) are reserved words of PostgreSQL
(https://www.postgresql.org/docs/current/sql-keywords-appendix.html), which must be quoted for ever.

Only the last word counts: `user_preferences`, `order_statuses`. Words without a plural are fine (`news`, `metadata`, `equipment`), so are
words that name a collection (`history`, `inbox`), acronyms, copies of a table (`users_archive`), and words that are not English as far as one can tell. Tables
that link two others are free: `user_role`. `also-fine` takes words of the project: `also-fine = ["agenda"]`. A name that SQLModel made of a class of
several words (`userprofile`) is left to `table-name-implicit`.

Right anyway: a schema that is singular throughout. Say `style = "singular"` under `[tool.schemalint.rules.table-name-number]`. Where that is plainly the
convention already (five tables or more, three in four), it is one finding and not one a table.

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
from schemalint.rules.schema._renaming import renamed_table
from schemalint.rules.schema._tables import implicit_names, link_tables, runs_together
from schemalint.rules.schema._words import is_plural, may_be_plural, number_words, plural, singular, split_model
from schemalint.subjects.schema import AnyMapper, Schema

MANY = 5
"""So many names of the other number, and three times as many as of the wanted, are a convention: told once, not table by table."""


@rule(fixes=("schema",))
def table_name_number(
    schema: Schema, *, style: Literal["plural", "singular"] = "plural", also_fine: tuple[str, ...] = ()
) -> Iterator[Problem]:
    free = {*link_tables(schema), *(table for mapper, table in implicit_names(schema) if runs_together(mapper, table))}
    judged = [table for table in schema.tables if number_words(table.name)[1] and table not in free]
    wrong = {table: name for table in judged if (name := proposed(table.name, style, also_fine))}
    other = "singular" if style == "plural" else "plural"
    clearly_right = [table for table in judged if table not in wrong and proposed(table.name, other, also_fine)]
    if len(wrong) >= MANY and len(wrong) > 3 * len(clearly_right):
        first, *rest = wrong
        yield Problem(
            part=first,
            message=f"{first.name} is {other}, and so are {len(rest)} more of the {len(judged)} tables: the other number is this schema's convention",
            remedy=f'style = "{other}" under [tool.schemalint.rules.table-name-number] keeps it so, and finds the exceptions',
            about="table names",
        )
        return
    why = "singular, and holds many rows" if style == "plural" else "plural, where tables are called after one row"
    for table, found in wrong.items():
        name = in_words(schema.mapper_of(table), table, style) or found
        remedy = f'__tablename__ = "{name}"' if schema.mapper_of(table) else f'"{name}"'
        yield Problem(
            part=table,
            at="__tablename__",
            message=f"{table.name} is {why}",
            remedy=remedy,
            fix=renamed_table(schema, table, name),
        )


def proposed(name: str, style: str, also_fine: tuple[str, ...]) -> str | None:
    """Return the name in the wanted number, None where it is in it, or may be."""
    before, word, behind = number_words(name)
    if style == "plural":
        return None if may_be_plural(word, also_fine) else f"{before}{plural(word)}{behind}"
    return f"{before}{singular(word)}{behind}" if is_plural(word, also_fine) else None


def in_words(mapper: AnyMapper | None, table: Table, style: str) -> str:
    """Return the name in the wanted number with its words apart, where the class tells them: `invoiceline` of InvoiceLine; empty elsewhere."""
    if mapper is None or mapper.class_.__name__.lower() != table.name or not runs_together(mapper, table):
        return ""
    (*before, last), _ = split_model(mapper.class_.__name__)
    return "_".join([*before, plural(last) if style == "plural" else singular(last)])
