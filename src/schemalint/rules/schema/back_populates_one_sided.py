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
from schemalint.subjects.schema import Relationship, Schema


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
            message=f"{name_of(relationship)} names {name_of(other)}, which does not name it back: "
            f"what is set on {name_of(other)} is missing on {name_of(relationship)} until it is loaded again",
            remedy=f'back_populates="{relationship.key}"',
            fix=Fix("behaviour", (edit,)) if edit else None,
        )


def leads_to_class_of(schema: Schema, other: Relationship, relationship: Relationship) -> bool:
    target = schema.targets.get(other)
    return target is not None and target.common_parent(relationship.parent)
