"""What a model's class says about a field: its types taken apart, its default in Python, pydantic's limit."""

import dataclasses
from collections.abc import Callable, Iterator
from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from sqlalchemy import Column

from schemalint.subjects.schema import AnyColumn, ModelField, Schema

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def types_of(field: ModelField) -> Iterator[object]:
    """Yield the types that a field is annotated with: a NewType is what it is made of, a generic its origin."""
    for kind in field.types:
        while hasattr(kind, "__supertype__"):
            kind = kind.__supertype__
        if get_origin(kind) is Literal and None in get_args(kind):
            yield NoneType
        yield get_origin(kind) or kind


def is_annotated_as_text(field: ModelField | None) -> bool:
    """Whether a field is a str as far as the class says anything; an enum, a path or an address is something else."""
    if field is None:
        return True
    return all(
        kind in (NoneType, Any)
        or is_email(kind)
        or (isinstance(kind, type) and issubclass(kind, str) and not issubclass(kind, Enum))
        for kind in types_of(field)
    )


def is_email(kind: object) -> bool:
    # pydantic's EmailStr is no str at run time, and SQLModel keeps it in a VARCHAR.
    return getattr(kind, "__name__", "") == "EmailStr"


def pydantic_max_length(field: ModelField) -> int | None:
    """Return the shortest `max_length` that pydantic holds a field's text to, None where it does not."""
    return min((limit for limit in said_by_pydantic(field, "max_length") if isinstance(limit, int)), default=None)


def said_by_pydantic(field: ModelField, name: str) -> Iterator[Any]:
    """Yield what a field of SQLModel says under `name` (`ge`, `max_length`, `pattern`): in Field, in Annotated, in a constrained type."""
    for one in field.metadata:
        value = getattr(one, name, None)
        if value is not None and not callable(value):
            yield value


def is_of_sqlmodel(model: type) -> bool:
    """Whether a class is a table of SQLModel."""
    config = getattr(model, "model_config", None)
    return isinstance(config, dict) and config.get("table") is True


def python_defaults(schema: Schema, column: AnyColumn) -> Iterator[Any]:
    """Yield what fills a column in Python when an object is made or inserted without it: values and callables, None left out."""
    if column.default is not None:
        # SQLAlchemy wraps a callable so that it takes a context, and keeps the user's own behind the wrapper.
        value = getattr(column.default, "arg", column.default)
        yield getattr(value, "__wrapped__", value)
    field = schema.field_of(column)
    if field is None:
        return
    if field.info is not None:
        # With sa_column the column knows nothing of it, but an object is made with it.
        if field.info.default_factory is not None:
            yield field.info.default_factory
        elif not field.info.is_required() and field.info.default is not None:
            yield field.info.default
    elif (factory := dataclass_factory(field)) is not None:
        yield factory


def dataclass_factory(field: ModelField) -> Callable[[], Any] | None:
    """Return the `default_factory` of a field of a mapped dataclass, which the column does not know of."""
    if not dataclasses.is_dataclass(field.model):
        return None
    for one in dataclasses.fields(field.model):
        if one.name == field.name and one.default_factory is not dataclasses.MISSING:
            return one.default_factory
    return None


def is_filled_by_the_server(column: AnyColumn) -> bool:
    """Whether PostgreSQL gives a column its value: a server default, an identity, a generated column."""
    return column.server_default is not None or column.identity is not None or column.computed is not None


def has_sa_column(info: "FieldInfo") -> bool:
    """Whether a SQLModel field is written with `sa_column=`, so that the arguments beside it do not reach the column."""
    # Up to 0.0.31 the FieldInfo has it, later an entry of its metadata may.
    return any(isinstance(getattr(holder, "sa_column", None), Column) for holder in (info, *info.metadata))


def has_sa_type(info: "FieldInfo") -> bool:
    """Whether a SQLModel field is written with `sa_type=`."""
    # SQLModel's mark for what is not written is pydantic's, by name: a project without pydantic must not import it.
    said = (getattr(holder, "sa_type", None) for holder in (info, *info.metadata))
    return any(one is not None and type(one).__name__ != "PydanticUndefinedType" for one in said)


def column_argument(schema: Schema, column: AnyColumn, name: str, value: str) -> str:
    """Return how an argument of a column is written where the column is declared: SQLModel's Field only passes it on."""
    field = schema.field_of(column)
    if field is not None and field.info is not None and not has_sa_column(field.info):
        return f'sa_column_kwargs={{"{name}": {value}}}'
    return f"{name}={value}"


def default_argument(schema: Schema, column: AnyColumn, function: str) -> str:
    """Return how a function is written as the default of a column where it is declared."""
    field = schema.field_of(column)
    has_factories = field is not None and (field.info is not None or dataclasses.is_dataclass(field.model))
    return f"default_factory={function}" if has_factories else f"default={function}"
