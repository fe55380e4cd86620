"""A column called after another table's key that is no foreign key.

`loans.book_id` beside a table `books` reads as a reference, and PostgreSQL checks nothing: a loan of a book that does not exist can be stored, and a
deleted book leaves its loans behind. Found is a column `<name>_id` where the same metadata and schema have one table called `<name>`, in the
singular or the plural, whose primary key is one column of a comparable type.

Silent about numbers of other systems (`stripe_customer_id`: no table of that name; a text beside an integer key), about pairs such as `object_id` and
`object_type`, a table's own number (`books.book_id`), columns that a relationship joins without a key (`foreign(...)`: somebody decided), tables of
`external-tables`, views, and tables that keep what is gone (logs, audits, histories, archives, imports): a foreign key would delete or refuse it.

It is right anyway where the other table lives in another database in production, or its rows come later.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(index=True)
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

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

from sqlalchemy import Column, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._database_types import database_type
from schemalint.rules.schema._fields import has_sa_column
from schemalint.rules.schema._words import singular, split
from schemalint.subjects.schema import AnyColumn, Schema

KEEPING = (
    "archive", "audit", "backup", "change", "dump", "event", "export", "history", "import", "log", "mirror", "outbox", "queue", "replica", "revision",
    "snapshot", "stage", "staging", "temp", "tmp", "trail", "version",
)  # fmt: skip
"""What the name of a table that keeps what is gone elsewhere has among its words."""

KINDS = ("type", "kind", "table", "model", "class", "entity", "source", "system", "provider")
"""What a column may end with that says to which table, or whose, another column's number is."""


@rule(profile="strict")
def column_looks_like_foreign_key(schema: Schema) -> Iterator[Problem]:
    candidates = [column for column in schema.columns if not column.foreign_keys and stem_of(column)]
    if not candidates:
        return
    by_name, joined = tables_by_name(schema), joined_by_hand(schema)
    for column in candidates:
        target = looked_at(column, by_name)
        if (
            target is not None
            and column not in joined
            and not is_told_apart(column)
            and is_to_be_kept_whole(column.table)
        ):
            (key,) = target.primary_key.columns
            name = f"{target.fullname}.{key.key}"
            yield Problem(
                part=column,
                message=f"{column.table.fullname}.{column.name} can hold what is no {key.name} of {target.fullname}: "
                "it is called like a foreign key and is none",
                remedy=f'foreign_key="{name}"' if is_of_field(schema, column) else f'ForeignKey("{name}")',
            )


def stem_of(column: AnyColumn) -> tuple[str, ...]:
    """Return the words before the `id` at the end of a column's name; none where there is none."""
    if not column.name.lower().endswith("id"):
        return ()
    *stem, last = split(column.name) or ("",)
    return tuple(stem) if last == "id" else ()


def looked_at(column: AnyColumn, by_name: Mapping[Hashable, list[Table]]) -> Table | None:
    """Return the table that a column is called after and could refer to."""
    found = by_name.get(name_in_schema(column.table, stem_of(column)), [])
    if len(found) != 1 or found[0] is column.table:
        return None
    (key,) = found[0].primary_key.columns
    own, other = database_type(column), database_type(key)
    return found[0] if own.family and own.family == other.family else None


def tables_by_name(schema: Schema) -> Mapping[Hashable, list[Table]]:
    """Return the tables with a primary key of one column, by their metadata, schema and name in the singular."""
    found: defaultdict[Hashable, list[Table]] = defaultdict(list)
    for table in schema.tables:
        if len(table.primary_key.columns) == 1 and not table.info.get("is_view"):
            found[name_in_schema(table, split(table.name))].append(table)
    return found


def name_in_schema(table: Table, words: Sequence[str]) -> Hashable:
    *first, last = words or ("",)
    return table.metadata, table.schema, (*first, singular(last))


def is_to_be_kept_whole(table: Table) -> bool:
    """Whether a table is none of a view, one without a key (most likely one, too) and one that keeps what is gone elsewhere."""
    is_a_view = table.info.get("is_view") or not table.primary_key.columns
    return not is_a_view and not any(singular(word) in KEEPING for word in split(table.name))


def is_told_apart(column: AnyColumn) -> bool:
    """Whether another column says to which table, or to whose, a number belongs: `object_type` beside `object_id`."""
    stem = column.name.lower().removesuffix("id").rstrip("_")
    names = {one.name.lower() for one in column.table.columns}
    return any(f"{stem}_{kind}" in names for kind in KINDS) or f"{stem}type" in names


def joined_by_hand(schema: Schema) -> set[AnyColumn]:
    """Return the columns that relationships join although they are no foreign keys."""
    return {
        column
        for relationship in schema.relationships
        # A mapper that could not be configured leaves the joins of its relationships unknown.
        for pair in getattr(relationship, "local_remote_pairs", None) or ()
        for column in pair
        if isinstance(column, Column)
    }


def is_of_field(schema: Schema, column: AnyColumn) -> bool:
    field = schema.field_of(column)
    return field is not None and field.info is not None and not has_sa_column(field.info)
