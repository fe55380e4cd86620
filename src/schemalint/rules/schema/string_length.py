"""A string column without a length.

`str` becomes VARCHAR without a length, which takes up to 1 GB (https://www.postgresql.org/docs/current/datatype-character.html): one careless or
hostile client fills the disk and the memory of everyone who reads the row. Where the column is indexed, its insert fails with *index row size 2856 exceeds btree
version 4 maximum 2704*: nobody chose that limit, and no code expects it. Giving it a length later rewrites the table and its indexes under an ACCESS EXCLUSIVE lock.

Right anyway: text of any length, such as a document; TEXT that is written out (`sa_type=Text`) is taken for that decision. A CHECK that bounds the column counts, and so does a closed set (an enum, `Literal`).
Foreign keys are silent: the column they refer to bounds them. A `max_length` of pydantic that does not reach the column is reported by
`max-length-not-in-database`.

`policy` chooses what is asked for: `"max-length"` (a length, or TEXT written out), `"either"` (a length, or a CHECK; TEXT alone is found), or `"text"` (TEXT and VARCHAR
without length are right, VARCHAR(n) is found: a length that proves too short can then be a CHECK, which is dropped without touching the table). `max-length` is the length that a
fix gives; rows that are longer make its migration fail.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    notes: str = Field(sa_type=sa.Text)
```
"""

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import VARCHAR

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._fields import has_sa_column, has_sa_type, is_annotated_as_text, pydantic_max_length
from schemalint.rules.schema._types import (
    alteration,
    declared_length,
    has_bounding_check,
    has_variants,
    is_on_postgresql,
    is_text,
    is_varchar,
    known_type,
)
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def string_length(
    schema: Schema, *, policy: Literal["max-length", "text", "either"] = "max-length", max_length: int = 255
) -> Iterator[Problem]:
    for column in schema.columns:
        if column.foreign_keys or column.computed is not None or not (is_varchar(column) or is_text(column)):
            continue
        name = f"{column.table.name}.{column.name}"
        if policy == "text":
            if is_varchar(column) and (length := declared_length(column)) is not None:
                yield Problem(
                    column, f"{name} is VARCHAR({length}), where strings are TEXT", "Text, and a CHECK on its length"
                )
        elif is_unbounded(schema, column, text_is_found=policy == "either"):
            kind = "TEXT" if is_text(column) else "VARCHAR without a length"
            yield Problem(
                part=column,
                message=f"{name} is {kind}: {consequence(column)}",
                remedy=remedy(schema, column),
                fix=fix(schema, column, max_length),
            )


def is_unbounded(schema: Schema, column: AnyColumn, *, text_is_found: bool) -> bool:
    """Whether nothing bounds a string: no length, no CHECK, no closed set; and pydantic's limit is another rule's business."""
    if declared_length(column) is not None or not (is_varchar(column) or text_is_found):
        return False
    field = schema.field_of(column)
    return (
        is_annotated_as_text(field)
        and not (field and pydantic_max_length(field))
        and not has_bounding_check(column)
        and (
            is_text(column)
            or is_on_postgresql(known_type(column), VARCHAR(collation=getattr(known_type(column), "collation", None)))
        )
    )


def consequence(column: AnyColumn) -> str:
    if index := index_over(column):
        return f"a string that is too long for {index}, 2704 bytes a row, fails at the insert"
    return "it takes strings of up to 1 GB"


def remedy(schema: Schema, column: AnyColumn) -> str:
    field = schema.field_of(column)
    if not is_varchar(column):
        return "String(...) with a length, or a CHECK"
    if field is not None and field.info is not None and not has_sa_column(field.info):
        length, text = "Field(max_length=...)", "sa_type=Text"
    else:
        length, text = "String(...) with a length", "Text"
    return length if index_over(column) else f"{length}, or {text} if any length is meant"


def index_over(column: AnyColumn) -> Definition | None:
    """Return a B-tree that holds a column as it is, and so no longer string than its pages take."""
    # https://www.postgresql.org/docs/current/btree.html: a third of a page.
    return next(
        (one for one in definitions(column.table) if one.method == "btree" and column.name in one.leading), None
    )


def fix(schema: Schema, column: AnyColumn, length: int) -> Fix | None:
    """Return a length for a VARCHAR that is written plainly; TEXT was written out, so only its author knows."""
    kind = known_type(column)
    if not is_varchar(column) or has_variants(column) or kind.collation:  # type: ignore[attr-defined]
        return None
    due = alteration(column, f"sa.String({length})")
    field = schema.field_of(column)
    if field is not None and field.info is not None and not has_sa_column(field.info) and not has_sa_type(field.info):
        return Fix("schema", (SetArgument(column, "max_length", str(length)),), due)
    if kind is not column.type:  # SQLModel's AutoString, written out
        return None
    name = type(kind).__name__
    return Fix("schema", (SetType(column, f"{name}({length})", name, (f"sqlalchemy.{name}",)),), due)
