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

from sqlalchemy import ColumnClause, Index, Null, TextClause
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression

from schemalint.fix import DropArgument, Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._operations import drop_index
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def predicate_on_not_null(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        not_null = {column.name: column for column in table.columns if not column.nullable}
        for one in definitions(table):
            if one.where and isinstance(one.part, Index):
                name, is_null = null_test(one.part.dialect_options["postgresql"]["where"])
                if name in not_null:
                    yield problem(schema, one.part, not_null[name], is_null)


def null_test(predicate: object) -> tuple[str, bool]:
    """Return the name of the column that a predicate asks for, and whether it asks for NULL; no name where it is something else, or more."""
    match predicate:
        case BinaryExpression(left=ColumnClause(name=name), right=Null(), operator=operators.is_ | operators.is_not):
            return name, predicate.operator is operators.is_
        case TextClause(text=text) | str(text):
            return null_test_in_text(" ".join(text.split()))
        case _:
            return "", False


def null_test_in_text(text: str) -> tuple[str, bool]:
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    for ending, is_null in ((" is null", True), (" is not null", False)):
        asked = text[: -len(ending)]
        if text.lower().endswith(ending) and " " not in asked:
            return asked.rpartition(".")[2].strip('"'), is_null
    return "", False


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
