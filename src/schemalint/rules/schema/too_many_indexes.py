"""A table with more indexes than writing to it should maintain.

Every INSERT writes into every index, and so does every UPDATE that is not HOT (one that changes an indexed column, or finds no room on its page). Each index
is vacuumed, takes memory away from the others, and is one more for the planner to consider for every query, under a lock: from the seventeenth relation on, locks no longer fit into the
fast path of PostgreSQL 17 and older (https://www.postgresql.org/docs/current/storage-hot.html).

Counted are primary key, unique and exclusion constraints and indexes, partial ones as well; `limit` is how many a table may have. It is right anyway in a table that is
written rarely and read in many ways.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (
        Index("ix_books_author_title", "author", "title"),
        Index("ix_books_publisher_title", "publisher", "title"),
        Index("ix_books_language_title", "language", "title"),
        Index("ix_books_country_title", "country", "title"),
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200, index=True)
    author: str = Field(max_length=100)
    publisher: str = Field(max_length=100)
    language: str = Field(max_length=100)
    country: str = Field(max_length=100)
    pages: int = Field(index=True)
    weight: int = Field(index=True)
    printed_on: date = Field(index=True)
    bought_on: date = Field(index=True)
    shelf: int = Field(index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_author_title", "author", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200, index=True)
    author: str = Field(max_length=100)
    shelf: int = Field(index=True)
```
"""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import ExcludeConstraint

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.subjects.schema import Schema


@rule(profile="strict")
def too_many_indexes(schema: Schema, *, limit: int = 10) -> Iterator[Problem]:
    for table in schema.tables:
        exclusions = sum(isinstance(constraint, ExcludeConstraint) for constraint in table.constraints)
        number = len(definitions(table)) + exclusions
        if number > limit:
            yield Problem(
                part=table,
                message=f"every INSERT into {table.fullname} writes into {number} indexes, more than {limit}",
                remedy="fewer: leave out those that no query uses (idx_scan in pg_stat_user_indexes says which), and merge those that begin alike",
            )
