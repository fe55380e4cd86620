"""A foreign key whose type cannot hold, or does not compare with, what it refers to.

PostgreSQL refuses a text that refers to an integer or a UUID when the table is created. It accepts an `INTEGER` that refers to a `BIGINT`, and the
first row beyond 2,147,483,647 cannot be referred to: *integer out of range*; a `VARCHAR(10)` that refers to a `VARCHAR(20)` likewise. Under two
different collations a join of the two columns fails (*could not determine which collation to use*), or cannot use the index of the
side that has none of its own.

What is compared is what PostgreSQL gets, through type decorators and variants. Silent about a key that is wider than what it refers to, texts whose
length one side leaves open, enums, domains, types of extensions and those that a project renders itself. In SQLModel the annotation `int`
is an `INTEGER`, whatever the other table's `sa_type` says; a `Column` without a type takes that of its target.

It is right anyway while a key is widened step by step, the referring columns last.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True, sa_type=sa.BigInteger)
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._database_types import (
    LARGEST,
    DatabaseType,
    alter_type,
    database_type,
    may_refer,
    retyped,
)
from schemalint.rules.schema._foreign_keys import referred_columns
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def foreign_key_type_mismatch(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        for element, target in zip(key.elements, referred_columns(key) or (), strict=False):
            column = element.parent
            # A column without a type of its own has the very type of its target.
            if column.type is not target.type:
                own, other = database_type(column), database_type(target)
                if own != other and own.family and other.family and (consequence := trouble(own, other, target)):
                    yield Problem(
                        part=key,
                        message=f"{named(column, own)} and {named(target, other)}: {consequence}",
                        remedy=f"{other.text} for {column.table.fullname}.{column.name}"
                        + (f" with the collation {other.collation}" if other.collation else ""),
                        fix=fix(schema, column, own, other),
                    )
                    break


def trouble(own: DatabaseType, other: DatabaseType, target: AnyColumn) -> str:
    """Return what comes of a column of type `own` that refers to one of type `other`; empty where nothing does."""
    table = target.table.fullname
    if not may_refer(own, other):
        return "PostgreSQL refuses the foreign key"
    if own.family == other.family == "integer":
        if LARGEST[own.name] < LARGEST[other.name]:
            return f"rows of {table} beyond {LARGEST[own.name]:,} cannot be referred to"
    elif own.family == "text":
        if own.length is not None and other.length is not None and own.length < other.length:
            return f"rows of {table} whose {target.name} is longer than {own.length} cannot be referred to"
        if own.collation != other.collation:
            if own.collation and other.collation:
                return "a join of the two fails, since PostgreSQL cannot tell which collation to use"
            return f"a join of the two cannot use the index of {'the referring column' if other.collation else table}"
    return ""


def named(column: AnyColumn, kind: DatabaseType) -> str:
    collation = f" with the collation {kind.collation}" if kind.collation else ""
    return f"{column.table.fullname}.{column.name} is {kind.text}{collation}"


def fix(schema: Schema, column: AnyColumn, own: DatabaseType, other: DatabaseType) -> Fix | None:
    """Widen the referring column, where nothing but its width is wrong."""
    if own.collation != other.collation or {own.family, other.family} not in ({"integer"}, {"text"}):
        return None
    edit = retyped(schema, column, other)
    if edit is None:
        return None
    return Fix("schema", (edit,), due=alter_type(column, other))
