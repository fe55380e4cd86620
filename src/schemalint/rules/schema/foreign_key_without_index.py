"""A foreign key that no index leads with.

PostgreSQL indexes the side that is referred to, never the referring one. Deleting a parent row, or changing its key, then scans the whole
child table once a row (`SELECT 1 FROM ONLY loans WHERE book_id = $1 FOR KEY SHARE` and its like inside the foreign key's trigger), and so
does every join from the parent. A primary key, a unique constraint or an index that begins with the key's columns in any order is
enough; a partial one `WHERE book_id IS NOT NULL` is, too.

On a table that is in use, make the index with `postgresql_concurrently=True` inside `with op.get_context().autocommit_block():`; a plain `CREATE INDEX`
keeps every write waiting until it is done.

It is right anyway when the child table stays tiny, or when parent rows are never deleted and never joined from.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE")
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

from collections.abc import Iterator, Sequence
from itertools import takewhile

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import NoReferenceError

from schemalint.fix import AddTableArgument, Edit, Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions, printed
from schemalint.rules.schema._foreign_keys import led_by_the_unindexed, listed, referred_name
from schemalint.rules.schema._operations import LONGEST, create_index, index_argument, index_name, literal
from schemalint.subjects.schema import Schema


@rule(fixes=("schema",))
def foreign_key_without_index(schema: Schema) -> Iterator[Problem]:
    for key in schema.foreign_keys:
        if not schema.is_led_by_an_index(list(key.columns)) and not is_found_otherwise(key):
            yield Problem(
                part=key,
                message=f"deleting a row of {referred_name(key)} {work(key)}: "
                f"no index begins with {listed([column.name for column in key.columns])}{what_there_is(key)}",
                remedy=remedy(key),
                fix=fix(key),
            )


def work(key: ForeignKeyConstraint) -> str:
    """Return what PostgreSQL does: scan the table, or the part of it that an index over some of the key's columns finds."""
    columns = {column.name for column in key.columns}
    predicates = without_null(key)
    found = (
        list(takewhile(columns.__contains__, one.leading))
        for one in definitions(key.table)
        if one.where in predicates and one.method in EQUALITY
    )
    # SQLAlchemy keeps indexes in a set: of two that spare as much, their names decide.
    longest = min(found, key=lambda names: (-len(names), names), default=[])
    if not longest:
        return f"scans all of {key.table.fullname}"
    return f"reads every row of {key.table.fullname} with the same {listed(longest)}"


def is_found_otherwise(key: ForeignKeyConstraint) -> bool:
    """Whether the rows that refer to one parent are found through something rarer than a plain index over the key's columns."""
    columns = {column.name for column in key.columns}
    predicates = without_null(key)
    unique = unique_parts(key)
    for one in definitions(key.table):
        if one.where in predicates and one.method in EQUALITY:
            leading = tuple(takewhile(columns.__contains__, one.leading))
            if len(leading) == len(columns) or (unique and names_one_parent(key, leading, unique)):
                return True
    return any(
        {column.name for column in list(constraint.columns)[: len(columns)]} == columns
        for constraint in key.table.constraints
        if isinstance(constraint, ExcludeConstraint) and constraint.where is None
    )


def without_null(key: ForeignKeyConstraint) -> set[str]:
    """Return the predicates of the indexes that hold all rows which refer to anything."""
    return {"", *(printed(column.is_not(None)) for column in key.columns)}


EQUALITY = ("btree", "hash", "gist", "spgist")
"""Access methods whose index answers `book_id = $1` from its first columns; for GiST, btree_gist does."""


def unique_parts(key: ForeignKeyConstraint) -> list[frozenset[str]]:
    """Return the sets of columns that name one row of the table that a composite key refers to; none for a key of one column."""
    if len(key.elements) == 1:
        return []
    try:
        return [one.columns for one in definitions(key.referred_table) if one.unique and not one.where]
    except NoReferenceError:
        return []


def names_one_parent(key: ForeignKeyConstraint, leading: Sequence[str], unique: Sequence[frozenset[str]]) -> bool:
    """Whether some of a composite key's columns name the parent row already.

    With a key (tenant_id, book_id) to (books.tenant_id, books.id) an index on `book_id` alone finds the same rows.
    """
    parents = {element.column.name for element in key.elements if element.parent.name in leading}
    return any(one <= parents for one in unique)


def what_there_is(key: ForeignKeyConstraint) -> str:
    """Return a clause that names an index which holds the key's columns and yet does not help, or nothing."""
    columns = {column.name for column in key.columns}
    for one in sorted(definitions(key.table), key=str):
        if columns <= one.columns:
            return f" ({one} {reason(one)})"
    return ""


def reason(one: Definition) -> str:
    if one.where:
        return "is partial"
    if one.method not in EQUALITY:
        return f"is {one.method.upper()}"
    return "begins with something else"


def remedy(key: ForeignKeyConstraint) -> str:
    names = [column.name for column in key.columns]
    if len(names) == 1:
        return f"index=True, or an index that begins with {names[0]}"
    return f"Index(None, {', '.join(map(repr, names))}) in __table_args__".replace("'", '"')


def fix(key: ForeignKeyConstraint) -> Fix:
    table, columns = key.table, led_by_the_unindexed(key.table, list(key.columns))
    names = [column.name for column in columns]
    name = index_name(table, names)
    argument = index_argument(table, [column.key for column in columns])
    if name in {index.name for index in table.indexes}:
        # A naming convention may name an index by its first column only, and that one be there already.
        name = "_".join(["ix", table.name, *names])[:LONGEST]
        argument = f"Index({', '.join(map(literal, [name, *(column.key for column in columns)]))})"
    edit: Edit = (
        SetArgument(columns[0], "index", "True")
        if len(names) == 1
        else AddTableArgument(table, argument, imports=("sqlalchemy.Index",))
    )
    return Fix("schema", (edit,), due=create_index(table, name, names))
