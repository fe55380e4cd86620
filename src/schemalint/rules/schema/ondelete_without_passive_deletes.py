"""A parent that the ORM cannot delete, as it sets the NOT NULL foreign keys of the children to NULL first.

With `ON DELETE CASCADE` the database deletes the children. The ORM does not know: on `session.delete(parent)` it loads them and writes
`SET book_id = NULL`, which fails with *null value in column violates not-null constraint* before the DELETE is sent. It works as long as
no parent has children, so in most tests.

Found is a relationship to the many whose foreign key is NOT NULL and ON DELETE CASCADE, and that has neither `passive_deletes` nor a delete cascade.
Silent about `viewonly`, `lazy="noload"`, joins of your own, and a key that another relationship of the same parent cascades over.

It is right anyway when no parent is ever deleted through a session.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book")

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

from collections.abc import Iterator

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, name_of, referred_name
from schemalint.rules.schema._relationships import children, set_argument
from schemalint.rules.schema._relationships import name_of as relationship_name
from schemalint.subjects.schema import Schema


@rule(fixes=("behaviour",))
def ondelete_without_passive_deletes(schema: Schema) -> Iterator[Problem]:
    found = [(one, key) for one, key in children(schema) if action(key.ondelete or "") == "CASCADE"]
    deleted = {key for one, key in found if one.cascade.delete}
    for relationship, key in found:
        required = [column for column in key.columns if not column.nullable]
        if (
            required
            and key not in deleted
            and not relationship.passive_deletes
            and relationship.lazy not in LOADS_NOTHING
        ):
            edit = set_argument(relationship, "passive_deletes", '"all"')
            yield Problem(
                part=relationship,
                message=f"deleting a row of {referred_name(key)} through a session fails while it has {key.table.fullname}: "
                f"{relationship_name(relationship)} sets {name_of(key)} to NULL first, which is NOT NULL",
                remedy='passive_deletes="all", which leaves the children to ON DELETE CASCADE',
                at="passive_deletes",
                fix=Fix("behaviour", (edit,)) if edit else None,
            )


LOADS_NOTHING = ("noload", None)
"""How a relationship is declared that never loads its children: nothing is there to be set to NULL."""
