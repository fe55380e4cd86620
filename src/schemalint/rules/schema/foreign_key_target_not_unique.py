"""A foreign key to columns that no primary key or unique constraint covers.

PostgreSQL refuses it when the table is created (*there is no unique constraint matching given keys for referenced table*), and SQLAlchemy says
nothing before. The columns must be those of one primary key, unique constraint or unique index, all of them and no more, in any order;
an index with a predicate or an expression does not count, a deferrable constraint neither. Two columns that refer to the two columns of
one composite key need one `ForeignKeyConstraint`, not two foreign keys.

Silent about tables that are not judged, such as those of `external-tables`: what their other columns and keys are is not known here.

It is right anyway only where something beside the models makes the unique index before the foreign key.

Bad:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    badge: str = Field(max_length=20)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    badge: str = Field(max_length=20, foreign_key="users.badge", ondelete="CASCADE", index=True)
```

Good:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    badge: str = Field(max_length=20, unique=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    badge: str = Field(max_length=20, foreign_key="users.badge", ondelete="CASCADE", index=True)
```
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ForeignKeyConstraint, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import is_refused, listed, name_of, referred_columns, unique_constraints
from schemalint.subjects.schema import AnyColumn, Schema


@rule
def foreign_key_target_not_unique(schema: Schema) -> Iterator[Problem]:
    judged = frozenset(schema.tables)
    for key in schema.foreign_keys:
        columns = referred_columns(key)
        if columns and (table := columns[0].table) in judged and is_refused(key):
            names = [column.name for column in columns]
            yield Problem(
                part=key,
                message=f"{key.table.fullname} cannot be created: {name_of(key)} refers to {table.fullname}.{listed(names)}, "
                f"{reason(table, names)}",
                remedy=remedy(key, table, columns),
            )


def reason(table: Table, names: Sequence[str]) -> str:
    wanted = frozenset(names)
    primary = [column.name for column in table.primary_key.columns]
    if any({column.name for column in one.columns} == wanted for one in unique_constraints(table)):
        return "whose unique constraint is deferrable"
    if wanted < frozenset(primary):
        return f"which is only a part of the primary key {listed(primary)}"
    return "over which there is no primary key or unique constraint"


def remedy(key: ForeignKeyConstraint, table: Table, columns: Sequence[AnyColumn]) -> str:
    primary = list(table.primary_key.columns)
    if len(columns) < len(primary) and set(columns) < set(primary):
        local = referring(key.table, primary)
        if all(local):
            targets = [f"{table.fullname}.{column.key}" for column in primary]
            return f"one ForeignKeyConstraint([{quoted(local)}], [{quoted(targets)}])"
        return f"a ForeignKeyConstraint to all of {listed([column.name for column in primary])}, or a key of {table.fullname} that is one column"
    if len(columns) == 1:
        return f"unique=True on {table.fullname}.{columns[0].name}, or a foreign key to the primary key"
    return f"UniqueConstraint({quoted(column.key for column in columns)}) on {table.fullname}"


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def referring(table: Table, wanted: Sequence[AnyColumn]) -> list[str]:
    """Return the columns of `table` that refer to each of `wanted`; an empty name where none does."""
    found: dict[AnyColumn, str] = {}
    for key in table.foreign_key_constraints:
        for element, column in zip(key.elements, referred_columns(key) or (), strict=False):
            found[column] = element.parent.key
    return [found.get(column, "") for column in wanted]
