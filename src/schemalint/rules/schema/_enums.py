"""What a column's enum keeps in PostgreSQL: its labels, the members behind them, and how the type is written."""

import enum
from collections import defaultdict
from typing import Any

from sqlalchemy import ARRAY, Enum
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.types import TypeEngine

from schemalint.rules.schema._types import postgresql, written_for_postgresql
from schemalint.subjects.schema import AnyColumn, ModelField, Schema

VALUES = "lambda members: [member.value for member in members]"


def enum_of(column: AnyColumn) -> Enum | None:
    """Return the enum that a column holds, or an array of which it holds; a type of the project is none."""
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, ARRAY):
        kind = kind.item_type
    return kind if isinstance(kind, Enum) else None


def created_types(schema: Schema) -> dict[str, dict[frozenset[str], list[AnyColumn]]]:
    """Return the enum types that the models ask PostgreSQL for, by name: each set of labels with the columns that have it, the first one first."""
    types: dict[str, dict[frozenset[str], list[AnyColumn]]] = defaultdict(lambda: defaultdict(list))
    made = [(column, kind) for column in schema.columns if (kind := enum_of(column)) and is_created_as_a_type(kind)]
    # By name, so that which of two is called the first does not depend on the order of tables and columns.
    for column, kind in sorted(made, key=lambda one: (one[0].table.fullname, one[0].name)):
        types[written_for_postgresql(kind)][frozenset(kind.enums)].append(column)
    return types


def is_created_as_a_type(kind: Enum) -> bool:
    """Whether SQLAlchemy makes a type of PostgreSQL for an enum."""
    if not kind.native_enum or not kind.name or getattr(kind, "create_type", True) is False:
        return False
    return isinstance(kind.dialect_impl(postgresql()), ENUM)


def stored_names(kind: Enum) -> list[enum.Enum]:
    """Return the members of a Python enum of which PostgreSQL keeps the names; empty where it keeps their values, or there is no Python enum."""
    members = kind.enum_class
    if members is None or kind.values_callable is not None:
        return []
    return list(members)


def enum_code(
    schema: Schema, column: AnyColumn, *, name: str = "", by_value: bool = False
) -> tuple[str, list[str]] | None:
    """Return how a column's enum is written, with the names to import, when it gets another name or keeps values; None where that cannot be said.

    Said are the types whose every argument shows in the object: not those that belong to a metadata or a schema, nor PostgreSQL's own ENUM.
    """
    kind = column.type
    field = schema.field_of(column)
    if type(kind) is not Enum or kind.enum_class is None or field is None or is_shared(field):
        return None
    members = kind.enum_class
    # From 2.1 on SQLAlchemy gives an enum the metadata of its table.
    if (
        kind.schema
        or kind.metadata not in (None, column.table.metadata)
        or kind.values_callable
        or "." in members.__qualname__
    ):
        return None
    arguments = [members.__name__]
    if name or kind.name != members.__name__.lower():
        arguments.append(f'name="{name or kind.name}"')
    if not kind.native_enum:
        arguments.append("native_enum=False")
    if kind.length != max(map(len, kind.enums)):
        arguments.append(f"length={kind.length}")
    if kind.create_constraint:
        arguments.append("create_constraint=True")
    if kind.validate_strings:
        arguments.append("validate_strings=True")
    if by_value:
        arguments.append(f"values_callable={VALUES}")
    is_next_to_it = members.__module__ == field.model.__module__
    imports = ["sqlalchemy.Enum"] + ([] if is_next_to_it else [f"{members.__module__}.{members.__name__}"])
    return f"Enum({', '.join(arguments)})", imports


def is_shared(field: ModelField) -> bool:
    """Whether a base of a field's class declares it, so that other classes may have it as well."""
    return any(
        field.name in vars(base)
        or field.name in vars(base).get("__annotations__", ())
        or field.name in vars(base).get("__pydantic_fields__", ())
        for base in field.model.__mro__[1:]
    )
