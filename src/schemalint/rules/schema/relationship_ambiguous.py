"""A relationship that could go several ways, and does not say which.

Two foreign keys between the same tables (`sender_id`, `receiver_id`), or a link table that refers to one table twice, leave SQLAlchemy no choice: the
mappers cannot be configured, and every query of the process fails. A reference of a table to itself is taken for the one that leads to the
children. Where both sides of a pair are, SQLAlchemy refuses as well; where there is one side alone it says nothing, and
`node.parent` gives one of the node's children.

It is never right.

Bad:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)

class Message(SQLModel, table=True):
    __tablename__ = "messages"

    id: int | None = Field(default=None, primary_key=True)
    sender_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    receiver_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    sender: User = Relationship()
```

Good:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)

class Message(SQLModel, table=True):
    __tablename__ = "messages"

    id: int | None = Field(default=None, primary_key=True)
    sender_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    receiver_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    sender: User = Relationship(sa_relationship_kwargs={"foreign_keys": "Message.sender_id"})
```
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import FromClause, Table, join
from sqlalchemy.exc import AmbiguousForeignKeysError, SQLAlchemyError
from sqlalchemy.orm import RelationshipDirection

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import listed, referred_name
from schemalint.rules.schema._relationships import (
    NOTHING_WORKS,
    argument,
    direction_of,
    goes_through_a_link,
    inverse_name,
    is_configured,
    link_of,
    name_of,
    own_relationship,
    says_a_join,
    says_which_key,
    walks_backwards_unasked,
)
from schemalint.subjects.schema import AnyColumn, AnyMapper, Relationship, Schema, sorted_foreign_keys


@rule
def relationship_ambiguous(schema: Schema) -> Iterator[Problem]:
    position = {relationship: number for number, relationship in enumerate(schema.relationships)}
    for relationship in schema.relationships:
        target = schema.targets.get(relationship)
        if target is None:
            continue
        if not is_configured(relationship) and (problem := several_ways(relationship, target)):
            yield problem
        elif (other := lead_to_children_both(relationship, target)) is not None:
            if position[other] < position[relationship]:  # SQLAlchemy fails at the second of the two
                yield of_one_direction(relationship, other)
        elif walks_backwards_unasked(schema, relationship):
            yield backwards(relationship)


def several_ways(relationship: Relationship, target: AnyMapper) -> Problem | None:
    """Return a problem where SQLAlchemy finds several joins for a relationship."""
    if says_which_key(relationship):
        return None
    if goes_through_a_link(relationship):
        return several_ways_through_a_link(relationship, target)
    here = relationship.parent
    if not is_ambiguous(here.persist_selectable, target.persist_selectable):
        return None
    ways = dict.fromkeys([*attributes(here, target), *attributes(target, here)])
    meant = [way for way in ways if way.partition(".")[2].startswith(relationship.key)]
    offered = [argument(relationship, "foreign_keys", f'"{way}"') for way in (meant if len(meant) == 1 else ways)]
    return Problem(
        part=relationship,
        message=f"{name_of(relationship)} could go over {' or '.join(ways)}: {NOTHING_WORKS}",
        remedy=" or ".join(offered),
    )


def several_ways_through_a_link(relationship: Relationship, target: AnyMapper) -> Problem | None:
    link = link_of(relationship)
    for mapper in (relationship.parent, target):
        if link is not None and is_ambiguous(mapper.persist_selectable, link):
            ways = " and ".join(listed([column.name for column in key]) for key in keys_between(link, mapper))
            return Problem(
                part=relationship,
                message=f"{name_of(relationship)} goes through {link.fullname}, which refers to {mapper.local_table} by {ways}: "
                f"{NOTHING_WORKS}",
                remedy=f"primaryjoin and secondaryjoin, which say the two ways through {link.fullname}",
            )
    return None


def is_ambiguous(left: FromClause, right: FromClause) -> bool:
    """Ask SQLAlchemy whether two tables can be joined in several ways."""
    try:
        join(left, right)
    except AmbiguousForeignKeysError:
        return True
    except SQLAlchemyError:  # no way at all, or a foreign key that leads nowhere
        return False
    return False


def keys_between(table: Table, mapper: AnyMapper) -> Iterator[list[AnyColumn]]:
    """Yield the columns of each foreign key of a table that refers to a table of a mapper."""
    targets = {one.fullname for one in mapper.tables if isinstance(one, Table)}
    for key in sorted_foreign_keys(table):
        if referred_name(key) in targets:
            yield list(key.columns)


def attributes(own: AnyMapper, far: AnyMapper) -> Iterator[str]:
    """Yield, as `foreign_keys` takes them, the foreign keys from the tables of one mapper to those of another."""
    for table in own.tables:
        for key in keys_between(table, far) if isinstance(table, Table) else ():
            names = [attribute_of(own, column) for column in key]
            yield names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def attribute_of(mapper: AnyMapper, column: Any) -> str:
    """Return `Loan.book_id`, the attribute that a column is mapped to; its name where it is not."""
    try:
        name = mapper.get_property_by_column(column).key
    except SQLAlchemyError:
        name = column.name
    return f"{mapper.class_.__name__}.{name}"


def lead_to_children_both(relationship: Relationship, target: AnyMapper) -> Relationship | None:
    """Return the other side of a reference of a class to itself, where SQLAlchemy takes both sides for the one to the children."""
    name = inverse_name(relationship)
    if relationship.parent.configured or not name or target is not relationship.parent:
        return None
    other = own_relationship(target, name)
    if other is None or other is relationship:
        return None
    sides = (relationship, other)
    if any(says_a_join(one) or goes_through_a_link(one) for one in sides):
        return None
    return other if all(direction_of(one) in (RelationshipDirection.ONETOMANY, None) for one in sides) else None


def of_one_direction(relationship: Relationship, other: Relationship) -> Problem:
    up = next((one for one in (other, relationship) if one.uselist is False), other)
    return Problem(
        part=relationship,
        message=f"{name_of(relationship)} and {name_of(other)} both lead to the rows that refer to this one: {NOTHING_WORKS}",
        remedy=f"{argument(up, 'remote_side', primary_key_of(up))} in {name_of(up)}, the side that leads to the row referred to",
    )


def backwards(relationship: Relationship) -> Problem:
    table = relationship.parent.local_table
    return Problem(
        part=relationship,
        message=f"{name_of(relationship)} leads to a row of {table} that refers to this one, not to the one that this one refers to",
        remedy=f"{argument(relationship, 'remote_side', primary_key_of(relationship))}, or unique=True on the foreign key, if it is meant so",
    )


def primary_key_of(relationship: Relationship) -> str:
    """Return the primary key of a class as the text that `remote_side` takes."""
    mapper = relationship.parent
    names = [attribute_of(mapper, column) for column in mapper.primary_key]
    return f'"{names[0]}"' if len(names) == 1 else f'"[{", ".join(names)}]"'
