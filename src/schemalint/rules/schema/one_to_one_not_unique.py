"""A relationship to one row over a foreign key that several rows may share.

`profile: "Profile"` on the side that the foreign key refers to says that there is one row at most; nothing in the database does. A second request, a retry
or an import writes a second one, and from then on SQLAlchemy warns *Multiple rows returned with uselist=False* and gives
whichever comes first. Making the column unique later means cleaning up first, and `CREATE UNIQUE INDEX CONCURRENTLY` on a
large table.

A primary key, a unique constraint or a unique index over the foreign key is enough, also a partial one, an exclusion constraint, and a key that has the
discriminator of a subclass beside it. Silent about `viewonly`, about relationships with an `order_by` or a join of your own (the latest of
many), and about keys that are not declared.

It is right anyway when another rule of the database holds it, a trigger or a unique index that only a migration knows.

Bad:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    profile: Optional["Profile"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)

class Profile(SQLModel, table=True):
    __tablename__ = "profiles"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    user: User = Relationship(back_populates="profile")
```

Good:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    profile: Optional["Profile"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)

class Profile(SQLModel, table=True):
    __tablename__ = "profiles"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    user: User = Relationship(back_populates="profile")
```
"""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._foreign_keys import listed
from schemalint.rules.schema._operations import literal, operation
from schemalint.rules.schema._relationships import children, name_of, walks_backwards_unasked
from schemalint.subjects.schema import AnyMapper, Relationship, Schema


@rule(fixes=("schema",))
def one_to_one_not_unique(schema: Schema) -> Iterator[Problem]:
    for relationship, key in children(schema):
        if (
            relationship.uselist is False
            and relationship.parent.configured
            and not relationship.order_by
            and not walks_backwards_unasked(schema, relationship)
            and not is_guarded(key, schema.targets[relationship])
        ):
            names = [column.name for column in key.columns]
            yield Problem(
                part=relationship,
                message=f"{name_of(relationship)} is one row, but nothing keeps {key.table.fullname} from having several of one "
                f"{listed(names)}: SQLAlchemy then gives whichever comes first",
                remedy=f"{unique(key)}, or {several(schema, relationship)}, if there are several",
                fix=making_unique(key) if len(names) == 1 else None,
            )


def several(schema: Schema, relationship: Relationship) -> str:
    """Return how the relationship would be written to many; without an annotation only `uselist` makes it lead to one."""
    if relationship in schema.annotations:
        return f"list[{literal(schema.targets[relationship].class_.__name__)}]"
    return "no uselist=False"


def unique(key: ForeignKeyConstraint) -> str:
    names = [column.name for column in key.columns]
    return (
        f"unique=True on {key.table.fullname}.{names[0]}"
        if len(names) == 1
        else f"a UniqueConstraint over {listed(names)}"
    )


def is_guarded(key: ForeignKeyConstraint, target: AnyMapper) -> bool:
    """Whether some key of the table keeps two rows from referring to one, or was meant to (under a condition).

    The rows of a subclass are told from others by their discriminator: that may stand in the key as well.
    """
    own = {column.name for column in key.columns}
    if target.inherits is not None and target.polymorphic_on is not None:
        own.add(str(getattr(target.polymorphic_on, "name", "")))
    unique = [one.columns for one in definitions(key.table) if one.unique]
    excluding = [
        frozenset(column.name for column in one.columns)
        for one in key.table.constraints
        if isinstance(one, ExcludeConstraint)
    ]
    return any(columns <= own for columns in unique) or any(columns & own for columns in excluding)


def making_unique(key: ForeignKeyConstraint) -> Fix:
    """Return the fix of a key over one column; with `index=True` the index becomes a unique one."""
    (column,) = key.columns
    table = key.table
    due = operation(
        "create_unique_constraint",
        "None",
        literal(table.name),
        f"[{literal(column.name)}]",
        table=table,
    )
    if column.index:
        due = f"the index over {table.fullname}.{column.name} dropped and created again with unique=True"
    return Fix("schema", (SetArgument(column, "unique", "True"),), due=due)
