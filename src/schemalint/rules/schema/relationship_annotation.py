"""A relationship whose annotation says something else than what SQLAlchemy gives.

`Book | None` or `list[Loan]` as one string is, for SQLModel, the name of a class: the mappers cannot be configured and every query fails. Without an
annotation SQLModel does not make the class at all (*KeyError*). A list on the side
that has the foreign key is a single object (or None) at run time; one object where SQLAlchemy makes a list is a list. And where the
foreign key may be NULL and the annotation is never None, the type checker lets code through that fails on the first such row: *'NoneType' object
has no attribute*.

Silent about the reverse, an optional relationship over a NOT NULL foreign key (an object is without it until it is set), about the side that
the foreign key refers to, subclasses in their parent's table, joins of your own, and annotations that say nothing.

It is right anyway when the column is about to become NOT NULL; allow it with the date.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book | None = Relationship(back_populates="loans")
```
"""

import __future__

import ast
import sys
from collections.abc import Collection, Iterator
from types import NoneType, UnionType
from typing import Union, get_args, get_origin

from sqlalchemy.orm import RelationshipDirection

from schemalint.fix import Fix, SetAnnotation
from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import types_of
from schemalint.rules.schema._foreign_keys import listed
from schemalint.rules.schema._relationships import (
    NOTHING_WORKS,
    declared_with_sqlmodel,
    direction_of,
    is_inherited_from_a_mixin,
    key_of,
    name_of,
    names_of_one_class,
)
from schemalint.rules.schema._unimported import own_attributes, tables
from schemalint.subjects.schema import AnyMapper, Relationship, Schema
from schemalint.subjects.source import Source, literal


@rule(fixes=("safe",))
def relationship_annotation(schema: Schema) -> Iterator[Problem]:
    names = names_of_one_class(schema)
    for relationship in schema.relationships:
        target = schema.targets.get(relationship)
        if target is None:
            found = of_one_string(relationship)
        elif (annotation := schema.annotations.get(relationship)) is not None:
            found = of_another_shape(relationship, target, annotation) or never_none(
                schema, relationship, target, annotation, names
            )
        else:
            found = None
        if found:
            yield found


def of_one_string(relationship: Relationship) -> Problem | None:
    """Return a problem for a type that SQLModel hands to SQLAlchemy as the name of a class."""
    text = relationship.argument
    if not isinstance(text, str) or all(part.isidentifier() for part in text.split(".")):
        return None
    said = f'{name_of(relationship)} leads to a class called "{text}": {NOTHING_WORKS}'
    if postpones_annotations(relationship):
        return Problem(
            part=relationship,
            message=said,
            remedy=NO_FUTURE,
            at="annotation",
        )
    if declared_with_sqlmodel(relationship) is None:
        return Problem(part=relationship, message=said, remedy="the name of the class and nothing else")
    code = with_the_name_quoted(text)
    return Problem(
        part=relationship,
        message=said,
        remedy=code or "quotes around the name of the class only",
        at="annotation",
        fix=Fix("safe", (SetAnnotation(relationship, code, imports_of(code)),)) if code else None,
    )


@relationship_annotation.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for class_ in tables(source):
        imported = class_.module.imports.get("annotations")
        is_postponed = imported is not None and imported.module == "__future__"
        for one in own_attributes(class_):
            if one.called != "Relationship" or "sa_relationship" in one.keywords or one.takes_unknown_keywords:
                continue
            if one.annotation is None:
                yield Problem(
                    part=one,
                    message=f"{class_.name}.{one.name} has no annotation, which SQLModel takes the other class from: the module does not import",
                    remedy=f'{one.name}: list["..."], or Optional["..."], with the name of the class',
                    at="name",
                )
            else:
                is_string = isinstance(one.annotation, ast.Constant) and isinstance(one.annotation.value, str)
                text = str(literal(one.annotation)) if is_string else class_.module.text(one.annotation)
                # A string in a string may be read in one way or the other.
                if is_string != is_postponed and (code := with_the_name_quoted(text)):
                    yield Problem(
                        part=one,
                        message=f'{class_.name}.{one.name} leads to a class called "{text}": {NOTHING_WORKS}',
                        remedy=NO_FUTURE if is_postponed else code,
                        at="annotation",
                        fix=None if is_postponed else Fix("safe", (SetAnnotation(one, code, imports_of(code)),)),
                    )


NO_FUTURE = "no `from __future__ import annotations` in this file: it makes a string of the whole annotation"


def postpones_annotations(relationship: Relationship) -> bool:
    """Whether the module of a relationship has `from __future__ import annotations`, which leaves a name in it."""
    module = sys.modules.get(relationship.parent.class_.__module__)
    return getattr(module, "annotations", None) is __future__.annotations


