"""A foreign key whose `ondelete` or `onupdate` is no action that PostgreSQL has.

There are five: CASCADE, SET NULL, RESTRICT, NO ACTION and SET DEFAULT. SQLAlchemy 2.1 and SQLModel write whatever they are given into the DDL, so
that `ON DELETE DELETE` is a syntax error when the table is made, in the migration at the latest; SQLAlchemy 2.0 refuses to compile it.
Capitals do not matter, and `SET NULL (book_id)` and `SET DEFAULT (book_id)` are actions on a deletion, since PostgreSQL 15.

It is never right.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="DELETE", index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
```
"""

from collections.abc import Iterator
from difflib import get_close_matches

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import ACTIONS, action, name_of
from schemalint.rules.schema._unimported import at, references
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source, literal


@rule
def foreign_key_invalid_action(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        for keyword, event, phrase in (("ondelete", "DELETE", key.ondelete), ("onupdate", "UPDATE", key.onupdate)):
            if phrase and not is_action(phrase, event):
                yield problem(key, keyword, key.table.fullname, f"ON {event} {phrase} for {name_of(key)}", phrase)


@foreign_key_invalid_action.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for key in references(source):
        for keyword, event in (("ondelete", "DELETE"), ("onupdate", "UPDATE")):
            phrase = literal(node := key.arguments.get(keyword))
            if node is not None and isinstance(phrase, str) and phrase and not is_action(phrase, event):
                said = f"ON {event} {phrase} for {key.name}"
                yield problem(at(key.column, node), keyword, key.column.owner.table, said, phrase)


def problem(part: object, keyword: str, table: str, said: str, phrase: str) -> Problem:
    choices = " or ".join(f'"{one}"' for one in nearest(phrase))
    return Problem(
        part=part,
        at=keyword,
        message=f"{table} cannot be created: PostgreSQL has no {said}",
        remedy=f"{keyword}={choices}",
    )


def is_action(phrase: str, event: str) -> bool:
    """Whether PostgreSQL has an action; only SET NULL and SET DEFAULT on a deletion take a list of columns."""
    takes_columns = event == "DELETE" and action(phrase).startswith("SET ")
    return action(phrase) in ACTIONS and ("(" not in phrase or takes_columns)


def nearest(phrase: str) -> list[str]:
    """Return the action that was meant, where the phrase tells; else the three that are usual."""
    meant = action(phrase).replace("_", " ").replace("-", " ")
    return get_close_matches(meant, ACTIONS, n=1, cutoff=0.8) or ["CASCADE", "SET NULL", "RESTRICT"]
