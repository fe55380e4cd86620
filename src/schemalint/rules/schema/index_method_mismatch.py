"""An index whose access method does nothing for the column's type, or does not know it at all.

A btree index orders whole values. Over JSONB, ARRAY, TSVECTOR, HSTORE or a range that answers neither `@>` nor `?` nor `@@` nor `&&`, and an INSERT
of a long value fails: *index row requires 9632 bytes, maximum size is 8191*. What is inside such a value is found by GIN, and by GiST for
ranges. The opposite fails at once: JSON has no operator class for any access method, JSONB none for GiST, a number or a text none for GIN, so CREATE INDEX
says *data type text has no default operator class for access method "gin"* (https://www.postgresql.org/docs/current/indexes-types.html).

Unique indexes, hash indexes, expressions, directions and written operator classes say that somebody knows; so does GIN over several columns, where the
extension btree_gin puts a number beside a document. An array called `path` is sorted. It is right anyway when whole short values are compared
or sorted.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    tags: list[str] = Field(sa_type=pg.ARRAY(sa.Text), index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_tags", "tags", postgresql_using="gin"),)

    id: int | None = Field(default=None, primary_key=True)
    tags: list[str] = Field(sa_type=pg.ARRAY(sa.Text))
```
"""

from collections.abc import Iterator

from sqlalchemy import Column, Index

from schemalint.fix import AddTableArgument, DropArgument, Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._operations import create_index, drop_index, index_argument, literal
from schemalint.rules.schema._searchable import is_scalar, many_values
from schemalint.subjects.schema import AnyColumn, Schema

UNKNOWN = frozenset(
    {
        *(("JSON", method) for method in ("btree", "hash", "gin", "gist", "spgist", "brin")),
        ("JSONB", "gist"),
        ("TSVECTOR", "hash"),
        ("RANGE", "gin"),
    }
)
"""Types that have no operator class for a method, with no extension that would bring one."""


@rule(fixes=("schema",))
def index_method_mismatch(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        for one in definitions(table):
            if isinstance(one.part, Index):
                yield from problems(schema, one, one.part)


def problems(schema: Schema, one: Definition, index: Index) -> Iterator[Problem]:
    classes = index.dialect_options["postgresql"]["ops"] or {}
    columns = [part for part in index.expressions if isinstance(part, Column) and part.key not in classes]
    at = "index" if one.is_of_its_column else "postgresql_using"
    for column in columns:
        kind = many_values(column)
        if (kind, one.method) in UNKNOWN:
            yield Problem(
                part=index,
                message=f"CREATE INDEX {index.name} fails: {type_name(kind, column)} has no operator class for {one.method}",
                remedy=f'{"JSONB with " if kind == "JSON" else ""}postgresql_using="{right_method(kind)}"',
                at=at,
                fix=None if kind == "JSON" else fix(schema, one, index, right_method(kind)),
            )
            return
        if kind and one.method == "btree" and not one.unique and not is_sorted(kind, column):
            using = right_method(kind)
            yield Problem(
                part=index,
                message=f"{index.name} is a btree over whole values: it finds nothing inside {column.name}, and refuses a long one",
                remedy=remedy(one, index, using),
                at=at,
                fix=fix(schema, one, index, using),
            )
            return
    if one.method == "gin" and len(index.expressions) == 1 and columns and is_scalar(columns[0]):
        (column,) = columns
        yield Problem(
            part=index,
            message=f"CREATE INDEX {index.name} fails: {column.name} is a single value, for which GIN has no operator class",
            remedy=f'postgresql_ops={{"{column.key}": "gin_trgm_ops"}} to search in a text (extension pg_trgm), or no postgresql_using',
            at=at,
        )


def is_sorted(kind: str, column: AnyColumn) -> bool:
    """Whether an array is a materialised path, by which a tree is sorted."""
    return kind == "ARRAY" and (column.name == "path" or column.name.endswith("_path"))


def right_method(kind: str) -> str:
    return "gist" if kind == "RANGE" else "gin"


def type_name(kind: str, column: AnyColumn) -> str:
    return f"the range {column.name}" if kind == "RANGE" else kind


def remedy(one: Definition, index: Index, using: str) -> str:
    if len(index.expressions) > 1:
        return f'an index of its own with postgresql_using="{using}"'
    if one.is_of_its_column:
        (column,) = index.columns
        return (
            f"{index_argument(column.table, [column.key], postgresql_using=using)} in __table_args__, and no index=True"
        )
    return f'postgresql_using="{using}"'


def fix(schema: Schema, one: Definition, index: Index, using: str) -> Fix | None:
    """Return the other method for an index of one column; what a mixin declares may be right for another of its tables."""
    if len(index.expressions) > 1 or schema.place(index).declaration:
        return None
    (column,) = index.columns
    table = column.table
    due = f"{drop_index(index)}; {create_index(table, str(index.name), [column.name], postgresql_using=using)}"
    if one.is_of_its_column:
        added = AddTableArgument(
            table, index_argument(table, [column.key], postgresql_using=using), imports=("sqlalchemy.Index",)
        )
        return Fix("schema", (DropArgument(column, "index"), added), due=due)
    return Fix("schema", (SetArgument(index, "postgresql_using", literal(using)),), due=due)
