"""A link table that can hold the same pair twice.

A many-to-many relationship adds a row a pair. Without a primary key or unique constraint over both foreign keys nothing keeps two requests
from adding the same pair at once; removing it later deletes two rows where the ORM expects one (`StaleDataError`), and every join over
the table counts double. The primary key over both columns is also the index that the relationship is read through.

Silent about a table with a further column that every row must be given (the kind of an edge, its label): a relationship cannot write it, and rows of one
pair differ there. It is right anyway when a pair may well occur twice; then map the table as a class of its own, and read through it.

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

from collections.abc import Iterator, Sequence

from sqlalchemy import Index, Table

from schemalint.fix import AddTableArgument, DropArgument, Edit, Fix, Remove, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._foreign_keys import led_by_the_unindexed
from schemalint.rules.schema._links import unguarded_links
from schemalint.rules.schema._operations import LONGEST, drop_index, literal, operation
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def link_table_without_composite_key(schema: Schema) -> Iterator[Problem]:
    for table, pair in unguarded_links(schema):
        # In the table's order: that is the order of a primary key's columns.
        both = {column.name for key in pair for column in key.columns}
        columns = [column for column in table.columns if column.name in both]
        names = " and ".join(names_of(columns))
        yield Problem(
            part=table,
            message=f"{table.fullname} can hold the same pair of {names} twice: no key covers both",
            remedy=f"primary_key=True on {names} and no other key, or a UniqueConstraint over them",
            fix=fix(table, columns),
        )


def fix(table: Table, columns: Sequence[AnyColumn]) -> Fix:
    """Make the pair the primary key of a table that has none, else unique beside the key that is there."""
    edits: list[Edit]
    if not table.primary_key.columns:
        edits = [SetArgument(column, "primary_key", "True") for column in columns]
        operator, name = "create_primary_key", key_name(table, "pk", [table.name, "pkey"])
    else:
        columns = led_by_the_unindexed(table, columns)
        operator, name = "create_unique_constraint", key_name(table, "uq", ["uq", table.name, *names_of(columns)])
        said = [*(literal(column.key) for column in columns), *([f"name={literal(name)}"] if name else [])]
        edits = [
            AddTableArgument(table, f"UniqueConstraint({', '.join(said)})", imports=("sqlalchemy.UniqueConstraint",))
        ]
    covered = list(covered_indexes(table, names_of(columns)))
    edits += [DropArgument(columns[0], "index") if one.is_of_its_column else Remove(one.part) for one in covered]
    names = f"[{', '.join(map(literal, names_of(columns)))}]"
    due = [
        f"# first delete the rows of {table.fullname} that hold a pair which another row holds",
        operation(operator, literal(name) if name else "None", literal(table.name), names, table=table),
        *(drop_index(one.part) for one in covered if isinstance(one.part, Index)),
    ]
    return Fix("schema", tuple(edits), due="\n".join(due))


def names_of(columns: Sequence[AnyColumn]) -> list[str]:
    return [column.name for column in columns]


def covered_indexes(table: Table, names: Sequence[str]) -> Iterator[Definition]:
    """Yield the indexes that a key over `names` makes superfluous."""
    for one in definitions(table):
        is_plain = one.method == "btree" and not (one.where or one.include or one.unique)
        if isinstance(one.part, Index) and is_plain and list(one.elements) == list(names[: len(one.elements)]):
            yield one


def key_name(table: Table, kind: str, otherwise: Sequence[str]) -> str:
    """Return the name of a new key; empty where the project's naming convention gives it."""
    return "" if kind in table.metadata.naming_convention else "_".join(otherwise)[:LONGEST]
