"""A partial index whose predicate asks of a NOT NULL column whether it is NULL.

`WHERE book_id IS NOT NULL` over a column that is NOT NULL leaves no row out, but makes the index weaker: `ON CONFLICT (book_id)` fails unless it repeats the predicate (*there is no unique or exclusion constraint
matching the ON CONFLICT specification*), no foreign key may refer to it, `ORDER BY book_id` cannot use it. `WHERE deleted_at IS NULL` over such a column is worse:
no row satisfies it, and the index is always empty (https://www.postgresql.org/docs/current/indexes-partial.html).

It is right anyway for the days between two releases of which one makes the column nullable.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf", "shelf", postgresql_where=text("shelf IS NOT NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf", "shelf"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
```
"""

from collections.abc import Iterator

from sqlalchemy import Column, Index, Null, TextClause
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, Grouping

from schemalint.fix import DropArgument, Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._operations import drop_index
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def predicate_on_not_null(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        for one in definitions(table):
            if one.where and isinstance(one.part, Index) and (asked := null_test(one.part)):
                column, is_null = asked
                if column.nullable or column.table is not table:
                    continue
                yield problem(schema, one.part, column, is_null)


def null_test(index: Index) -> tuple[AnyColumn, bool] | None:
    """Return the column that a predicate asks for, and whether it asks for NULL; None where the predicate is something else, or more."""
    predicate = index.dialect_options["postgresql"]["where"]
    while isinstance(predicate, Grouping):
        predicate = predicate.element
    match predicate:
        case BinaryExpression(left=Column() as column, right=Null(), operator=operator):
            if operator in (operators.is_, operators.is_not):
                return column, operator is operators.is_
        case TextClause(text=text) | str(text):
            return null_test_in_text(index, text)
    return None


def null_test_in_text(index: Index, text: str) -> tuple[AnyColumn, bool] | None:
    assert index.table is not None
    words = " ".join(text.split())
    while words.startswith("(") and words.endswith(")"):
        words = words[1:-1].strip()
    for ending, is_null in ((" is null", True), (" is not null", False)):
        if words.lower().endswith(ending):
            name = words[: -len(ending)].strip().rpartition(".")[2].strip('"')
            for column in index.table.columns:
                if column.name == name:
                    return column, is_null
    return None


def problem(schema: Schema, index: Index, column: AnyColumn, is_null: bool) -> Problem:
    name = f"{column.table.fullname}.{column.name}"
    if is_null:
        return Problem(
            part=index,
            message=f"{index.name} is always empty: {name} is NOT NULL, so no row satisfies its predicate",
            remedy="another predicate, or a nullable column",
            at="postgresql_where",
        )
    return Problem(
        part=index,
        message=f"{index.name} leaves no row out, since {name} is NOT NULL, and ON CONFLICT and ORDER BY cannot use it as they would a full one",
        remedy="no postgresql_where",
        at="postgresql_where",
        fix=fix(schema, index),
    )


def fix(schema: Schema, index: Index) -> Fix | None:
    """Return the index without its predicate; what a mixin declares may be over a nullable column of another of its tables."""
    if schema.place(index).declaration:
        return None
    again = f"{drop_index(index)}; make it again without its predicate"
    return Fix("schema", (DropArgument(index, "postgresql_where"),), due=again)
