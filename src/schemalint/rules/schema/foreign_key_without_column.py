"""A foreign key that names a table only.

SQLAlchemy then takes the column of that table which is called as the referring one, silently: `ForeignKey("users")` on a column `user_id`
refers to `users.user_id`, whatever the primary key is. Renaming either column moves the key to another, or breaks it. Where the table has no
column of the name, `foreign-key-target-missing` speaks.

It is right anyway nowhere: the full name says the same, and `--fix` writes it.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    isbn: str = Field(max_length=13, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    isbn: str = Field(max_length=13, foreign_key="books", ondelete="CASCADE", index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    isbn: str = Field(max_length=13, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    isbn: str = Field(max_length=13, foreign_key="books.isbn", ondelete="CASCADE", index=True)
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, Replace, SetText
from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import name_of, referred_columns, target_of, written
from schemalint.rules.schema._unimported import at, names_bound, references, tables_by_name
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source


@rule(fixes=("safe",))
def foreign_key_without_column(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        targets = [target_of(element) for element in key.elements]
        if all(target.column for target in targets) or (columns := referred_columns(key)) is None:
            continue
        short = [(target, column) for target, column in zip(targets, columns, strict=True) if not target.column]
        named = [(str(target), f"{target.table_key}.{column.key}") for target, column in short]
        full = " and ".join(f"{column.table.fullname}.{column.name}" for _, column in short)
        yield Problem(
            part=key,
            at="foreign_key",
            message=message(str(short[0][0]), name_of(key), full),
            remedy=" and ".join(written(schema, key, new) for _, new in named),
            fix=Fix("safe", tuple(SetText(key, old, new) for old, new in named)) if len(named) == 1 else None,
        )


@foreign_key_without_column.without_import
def in_source(source: Source) -> Iterator[Problem]:
    known = tables_by_name(source)
    for key in references(source):
        column = key.column.column_name
        if "." in key.target or len(found := known.get(key.target, [])) != 1:
            continue
        if column in (names_bound(found[0]) or ()):
            full = f"{key.target}.{column}"
            yield Problem(
                part=at(key.column, key.node),
                at="foreign_key",
                message=message(key.target, key.name, full),
                remedy=key.written.format(full),
                fix=Fix("safe", (Replace(key.column.owner.module.locate(key.node), f'"{full}"'),)),
            )


def message(target: str, name: str, full: str) -> str:
    return f'"{target}" names no column: {name} refers to {full} only because they are called the same'
