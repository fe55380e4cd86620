"""What a fix is about, noted down so that it can be performed where the models are not loaded."""

from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapper, RelationshipProperty

from schemalint.fix import Edit, Fix, PartKind, Replace, Target
from schemalint.rule import Subject
from schemalint.subjects.schema import ModelField, Schema
from schemalint.subjects.source import Attribute, ModelClass


def with_targets(fix: Fix, subject: Subject) -> Fix:
    """Return a rule's fix with a Target in place of each part."""
    return replace(fix, edits=tuple(with_target(one, subject) for one in fix.edits))


def with_target(edit: Edit, subject: Subject) -> Edit:
    return edit if isinstance(edit, Replace) else replace(edit, part=target_of(edit.part, subject))


def target_of(part: object, subject: Subject) -> Target:
    """Return what a part of a schema or of a source is and where it stands."""
    place = subject.place(part)
    target = Target(place.location, kind_of(part), place.object, place.table)
    if isinstance(part, Attribute):
        return replace(target, call=call_in(part.owner))
    if not isinstance(subject, Schema):
        return target
    match part:
        case ModelField():
            return replace(target, call=call_for(part.model))
        case Column():
            return replace(target, call=call_for_column(part, subject))
        case ForeignKeyConstraint():
            refers_to = tuple(one.target_fullname for one in part.elements)
            return replace(target, call=call_for_only_column(part, subject), refers_to=refers_to)
        case Index():
            return replace(target, call=call_for_only_column(part, subject), is_unique=bool(part.unique))
        case _:
            return target


def kind_of(part: object) -> PartKind:
    match part:
        case ModelField() | Column():
            return "column"
        case RelationshipProperty():
            return "backref" if is_made_by_backref(part) else "relationship"
        case ForeignKeyConstraint():
            return "foreign key"
        case Index():
            return "index"
        case UniqueConstraint():
            return "unique"
        case PrimaryKeyConstraint():
            return "primary key"
        case CheckConstraint():
            return "check"
        case Table():
            return "table"
        case Mapper() | ModelClass():
            return "class"
        case Attribute(is_relationship=True):
            return "relationship"
        case Attribute():
            return "column"
        case _:
            return ""


def is_made_by_backref(part: RelationshipProperty[Any]) -> bool:
    """Whether the `backref` of the other side makes a relationship, which then has no declaration of its own."""
    other = part.__dict__.get("mapper")
    attribute = other.class_manager.get(part.back_populates) if other is not None and part.back_populates else None
    prop = getattr(getattr(attribute, "comparator", None), "prop", None)
    return isinstance(prop, RelationshipProperty) and prop.backref is not None


def call_for_only_column(part: ForeignKeyConstraint | Index, schema: Schema) -> Literal["Field", "mapped_column", ""]:
    columns = list(part.columns)
    return call_for_column(columns[0], schema) if len(columns) == 1 else ""


def call_for_column(column: Column[Any], schema: Schema) -> Literal["Field", "mapped_column", ""]:
    field = schema.field_of(column)
    return call_for(field.model) if field else ""


def call_in(owner: ModelClass) -> Literal["Field", "mapped_column", ""]:
    """Return what declares a column in a class that may not have been imported."""
    if owner.is_sqlmodel:
        return "Field"
    return "mapped_column" if owner.kind == "declarative" else ""


def call_for(model: type) -> Literal["Field", "mapped_column", ""]:
    """Return what declares a column in a class: nothing in one that is mapped imperatively."""
    if any(base.__name__ == "SQLModel" and base.__module__.startswith("sqlmodel") for base in model.__mro__):
        return "Field"
    return "mapped_column" if hasattr(model, "metadata") and hasattr(model, "registry") else ""
