"""A `back_populates` that names something other than its own other side.

It names an attribute that does not exist, or a column, or a relationship to another class: then SQLAlchemy cannot configure the mappers,
and the first query of the process fails, whichever class it is about. Or it names a relationship that is paired with a third one: then two
attributes write the same foreign key without knowing each other, and which of them wins depends on the order of the flush. Or the two
follow different foreign keys, or different link tables, which nothing warns of: what is set on one then appears on the other
until the rows are loaded again, and is stored in the wrong column.

It is never right.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="borrowed", passive_deletes="all")

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
    loans: list["Loan"] = Relationship(back_populates="book", passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```
"""

import ast
from collections.abc import Iterator

from sqlalchemy import Table
from sqlalchemy.orm import RelationshipProperty

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import name_of as key_name
from schemalint.rules.schema._relationships import (
    NOTHING_WORKS,
    inverse_name,
    key_of,
    name_of,
    named_inverses,
    own_relationship,
)
from schemalint.rules.schema._unimported import links, names_bound, own_attributes
from schemalint.subjects.schema import AnyMapper, Relationship, Schema
from schemalint.subjects.source import Source, literal


@rule
def back_populates_target_missing(schema: Schema) -> Iterator[Problem]:
    ways_back = relationships_by_ends(schema)
    crossed: set[Relationship] = set()
    for relationship, target, name in named_inverses(schema):
        wrong = ""
        back = [one.key for one in ways_back.get((target, relationship.parent), ()) if one.key != name]
        instead = offered(back, target.class_.__name__, relationship.key)
        if not target.has_property(name):
            wrong = f"{target.class_.__name__} has no attribute {name}: {NOTHING_WORKS}"
        elif not isinstance(found := target.get_property(name), RelationshipProperty):
            wrong = f"{target.class_.__name__}.{name} is no relationship: {NOTHING_WORKS}"
        elif (
            found.parent is target
            and inverse_name(found) == relationship.key
            and (ways := crossed_ways(relationship, found))
        ):
            if found not in crossed:  # told once, of the side that comes first
                crossed.add(relationship)
                wrong = (
                    f"{name_of(relationship)} goes over {ways[0]} and {name_of(found)} over {ways[1]}: "
                    "what is set on one is not what the other loads"
                )
                instead = f"one of the two on both sides{''.join(f', or {one}' for one in back[:1] and [instead])}"
        else:
            wrong = what_is_wrong_with_the_pair(schema, relationship, target, found)
        if wrong:
            yield Problem(
                part=relationship,
                message=f'{name_of(relationship)} has back_populates="{name}", but {wrong}',
                remedy=instead,
                at="back_populates",
            )


@back_populates_target_missing.without_import
def in_source(source: Source) -> Iterator[Problem]:
    made_by_others = {*backrefs(source)}
    for one in links(source):
        name, target = one.back_populates, one.target
        bound = names_bound(target) if target else None
        if not name or target is None or bound is None or None in made_by_others or one.argument("viewonly"):
            continue
        declared = next((other for other in own_attributes(target) if other.name == name), None)
        if name not in bound and name not in made_by_others:
            wrong = f"{target.name} has no attribute {name}: {NOTHING_WORKS}"
        elif declared is not None and declared.is_column:
            wrong = f"{target.name}.{name} is no relationship: {NOTHING_WORKS}"
        else:
            continue
        back = [other.attribute.name for other in links(source, [target]) if other.target is one.owner]
        yield Problem(
            part=one.attribute,
            message=f'{one.text} has back_populates="{name}", but {wrong}',
            remedy=offered(back, target.name, one.attribute.name),
            at="back_populates",
        )


def backrefs(source: Source) -> Iterator[object]:
    """Yield what the relationships of a project call their other sides by `backref`; None where a call does not show it."""
    for module in source.known.values():
        for node in ast.walk(module.tree) if any("backref" in line for line in module.lines) else ():
            if isinstance(node, ast.Call):
                yield from (literal(word.value) for word in node.keywords if word.arg == "backref")


def relationships_by_ends(schema: Schema) -> dict[tuple[AnyMapper, AnyMapper], list[Relationship]]:
    """Return the relationships from one mapper to another."""
    found: dict[tuple[AnyMapper, AnyMapper], list[Relationship]] = {}
    for relationship, target in schema.targets.items():
        found.setdefault((relationship.parent, target), []).append(relationship)
    return found


def what_is_wrong_with_the_pair(
    schema: Schema, relationship: Relationship, declaring: AnyMapper, other: Relationship
) -> str:
    """Return why `other`, which `relationship` names, is not its other side; empty when it is, or may be.

    A relationship that the `declaring` class inherits belongs to a pair of its base class, and may still be named.
    """
    target = schema.targets.get(other)
    if target is None:
        return ""
    if not target.common_parent(relationship.parent):
        return (
            f"{name_of(other)} leads to {target.class_.__name__}, not to {relationship.parent.class_.__name__}: "
            f"{NOTHING_WORKS}"
        )
    third_name = inverse_name(other)
    if other.viewonly or other.parent is not declaring or third_name is None or third_name == relationship.key:
        return ""
    third = own_relationship(target, third_name)
    if third is None or third.viewonly:
        return ""
    return f"{name_of(other)} is paired with {name_of(third)}: both write the same rows without knowing each other"


def crossed_ways(relationship: Relationship, other: Relationship) -> tuple[str, str] | None:
    """Return the foreign keys, or the link tables, that two relationships walk which name each other; None where it is one, or not known.

    Which one a join of your own goes over is not known.
    """
    if relationship.viewonly or other.viewonly:
        return None
    links = [getattr(one, "secondary", None) for one in (relationship, other)]
    if all(isinstance(link, Table) for link in links):
        return (str(links[0]), str(links[1])) if links[0] is not links[1] else None
    one, another = key_of(relationship), key_of(other)
    if one is None or another is None or {*one.columns} == {*another.columns}:
        return None
    return key_name(one), key_name(another)


def offered(back: list[str], target: str, name: str) -> str:
    if len(back) == 1:
        return f'back_populates="{back[0]}"'
    if back:
        return f"one of {', '.join(back)}, the relationships of {target} that lead here"
    return f'a relationship on {target} with back_populates="{name}", and its name here'
