"""A relationship that nothing leads back from.

From `loan.book` there is no way from a book to its loans: whoever needs one writes a query of its own, the ORM does not see what it would have to
delete or detach with the book, and a loan that was just added is found nowhere but in the database. Nothing is broken; the
checklist of the strict profile asks for both sides because the missing one is often a forgotten one.

Silent about `viewonly` and `overlaps`, joins of your own, several foreign keys between the same two tables (`created_by`, `updated_by`),
references of a table to itself, link tables, mixins, dynamic and write-only collections, and classes that are not the project's own.

It is right anyway when the way back would never be walked.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

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

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import referred_name
from schemalint.rules.schema._relationships import is_inherited_from_a_mixin, name_of, unlinked
from schemalint.subjects.schema import Relationship, Schema, is_link_table


@rule(profile="strict")
def one_way_relationship(schema: Schema) -> Iterator[Problem]:
    judged = frozenset(schema.mappers)
    ways = {(one.parent.base_mapper, target.base_mapper) for one, target in schema.targets.items()}
    for relationship, target, _ in unlinked(schema):
        if (
            target in judged
            and (target.base_mapper, relationship.parent.base_mapper) not in ways
            and should_lead_back(relationship)
        ):
            yield Problem(
                part=relationship,
                message=f"{name_of(relationship)} leads to {target.class_.__name__}, and nothing leads back",
                remedy=f'a relationship on {target.class_.__name__} with back_populates="{relationship.key}", and its name here',
            )


def should_lead_back(relationship: Relationship) -> bool:
    """Whether a relationship that stands alone looks like one whose other side was forgotten."""
    own = relationship.parent.local_table
    return (
        relationship.lazy not in ("dynamic", "write_only", "noload")
        and isinstance(own, Table)
        and not is_link_table(own)
        and not is_one_of_several(relationship)
        and not is_inherited_from_a_mixin(relationship)
    )


def is_one_of_several(relationship: Relationship) -> bool:
    """Whether the tables at the two ends are joined by more foreign keys than the one that this relationship follows."""
    if relationship.secondary is not None:
        return False
    ends = {(read.table, written.table) for read, written in relationship.synchronize_pairs}
    return any(
        isinstance(referring, Table)
        and isinstance(referred, Table)
        and [referred_name(key) for key in referring.foreign_key_constraints].count(referred.fullname) > 1
        for referred, referring in ends
    )