def with_the_name_quoted(text: str) -> str:
    """Return `Optional["Book"]` for `Book | None`, `list["Loan"]` for `List[Loan]`; empty for what is nothing of both."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return ""
    match tree:
        case (
            ast.BinOp(op=ast.BitOr(), left=inner, right=ast.Constant(value=None))
            | ast.BinOp(op=ast.BitOr(), left=ast.Constant(value=None), right=inner)
        ):
            shape = "Optional"
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner) if name in SHAPES:
            shape = SHAPES[name]
        case _:
            return ""
    match inner:
        case ast.Name(id=name) | ast.Constant(value=str(name)) if name.isidentifier():
            return f'{shape}["{name}"]'
        case _:
            return ""


SHAPES = {"Optional": "Optional", "list": "list", "List": "list", "set": "set", "Set": "set"}


def imports_of(code: str) -> tuple[str, ...]:
    return ("typing.Optional",) if code.startswith("Optional") else ()


def of_another_shape(relationship: Relationship, target: AnyMapper, annotation: object) -> Problem | None:
    """Return a problem for a list that is one object, or for one object that is a list."""
    kinds = [kind for kind in members(annotation) if kind is not NoneType]
    if len(kinds) != 1 or not isinstance(relationship.uselist, bool):
        return None
    (kind,) = kinds
    name = target.class_.__name__
    if is_many(kind) and relationship.uselist is False:
        key = key_of(relationship)
        if direction_of(relationship) is not RelationshipDirection.MANYTOONE:
            why = "it is declared with uselist=False"
        elif key is None:
            why = f"a row of {relationship.parent.local_table} refers to one"
        else:
            why = f"a row of {key.table.fullname} has one {listed([column.name for column in key.columns])}"
        return Problem(
            part=relationship,
            message=f"{name_of(relationship)} is annotated as many, but {why}: it is one {name} or None",
            remedy=f'"{name}", or the foreign key on the other table, if there are several',
            at="annotation",
        )
    if is_one(kind, target) and relationship.uselist is True and relationship.collection_class in (None, list):
        return Problem(
            part=relationship,
            message=f"{name_of(relationship)} is annotated as one {name}, but is a list of them",
            remedy=f'list["{name}"], or uselist=False',
            at="annotation",
        )
    return None


def never_none(
    schema: Schema, relationship: Relationship, target: AnyMapper, annotation: object, names: Collection[str]
) -> Problem | None:
    """Return a problem for an object that may be missing, by its foreign key, and never is, by its annotation.

    Where the annotation of the foreign key itself says never, `nullable-mismatch` speaks.
    """
    if not is_one(annotation, target) or direction_of(relationship) is not RelationshipDirection.MANYTOONE:
        return None
    key = key_of(relationship)
    if key is None or relationship.parent.single:
        return None
    for column in key.columns:
        field = schema.field_of(column)
        if column.nullable and (field is None or field.annotation is None or NoneType in types_of(field)):
            name = target.class_.__name__
            return Problem(
                part=relationship,
                message=f"{name_of(relationship)} is annotated as never None, but {column.table.fullname}.{column.name} may be NULL: "
                "what the type checker passes fails on such a row",
                remedy=f'Optional["{name}"], or nullable=False on {column.table.fullname}.{column.name}',
                at="annotation",
                fix=Fix("safe", (SetAnnotation(relationship, f'Optional["{name}"]', ("typing.Optional",)),))
                if can_be_annotated(relationship, target, annotation, names)
                else None,
            )
    return None


def can_be_annotated(relationship: Relationship, target: AnyMapper, annotation: object, names: Collection[str]) -> bool:
    """Whether the class's name alone, in quotes, means the same class there, for SQLAlchemy and for a type checker."""
    name = target.class_.__name__
    module = sys.modules.get(relationship.parent.class_.__module__)
    return (
        annotation is target.class_
        and (relationship.argument == name or getattr(module, name, None) is target.class_)
        and name in names
        and not is_inherited_from_a_mixin(relationship)
        and not (declared_with_sqlmodel(relationship) and postpones_annotations(relationship))
    )


def members(annotation: object) -> tuple[object, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def is_one(kind: object, target: AnyMapper) -> bool:
    """Whether a type is the class that a relationship leads to, or a mapped one that it inherits from."""
    return isinstance(kind, type) and kind in {one.class_ for one in target.iterate_to_root()}


def is_many(kind: object) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, COLLECTIONS)


COLLECTIONS = (list, set, frozenset, dict, tuple)
"""What nobody takes for a single row; a model may well have a length and items of its own."""
