"""What a rule offers to write instead: edits of the user's declarations, as data.

A rule says which declaration changes and how; where that declaration stands, how its layout is kept and whether the result means what was
promised is the business of whoever performs the edits.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from schemalint.location import Location

FixKind = Literal["safe", "schema", "behaviour"]
"""`safe`: identical DDL and mapper configuration, proved by comparing them; `schema`: a migration is due; `behaviour`: the ORM does
something else than before."""


@dataclass(frozen=True, slots=True)
class SetArgument:
    """Give the call that declares `part` the keyword `name`, with `code` as its value.

    What it replaces is the keyword of that name, or the one called `instead_of`, in its place. A declaration without a call (`name: str`) is
    given one: `Field(...)` in a SQLModel class, `mapped_column(...)` in a declarative one. `name` may be in SQLAlchemy's words or SQLModel's: it goes
    where it can stand. `server_default` of a `Field` into its `sa_column_kwargs`, `index` of one with `sa_column=Column(...)` into the Column, `ondelete`
    of a foreign key (the part) into its `ForeignKey(...)`, `lazy` of a `Relationship` into its `sa_relationship_kwargs`, `comment` of a
    class's table into the dictionary of its `__table_args__`. `default` is a SQLModel field's own.
    """

    part: object
    name: str
    code: str
    instead_of: str = ""
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetType:
    """Give the column `part` the type `code`: in place of the one name or call of `instead_of` in its declaration, wherever that stands there.

    A type is positional as often as not and may stand inside another call (`Column("data", sa.JSON())`, `sa_type=MutableDict.as_mutable(JSON)`),
    so no keyword finds it. `instead_of` is the last part of its name (`JSON`). A declaration that writes no type at all is given one: `sa_type=` in
    a SQLModel class, the first argument behind the name elsewhere. One with another type, or with several of the name, is left alone.
    """

    part: object
    code: str
    instead_of: str = ""
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetText:
    """Write the text `new` for the string `old` in the declaration of `part`, where it stands once.

    What a foreign key refers to is positional as often as not (`ForeignKey("users")`, `foreign_key="users"`), so no keyword finds it.
    """

    part: object
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DropArgument:
    """Take the keyword `name` out of the call that declares `part`."""

    part: object
    name: str


@dataclass(frozen=True, slots=True)
class SetAnnotation:
    """Annotate the attribute `part` with `code` (inside `Mapped[...]`, where it is there)."""

    part: object
    code: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Give the class of `part` (a mapper, or its table) the attribute `name = code`.

    One that it has already is replaced. `__tablename__` and the like become its first statement after the docstring, anything else the last of its attributes.
    """

    part: object
    name: str
    code: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddTableArgument:
    """Add `code` (an `Index(...)`, a constraint) to the `__table_args__` of `part`'s class, or to the `Table(...)` call of `part`."""

    part: object
    code: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remove:
    """Take `part`, an element of `__table_args__` or of a `Table(...)` call, out; of a column's own index or constraint, its keyword.

    A column that a class declares is taken out with its statement.
    """

    part: object


@dataclass(frozen=True, slots=True)
class Replace:
    """Write `code` for the expression, statement or comment that stands exactly at `location`.

    An empty `code` takes a comment out, and the line that it alone stood on.
    """

    location: Location
    code: str
    imports: tuple[str, ...] = ()


Edit: TypeAlias = (
    SetArgument | SetType | SetText | DropArgument | SetAnnotation | SetAttribute | AddTableArgument | Remove | Replace
)
"""One change of one declaration. `code` is an expression that may use what `imports` names, by the last part of each full name
(`"sqlalchemy.dialects.postgresql.JSONB"` for `JSONB`): the import is added, or the name under which the file has it already is used."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would put one problem right: all `edits` together; `due` says which migration must follow (for `schema`), as Alembic code or a clause."""

    kind: FixKind
    edits: tuple[Edit, ...]
    due: str = ""


PartKind: TypeAlias = Literal[
    "column", "relationship", "backref", "foreign key", "index", "unique", "primary key", "check", "table", "class", ""
]
"""What a part is; `backref` is a relationship that the other side's `backref=` makes, "" what only the source can tell."""


@dataclass(frozen=True, slots=True)
class Target:
    """A part as it is known where the models are not loaded: what it is, and where its declaration stands.

    `call` is what would declare it where its statement has no call (`Field`, `mapped_column`; empty where neither can). `refers_to` are the columns
    that a foreign key refers to, as `table.column`; `is_unique` is said of an index.
    """

    location: Location | None
    kind: PartKind = ""
    object: str = ""
    table: str = ""
    call: Literal["Field", "mapped_column", ""] = ""
    refers_to: tuple[str, ...] = ()
    is_unique: bool = False
