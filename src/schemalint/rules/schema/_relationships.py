"""How rules read a relationship, also one whose mapper cannot be configured."""

from collections.abc import Iterator

from sqlalchemy.orm import RelationshipProperty

from schemalint.subjects.schema import AnyMapper, Relationship, Schema


def name_of(relationship: Relationship) -> str:
    """Return `Loan.book`."""
    return f"{relationship.parent.class_.__name__}.{relationship.key}"


def inverse_name(relationship: Relationship) -> str | None:
    """Return the attribute that `back_populates` or `backref` names; None where neither is given or it is only known later."""
    # SQLAlchemy 2.1 takes attributes and callables as well as names; its annotation of what it gives back is narrower than that.
    given: object = relationship.back_populates
    if given is None and relationship.backref is not None:
        backref = relationship.backref
        return backref if isinstance(backref, str) else backref[0]
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


def is_sqlmodel(mapper: AnyMapper) -> bool:
    """Whether a mapped class is an SQLModel class."""
    return hasattr(mapper.class_, "__sqlmodel_relationships__")
