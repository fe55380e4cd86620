"""A boolean that is NULL as well as true and false, although its default says that two states were meant.

`WHERE NOT is_active` and `WHERE is_active` together miss the rows that are NULL; `is_active = false` in a partial index, a CHECK or a
policy passes them over without a word. Every reader must decide for itself what NULL means. Found is a nullable boolean with a default,
in Python or in PostgreSQL: an insert that leaves it out gets an answer, one that sends None does not.

A boolean without a default is left alone, since NULL may be its third answer on purpose (not asked yet), and so are columns of subclasses
that share their parent's table. It is right anyway when NULL is an answer that is only ever set later; allow it with the meaning of NULL.

Bad:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    is_active: bool | None = Field(default=True, sa_column_kwargs={"server_default": sa.true()})
```

Good:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": sa.true()})
    has_agreed: bool | None = Field(default=None)
```
"""

from collections.abc import Iterator
from types import NoneType

from sqlalchemy import Boolean, inspect

from schemalint.fix import Edit, Fix, SetAnnotation, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import has_sa_column, python_defaults, types_of
from schemalint.subjects.schema import AnyColumn, ModelField, Schema, shares_its_table


@rule(fixes=("schema",))
def nullable_boolean(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if not isinstance(column.type, Boolean) or not column.nullable or column.computed is not None:
            continue
        field = schema.field_of(column)
        if has_default(schema, column) and not is_said_elsewhere(column, field):
            yield Problem(
                part=column,
                message=f"{column.table.fullname}.{column.name} has a default and takes NULL as well: a third state, "
                f"which neither WHERE {column.name} nor WHERE NOT {column.name} finds",
                remedy=remedy(column, field),
                fix=Fix("schema", edits(column, field), due(column)),
            )


def has_default(schema: Schema, column: AnyColumn) -> bool:
    return column.server_default is not None or any(True for _ in python_defaults(schema, column))


def is_said_elsewhere(column: AnyColumn, field: ModelField | None) -> bool:
    """Whether `nullable-mismatch` says it, or the column must take NULL for the rows of other classes in its table."""
    if field is None:
        return False
    return shares_its_table(inspect(field.model)) or (column.server_default is None and set(types_of(field)) == {bool})


def remedy(column: AnyColumn, field: ModelField | None) -> str:
    if field is None or NoneType not in types_of(field):
        return "nullable=False"
    return "bool, without None, and nullable=False" if is_said_in_the_column(column, field) else "bool, without None"


def is_said_in_the_column(column: AnyColumn, field: ModelField) -> bool:
    """Whether the annotation does not decide: an `sa_column` decides alone, and what is written wins."""
    if field.info is not None:
        return has_sa_column(field.info) or getattr(field.info, "nullable", None) is True
    # Private, but nothing else tells `nullable=True` from what the annotation says.
    return getattr(column, "_user_defined_nullable", None) is True


def edits(column: AnyColumn, field: ModelField | None) -> tuple[Edit, ...]:
    not_null = SetArgument(column, "nullable", "False")
    if field is None or NoneType not in types_of(field):
        return (not_null,)
    annotation = SetAnnotation(column, "bool")
    return (annotation, not_null) if is_said_in_the_column(column, field) else (annotation,)


def due(column: AnyColumn) -> str:
    return f"a value for the rows of {column.table.fullname} where {column.name} is NULL, then SET NOT NULL"
