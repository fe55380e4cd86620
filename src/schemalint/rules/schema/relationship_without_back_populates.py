"""A relationship that does not name its other side.

Two relationships over one foreign key that do not know each other drift apart: a loan put into `book.loans` has no `loan.book` until both are
loaded again, each writes the key by itself at the flush, and SQLAlchemy warns of the conflict when it configures the mappers. A
relationship that nothing leads back from is whole in itself; in SQLModel, whose own documentation always states both sides, it is
found nevertheless, because the missing side is usually a forgotten one.

Silent about `viewonly` and `overlaps`, joins of your own, several foreign keys between the same two tables (`created_by`, `updated_by`),
references of a table to itself, link tables, dynamic and write-only collections, and classes that are not the project's own.

It is right anyway when the way back would never be walked. The option `one-way` says whose relationships may lead one way only:
`"sqlalchemy"` (the default: those of plain SQLAlchemy), `"all"`, or `"none"`.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship()
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
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Literal

from sqlalchemy import BindParameter, ColumnClause, ColumnElement, Table
from sqlalchemy.orm import RelationshipDirection
from sqlalchemy.sql import visitors

from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import is_sqlmodel, name_of, named_inverses, states_an_inverse
from schemalint.subjects.schema import AnyMapper, Relationship, Schema, is_link_table


@rule
def relationship_without_back_populates(
    schema: Schema, *, one_way: Literal["sqlalchemy", "all", "none"] = "sqlalchemy"
) -> Iterator[Problem]:
    judged = frozenset(schema.mappers)
    named = {target.get_property(name) for _, target, name in named_inverses(schema) if target.has_property(name)}
    unlinked = [one for one in schema.relationships if is_unlinked(one) and one not in named]
    over_the_same_key: dict[Hashable, list[Relationship]] = defaultdict(list)
    for relationship in unlinked:
        over_the_same_key[join_of(relationship)].append(relationship)
    for relationship in unlinked:
        target = schema.targets.get(relationship)
        others = [
            other
            for other in over_the_same_key[join_of(relationship)]
            if leads_back(schema, other, relationship) and writes_the_same(other, relationship)
        ]
        if target is None:
            continue
        if others:
            yield Problem(
                part=relationship,
                message=f"{name_of(relationship)} and {name_of(others[0])} write the same {written_by(relationship)} and do not "
                "know each other: what is set on one is missing on the other until it is loaded again",
                remedy=f'back_populates="{others[0].key}"',
            )
        elif (
            target in judged
            and (one_way == "none" or (one_way == "sqlalchemy" and is_sqlmodel(relationship.parent)))
            and should_lead_back(relationship, target)
        ):
            yield Problem(
                part=relationship,
                message=f"{name_of(relationship)} leads to {target.class_.__name__}, and nothing leads back",
                remedy=f'a relationship on {target.class_.__name__} with back_populates="{relationship.key}", and its name here',
            )


def is_unlinked(relationship: Relationship) -> bool:
    """Whether a relationship writes, says nothing of an inverse, and is joined over foreign keys and nothing else.

    Nothing is known of the join of a mapper that could not be configured: not judged.
    """
    if relationship.viewonly or states_an_inverse(relationship):
        return False
    # Only SQLAlchemy's private attribute keeps `overlaps`, with which a user tells its warning that the overlap is meant.
    if relationship._overlaps or not hasattr(relationship, "synchronize_pairs"):  # noqa: SLF001
        return False
    joins = [(relationship.primaryjoin, relationship.synchronize_pairs)]
    if relationship.secondaryjoin is not None:
        joins.append((relationship.secondaryjoin, relationship.secondary_synchronize_pairs or []))
    return all(says_only(join, len(pairs)) for join, pairs in joins)


def says_only(join: ColumnElement[bool], pairs: int) -> bool:
    """Whether a join condition compares that many pairs of columns, and no constant or further column."""
    inside = list(visitors.iterate(join))
    columns = sum(isinstance(one, ColumnClause) for one in inside)
    return columns == 2 * pairs and not any(isinstance(one, BindParameter) for one in inside)


def join_of(relationship: Relationship) -> Hashable:
    """Return what the relationships over one foreign key, or over one link table, have in common."""
    return frozenset((first_pairs(relationship), second_pairs(relationship)))


def first_pairs(relationship: Relationship) -> Hashable:
    return frozenset(relationship.synchronize_pairs)


def second_pairs(relationship: Relationship) -> Hashable:
    return frozenset(relationship.secondary_synchronize_pairs or ())


def leads_back(schema: Schema, other: Relationship, relationship: Relationship) -> bool:
    """Whether `other` leads from the class that `relationship` leads to, or one that it inherits from, to its own class."""
    target, back = schema.targets.get(relationship), schema.targets.get(other)
    return (
        other is not relationship
        and target is not None
        and back is not None
        and target.isa(other.parent)
        and relationship.parent.isa(back)
    )


def writes_the_same(other: Relationship, relationship: Relationship) -> bool:
    """Whether two relationships of one join walk it in opposite directions."""
    if relationship.direction is RelationshipDirection.MANYTOMANY:
        return first_pairs(relationship) == second_pairs(other)
    return relationship.direction is not other.direction


def written_by(relationship: Relationship) -> str:
    if isinstance(relationship.secondary, Table):
        return relationship.secondary.fullname
    return " and ".join(str(written) for _, written in relationship.synchronize_pairs)


def should_lead_back(relationship: Relationship, target: AnyMapper) -> bool:
    """Whether a relationship that stands alone looks like one whose other side was forgotten."""
    own = relationship.parent.local_table
    return (
        not target.common_parent(relationship.parent)
        and relationship.lazy not in ("dynamic", "write_only", "noload")
        and not is_given_as_a_whole(relationship)
        and isinstance(own, Table)
        and not is_link_table(own)
        and not is_one_of_several(relationship)
    )


def is_given_as_a_whole(relationship: Relationship) -> bool:
    """Whether the relationship was given to SQLModel as `sa_relationship=`, out of its hands."""
    infos = getattr(relationship.parent.class_, "__sqlmodel_relationships__", {})
    return getattr(infos.get(relationship.key), "sa_relationship", None) is not None


def is_one_of_several(relationship: Relationship) -> bool:
    """Whether the tables at the two ends are joined by more foreign keys than the one that this relationship follows."""
    if relationship.secondary is not None:
        return False
    ((referred, referring),) = {(read.table, written.table) for read, written in relationship.synchronize_pairs}
    return sum(key.elements[0].column.table is referred for key in referring.foreign_key_constraints) > 1
