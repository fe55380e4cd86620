"""A foreign key that does not say what happens when the row it refers to is deleted.

Without `ON DELETE` PostgreSQL takes NO ACTION: a parent row with children cannot be deleted, and the first to learn so is a user whose
request fails with a foreign key violation. Whether children go too, stay behind or forbid the deletion is a decision about the domain; the
schema is where it is kept, for raw SQL and bulk deletes as well as for the ORM.

Where a relationship over the key says what the ORM does with the children, `cascade-without-ondelete` and `passive-deletes-without-ondelete` speak
instead.

It is right anyway when NO ACTION is what you want: write `ondelete="NO ACTION"`, which counts as said. The option `allowed` lists the actions
that the project accepts (`allowed = ["CASCADE", "RESTRICT"]`); empty, which is the default, accepts them all.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", index=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
```
"""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import action, name_of, referred_name
from schemalint.rules.schema._relationships import cascading_only_in_the_orm, left_to_no_action
from schemalint.subjects.schema import Schema


@rule
def foreign_key_without_ondelete(schema: Schema, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    accepted = tuple(action(phrase) for phrase in allowed)
    decided = {key for _, key in (*cascading_only_in_the_orm(schema), *left_to_no_action(schema))}
    for key in schema.foreign_keys:
        if not key.ondelete and key not in decided:
            yield Problem(
                part=key,
                message=f"deleting a row of {referred_name(key)} fails while {name_of(key)} refers to it: "
                "no ON DELETE was chosen, so PostgreSQL takes NO ACTION",
                remedy=f"ondelete={choices(key, accepted)}",
            )
        elif key.ondelete and accepted and action(key.ondelete) not in accepted:
            yield Problem(
                part=key,
                message=f"{name_of(key)} is ON DELETE {action(key.ondelete)}, which this project does not allow",
                remedy=f"ondelete={choices(key, accepted)}",
            )


def choices(key: ForeignKeyConstraint, accepted: tuple[str, ...]) -> str:
    """Return the actions worth offering: SET NULL only where every column may be NULL."""
    usual = (
        ("CASCADE", "SET NULL", "RESTRICT")
        if all(column.nullable for column in key.columns)
        else ("CASCADE", "RESTRICT")
    )
    return " or ".join(f'"{one}"' for one in accepted or usual)
