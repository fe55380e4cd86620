"""Two relationships that are each other's other side and do not say so.

Two relationships over one foreign key that do not know each other drift apart: a loan put into `book.loans` has no `loan.book` until both are
loaded again, each writes the key by itself at the flush, and SQLAlchemy warns of the conflict when it configures the mappers.

A relationship that nothing leads back from is whole in itself, and the business of `one-way-relationship`. Silent about `viewonly` and
about joins of your own.

It is right anyway when both are meant to write for themselves: `overlaps="..."` says so to SQLAlchemy and to this rule.

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

from collections.abc import Iterator

from sqlalchemy import Table

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import name_of, set_argument, unlinked
from schemalint.subjects.schema import Relationship, Schema


@rule(fixes=("behaviour",))
def relationship_without_back_populates(schema: Schema) -> Iterator[Problem]:
    ways = {relationship: back for relationship, _, back in unlinked(schema) if back}
    for relationship, back in ways.items():
        other = back[0]
        yield Problem(
            part=relationship,
            message=f"{name_of(relationship)} and {name_of(other)} write the same {written_by(relationship)} and do not "
            "know each other: what is set on one is missing on the other until it is loaded again",
            remedy=f'back_populates="{other.key}"',
            fix=linking(relationship, other) if back == [other] and ways.get(other) == [relationship] else None,
        )


def linking(relationship: Relationship, other: Relationship) -> Fix | None:
    """Return the fix that makes a pair of two relationships: the same for both, since one side alone is worse than none."""
    edits = [
        set_argument(one, "back_populates", f'"{inverse.key}"')
        for one, inverse in sorted([(relationship, other), (other, relationship)], key=lambda pair: name_of(pair[0]))
    ]
    return Fix("behaviour", tuple(edit for edit in edits if edit)) if all(edits) else None


def written_by(relationship: Relationship) -> str:
    if isinstance(relationship.secondary, Table):
        return relationship.secondary.fullname
    return " and ".join(str(written) for _, written in relationship.synchronize_pairs)
