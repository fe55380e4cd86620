"""A primary key that is of another kind than the project's keys.

With keys of several kinds every reference, every URL and every tool has to ask which table it is about. Both usual choices are sound: a UUID can be made
anywhere and tells nothing, and scatters inserts over the index unless it is ordered by time (uuid7); a BIGINT is half as large and inserts at the
end of the index, and needs the database to make it. One of them, everywhere, is worth more than either.

`style` says which: `uuid`, `bigint` (numbered by a sequence or an identity), `identity` (an integer that is GENERATED AS IDENTITY, not serial), or
`uniform`, the default: whatever more than half of the project's keys are, UUID, integer or text. `string-keys = true` accepts texts beside it
(codes of countries and currencies).

Asked of keys of one column; those of several columns, keys that are foreign keys (a subclass's, details of another row) and link tables are free.

It is right anyway for a table whose keys another system gives.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)

class Shelf(SQLModel, table=True):
    __tablename__ = "shelves"

    id: UUID = Field(
        default_factory=uuid4, primary_key=True, sa_column_kwargs={"server_default": func.gen_random_uuid()}
    )
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)

class Shelf(SQLModel, table=True):
    __tablename__ = "shelves"

    id: int | None = Field(default=None, primary_key=True)
```
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from schemalint.rule import Problem, rule
from schemalint.rules.schema._database_types import DatabaseType, database_type
from schemalint.subjects.schema import AnyColumn, Schema, is_link_table


@rule(profile="opt-in")
def primary_key_type(
    schema: Schema,
    *,
    style: Literal["uniform", "uuid", "bigint", "identity"] = "uniform",
    string_keys: bool = False,
) -> Iterator[Problem]:
    keys = [one for one in own_keys(schema) if not (string_keys and one.kind.family == "text")]
    wanted = most_common_family(keys) if style == "uniform" else style
    for key in keys:
        if wanted and not is_of_style(key, wanted):
            yield Problem(
                part=key.column,
                message=f"{key.column.table.fullname}.{key.column.name} is {described(key)}, where this project's keys are {DESCRIBED[wanted]}",
                remedy=REMEDIES[wanted],
            )


class Key(NamedTuple):
    """A primary key of one column, and what PostgreSQL makes of its type."""

    column: AnyColumn
    kind: DatabaseType


DESCRIBED = {
    "uuid": "UUID",
    "bigint": "BIGINT",
    "identity": "integers GENERATED AS IDENTITY",
    "integer": "integers",
    "text": "texts",
}
REMEDIES = {
    "uuid": "a UUID with a default",
    "bigint": "BigInteger",
    "identity": "an integer with Identity()",
    "integer": "an integer",
    "text": "a text",
}


def own_keys(schema: Schema) -> Iterator[Key]:
    """Yield the primary keys of one column that are nobody else's and whose type is known here."""
    for table in schema.tables:
        columns = list(table.primary_key.columns)
        if len(columns) == 1 and not columns[0].foreign_keys and not is_link_table(table):
            kind = database_type(columns[0])
            if kind.family:
                yield Key(columns[0], kind)


def most_common_family(keys: Iterable[Key]) -> str:
    """Return the family that more than half of the keys have; empty where none has."""
    counted = Counter(key.kind.family for key in keys)
    ((family, number),) = counted.most_common(1) or [("", 0)]
    return family if family in DESCRIBED and number * 2 > counted.total() else ""


def is_of_style(key: Key, wanted: str) -> bool:
    match wanted:
        case "bigint":
            return key.kind.name == "BIGINT"
        case "identity":
            return key.column.identity is not None
        case _:
            return key.kind.family == wanted


def described(key: Key) -> str:
    return f"{key.kind.text} GENERATED AS IDENTITY" if key.column.identity is not None else key.kind.text
