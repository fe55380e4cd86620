"""Spares pydantic the validators of models that are only looked at: to build them is a good part of what importing SQLModel tables costs."""

import dataclasses
import datetime
import decimal
import enum
import importlib
import importlib.util
import ipaddress
import pathlib
import types
import typing
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Literal, get_args, get_origin

PLAIN = frozenset(
    {
        Any,
        None,
        types.NoneType,
        bool,
        bytes,
        float,
        int,
        str,
        datetime.date,
        datetime.datetime,
        datetime.time,
        datetime.timedelta,
        decimal.Decimal,
        ipaddress.IPv4Address,
        ipaddress.IPv6Address,
        pathlib.Path,
        uuid.UUID,
    }
)
"""Types for which pydantic has a validator, whatever their model says."""

GENERIC = (dict, list, set, frozenset, tuple, typing.Union, types.UnionType)
LIMITS = {
    str: frozenset({"max_length", "min_length"}),
    int: frozenset({"ge", "gt", "le", "lt"}),
    decimal.Decimal: frozenset({"ge", "gt", "le", "lt", "max_digits", "decimal_places"}),
}
"""Constraints that fit a type; any other may be refused when the validator is built."""


@contextmanager
def validators_deferred() -> Iterator[None]:
    """Let SQLModel classes that are made in the block be without their validators until one is asked for.

    Pydantic builds what a user's own code asks for while it is imported (https://docs.pydantic.dev/latest/api/config/, `defer_build`).
    """
    config = configuration()
    if config is None or "defer_build" in config:
        yield
        return
    config["defer_build"] = True
    try:
        yield
    finally:
        del config["defer_build"]


def configuration() -> Any:
    """Return the configuration that all SQLModel classes inherit; None without SQLModel, or with one that does not import."""
    if importlib.util.find_spec("sqlmodel"):
        with suppress(Exception):  # which is told when the models import it
            return importlib.import_module("sqlmodel").SQLModel.model_config
    return None


def unbuildable(classes: Iterable[type]) -> Iterator[tuple[type, Exception]]:
    """Build the deferred validators that may fail; yield the classes for which it does, which undeferred could not have been imported."""
    for class_ in classes:
        if getattr(class_, "__pydantic_complete__", True) or can_be_built(class_):
            continue
        try:
            class_.model_rebuild(raise_errors=False)  # type: ignore[attr-defined] # a pydantic model, as the attribute above says
        except Exception as error:  # noqa: BLE001 # what a user's own types may raise
            yield class_, error


def can_be_built(class_: type) -> bool:
    """Whether a class has nothing but fields of plain types with limits that fit them."""
    decorators = getattr(class_, "__pydantic_decorators__", None)
    if decorators is None or any(getattr(decorators, one.name) for one in dataclasses.fields(decorators)):
        return False
    if any("__get_pydantic_core_schema__" in vars(base) for base in class_.__mro__ if not is_pydantics(base)):
        return False
    fields: Mapping[str, Any] = getattr(class_, "model_fields", {})
    return all(is_plain(one.annotation) and fits(one.annotation, one.metadata) for one in fields.values())


def is_plain(annotation: Any) -> bool:
    """Whether an annotation is a plain type, an enum of plain values, or made of such."""
    origin = get_origin(annotation)
    if origin is Literal:
        return True
    if origin is not None:
        return origin in GENERIC and all(one is ... or is_plain(one) for one in get_args(annotation))
    if isinstance(annotation, enum.EnumMeta):
        return not hasattr(annotation, "__get_pydantic_core_schema__")
    return annotation in PLAIN or annotation in GENERIC


def fits(annotation: Any, metadata: Iterable[object]) -> bool:
    """Whether all that pydantic holds a field to is known to fit its type."""
    allowed = {name for kind, names in LIMITS.items() if kind in {annotation, *get_args(annotation)} for name in names}
    return all(is_sqlmodels(one) or names_in(one) <= allowed for one in metadata)


def names_in(constraint: object) -> set[str]:
    """Return what a constraint limits (`max_length`, `ge`), whether it is of annotated-types or of pydantic."""
    if dataclasses.is_dataclass(constraint):
        return {one.name for one in dataclasses.fields(constraint)}
    return {*getattr(constraint, "__dict__", {"unknown": None})}


def is_pydantics(class_: type) -> bool:
    return class_.__module__.partition(".")[0] in ("pydantic", "sqlmodel", "builtins")


def is_sqlmodels(value: object) -> bool:
    return type(value).__module__.startswith("sqlmodel")
