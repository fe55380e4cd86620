"""A relationship that another class makes with `backref`.

`backref="loans"` adds an attribute to a class that does not mention it: readers, editors and type checkers do not find it, and SQLModel's constructor does not
know it. It is there only once the mappers are configured, so `Book.loans` fails in a module that runs early. SQLAlchemy calls it
legacy and asks for `back_populates` on both sides.

It is right anyway in code that is not touched any more.

Bad:

```python
class Base(DeclarativeBase):
    metadata = SQLModel.metadata

class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)

class Loan(Base):
    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"), index=True)
    book: Mapped[Book] = relationship(backref=orm.backref("loans", passive_deletes="all"))
```

Good:

```python
class Base(DeclarativeBase):
    metadata = SQLModel.metadata

class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    loans: Mapped[list["Loan"]] = relationship(back_populates="book", passive_deletes="all")

class Loan(Base):
    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"), index=True)
    book: Mapped[Book] = relationship(back_populates="loans")
```
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from schemalint.fix import Fix, SetArgument, SetAttribute
from schemalint.rule import Problem, rule
from schemalint.rules.schema._operations import literal
from schemalint.rules.schema._relationships import (
    is_inherited_from_a_mixin,
    key_of,
    name_of,
    names_of_one_class,
    own_relationship,
    says_a_join,
)
from schemalint.subjects.schema import AnyMapper, Relationship, Schema


@rule(profile="strict", fixes=("behaviour",))
def backref_used(schema: Schema) -> Iterator[Problem]:
    judged, names = frozenset(schema.mappers), names_of_one_class(schema)
    for relationship in schema.relationships:
        target = schema.targets.get(relationship)
        if relationship.backref and target is not None:
            name, arguments = given(relationship)
            yield Problem(
                part=relationship,
                message=f"{target.class_.__name__}.{name} is made by {name_of(relationship)}, and {target.class_.__name__} does not say so",
                remedy=f'back_populates="{name}", and {name} on {target.class_.__name__} with back_populates="{relationship.key}"',
                at="backref",
                fix=saying_both(relationship, target, name, arguments, names) if target in judged else None,
            )


def given(relationship: Relationship) -> tuple[str, Mapping[str, Any]]:
    """Return the name that a backref gives the other side, and its arguments."""
    backref: Any = relationship.backref
    if isinstance(backref, str):
        return backref, {}
    name, arguments = backref
    # Configuring the mappers adds these to the user's own dictionary.
    return str(name), {
        key: value for key, value in arguments.items() if key not in HANDED_ON or value != HANDED_ON[key]
    }


HANDED_ON = {"viewonly": False, "post_update": False, "passive_updates": True, "sync_backref": None}
"""What a backref takes over from its relationship, with the values that say nothing."""


def saying_both(
    relationship: Relationship, target: AnyMapper, name: str, arguments: Mapping[str, Any], names: Collection[str]
) -> Fix | None:
    """Return the fix that writes the other side; None where it would have to say more than a name and plain values.

    A SQLModel class takes no attribute without an annotation, and its `backref` stands in `sa_relationship_kwargs`.
    """
    own = relationship.parent.class_
    if not (
        is_declarative(own)
        and is_declarative(target.class_)
        and relationship.parent.registry is target.registry
        and own.__name__ in names
        and not is_inherited_from_a_mixin(relationship)
        and is_plain(relationship)
        # SQLAlchemy takes joins out of a backref's arguments when it makes the other side of them.
        and (other := own_relationship(target, name)) is not None
        and key_of(other) is key_of(relationship)
        and arguments.keys() <= PLAIN
        and all(isinstance(value, (str, bool)) for value in arguments.values())
    ):
        return None
    values = {key: literal(value) if isinstance(value, str) else repr(value) for key, value in arguments.items()}
    said = "".join(f", {key}={value}" for key, value in values.items())
    code = f'relationship("{own.__name__}", back_populates="{relationship.key}"{said})'
    return Fix(
        "behaviour",
        (
            SetArgument(relationship, "back_populates", f'"{name}"', instead_of="backref"),
            SetAttribute(target, name, code, imports=("sqlalchemy.orm.relationship",)),
        ),
    )


PLAIN = {"cascade", "lazy", "passive_deletes", "uselist", "order_by", "doc", "single_parent", "innerjoin"}
"""Arguments that mean the same in `backref(...)` and in `relationship(...)`, and whose plain values can be written down."""


def is_declarative(class_: type) -> bool:
    """Whether a class is declared in SQLAlchemy's own words, so that it may be given an attribute that has no annotation."""
    return (
        hasattr(class_, "__tablename__")
        and not hasattr(class_, "__sqlmodel_relationships__")
        and not is_dataclass(class_)
    )


def is_plain(relationship: Relationship) -> bool:
    """Whether a relationship goes over the only foreign key between two classes and hands nothing on to its backref."""
    return (
        key_of(relationship) is not None
        and not says_a_join(relationship)
        and not relationship.viewonly
        and not relationship.post_update
        and relationship.passive_updates
        and relationship.sync_backref is None
    )
