"""An argument of Field that `sa_column` beside it drops without a word.

`sa_column=Column(...)` is the whole column: SQLModel gives it nothing of what else the Field says. A `default` or `default_factory` is then pydantic's alone. An object that is
made has it, but `insert(Task)`, a bulk insert and every INSERT by hand store NULL, in a column whose code counts on the default. `max_digits`
and `decimal_places` do not reach a `Numeric`, which then keeps any number of digits.

Found are defaults of columns that take NULL: a NOT NULL column refuses such an INSERT, which is for `server-default-missing` to say. A length is for
`max-length-not-in-database` to say, None in an annotation for `nullable-mismatch`. It is right anyway where nothing but the application's objects ever writes the rows.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int | None = Field(default=1, sa_column=Column(sa.Integer))
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    position: int | None = Field(default=1, sa_column=Column(sa.Integer, default=1))
    estimate: int | None = Field(default=1, sa_type=sa.SmallInteger)
```
"""

from collections.abc import Iterator

from sqlalchemy import Numeric

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import as_server_default, class_default, server_default_operation
from schemalint.rules.schema._fields import has_sa_column, is_filled_by_the_server, said_by_pydantic
from schemalint.rules.schema._types import alteration
from schemalint.subjects.schema import AnyColumn, ModelField, Schema


@rule(fixes=("schema",))
def sa_column_drops_argument(schema: Schema) -> Iterator[Problem]:
    for field in schema.fields:
        if field.info is None or not has_sa_column(field.info):
            continue
        column = field.column
        written, place = f"{field.model.__name__}.{field.name}", f"{column.table.name}.{column.name}"
        if loses_its_default(field):
            value = default_of(field)
            argument = "default" if field.info.default_factory is None else "default_factory"
            yield Problem(
                part=column,
                at=argument,
                message=f"{written} has a {argument}, which its sa_column does not get: an INSERT that does not come from an object stores NULL in {place}",
                remedy="default= inside sa_column=Column(...) as well, or sa_type= in place of sa_column",
                fix=as_server_default_of(column, value),
            )
        elif digits := digits_lost(field):
            yield Problem(
                part=column,
                at="max_digits",
                message=f"{written} has at most {digits[0]} digits for pydantic, but {place}, of its sa_column, takes any number of them",
                remedy=f"Numeric({digits[0]}, {digits[1]}) in the sa_column",
                fix=as_precision(column, digits),
            )


def default_of(field: ModelField) -> object:
    """Return what an object starts with: the value, or the function that makes it."""
    assert field.info is not None, "a field of SQLModel"
    return field.info.default_factory or class_default(field)


def loses_its_default(field: ModelField) -> bool:
    """Whether objects start with a value, and other rows with NULL."""
    column = field.column
    if not column.nullable or column.primary_key or column.foreign_keys:
        return False
    if column.default is not None or is_filled_by_the_server(column):
        return False
    return default_of(field) is not None


def digits_lost(field: ModelField) -> tuple[int, int] | None:
    """Return the digits that pydantic allows in all and behind the point, where the column's Numeric has no precision."""
    kind = field.column.type
    if type(kind) is not Numeric or kind.precision is not None:
        return None
    most = [one for one in said_by_pydantic(field, "max_digits") if isinstance(one, int)]
    places = [one for one in said_by_pydantic(field, "decimal_places") if isinstance(one, int)]
    return (min(most), min(places)) if most and places else None


def as_server_default_of(column: AnyColumn, value: object) -> Fix | None:
    """Return the default as PostgreSQL's own, where it can say it: the models, and every other INSERT, then agree."""
    default = as_server_default(column, value)
    if default is None:
        return None
    edit = SetArgument(column, "server_default", default.code, imports=default.imports)
    return Fix("schema", (edit,), server_default_operation(column, default.code))


def as_precision(column: AnyColumn, digits: tuple[int, int]) -> Fix:
    kind = f"Numeric({digits[0]}, {digits[1]})"
    edit = SetType(column, kind, "Numeric", ("sqlalchemy.Numeric",))
    return Fix("schema", (edit,), alteration(column, f"sa.{kind}"))
