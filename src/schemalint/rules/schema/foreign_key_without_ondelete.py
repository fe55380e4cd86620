"""A foreign key that does not say what happens when the row it refers to is deleted.

Without `ON DELETE` PostgreSQL takes NO ACTION: a parent row with children cannot be deleted, and the first to learn so is a user whose
request fails with a foreign key violation. Whether children go too, stay behind or forbid the deletion is a decision about the domain; the
schema is where it is kept, for raw SQL and bulk deletes as well as for the ORM.

Where a relationship over the key says what the ORM does with the children, `cascade-without-ondelete` and `passive-deletes-without-ondelete` speak
instead; where PostgreSQL refuses the key, `foreign-key-target-not-unique` does.

It is right anyway when NO ACTION is what you want: write `ondelete="NO ACTION"`, which counts as said. The option `allowed` lists the actions
that the project accepts (`allowed = ["CASCADE", "RESTRICT"]`); empty, which is the default, accepts them all.

The fix says what happens today: `CASCADE` for a link table whose rows the ORM deletes (a relationship goes through it as its `secondary`), else
`RESTRICT`, or `NO ACTION` for a key that is deferrable. What is right, only you know. Where a relationship deletes the children,
`cascade-without-ondelete` speaks.

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

from collections.abc import Collection, Iterator

from sqlalchemy import ForeignKeyConstraint, Table

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import (
    ACTIONS,
    action,
    is_refused,
    name_of,
    referred_columns,
    referred_name,
    replace_foreign_key,
)
from schemalint.rules.schema._operations import literal
from schemalint.rules.schema._relationships import (
    cascading_only_in_the_orm,
    is_configured,
    left_to_no_action,
    near_key_of,
)
from schemalint.subjects.schema import Schema


@rule(fixes=("schema",))
def foreign_key_without_ondelete(schema: Schema, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    accepted = tuple(action(phrase) for phrase in allowed)
    emptied = emptied_by_the_orm(schema)
    decided = {key for _, key in (*cascading_only_in_the_orm(schema), *left_to_no_action(schema))}
    judged = frozenset(schema.tables)
    for key in schema.foreign_keys:
        if not key.ondelete and key not in decided and not is_told_elsewhere(key, judged):
            yield Problem(
                part=key,
                message=f"{deleting(key, is_emptied=key in emptied)} fails while {name_of(key)} refers to it: "
                "no ON DELETE was chosen, so PostgreSQL takes NO ACTION",
                remedy=f"ondelete={choices(key, accepted, is_emptied=key in emptied)}",
                fix=fix(key, accepted, is_deleted=key in emptied),
            )
        elif key.ondelete and accepted and action(key.ondelete) in ACTIONS and action(key.ondelete) not in accepted:
            yield Problem(
                part=key,
                at="ondelete",
                message=f"{name_of(key)} is ON DELETE {action(key.ondelete)}, which this project does not allow",
                remedy=f"ondelete={choices(key, accepted, is_emptied=key in emptied)}",
            )


def deleting(key: ForeignKeyConstraint, *, is_emptied: bool) -> str:
    """Return what fails; where the ORM deletes the rows of a link table, everything that does not go through it."""
    if is_emptied:
        return f"a DELETE of {referred_name(key)} that is not made through a session"
    return f"deleting a row of {referred_name(key)}"


def is_told_elsewhere(key: ForeignKeyConstraint, judged: Collection[Table]) -> bool:
    """Whether `foreign-key-target-not-unique` says that there can be no such key."""
    columns = referred_columns(key)
    return columns is not None and columns[0].table in judged and is_refused(key)


def choices(key: ForeignKeyConstraint, accepted: tuple[str, ...], *, is_emptied: bool) -> str:
    """Return the actions worth offering: CASCADE for the rows of a link table, SET NULL only where every column may be NULL."""
    refusing = "NO ACTION" if key.deferrable else "RESTRICT"
    if is_emptied:
        usual: tuple[str, ...] = ("CASCADE",)
    elif all(column.nullable for column in key.columns):
        usual = ("CASCADE", "SET NULL", refusing)
    else:
        usual = ("CASCADE", refusing)
    return " or ".join(f'"{one}"' for one in accepted or usual)


def emptied_by_the_orm(schema: Schema) -> set[ForeignKeyConstraint | None]:
    """Return the foreign keys of link tables whose rows the ORM deletes with the row that they refer to."""
    return {near_key_of(one) for one in schema.relationships if is_configured(one) and not one.viewonly}


def fix(key: ForeignKeyConstraint, accepted: tuple[str, ...], *, is_deleted: bool) -> Fix | None:
    """Write the action that changes nothing today; None where the project does not accept it."""
    # RESTRICT is NO ACTION that cannot be deferred: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
    unchanged = ["CASCADE"] if is_deleted else ["NO ACTION"] if key.deferrable else ["RESTRICT", "NO ACTION"]
    said = next((one for one in unchanged if not accepted or one in accepted), None)
    if said is None:
        return None
    return Fix("schema", (SetArgument(key, "ondelete", literal(said)),), due=replace_foreign_key(key, ondelete=said))
