"""A delete cascade that is written and does not take effect.

`cascade_delete=True` is SQLModel's word for `cascade="all, delete-orphan"`. A `cascade` in `sa_relationship_kwargs` takes its place without a word,
and so does `sa_relationship=`: the parent is deleted, the children stay, or the delete fails. On the side that has the foreign key, or over a link
table, it would mean that a child deletes its parent: there SQLAlchemy refuses `delete-orphan`, the mappers cannot be configured, and
every query fails.

It is never right: say it once, on the side of the many. Where one child owns its only parent, `single_parent=True` says so to SQLAlchemy.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(
        back_populates="book",
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"cascade": "save-update, merge"},
    )

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", cascade_delete=True, passive_deletes=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```
"""

from collections.abc import Iterator

from sqlalchemy.orm import RelationshipDirection

from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import (
    NOTHING_WORKS,
    declared_with_sqlmodel,
    likely_direction,
    name_of,
    sqlmodel_info,
)
from schemalint.rules.schema._unimported import links
from schemalint.subjects.schema import Relationship, Schema
from schemalint.subjects.source import Source, literal


@rule
def cascade_overridden(schema: Schema) -> Iterator[Problem]:
    for relationship in schema.relationships:
        if relationship.viewonly:
            continue
        if lost := what_is_lost(relationship):
            instead = "sa_relationship" if sqlmodel_info(relationship) is None else "sa_relationship_kwargs"
            yield overridden(relationship, name_of(relationship), instead, lost)
        elif relationship.cascade.delete_orphan and not relationship.single_parent:
            direction = likely_direction(schema, relationship)
            if direction in SIDES:
                yield Problem(
                    part=relationship,
                    message=f"{name_of(relationship)} deletes orphans on the {SIDES[direction]}: {NOTHING_WORKS}",
                    remedy=f"the cascade on the relationship of {schema.targets[relationship].class_.__name__} that leads back, or none"
                    if direction is RelationshipDirection.MANYTOONE
                    else "no delete cascade: SQLAlchemy deletes the rows of a link table by itself",
                    at="cascade_delete" if given_to_sqlmodel(relationship) else "cascade",
                )


@cascade_overridden.without_import
def in_source(source: Source) -> Iterator[Problem]:
    for one in links(source):
        if one.attribute.called != "Relationship" or literal(one.attribute.keyword("cascade_delete")) is not True:
            continue
        cascade = literal(one.argument("cascade"))
        if isinstance(cascade, str) and one.argument("viewonly") is None and (lost := lost_by(cascade)):
            yield overridden(one.attribute, one.text, "sa_relationship_kwargs", lost)


def lost_by(cascade: str) -> str:
    """Return what `cascade_delete=True` promises and a cascade in SQLAlchemy's words does not do."""
    words = {word.strip() for word in cascade.split(",")}
    if not words & {"all", "delete"}:
        return "nothing is deleted with its parent"
    return "" if "delete-orphan" in words else "what is taken out of the list is not deleted"


def overridden(part: object, name: str, instead: str, lost: str) -> Problem:
    return Problem(
        part=part,
        message=f"{name} has cascade_delete=True, but {instead} takes its place: {lost}",
        remedy=f"one of the two: cascade_delete=True, or the cascade in {instead}",
        at="cascade_delete",
    )


SIDES = {
    RelationshipDirection.MANYTOONE: "side that has the foreign key",
    RelationshipDirection.MANYTOMANY: "way through a link table",
}


def what_is_lost(relationship: Relationship) -> str:
    """Return what `cascade_delete=True` promises and the relationship does not do; empty where it does it, or where nobody promised."""
    if not given_to_sqlmodel(relationship):
        return ""
    if not relationship.cascade.delete:
        return "nothing is deleted with its parent"
    return "" if relationship.cascade.delete_orphan else "what is taken out of the list is not deleted"


def given_to_sqlmodel(relationship: Relationship) -> bool:
    info = declared_with_sqlmodel(relationship)
    return info is not None and bool(info.cascade_delete)
