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

from schemalint.fix import Fix, SetText
from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import name_of, referred_columns, target_of, written
from schemalint.subjects.schema import Schema


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
            message=f'"{short[0][0]}" names no column: {name_of(key)} refers to {full} only because they are called the same',
            remedy=" and ".join(written(schema, key, new) for _, new in named),
            fix=Fix("safe", tuple(SetText(key, old, new) for old, new in named)) if len(named) == 1 else None,
        )
