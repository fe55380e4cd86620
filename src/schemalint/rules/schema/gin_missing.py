"""A column to search in, JSONB, ARRAY or TSVECTOR, without an index that finds what is inside.

`tags @> '{sql}'`, `attributes @> '{"color": "red"}'` and `search @@ query` read every row of the table and take each value apart; with a GIN index
they read the rows that match (https://www.postgresql.org/docs/current/gin.html). The larger the documents, the dearer the scan: long values are fetched from
TOAST and unpacked one by one.

A TSVECTOR is there to be searched. Of arrays and JSONB those are meant that are called so, by the last word of their name: `searched` has the words, in the singular and plural
as they are written, and `*` stands for all. Any index of the column will do, and so does an expression over it (`(attributes ->> 'color')`): `index-method-mismatch`
says whether it can help. It is right anyway when the column is only read with its row, a payload or settings say, or the table stays small: every write of a GIN index is dear.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    search: Any = Field(sa_type=pg.TSVECTOR)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_search", "search", postgresql_using="gin"),)

    id: int | None = Field(default=None, primary_key=True)
    search: Any = Field(sa_type=pg.TSVECTOR)
```
"""

import re
from collections.abc import Iterator

from schemalint.fix import AddTableArgument, Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._operations import create_index, index_argument, index_name
from schemalint.rules.schema._searchable import many_values
from schemalint.rules.schema._words import split
from schemalint.subjects.schema import AnyColumn, Schema

SEARCHED = (
    "attributes", "attrs", "categories", "facets", "genres", "hashtags", "ingredients", "interests", "keywords", "labels",
    "languages", "members", "participants", "properties", "skills", "subjects", "tags", "terms", "topics",
)  # fmt: skip


@rule(profile="strict", fixes=("schema",))
def gin_missing(schema: Schema, *, searched: tuple[str, ...] = SEARCHED) -> Iterator[Problem]:
    for column in schema.columns:
        kind = many_values(column)
        if is_searched(column, kind, searched) and not is_found_by_an_index(column):
            yield Problem(
                part=column,
                message=f"a search in {column.table.fullname}.{column.name} reads every row: no index holds what is inside the {kind}",
                remedy=index_argument(column.table, [column.key], postgresql_using="gin"),
                fix=fix(column),
            )


def is_searched(column: AnyColumn, kind: str, searched: tuple[str, ...]) -> bool:
    if kind == "TSVECTOR":
        return True
    if kind not in ("ARRAY", "JSONB"):
        return False
    return "*" in searched or split(column.name)[-1:] in [(word,) for word in searched]


def is_found_by_an_index(column: AnyColumn) -> bool:
    """Whether an index has a column, or an expression of one names it; a btree over the whole value is `index-method-mismatch`'s."""
    word = re.compile(rf"\b{re.escape(column.name)}\b")
    return any(
        not one.is_constraint and (column.name in one.columns or any(map(word.search, one.elements)))
        for one in definitions(column.table)
    )


def fix(column: AnyColumn) -> Fix:
    table = column.table
    return Fix(
        "schema",
        (
            AddTableArgument(
                table, index_argument(table, [column.key], postgresql_using="gin"), imports=("sqlalchemy.Index",)
            ),
        ),
        due=create_index(table, index_name(table, [column.name]), [column.name], postgresql_using="gin"),
    )
