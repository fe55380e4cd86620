"""The values and functions that a column takes in Python when an insert does not bring one."""

import dataclasses
from collections.abc import Iterator

from schemalint.subjects.schema import AnyColumn, ModelField, Schema


def class_default(field: ModelField) -> object:
    """Return what an instance starts with: SQLModel's `Field(default=...)` or a dataclass's `default=`; None where nothing is said."""
    if field.info is not None:
        return None if field.info.is_required() else field.info.default
    one = dataclass_field(field)
    return None if one is None or one.default is dataclasses.MISSING else one.default


def has_factory(field: ModelField) -> bool:
    """Whether the class makes a value for each instance: `default_factory=`."""
    if field.info is not None:
        return field.info.default_factory is not None
    one = dataclass_field(field)
    return one is not None and one.default_factory is not dataclasses.MISSING


def dataclass_field(field: ModelField) -> "dataclasses.Field[object] | None":
    if not dataclasses.is_dataclass(field.model):
        return None
    return next((one for one in dataclasses.fields(field.model) if one.name == field.name), None)


def constants(schema: Schema, column: AnyColumn) -> Iterator[object]:
    """Yield the Python values, made once when the models were imported, that every insert or update of a column gets."""
    field = schema.field_of(column)
    if field is not None:
        yield class_default(field)
    for default in (column.default, column.onupdate):
        if default is not None and default.is_scalar:
            yield getattr(default, "arg", None)
