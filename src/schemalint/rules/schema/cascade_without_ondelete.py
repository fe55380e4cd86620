"""A relationship that deletes its children where the database does not.

`cascade="all, delete"` (in SQLModel `cascade_delete=True`) works only for `session.delete(parent)`. A `delete(Book)` statement, a script, or psql
meets PostgreSQL alone: without `ON DELETE` it refuses with *violates foreign key constraint*, with SET NULL it keeps the children that the
ORM deletes, and which of both happens depends on who deletes. The ORM for its part loads all children first and deletes them
one by one.

It is right anyway when the database should refuse what does not come through the ORM: write `ondelete="RESTRICT"` or `"NO ACTION"`, of which this rule says
nothing. Silent too about `viewonly` and joins of your own, and about link tables, whose rows SQLAlchemy deletes by itself.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", cascade_delete=True)

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

from sqlalchemy import ForeignKeyConstraint

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, name_of, referred_name
from schemalint.rules.schema._relationships import cascading_only_in_the_orm
from schemalint.rules.schema._relationships import name_of as relationship_name
from schemalint.subjects.schema import Relationship, Schema


@rule(fixes=("schema",))
def cascade_without_ondelete(schema: Schema) -> Iterator[Problem]:
    for relationship, key in cascading_only_in_the_orm(schema):
        yield Problem(
            part=relationship,
            message=message(relationship, key),
            remedy=f'ondelete="CASCADE" on {name_of(key)}',
            fix=Fix(
                "schema",
                (SetArgument(key, "ondelete", '"CASCADE"'),),
                due=f"{name_of(key)} dropped and created again with ON DELETE CASCADE",
            ),
        )


def message(relationship: Relationship, key: ForeignKeyConstraint) -> str:
    rows, parent = key.table.fullname, referred_name(key)
    if not key.ondelete:
        return (
            f"{relationship_name(relationship)} deletes its {rows} in the ORM only: a DELETE of {parent} that is not made through a session "
            "fails with a foreign key violation"
        )
    return (
        f"{relationship_name(relationship)} deletes its {rows} in the ORM, but {name_of(key)} is ON DELETE {action(key.ondelete)}: "
        f"a DELETE of {parent} that is not made through a session keeps them"
    )
