"""How rules read a relationship, also one whose mapper cannot be configured."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, ColumnClause, ColumnElement, ForeignKeyConstraint, Table
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from sqlalchemy.sql import visitors

from schemalint.fix import SetArgument
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._foreign_keys import action, referred_columns, referred_name
from schemalint.subjects.schema import AnyMapper, Relationship, Schema

if TYPE_CHECKING:
    from sqlmodel.main import RelationshipInfo

NOTHING_WORKS = "the mappers cannot be configured, so every query fails"


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


def names_of_one_class(schema: Schema) -> frozenset[str]:
    """Return the names of classes that one mapped class only has, so that SQLAlchemy finds it by its name."""
    names = Counter(mapper.class_.__name__ for mapper in schema.mappers)
    return frozenset(name for name, number in names.items() if number == 1)


def children(schema: Schema) -> Iterator[tuple[Relationship, ForeignKeyConstraint]]:
    """Yield every relationship from one row to the many that refer to it, with their foreign key, where the ORM writes that key.

    Joins of your own are left out, and keys of tables that are not judged.
    """
    judged = frozenset(schema.tables)
    for relationship in schema.relationships:
        if not relationship.viewonly and direction_of(relationship) is RelationshipDirection.ONETOMANY:
            key = key_of(relationship)
            if key is not None and key.table in judged:
                yield relationship, key


def cascading_only_in_the_orm(schema: Schema) -> Iterator[tuple[Relationship, ForeignKeyConstraint]]:
    """Yield every relationship that deletes its children where the database refuses, for want of an ON DELETE, or keeps them.

    RESTRICT and NO ACTION, where they are written, are a decision. What leaves the children to the database is of `left_to_no_action`.
    """
    for relationship, key in children(schema):
        keeps_them = action(key.ondelete or "") in ("SET NULL", "SET DEFAULT")
        refuses = not key.ondelete and not relationship.passive_deletes
        if relationship.cascade.delete and (keeps_them or refuses):
            yield relationship, key


def left_to_no_action(schema: Schema) -> Iterator[tuple[Relationship, ForeignKeyConstraint]]:
    """Yield every relationship that leaves its children, or its rows of a link table, to a database which does nothing with them."""
    for relationship, key in children(schema):
        refuses = action(key.ondelete or "") in ("RESTRICT", "NO ACTION") and relationship.cascade.delete
        if relationship.passive_deletes is True and (refuses or not key.ondelete):
            yield relationship, key
    judged = frozenset(schema.tables)
    for relationship in schema.relationships:
        if relationship.passive_deletes is True and not relationship.viewonly:
            near = near_key_of(relationship)
            if near is not None and near.table in judged and not near.ondelete:
                yield relationship, near


def is_configured(relationship: Relationship) -> bool:
    """Whether SQLAlchemy came to know how a relationship is joined; where another one of its class failed before, it did not."""
    return hasattr(relationship, "synchronize_pairs")


def direction_of(relationship: Relationship) -> RelationshipDirection | None:
    """Return the direction that a relationship walks in, None where its mapper could not be configured so far."""
    return getattr(relationship, "direction", None)


def likely_direction(schema: Schema, relationship: Relationship) -> RelationshipDirection | None:
    """Return the direction of a relationship, also where its mapper was not configured: the one that the foreign keys leave."""
    known = direction_of(relationship)
    target = schema.targets.get(relationship)
    if known is not None or target is None or says_a_join(relationship):
        return known
    if goes_through_a_link(relationship):
        return RelationshipDirection.MANYTOMANY
    here, there = relationship.parent.local_table, target.local_table
    if here is there or not isinstance(here, Table) or not isinstance(there, Table):
        return None
    match refers(here, there), refers(there, here):
        case True, False:
            return RelationshipDirection.MANYTOONE
        case False, True:
            return RelationshipDirection.ONETOMANY
        case _:
            return None


def refers(table: Table, other: Table) -> bool:
    return any(referred_name(key) == other.fullname for key in table.foreign_key_constraints)


def walks_backwards_unasked(schema: Schema, relationship: Relationship) -> bool:
    """Whether a reference of a table to itself, annotated as one row, leads to the rows that refer to this one, for want of `remote_side`.

    Where another relationship is its other side, or where the foreign key is unique, it may well be meant.
    """
    if direction_of(relationship) is not RelationshipDirection.ONETOMANY or relationship.uselist is not False:
        return False
    key = key_of(relationship)
    return (
        key is not None
        and referred_name(key) == key.table.fullname
        and not says_a_join(relationship)
        and not states_an_inverse(relationship)
        and not any(one.unique and one.columns <= {*key.column_keys} for one in definitions(key.table))
        and relationship not in named_relationships(schema)
    )


def named_relationships(schema: Schema) -> set[object]:
    """Return what other relationships name as their other side."""
    return {target.get_property(name) for _, target, name in named_inverses(schema) if target.has_property(name)}


@lru_cache(maxsize=10_000)  # several rules ask the same, one after the other
def key_of(relationship: Relationship) -> ForeignKeyConstraint | None:
    """Return the foreign key that a relationship follows; None where it is no single one, or where the join says more than the key."""
    pairs = getattr(relationship, "synchronize_pairs", None)
    if not pairs or relationship.secondary is not None or not says_only(relationship.primaryjoin, len(pairs)):
        return None
    referring = {written: read for read, written in pairs}
    (table, *others) = {written.table for written in referring}
    if others or not isinstance(table, Table):
        return None
    found = [
        key
        for key in table.foreign_key_constraints
        if {*key.columns} == {*referring} and {*(referred_columns(key) or ())} == {*referring.values()}
    ]
    return found[0] if len(found) == 1 else None


def near_key_of(relationship: Relationship) -> ForeignKeyConstraint | None:
    """Return the foreign key of a link table that refers to the class of a relationship through it; None where it is no single one."""
    table = getattr(relationship, "secondary", None)
    if not isinstance(table, Table):
        return None
    written = {column for _, column in relationship.synchronize_pairs}
    found = [key for key in table.foreign_key_constraints if {*key.columns} == written]
    return found[0] if len(found) == 1 else None


def says_a_join(relationship: Relationship) -> bool:
    """Whether a relationship is told how to join, so that SQLAlchemy need not find it out from the foreign keys."""
    return says_which_key(relationship) or relationship._init_args.remote_side.argument is not None  # noqa: SLF001 # as below


def says_which_key(relationship: Relationship) -> bool:
    # Only the private arguments are there before a mapper is configured, and it may be what cannot be done.
    given = relationship._init_args  # noqa: SLF001
    return any(one.argument is not None for one in (given.primaryjoin, given.secondaryjoin, given.foreign_keys))


def goes_through_a_link(relationship: Relationship) -> bool:
    return relationship._init_args.secondary.argument is not None  # noqa: SLF001 # as above


def link_of(relationship: Relationship) -> Table | None:
    """Return the link table that a relationship is given, also before its mapper is configured; None for what is no table."""
    given = relationship._init_args.secondary.argument  # noqa: SLF001 # as above
    if isinstance(given, str):
        return relationship.parent.registry.metadata.tables.get(given)
    return given if isinstance(given, Table) else None


def declared_with_sqlmodel(relationship: Relationship) -> "RelationshipInfo | None":
    """Return what SQLModel's `Relationship(...)` was given; None for a relationship that is declared otherwise."""
    declared: dict[str, RelationshipInfo] = getattr(relationship.parent.class_, "__sqlmodel_relationships__", {})
    return declared.get(relationship.key)


