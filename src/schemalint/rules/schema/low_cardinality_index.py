"""An index on a boolean, or on an enum of a few values, and on nothing else.

Half of all rows, or a tenth of them, are everywhere in the table: PostgreSQL reads it whole and leaves such an index alone, while every INSERT and UPDATE
maintains it, and an update of the flag can no longer be a HOT update (https://www.postgresql.org/docs/current/storage-hot.html). Where one value is rare
and always the one that is asked for, a partial index over those rows holds nothing else: `postgresql_where=text("NOT is_sent")`. Where
another column is asked for as well, an index over both is better.

Unique, partial and composite indexes and those with INCLUDE are fine, and so is a foreign key. `limit` is the number of values up to which an enum is small. It is right anyway
when one value is rare and several queries ask for it and for others.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"

    id: int | None = Field(default=None, primary_key=True)
    completed: bool = Field(default=False, index=True, sa_column_kwargs={"server_default": sa.false()})
```

Good:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_open", "id", postgresql_where=text("NOT completed")),)

    id: int | None = Field(default=None, primary_key=True)
    completed: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
```
"""

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Enum, Index

from schemalint.fix import DropArgument, Fix, Remove
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._operations import drop_index
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="strict", fixes=("schema",))
def low_cardinality_index(schema: Schema, *, limit: int = 10) -> Iterator[Problem]:
    for table in schema.tables:
        for one in definitions(table):
            column = only_column(one)
            if column is None or column.foreign_keys or not (values := how_many_values(column)) or values > limit:
                continue
            assert isinstance(one.part, Index)
            yield Problem(
                part=one.part,
                message=f"{one.part.name} tells {values} values apart: unless the one asked for is rare, queries on {table.fullname}.{column.name} "
                "read the whole table, and every write maintains it",
                remedy="an index over the rows that are asked for (postgresql_where=...), one that begins with a column that tells more, or none",
                at="index" if one.is_of_its_column else "",
                fix=fix(schema, one, one.part, column),
            )


def only_column(one: Definition) -> AnyColumn | None:
    """Return the column that is all of a plain index."""
    if (
        not isinstance(one.part, Index)
        or one.unique
        or one.where
        or one.include
        or len(one.part.expressions) != 1
        or one.method not in ("btree", "hash")
    ):
        return None
    (expression,) = one.part.expressions
    return expression if isinstance(expression, Column) else None


def how_many_values(column: AnyColumn) -> int:
    """Return how many values a boolean or an enum has; 0 for any other type."""
    kind = column.type
    if type(kind) is Boolean:
        return 2
    return len(kind.enums) if isinstance(kind, Enum) else 0


def fix(schema: Schema, one: Definition, index: Index, column: AnyColumn) -> Fix | None:
    """Return the index's removal; what a mixin declares may serve another of its tables."""
    if schema.place(index).declaration:
        return None
    return Fix(
        "schema", (DropArgument(column, "index") if one.is_of_its_column else Remove(index),), due=drop_index(index)
    )
