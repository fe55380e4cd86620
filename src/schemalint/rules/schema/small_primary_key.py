"""A numbered primary key that runs out: INTEGER or smaller.

The sequence behind an `INTEGER` key ends at 2,147,483,647 and counts rows that were rolled back, deleted or refused by `ON CONFLICT` as well; behind
a `SMALLINT` at 32,767. Then every insert fails, and the way out, `ALTER COLUMN ... TYPE bigint` for it and for every column that refers to it, rewrites each of
these tables under ACCESS EXCLUSIVE, or takes days of copying beside them. Four bytes a row are cheaper.

Found are keys of one column that PostgreSQL numbers by itself, in tables that get rows from machines rather than people: those whose name
ends in one of the words in `growing` (logs, requests, readings). With `every = true` all tables are asked but lists of names for
others (roles, statuses, countries: a unique text beside the key, no foreign key of its own, four columns at most). There is one finding a
key, which counts what refers to it; a key that is a foreign key is told at its target, and numbers that somebody gives
(`autoincrement=False`) are left alone.

It is right anyway for a table that is emptied long before, or that stays small for ever.

Bad:

```python
class Reading(SQLModel, table=True):
    __tablename__ = "readings"

    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class Reading(SQLModel, table=True):
    __tablename__ = "readings"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
```
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Table

from schemalint.fix import Edit, Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._database_types import LARGEST, DatabaseType, alter_type, database_type, retyped
from schemalint.rules.schema._foreign_keys import referable, referred_columns
from schemalint.rules.schema._words import number_words, singular
from schemalint.subjects.schema import AnyColumn, Schema

BIGINT = DatabaseType("BIGINT", "BIGINT", "integer")
SMALL = ("SMALLINT", "INTEGER")
GROWING = (
    "audit", "change", "click", "delivery", "entry", "execution", "heartbeat", "history", "hit", "impression", "invocation", "log", "measurement",
    "metric", "notification", "observation", "outbox", "pageview", "ping", "reading", "request", "run", "sample", "span", "tick",
    "trace", "trail", "transaction", "visit",
)  # fmt: skip
LIST_COLUMNS = 4
"""Columns that a table which only lists names may have: the key, a name, a description, an order."""


@rule(profile="strict", fixes=("schema",))
def small_primary_key(schema: Schema, *, growing: tuple[str, ...] = GROWING, every: bool = False) -> Iterator[Problem]:
    referring = referring_columns(schema)
    words = frozenset(growing)
    for table in schema.tables:
        columns = list(table.primary_key.columns)
        if len(columns) == 1 and is_numbered(columns[0]) and (kind := database_type(columns[0])).name in SMALL:
            (column,) = columns
            if is_growing(table, words) or (every and not is_list_of_names(table, column, referring)):
                yield Problem(
                    part=column,
                    message=f"{table.fullname} takes no further row after number {LARGEST[kind.name]:,}: {column.name} is {kind.text}",
                    remedy=remedy(column, referring),
                    fix=fix(schema, column, referring),
                )


def is_numbered(column: AnyColumn) -> bool:
    """Whether PostgreSQL gives a key its next number by itself."""
    return not column.foreign_keys and column.table.autoincrement_column is column


def is_growing(table: Table, growing: Collection[str]) -> bool:
    """Whether the last word of a table's name, in the singular and without what says nothing (`logs_2024`), is one of `growing`."""
    return singular(number_words(table.name)[1]) in growing


def is_list_of_names(table: Table, key: AnyColumn, referring: Mapping[AnyColumn, Sequence[AnyColumn]]) -> bool:
    """Whether a table only lists names that others refer to."""
    if key not in referring or table.foreign_keys or len(table.columns) > LIST_COLUMNS:
        return False
    names = {frozenset({column.name}) for column in table.columns if database_type(column).family == "text"}
    return not names.isdisjoint(referable(table))


def referring_columns(schema: Schema) -> Mapping[AnyColumn, Sequence[AnyColumn]]:
    """Return, for each column that foreign keys refer to, the columns that do."""
    found: defaultdict[AnyColumn, list[AnyColumn]] = defaultdict(list)
    for key in schema.foreign_keys:
        for element, target in zip(key.elements, referred_columns(key) or (), strict=False):
            found[target].append(element.parent)
    return found


def all_referring(column: AnyColumn, referring: Mapping[AnyColumn, Sequence[AnyColumn]]) -> list[AnyColumn]:
    """Return the columns that refer to a key, also by way of keys that are foreign keys themselves; each once."""
    found: dict[AnyColumn, None] = {}
    waiting = [column]
    while waiting:
        for one in referring.get(waiting.pop(), ()):
            if one not in found and one is not column:
                found[one] = None
                waiting.append(one)
    return list(found)


def remedy(column: AnyColumn, referring: Mapping[AnyColumn, Sequence[AnyColumn]]) -> str:
    others = [f"{one.table.fullname}.{one.name}" for one in all_referring(column, referring)]
    if len(others) > NAMED:
        return f"BigInteger for it and for the {len(others)} columns that refer to it"
    return "BigInteger" + (f" for it and for {', '.join(others)}" if others else "")


NAMED = 3
"""As many referring columns as a remedy names; of more it says the number."""


def fix(schema: Schema, column: AnyColumn, referring: Mapping[AnyColumn, Sequence[AnyColumn]]) -> Fix | None:
    """Widen the key and all that refers to it; None where one of the columns is declared with a type that one does not simply replace."""
    small = [column, *(one for one in all_referring(column, referring) if database_type(one).name in SMALL)]
    # A column without a type of its own has the very type of its target, and follows.
    written = [one for one in small if one is column or one.type is not column.type]
    edits: list[Edit] = [edit for one in written if (edit := retyped(schema, one, BIGINT)) is not None]
    if len(edits) < len(written):
        return None
    return Fix("schema", tuple(edits), due="\n".join(alter_type(one, BIGINT) for one in small))
