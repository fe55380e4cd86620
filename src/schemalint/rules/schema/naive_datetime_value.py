"""A default that gives a time without a time zone to a column that has one.

`datetime.utcnow`, `datetime.now` and `datetime.today` return naive values. SQLModel's own type for `datetime`, since 0.0.45, refuses them: every insert
that needs the default fails with *Datetime values must have timezone information*. Any other TIMESTAMP WITH TIME ZONE takes the value for a time in the
session's `TimeZone` (https://www.postgresql.org/docs/current/datatype-datetime.html): on a server that is not set to UTC, the moment stored is hours off, and nothing tells.

Seen are these methods as `default`, `default_factory` and `onupdate`; lambdas and functions are not called. A naive column is reported as such by
`naive-datetime-column`, not here. Right anyway: never; the value means another moment than it says.

Bad:

```python
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime(timezone=True))
```

Good:

```python
def utc_now() -> datetime:
    return datetime.now(timezone.utc)

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(
        default_factory=utc_now,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
```
"""

import ast
from collections.abc import Iterator

from sqlalchemy import DateTime

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._clocks import AWARE, AWARE_IMPORTS, NAIVE, aware_clocks, naive_clocks
from schemalint.rules.schema._types import is_utc_datetime
from schemalint.rules.schema._unimported import bare_name, column_argument, columns, only_type
from schemalint.rules.source.unsupported_field_type import has_naive_datetimes
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Attribute, Source, keywords_of, literal


@rule(fixes=("safe", "behaviour"))
def naive_datetime_value(schema: Schema) -> Iterator[Problem]:
    for column in schema.columns:
        if not is_utc_datetime(column) and not (isinstance(column.type, DateTime) and column.type.timezone):
            continue
        clocks = list(naive_clocks(schema, column))
        if clocks:
            edits = aware_clocks(schema, column)
            yield Problem(
                part=column,
                at=edits[0].name if edits and not edits[1:] else "",
                message=message(clocks, f"{column.table.name}.{column.name}", is_refused=is_utc_datetime(column)),
                remedy="a function that returns datetime.now(timezone.utc)",
                # Safe where a naive value is refused today, so that nothing can have depended on it.
                fix=Fix("safe" if is_utc_datetime(column) else "behaviour", edits) if edits else None,
            )


@naive_datetime_value.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for class_, one in columns(source):
        kind, call = only_type(source, one)
        is_refused = kind == UTC or (class_.is_sqlmodel and kind == "datetime.datetime" and has_naive_datetimes())
        is_aware = kind.rpartition(".")[2] in ("DateTime", "TIMESTAMP") and kind.startswith(
            ("sqlalchemy.", "sqlmodel.")
        )
        if not is_refused and not (is_aware and literal(keywords_of(call).get("timezone")) is True):
            continue
        used = {name: clock for name, value in functions_given(one) if (clock := naive_clock(source, one, value))}
        edits = tuple(SetArgument(one, name, AWARE, name, AWARE_IMPORTS) for name in used)
        if used:
            yield Problem(
                part=one,
                at=next(iter(used)) if len(used) == 1 else "",
                message=message(list(dict.fromkeys(used.values())), bare_name(one), is_refused=is_refused),
                remedy="a function that returns datetime.now(timezone.utc)",
                fix=Fix("safe" if is_refused else "behaviour", edits)
                if one.called == "Field" and "default" not in used
                else None,
            )


UTC = "sqlmodel.sql.sqltypes.UTCDateTime"


def functions_given(one: Attribute) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keywords that a column takes a function under, with what is written there."""
    if (factory := one.keyword("default_factory")) is not None:
        yield "default_factory", factory
    for name in ("default", "insert_default", "onupdate"):
        value = column_argument(one, name)
        if value is not None:
            yield name, value


def naive_clock(source: Source, one: Attribute, value: ast.expr) -> str:
    """Return the method of the standard library's datetime that a function is, as the user writes it; empty for another."""
    before, _, name = source.meaning(one.owner.module, value).rpartition(".")
    return f"datetime.{name}" if before == "datetime.datetime" and name in NAIVE else ""


def message(clocks: list[str], name: str, *, is_refused: bool) -> str:
    gives = f"{' and '.join(clocks)} {'give' if clocks[1:] else 'gives'} no time zone"
    if is_refused:
        return f"{gives}: SQLModel refuses such a value for {name} since 0.0.45, so every statement that needs it fails"
    return f"{gives}: {name} takes such a value for a time in the session's time zone"
