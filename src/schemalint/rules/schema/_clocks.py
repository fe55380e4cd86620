"""The clocks of the standard library that give no time zone, where a column uses one of them as it is."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from types import BuiltinMethodType
from typing import Any

from schemalint.fix import SetArgument
from schemalint.rules.schema._fields import dataclass_factory, has_sa_column, python_defaults
from schemalint.subjects.schema import AnyColumn, ModelField, Schema

NAIVE = ("now", "today", "utcnow")

AWARE = "lambda: datetime.now(timezone.utc)"
AWARE_IMPORTS = ("datetime.datetime", "datetime.timezone")


def naive_clocks(schema: Schema, column: AnyColumn) -> Iterator[str]:
    """Yield the naive clocks that a column's default, default_factory and onupdate call, as the user writes them, each once.

    Only the methods themselves are known; a lambda or a function of the project is not called, it might do anything.
    """
    yield from dict.fromkeys(f"datetime.{call.__name__}" for call in calls(schema, column) if is_naive_clock(call))


def unknown_clocks(schema: Schema, column: AnyColumn) -> Iterator[str]:
    """Yield the names of the functions in those places that may give a time zone or none, each once; an empty one for a moment that is written out."""
    yield from dict.fromkeys(
        getattr(call, "__name__", "")
        for call in calls(schema, column)
        if (callable(call) or isinstance(call, datetime)) and not is_naive_clock(call)
    )


def calls(schema: Schema, column: AnyColumn) -> tuple[Any, ...]:
    """Return a column's defaults in Python and what `onupdate` calls: functions, and values that are none."""
    return (*python_defaults(schema, column), called_on_update(column))


def aware_clocks(schema: Schema, column: AnyColumn) -> tuple[SetArgument, ...] | None:
    """Return the edits that put an aware clock in the place of a column's naive ones; None where one stands where no keyword is known."""
    edits: list[SetArgument] = []
    if any(map(is_naive_clock, python_defaults(schema, column))):
        written = default_keywords(schema.field_of(column), column)
        if written is None:
            return None
        edits.append(SetArgument(column, written[0], AWARE, written[1], AWARE_IMPORTS))
    if is_naive_clock(called_on_update(column)):
        edits.append(SetArgument(column, "onupdate", AWARE, "onupdate", AWARE_IMPORTS))
    return tuple(edits)


def default_keywords(field: ModelField | None, column: AnyColumn) -> tuple[str, str] | None:
    """Return the keyword for a default function, and the one that it is written with; None where it stands inside another argument."""
    if field is None:
        return "default", "default"
    if field.info is not None:
        # A `default` in the sa_column or the sa_column_kwargs is not the field's own.
        is_only = is_naive_clock(field.info.default_factory) and (
            not has_sa_column(field.info) or column.default is None
        )
        return ("default_factory", "default_factory") if is_only else None
    if dataclass_factory(field) is not None:
        return "default_factory", "default_factory"
    if dataclasses.is_dataclass(field.model):
        return "insert_default", "insert_default"
    return "default", "insert_default"


def called_on_update(column: AnyColumn) -> Any:
    """Return the function that `onupdate` calls, without SQLAlchemy's wrapper; None without one."""
    call = getattr(column.onupdate, "arg", None)
    return getattr(call, "__wrapped__", call)


def is_naive_clock(call: Any) -> bool:
    # A subclass that overrides the method in Python (pendulum, freezegun) has no builtin method, and may well be aware.
    return (
        isinstance(call, BuiltinMethodType)
        and isinstance(call.__self__, type)
        and issubclass(call.__self__, datetime)
        and call.__name__ in NAIVE
    )
