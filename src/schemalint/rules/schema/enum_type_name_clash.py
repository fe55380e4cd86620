"""Two enums with different labels that ask PostgreSQL for one type.

The name of the type is the lower-case name of the Python class unless `name=` says another. Before it creates a type, SQLAlchemy asks whether one of the name is there: of two the second is
silently not created, its column gets the first one's labels, and every insert of a value that only the second one knows fails with *invalid input value for enum*. Run on PostgreSQL
with `create_all`; a migration with both fails or does the same.

One class, or one set of labels, used any number of times is fine, and so are types in different schemas and enums that are no type of PostgreSQL (`native_enum=False`) or
are created elsewhere (`create_type=False`). It is never right.

Bad:

```python
class OrderStatus(StrEnum):
    new = "new"
    paid = "paid"

class TaskStatus(StrEnum):
    open = "open"
    done = "done"

class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    status: OrderStatus = Field(sa_type=sa.Enum(OrderStatus, name="status"))

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: TaskStatus = Field(sa_type=sa.Enum(TaskStatus, name="status"))
```

Good:

```python
class OrderStatus(StrEnum):
    new = "new"
    paid = "paid"

class TaskStatus(StrEnum):
    open = "open"
    done = "done"

class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    status: OrderStatus = Field(sa_type=sa.Enum(OrderStatus, name="order_status"))

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: TaskStatus = Field(sa_type=sa.Enum(TaskStatus, name="task_status"))
```
"""

from collections.abc import Iterator

from schemalint.fix import Fix, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._enums import created_types, enum_code
from schemalint.subjects.schema import AnyColumn, Schema


@rule(fixes=("schema",))
def enum_type_name_clash(schema: Schema) -> Iterator[Problem]:
    types = created_types(schema)
    for name, sets in types.items():
        (created, (first, *_)), *others = sets.items()
        for labels, columns in others:
            for column in columns:
                own_name = f"{column.table.name}_{column.name}"
                yield Problem(
                    part=column,
                    message=f"{column.table.name}.{column.name} asks for a type {name} with other labels than {first.table.name}.{first.name}: "
                    f"only one is created, and {listed(labels ^ created)} is refused where the other one was meant",
                    remedy=f'another name for the type: Enum(..., name="{own_name}")',
                    fix=fix(schema, column, own_name) if columns == [column] and own_name not in types else None,
                )


def listed(labels: frozenset[str]) -> str:
    first, *others = sorted(labels)
    return f'"{first}"' if not others else f'"{first}" or "{others[0]}"' if not others[1:] else f'"{first}" and so on'


def fix(schema: Schema, column: AnyColumn, name: str) -> Fix | None:
    """Return a name of its own for an enum that only one column has; a name for several is their author's to find."""
    code = enum_code(schema, column, name=name)
    if code is None:
        return None
    due = f"the type {name} is created, and {column.table.fullname}.{column.name} is altered to it, USING {column.name}::text::{name}"
    return Fix("schema", (SetType(column, code[0], "Enum", tuple(code[1])),), due)
