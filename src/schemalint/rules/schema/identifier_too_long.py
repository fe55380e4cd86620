"""A name of more than 63 bytes.

PostgreSQL cuts it off without an error (*identifier will be truncated* is a NOTICE: https://www.postgresql.org/docs/current/sql-syntax-lexical.html). The column is then called otherwise than the model
says, so Alembic finds it missing in the database at every comparison, and two long names that begin alike are one: *column specified more than once*. For tables, and indexes and
constraints with a name of their own, SQLAlchemy counts characters, and refuses with IdentifierError when the SQL is made.

Names that a naming convention makes are shortened by SQLAlchemy and fine. Bytes count, in UTF-8: 32 letters with an umlaut are 64. It is never right, since nothing can be called so.

Bad:

```python
class Lake(SQLModel, table=True):
    __tablename__ = "lakes"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    average_temperature_of_the_surface_of_the_water_at_noon_in_kelvin: float
```

Good:

```python
class Lake(SQLModel, table=True):
    __tablename__ = "lakes"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    surface_kelvin_at_noon: float = Field(sa_column_kwargs={"comment": "Average temperature of the water's surface"})
```
"""

from collections.abc import Iterator

from sqlalchemy import Index
from sqlalchemy.schema import Constraint, conv

from schemalint.rule import Problem, rule
from schemalint.rules.schema._operations import LONGEST
from schemalint.subjects.schema import Schema


@rule
def identifier_too_long(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        if is_too_long(table.name):
            yield Problem(
                part=table,
                at="__tablename__",
                message=consequence("the table", table.name),
                remedy=REMEDY,
            )
        for column in table.columns:
            if is_too_long(column.name):
                what = f"the column {column.name}"
                yield Problem(
                    part=column,
                    message=f"{what} of {table.fullname} has {size(column.name)} bytes, and PostgreSQL calls it {cut(column.name)}",
                    remedy=REMEDY,
                )
        parts: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for part in sorted(parts, key=lambda one: str(one.name)):
            if isinstance(part.name, str) and is_too_long(part.name) and not is_shortened(part.name):
                kind = "the constraint" if isinstance(part, Constraint) else "the index"
                yield Problem(part=part, message=consequence(kind, part.name), remedy=REMEDY, at="name")


REMEDY = f"a name of at most {LONGEST} bytes"


def is_too_long(name: str) -> bool:
    # Most names are short, whatever their letters.
    return 4 * len(name) > LONGEST and size(name) > LONGEST


def size(name: str) -> int:
    return len(name.encode())


def is_shortened(name: str) -> bool:
    """Whether SQLAlchemy shortens a name, one that a convention made; it counts characters, so letters of several bytes may be left too many."""
    return isinstance(name, conv) and name.isascii()


def consequence(what: str, name: str) -> str:
    if len(name) > LONGEST:
        return f"making {what} {name} fails: its name has {len(name)} characters, and SQLAlchemy raises IdentifierError"
    return f"{what} {name} has a name of {size(name)} bytes, and PostgreSQL calls it {cut(name)}"


def cut(name: str) -> str:
    """Return what PostgreSQL leaves of a name: whole characters, as many as fit."""
    return name.encode()[:LONGEST].decode(errors="ignore")