def sqlmodel_info(relationship: Relationship) -> "RelationshipInfo | None":
    """Return what SQLModel's `Relationship(...)` made a relationship of; None where that is in SQLAlchemy's words (`sa_relationship=`)."""
    found = declared_with_sqlmodel(relationship)
    return found if found is not None and found.sa_relationship is None else None


def argument(relationship: Relationship, name: str, code: str) -> str:
    """Return how an argument that SQLModel only passes on is written where a relationship is declared."""
    return f'sa_relationship_kwargs={{"{name}": {code}}}' if sqlmodel_info(relationship) else f"{name}={code}"


def set_argument(relationship: Relationship, name: str, code: str) -> SetArgument | None:
    """Return the edit that gives a relationship an argument; None where another place says it, or where several classes share the declaration."""
    info = sqlmodel_info(relationship)
    if info is None and declared_with_sqlmodel(relationship):
        return None  # sa_relationship=relationship(...): a call inside the call
    if info is not None and name in (info.sa_relationship_kwargs or {}):
        return None  # what stands there wins over SQLModel's own argument
    if is_inherited_from_a_mixin(relationship) or is_made_by_a_backref(relationship):
        return None
    return SetArgument(relationship, name, code)


def is_inherited_from_a_mixin(relationship: Relationship) -> bool:
    """Whether a class that is no table declares the relationship for several: none of them could be led back to by one name."""
    return any(relationship.key in vars(base) for base in relationship.parent.class_.__mro__[1:])


def is_made_by_a_backref(relationship: Relationship) -> bool:
    """Whether the `backref=` of its other side made a relationship."""
    name = inverse_name(relationship)
    # The attribute, not the property: where a mapper could not be configured, asking for that would try again.
    entity = relationship.__dict__.get("entity")
    other = own_relationship(entity.mapper, name) if name and entity is not None else None
    return other is not None and other is not relationship and other.backref is not None


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
    named = named_relationships(schema)
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
    if relationship._overlaps or not is_configured(relationship):  # noqa: SLF001
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
