"""A `max_length` of pydantic that the column does not have, or has another.

SQLModel gives the column the length of `Field(max_length=...)` only where it makes the column's type itself. With `sa_type`, `sa_column`,
`constr` or `StringConstraints` the limit stays in pydantic, which does not even check objects of a table model: PostgreSQL takes any
text. Where the column is the shorter one, what pydantic accepts fails at the insert: *value too long for type character varying*. Giving the
column a length later rewrites the table under an ACCESS EXCLUSIVE lock (https://www.postgresql.org/docs/current/sql-altertable.html).

A CHECK that bounds the column counts, and so does the length of a column that a foreign key refers to. Right anyway: TEXT on
purpose, with the limit as a matter of the API; put the limit into the model of the request then.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200, sa_type=sa.Text)
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import has_sa_column, has_sa_type, is_annotated_as_text, pydantic_max_length
from schemalint.rules.schema._types import (
    CHARS,
    alteration,
    has_bounding_check,
    has_variants,
    is_text,
    is_varchar,
    known_type,
    length_on_postgresql,
)
from schemalint.subjects.schema import ModelField, Schema


@rule(fixes=("schema",))
def max_length_not_in_database(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        field = schema.field_of(column)
        limit = pydantic_max_length(field) if field else None
        if limit is None or field is None or column.foreign_keys or column.computed is not None:
            continue
        if not (is_varchar(column) or is_text(column) or type(known_type(column)) in CHARS) or not is_annotated_as_text(
            field
        ):
            continue
        length = length_on_postgresql(column)
        if length != limit and not has_bounding_check(column):
            yield Problem(
                part=column,
                message=f"{field.model.__name__}.{field.name} is at most {limit} long for pydantic, "
                f"{column.table.name}.{column.name} {what_happens(limit, length)}",
                remedy=remedy(field, limit),
                fix=fix(field, limit) if length is None else None,
            )


def what_happens(limit: int, length: int | None) -> str:
    if length is None:
        return "has no length in the database: it takes any text"
    if length < limit:
        return f"holds {length}: longer values fail at the insert"
    return f"takes up to {length}"


def remedy(field: ModelField, limit: int) -> str:
    if field.info is not None and has_sa_column(field.info):
        return f"String({limit}) in the sa_column"
    if getattr(known_type(field.column), "length", None) is None and is_varchar(field.column):
        return f"Field(max_length={limit}), which reaches the column"
    return f"Field(max_length={limit}) without sa_type, or sa_type=String({limit})"


def fix(field: ModelField, limit: int) -> Fix | None:
    """Return the limit as the column's length; of two different lengths only the author knows which is right."""
    column = field.column
    assert field.info is not None
    if has_variants(column) or getattr(known_type(column), "collation", None):
        return None
    due = alteration(column, f"sa.String({limit})")
    if not has_sa_column(field.info) and not has_sa_type(field.info):
        return Fix("schema", (SetArgument(column, "max_length", str(limit)),), due)
    if known_type(column) is not column.type:  # SQLModel's AutoString, written out
        return None
    name = type(column.type).__name__
    return Fix("schema", (SetType(column, f"String({limit})", name, ("sqlalchemy.String",)),), due)
