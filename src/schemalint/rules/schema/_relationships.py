"""How rules read a relationship, also one whose mapper cannot be configured."""

from collections import defaultdict
from collections.abc import Hashable, Iterator

from sqlalchemy import BindParameter, ColumnClause, ColumnElement
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from sqlalchemy.sql import visitors

from schemalint.subjects.schema import AnyMapper, Relationship, Schema


def name_of(relationship: Relationship) -> str:
    """Return `Loan.book`."""
    return f"{relationship.parent.class_.__name__}.{relationship.key}"


def inverse_name(relationship: Relationship) -> str | None:
    """Return the attribute that `back_populates` names, or `backref` once it is made; None where it is not given or only known later."""
    # SQLAlchemy 2.1 takes attributes and callables as well as names; its annotation of what it gives back is narrower than that.
    given: object = relationship.back_populates
    return given if isinstance(given, str) else getattr(given, "key", None)


def states_an_inverse(relationship: Relationship) -> bool:
    """Whether the relationship says anything about its other side."""
    return bool(relationship.back_populates or relationship.backref)


def own_relationship(mapper: AnyMapper, name: str) -> Relationship | None:
    """Return the relationship called `name` that `mapper` itself declares, not one that it inherits."""
    if not mapper.has_property(name):
        return None
    found = mapper.get_property(name)
    return found if isinstance(found, RelationshipProperty) and found.parent is mapper else None


def named_inverses(schema: Schema) -> Iterator[tuple[Relationship, AnyMapper, str]]:
    """Yield every relationship that writes and names its other side, with the mapper it leads to and the name."""
    for relationship in schema.relationships:
        name, target = inverse_name(relationship), schema.targets.get(relationship)
        if name and target is not None and not relationship.viewonly:
            yield relationship, target, name


def unlinked(schema: Schema) -> Iterator[tuple[Relationship, AnyMapper, list[Relationship]]]:
    """Yield every relationship that writes, names no other side and is named by none, with its target and those that lead back.

    Those that lead back are unlinked as well and walk the same foreign key, or the same link table, in the opposite direction.
    """
    named = {target.get_property(name) for _, target, name in named_inverses(schema) if target.has_property(name)}
    alone = [one for one in schema.relationships if one in schema.targets and is_unlinked(one) and one not in named]
    over_the_same_key: dict[Hashable, list[Relationship]] = defaultdict(list)
    for relationship in alone:
        over_the_same_key[join_of(relationship)].append(relationship)
    for relationship in alone:
        target = schema.targets[relationship]
        back = [
            other
            for other in over_the_same_key[join_of(relationship)]
            if leads_back(other, schema.targets[other], relationship, target) and walks_backwards(other, relationship)
        ]
        yield relationship, target, back


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


def leads_back(other: Relationship, back: AnyMapper, relationship: Relationship, target: AnyMapper) -> bool:
    """Whether `other`, which leads to `back`, leads from `target`, or a class that it inherits from, to the class of `relationship`."""
    return other is not relationship and target.isa(other.parent) and relationship.parent.isa(back)


def walks_backwards(other: Relationship, relationship: Relationship) -> bool:
    """Whether two relationships of one join walk it in opposite directions."""
    if relationship.direction is RelationshipDirection.MANYTOMANY:
        return first_pairs(relationship) == second_pairs(other)
    return relationship.direction is not other.direction
