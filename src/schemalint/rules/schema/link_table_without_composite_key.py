"""A link table that can hold the same pair twice.

A many-to-many relationship adds a row a pair. Without a primary key or unique constraint over both foreign keys nothing keeps two requests
from adding the same pair at once; removing it later deletes two rows where the ORM expects one (`StaleDataError`), and every join over
the table counts double. The primary key over both columns is also the index that the relationship is read through.

It is right anyway when a pair may well occur twice; then map the table as a class of its own, and read through it.

Bad:

```python
class BookAuthor(SQLModel, table=True):
    __tablename__ = "book_authors"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    author_id: int = Field(foreign_key="authors.id", ondelete="CASCADE", index=True)

class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    authors: list["Author"] = Relationship(back_populates="books", link_model=BookAuthor)

class Author(SQLModel, table=True):
    __tablename__ = "authors"

    id: int | None = Field(default=None, primary_key=True)
    books: list[Book] = Relationship(back_populates="authors", link_model=BookAuthor)
```

Good:

```python
class BookAuthor(SQLModel, table=True):
    __tablename__ = "book_authors"

    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", primary_key=True)
    author_id: int = Field(foreign_key="authors.id", ondelete="CASCADE", primary_key=True, index=True)

class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    authors: list["Author"] = Relationship(back_populates="books", link_model=BookAuthor)

class Author(SQLModel, table=True):
    __tablename__ = "authors"

    id: int | None = Field(default=None, primary_key=True)
    books: list[Book] = Relationship(back_populates="authors", link_model=BookAuthor)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._links import unguarded_links
from schemalint.subjects.schema import Schema


@rule
def link_table_without_composite_key(schema: Schema) -> Iterator[Problem]:
    for table, pair in unguarded_links(schema):
        names = " and ".join(column.name for key in pair for column in key.columns)
        yield Problem(
            part=table,
            message=f"{table.fullname} can hold the same pair of {names} twice: no key covers both",
            remedy=f"primary_key=True on {names} and no other key, or a UniqueConstraint over them",
        )
