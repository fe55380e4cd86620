"""A column that the project always asks for, and that no index begins with.

A query by such a column reads the whole table: `Seq Scan` with `Rows Removed by Filter` in its plan, once for each request
(https://www.postgresql.org/docs/current/indexes-intro.html). Which columns these are is not written in any model, so `columns` says it: the name of a column in all tables (`tenant_id`), or
of one in one table (`tasks.status`), with `*` and `?` for anything. Primary keys, unique constraints and indexes of every kind count when they begin with the column, partial ones as well.

Foreign keys are left to `foreign-key-without-index`. It is right anyway in a table that stays tiny: name the tables one by one, or allow it.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=100)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=100, index=True)
```
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._operations import create_index, index_name
from schemalint.rules.schema._searchable import is_scalar
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="opt-in", fixes=("schema",))
def required_index(schema: Schema, *, columns: tuple[str, ...] = ("slug", "tenant_id", "user_id")) -> Iterator[Problem]:
    exact = {pattern for pattern in columns if MORE.isdisjoint(pattern)}
    patterns = [pattern for pattern in columns if pattern not in exact]
    referring = {key.columns[0] for key in schema.foreign_keys if len(key.columns) == 1}
    for table in schema.tables:
        # Its first word, which is the column also where SQL says a direction or an operator class behind it.
        leading = {one.elements[0].partition(" ")[0] for one in definitions(table)}
        for column in table.columns:
            wanted = column.name in exact or any(names(pattern, column) for pattern in patterns)
            if wanted and column.name not in leading and column not in referring:
                yield Problem(
                    part=column,
                    message=f"a query by {table.fullname}.{column.name} reads the whole table: no index begins with it",
                    remedy="index=True, or an index that begins with it",
                    fix=fix(column),
                )


MORE = frozenset(".*?[")
"""What makes more of a pattern than the name of a column."""


def names(pattern: str, column: AnyColumn) -> bool:
    """Whether a pattern means a column: by its own name, or behind that of its table, with or without the schema."""
    if "." not in pattern:
        return fnmatchcase(column.name, pattern)
    table = column.table
    return any(fnmatchcase(f"{name}.{column.name}", pattern) for name in (table.name, table.fullname))


def fix(column: AnyColumn) -> Fix | None:
    """Return `index=True`, which is right where a btree index is."""
    if not is_scalar(column):
        return None
    table = column.table
    due = create_index(table, index_name(table, [column.name]), [column.name])
    return Fix("schema", (SetArgument(column, "index", "True"),), due=due)
