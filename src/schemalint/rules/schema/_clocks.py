"""The clocks of the standard library that give no time zone, where a column uses one of them as it is."""

from collections.abc import Iterator
from datetime import datetime
from types import BuiltinMethodType
from typing import Any

from schemalint.rules.schema._fields import python_defaults
from schemalint.subjects.schema import AnyColumn, Schema

NAIVE = ("now", "today", "utcnow")


def naive_clocks(schema: Schema, column: AnyColumn) -> Iterator[str]:
    """Yield the naive clocks that a column's default, default_factory and onupdate call, as the user writes them, each once.

    Only the methods themselves are known; a lambda or a function of the project is not called, it might do anything.
    """
    calls = list(python_defaults(schema, column))
    if column.onupdate is not None:
        call = getattr(column.onupdate, "arg", None)
        calls.append(getattr(call, "__wrapped__", call))
    yield from dict.fromkeys(f"datetime.{call.__name__}" for call in calls if is_naive_clock(call))


def is_naive_clock(call: Any) -> bool:
    # A subclass that overrides the method in Python (pendulum, freezegun) has no builtin method, and may well be aware.
    return (
        isinstance(call, BuiltinMethodType)
        and isinstance(call.__self__, type)
        and issubclass(call.__self__, datetime)
        and call.__name__ in NAIVE
    )
