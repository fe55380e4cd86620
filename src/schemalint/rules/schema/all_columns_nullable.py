"""A table whose rows may be empty: every column but the keys takes NULL.

Nothing tells a row that was filled in from one that an error left behind, and every reader must expect NULL everywhere. In classes without
annotations it is usually a `nullable=False` that nobody wrote, since a plain `Column(...)` takes NULL. `SET NOT NULL` later scans the whole table
under an ACCESS EXCLUSIVE lock, and only after somebody has decided what the missing values are.

Keys and foreign keys are not counted, nor are generated columns and those of subclasses in the same table; fewer than `columns` others say nothing.
Left alone are link tables, tables whose key or unique column is a foreign key (details of another row, of which none may be known), tables
with a CHECK about NULL, and tables whose primary key is something that a person reads (a name, a code and a version): no row of them is
empty. It is right anyway for a table into which foreign data is loaded as it comes.

Bad:

```python
class Contact(SQLModel, table=True):
    __tablename__ = "contacts"
    id: int | None = Field(default=None, primary_key=True)
    name: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=20)
```

Good:

```python
class Contact(SQLModel, table=True):
    __tablename__ = "contacts"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=20)
```
"""

from collections.abc import Iterator

from sqlalchemy import Table, Uuid, inspect

from schemalint.rule import Problem, rule
from schemalint.rules.schema._tables import checks, is_part_of_another, link_tables
from schemalint.subjects.schema import AnyColumn, Schema, shares_its_table


@rule
def all_columns_nullable(schema: Schema, *, columns: int = 3) -> Iterator[Problem]:
    counted = {table: [column for column in table.columns if is_counted(schema, column)] for table in schema.tables}
    empty = [table for table, own in counted.items() if len(own) >= columns and all(column.nullable for column in own)]
    links = link_tables(schema, empty)
    for table in empty:
        if (
            table not in links
            and not is_part_of_another(table)
            and not has_check_about_null(table)
            and not any(map(says_something, table.primary_key.columns))
        ):
            yield Problem(
                part=table,
                message=f"a row of {table.fullname} may hold nothing but its {keys(table)}: all other {len(counted[table])} columns take NULL",
                remedy="nullable=False (in an annotated class: no None) for what every row has",
            )


def is_counted(schema: Schema, column: AnyColumn) -> bool:
    if column.primary_key or column.foreign_keys or column.computed is not None:
        return False
    field = schema.field_of(column)
    return field is None or not shares_its_table(inspect(field.model))


IDENTIFIERS = ("id", "uuid", "guid", "uid", "ulid", "pk", "hash")


def says_something(column: AnyColumn) -> bool:
    """Whether a column of a primary key holds more than what tells rows apart: nothing generates it, and it is not called an id."""
    generated = (column.default, column.server_default, column.identity)
    return (
        not column.foreign_keys
        and all(one is None for one in generated)
        and column is not column.table.autoincrement_column
        and not isinstance(column.type, Uuid)
        and column.name.lower().rpartition("_")[2] not in IDENTIFIERS
    )


def keys(table: Table) -> str:
    """Return `keys` where a foreign key takes no NULL, else `key`."""
    required = any(column.foreign_keys and not (column.nullable or column.primary_key) for column in table.columns)
    return "keys" if required else "key"


def has_check_about_null(table: Table) -> bool:
    """Whether a CHECK says which columns go together, or that one of them is there."""
    return any("null" in condition for condition in checks(table))
