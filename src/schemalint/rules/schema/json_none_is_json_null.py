"""A nullable JSON column of a SQLModel class, in which None becomes the JSON value null.

SQLAlchemy sends None as the JSON value `null`, not as SQL's NULL, unless the type says `none_as_null=True`; and a SQLModel object without a value brings its None
along, whatever server default there is. `payload IS NULL` is then false for the very rows that it is meant to find, a partial index `WHERE payload IS NOT NULL` holds
them, and a plain `insert()` or SQL by hand that leaves the column out stores NULL: two kinds of nothing in one column. Run with SQLModel 0.0.24 and 0.0.50.

A plain declarative class leaves a column out that nobody set, and only a None that is assigned becomes `null`: `declarative = true` reports these columns, too. Where a variant serves
PostgreSQL, the variant's `none_as_null` counts. Types of the project are silent. Right anyway: JSON null as a value of its own, apart from an absent one.

Bad:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    __table_args__ = (Index("ix_events_payload", "payload", postgresql_using="gin"),)
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any] | None = Field(default=None, sa_type=pg.JSONB)
```

Good:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    __table_args__ = (Index("ix_events_payload", "payload", postgresql_using="gin"),)
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any] | None = Field(default=None, sa_type=pg.JSONB(none_as_null=True))
```
"""

from collections.abc import Iterator
from types import NoneType
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from schemalint.fix import Fix, SetType
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import types_of
from schemalint.rules.schema._types import is_plain_json, postgresql
from schemalint.subjects.schema import AnyColumn, ModelField, Schema


@rule(fixes=("behaviour",))
def json_none_is_json_null(schema: Schema, *, declarative: bool = False) -> Iterator[Problem]:
    for column in schema.columns:
        if not column.nullable or not is_json_of_sqlalchemy(column.type) or column.computed is not None:
            continue
        field = schema.field_of(column)
        if field is None or not takes_none(field) or not (declarative or field.info is not None):
            continue
        kind = column.type.dialect_impl(postgresql())
        if isinstance(kind, JSON) and not kind.none_as_null:
            when = "None" if field.info is not None else "a None that is assigned"
            yield Problem(
                part=column,
                message=f"{when} in {field.model.__name__}.{field.name} is stored as the JSON value null: "
                f"{column.table.name}.{column.name} IS NULL is false for it",
                remedy=f"{name_of(kind)}(none_as_null=True)",
                fix=fix(column, kind),
            )


def takes_none(field: ModelField) -> bool:
    """Whether None is a value of a field: it says so, or starts with it."""
    if field.info is not None and field.info.default is None and field.info.default_factory is None:
        return True
    return NoneType in types_of(field)


def is_json_of_sqlalchemy(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, JSON) and type(kind).__module__.startswith("sqlalchemy.")


def name_of(kind: JSON) -> str:
    return "JSONB" if isinstance(kind, JSONB) else "JSON"


def fix(column: AnyColumn, written: JSON) -> Fix | None:
    """Return the type, or its variant for PostgreSQL, with `none_as_null`."""
    name = name_of(written)
    if not is_plain_json(column.type) or not is_plain_json(written):
        return None
    module = "sqlalchemy" if type(column.type) is JSON and name == "JSON" else "sqlalchemy.dialects.postgresql"
    return Fix("behaviour", (SetType(column, f"{name}(none_as_null=True)", name, (f"{module}.{name}",)),))
