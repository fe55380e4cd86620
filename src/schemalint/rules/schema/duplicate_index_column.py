"""An index that holds one column twice.

PostgreSQL takes `CREATE INDEX ON loans (book_id, book_id)` and `(book_id) INCLUDE (book_id)` without a word and stores the value twice in every entry: the index is larger
and slower and answers nothing more (https://www.postgresql.org/docs/current/indexes-index-only-scans.html). Mostly another column was meant.

The same column in an expression, with another direction or operator class is something else and fine; so is INCLUDE in a GiST index, whose keys may not give the value back. Primary keys and unique constraints
are no matter: SQLAlchemy leaves the second one out. It is never right in a btree.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf", "shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
    slot: int
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf_slot", "shelf", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
    slot: int
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.subjects.schema import Schema


@rule
def duplicate_index_column(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        for one in definitions(table):
            if one.method != "btree" or (len(set(one.elements)) == len(one.elements) and not one.include):
                continue
            for name in twice(one):
                yield Problem(
                    part=one.part,
                    message=f"{one} of {table.fullname} stores {name} twice in every entry, and answers nothing more for it",
                    remedy=f"{name} once, or the column that was meant",
                )


def twice(one: Definition) -> list[str]:
    """Return the keys that stand in an index a second time, as a key or in INCLUDE."""
    return [key for key in dict.fromkeys(one.elements) if one.elements.count(key) > 1 or key in one.include]
