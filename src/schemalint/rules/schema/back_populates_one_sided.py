"""A relationship that its other side names, and that does not name it back.

`back_populates` keeps two attributes in step while a session is open, and SQLAlchemy wants it on both. Given on one side only it is silent:
setting `loan.book` leaves `book.loans` without the loan until it is loaded again, code in between works with half the truth, and
nothing warns.

It is never right: name the other side on both, or on neither.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", passive_deletes="all")

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

from collections.abc import Iterator

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import (
    name_of,
    named_inverses,
    own_relationship,
    set_argument,
    states_an_inverse,
)
from schemalint.rules.schema._unimported import Link, links
from schemalint.subjects.schema import Relationship, Schema
from schemalint.subjects.source import Source


@rule(fixes=("behaviour",))
def back_populates_one_sided(schema: Schema) -> Iterator[Problem]:
    judged = set(schema.relationships)
    silent: dict[Relationship, Relationship] = {}
    for relationship, target, name in named_inverses(schema):
        other = own_relationship(target, name)
        if (
            other in judged
            and not other.viewonly
            and not states_an_inverse(other)
            and leads_to_class_of(schema, other, relationship)
        ):
            silent.setdefault(other, relationship)
    for other, relationship in silent.items():
        edit = set_argument(other, "back_populates", f'"{relationship.key}"')
        yield Problem(
            part=other,
            message=message(name_of(relationship), name_of(other)),
            remedy=f'back_populates="{relationship.key}"',
            fix=Fix("behaviour", (edit,)) if edit else None,
        )


@back_populates_one_sided.without_import
def in_source(source: Source) -> Iterator[Problem]:
    own = {(one.owner, one.attribute.name): one for one in links(source)}
    silent: dict[Link, Link] = {}
    for one in links(source, [class_ for class_ in source.of.values() if class_.is_mapped]):
        other = own.get((one.target, one.back_populates)) if one.target else None
        if other is None or other.target is not one.owner or one.argument("viewonly") or other.argument("viewonly"):
            continue
        if not other.states_an_inverse:
            silent.setdefault(other, one)
    for other, one in silent.items():
        yield Problem(
            part=other.attribute,
            message=message(one.text, other.text),
            remedy=f'back_populates="{one.attribute.name}"',
        )


def message(relationship: str, other: str) -> str:
    return (
        f"{relationship} names {other}, which does not name it back: "
        f"what is set on {other} is missing on {relationship} until it is loaded again"
    )


def leads_to_class_of(schema: Schema, other: Relationship, relationship: Relationship) -> bool:
    target = schema.targets.get(other)
    return target is not None and target.common_parent(relationship.parent)
