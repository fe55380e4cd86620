"""Two indexes, or an index and a table, with one name in one schema.

In PostgreSQL the names of indexes are not the table's but the schema's, and tables, views and sequences share them; every primary key, unique and exclusion
constraint has an index of its own name. CREATE TABLE or CREATE INDEX of the second one fails: *relation "ix_status" already exists*
(https://www.postgresql.org/docs/current/sql-createindex.html). That is so in `create_all` and in every migration; SQLite and MySQL accept it.

A name written in a mixin's `__table_args__` is one name for all its tables; without a name, or with a naming convention, each table gets its own. SQLAlchemy's own
names meet, too: `ix_a_b_c` is table `a_b`, column `c`, and table `a`, column `b_c`. It is never right where both tables are made in one database.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int

class Box(SQLModel, table=True):
    __tablename__ = "boxes"
    __table_args__ = (Index("ix_shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int

class Box(SQLModel, table=True):
    __tablename__ = "boxes"
    __table_args__ = (Index("ix_boxes_shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
```
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.subjects.schema import Schema

Relation: TypeAlias = Table | Index | PrimaryKeyConstraint | UniqueConstraint | ExcludeConstraint


@rule
def index_name_not_unique(schema: Schema) -> Iterator[Problem]:
    judged = set(schema.tables)
    for metadata in schema.metadata:
        for (_, name), (first, *others) in relations_by_name(metadata).items():
            for other in others:
                table = table_of(other)
                if table in judged:
                    yield Problem(
                        part=other,
                        message=f'making {described(other)} fails: relation "{name}" already exists, as {described(first)}',
                        remedy="leave one of the two out"
                        if is_the_same(first, other)
                        else f"a name of its own, such as {proposal(name, table)}",
                        at="name",
                    )


def relations_by_name(metadata: MetaData) -> dict[tuple[str, str], list[Relation]]:
    """Return the tables, indexes and constraints with an index under their schemas and names, in the order in which they claim a name: tables first."""
    found: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    tables = sorted(metadata.tables.values(), key=lambda table: table.fullname)
    for table in tables:
        found[table.schema or "", table.name].append(table)
    for table in tables:
        parts: list[Relation] = [
            one
            for one in (*table.constraints, *table.indexes)
            if isinstance(one, (Index, PrimaryKeyConstraint, UniqueConstraint, ExcludeConstraint))
            # Private: SQLAlchemy has no public way to ask whether an object is made under a condition (`ddl_if`).
            and isinstance(one.name, str)
            and one._ddl_if is None  # noqa: SLF001
        ]
        for part in sorted(parts, key=order):
            found[table.schema or "", str(part.name)].append(part)
    return found


def order(part: Relation) -> tuple[str, bool, list[str], bool]:
    """Sort by name, constraints before indexes: they are made with the table; of two alike the one of `index=True` last."""
    assert not isinstance(part, Table)
    names = [column.name for column in part.columns]
    # Private, but nothing else tells what SQLAlchemy makes of index=True from what the user writes.
    return str(part.name), isinstance(part, Index), names, bool(getattr(part, "_column_flag", False))


def table_of(part: Relation) -> Table:
    table = part if isinstance(part, Table) else part.table
    assert isinstance(table, Table)
    return table


def described(part: Relation) -> str:
    match part:
        case Table():
            return f"the table {part.fullname}"
        case Index():
            return f"the index {part.name} of {table_of(part).fullname}"
        case _:
            return f"the constraint {part.name} of {part.table.fullname}"


def is_the_same(first: Relation, other: Relation) -> bool:
    """Whether a table has one index twice: by `index=True` and by an `Index(...)` of the name that this one gets."""
    if not isinstance(first, Index) or not isinstance(other, Index):
        return False
    made = {one.part: replace(one, part=other) for one in definitions(table_of(other))}
    return first in made and made[first] == made.get(other)


def proposal(name: str, table: Table) -> str:
    prefix, underscore, rest = name.partition("_")
    return f"{prefix}_{table.name}_{rest}" if underscore else f"{name}_{table.name}"
