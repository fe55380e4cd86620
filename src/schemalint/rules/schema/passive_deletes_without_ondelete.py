"""A `passive_deletes=True` that leaves the children to a database which does nothing with them.

`passive_deletes=True` tells the ORM not to load the children of a deleted parent, since `ON DELETE` takes care of them. Where the foreign
key has no `ON DELETE`, nobody does: `session.delete(parent)` fails with *violates foreign key constraint* as soon as there are children that
happen not to be loaded. The same holds for the rows of a link table.

Silent about `passive_deletes="all"`, which is the way to let the database refuse, and about RESTRICT and NO ACTION where they are written and the
relationship has no delete cascade.

It is right anyway when a trigger takes care of the children.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", cascade_delete=True, passive_deletes=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", index=True)
    book: Book = Relationship(back_populates="loans")
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", cascade_delete=True, passive_deletes=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship(back_populates="loans")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, name_of, referred_name
from schemalint.rules.schema._relationships import left_to_no_action
from schemalint.rules.schema._relationships import name_of as relationship_name
from schemalint.subjects.schema import Schema


@rule
def passive_deletes_without_ondelete(schema: Schema) -> Iterator[Problem]:
    for relationship, key in left_to_no_action(schema):
        said = f"is ON DELETE {action(key.ondelete)}" if key.ondelete else "has no ON DELETE"
        yield Problem(
            part=relationship,
            message=f"{relationship_name(relationship)} leaves {key.table.fullname} to the database, but {name_of(key)} {said}: "
            f"deleting a row of {referred_name(key)} fails unless they happen to be loaded",
            remedy=f'ondelete="CASCADE" on {name_of(key)}, or no passive_deletes',
            at="passive_deletes",
        )
