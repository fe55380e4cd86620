"""A column whose type differs from that of the columns of the same name in most other tables.

One name stands for one thing: who joins, unions or copies by it meets a cast. `integer = text` is an error, `bigint = numeric` and a comparison across text and uuid leave the index of one side
unused, INTEGER fails on what BIGINT holds, and a TIMESTAMP without time zone beside one with it is off by the session's zone
(https://www.postgresql.org/docs/current/typeconv.html).

More than half of the columns of a name, and at least two, speak for its type; where there is no such majority nobody can say who is wrong. Lengths and precisions are left out, and VARCHAR, CHAR and TEXT are one
type. Names that mean something else in each table (`id`, `value`, `data`, `type`, `status`, `code` and others; `ignore` adds yours), keys that refer to no one table, such as `object_id`, and all columns of foreign keys are silent: those
are judged by the column they refer to. Right anyway: one word for two things; better give them two names.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: str = Field(max_length=20)

class Copy(SQLModel, table=True):
    __tablename__ = "copies"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: str = Field(max_length=20)

class Repair(SQLModel, table=True):
    __tablename__ = "repairs"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: int
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: str = Field(max_length=20)

class Copy(SQLModel, table=True):
    __tablename__ = "copies"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: str = Field(max_length=20)

class Repair(SQLModel, table=True):
    __tablename__ = "repairs"
    id: int | None = Field(default=None, primary_key=True)
    shelf_mark: str = Field(max_length=20)
```
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from sqlalchemy import ARRAY, Enum

from schemalint.rule import Problem, rule
from schemalint.rules.schema._types import type_on_postgresql
from schemalint.rules.schema._words import words_of
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="strict")
def inconsistent_column_type(schema: Schema, *, ignore: tuple[str, ...] = ()) -> Iterator[Problem]:
    silent = GENERIC | set(ignore)
    by_name: dict[str, list[AnyColumn]] = defaultdict(list)
    referred = referred_columns(schema)
    for column in schema.columns:
        if (
            column.name not in silent
            and not column.foreign_keys
            and (column.table.fullname, column.name) not in referred
        ):
            by_name[column.name].append(column)
    for name, columns in by_name.items():
        if len(columns) < 3:
            continue
        kinds: dict[str, list[AnyColumn]] = defaultdict(list)
        for column in columns:
            kinds[family(column)].append(column)
        usual, majority = max(kinds.items(), key=lambda item: len(item[1]))
        if "" in kinds or len(kinds) == 1 or len(majority) < 2 or 2 * len(majority) <= len(columns):
            continue
        example = min(one.table.name for one in majority)
        for kind, others in kinds.items():
            for column in others if kind != usual else ():
                yield Problem(
                    part=column,
                    message=f"{column.table.name}.{name} is {kind}, {name} of {example}{and_others(len(majority) - 1)} is {usual}",
                    remedy=f"{usual} here, too, or another name",
                )


def referred_columns(schema: Schema) -> set[tuple[str, str]]:
    """Return the tables and columns that foreign keys refer to, as their texts name them: the target may not exist."""
    texts = (element.target_fullname for table in schema.tables for element in table.foreign_keys)
    return {(table, column) for table, _, column in (text.rpartition(".") for text in texts)}


def family(column: AnyColumn) -> str:
    """Return a column's type without what does not keep two columns from being compared; empty where it is unknown."""
    kind = column.type
    if isinstance(kind.item_type if isinstance(kind, ARRAY) else kind, Enum):
        # Whether a closed set is an enum of PostgreSQL, of which every table may have its own, or a VARCHAR is a matter of storage.
        return ""
    return without_details(type_on_postgresql(column))


@cache
def without_details(written: str) -> str:
    plain = re.sub(r"\([^)]*\)|\s+COLLATE\s+\"[^\"]*\"", "", written)
    base = plain.rstrip("[]")
    return f"{ONE_FAMILY.get(base, base)}{'[]' if base != plain else ''}"


ONE_FAMILY = {
    "CHAR": "VARCHAR or TEXT",
    "DECIMAL": "NUMERIC",
    "DOUBLE PRECISION": "FLOAT",
    "NCHAR": "VARCHAR or TEXT",
    "NVARCHAR": "VARCHAR or TEXT",
    "TEXT": "VARCHAR or TEXT",
    "VARCHAR": "VARCHAR or TEXT",
}


def and_others(count: int) -> str:
    return f" and {count} other tables" if count > 1 else " and 1 other table"


GENERIC = words_of("""
    account action active actor address alias amount answer args attributes balance begin body category change changes code color comment
    comments conditions config configuration content contents context count country created created_by creator credentials current_value data date
    day default default_value definition deleted deleted_by description details dimension dimensions direction document duration email
    enabled end end_date ended entity_id entry error errors event expires expression external_id extra factor fields file filter filters flag flags
    format frequency from group hash height id identifier image index info input instance interval item item_id items key kind label labels language last_value
    latitude length level limit line link location log longitude max max_value maximum media message meta metadata method min min_value minimum mode
    model modified modified_by month name new_value no note notes num number object object_id object_type offset old_value operation option options
    order output owner owner_id parameters params parent parent_id path payload percent percentage period phone pk points port position
    price primary priority process progress properties public quality quantity query question rank rate rating ratio raw reason record record_id
    ref reference region request resource resource_id response result results revision role rule rules run schedule scope score section seq
    sequence serial settings severity shape size slug sort source source_id spec start start_date started state stats status step subject subject_id sum summary
    tag tags target target_id task template term text threshold time timeout timestamp title to token topic total type uid unit units updated
    updated_by url usage user uuid val valid value values variables variant version visibility weight width x y year z
""")
"""Names that mean something else in every table."""
