"""Constraints without a name, in a MetaData without a naming convention for them.

PostgreSQL invents a name (`loans_book_id_fkey`), but the models do not know it. So autogenerate writes `op.create_foreign_key(None, ...)`, and `op.drop_constraint(None, ...)` into
the downgrade, which cannot run: *Can't emit DROP CONSTRAINT for constraint ...; it has no name*. Whoever wants to change a constraint must look its name up in the database
(https://alembic.sqlalchemy.org/en/latest/naming.html). Foreign keys, unique constraints and checks are meant.

`naming_convention` on the MetaData names all but the checks, of which it knows no columns. It replaces SQLAlchemy's own, so it must say `"ix"` as well, or `index=True` fails. For a project whose tables exist already, a convention that repeats PostgreSQL's names changes nothing there:
`{"fk": "%(table_name)s_%(column_0_N_name)s_fkey", "uq": "%(table_name)s_%(column_0_N_name)s_key", "pk": "%(table_name)s_pkey"}`, with `"ix": "ix_%(column_0_label)s"` for the indexes. Where hardly anything is
named, it is one finding, not one a constraint. Right anyway: tables that only `create_all` makes.

Bad:

```python
class Base(DeclarativeBase):
    metadata = MetaData()

class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int] = mapped_column(unique=True)
```

Good:

```python
class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
    )

class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int] = mapped_column(unique=True)
```
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from schemalint.rule import Problem, rule
from schemalint.subjects.schema import Schema, sorted_foreign_keys

Nameable: TypeAlias = ForeignKeyConstraint | UniqueConstraint | CheckConstraint

KINDS: dict[type[Nameable], tuple[str, str]] = {
    ForeignKeyConstraint: ("fk", "foreign key"),
    UniqueConstraint: ("uq", "unique constraint"),
    CheckConstraint: ("ck", "check"),
}
"""What a naming convention calls a kind of constraint, and what people call it."""

PATTERNS = {"fk": "fk_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
"""What names the constraints of a kind; of a check nothing is known but its text."""

INDEXES = '"ix": "ix_%(column_0_label)s"'
"""What SQLAlchemy names indexes by where no naming convention is given; beside one without it, `index=True` fails."""


@rule
def constraint_unnamed(schema: Schema) -> Iterator[Problem]:
    for metadata in schema.metadata:
        constraints = [one for table in schema.tables if table.metadata is metadata for one in constraints_of(table)]
        unnamed = [one for one in constraints if not isinstance(one.name, str) and not has_convention(metadata, one)]
        named = [one for one in constraints if isinstance(one.name, str)]
        if len(unnamed) > len(named):
            first, *rest = sorted(unnamed, key=steady_order)
            more = f", nor have {len(rest)} more constraints" if rest else ""
            yield Problem(
                part=first,
                message=f"{described(first)} has no name{more}, and {why(metadata)}: a downgrade that drops it, op.drop_constraint(None), fails",
                remedy=remedy_for_all(metadata, unnamed),
                about="naming convention" if rest else "",
            )
        else:
            for one in unnamed:
                yield Problem(
                    part=one,
                    message=f"{described(one)} has no name, unlike the others: a downgrade that drops it, op.drop_constraint(None), fails",
                    remedy=remedy(one),
                )


def why(metadata: MetaData) -> str:
    if has_own_convention(metadata):
        return "the naming_convention of the MetaData says nothing of such"
    return "the MetaData has no naming_convention"


def has_own_convention(metadata: MetaData) -> bool:
    return metadata.naming_convention != MetaData().naming_convention


def remedy_for_all(metadata: MetaData, unnamed: Iterable[Nameable]) -> str:
    """Return the naming convention that names these constraints, and what checks need beside it."""
    missing = {kind_of(one)[0] for one in unnamed}
    entries = [f'"{kind}": "{pattern}"' for kind, pattern in PATTERNS.items() if kind in missing]
    remedies = []
    if entries and has_own_convention(metadata):
        remedies.append(f"{', '.join(entries)} in the naming_convention")
    elif entries:
        remedies.append(f"MetaData(naming_convention={{{', '.join([INDEXES, *entries])}}})")
    if "ck" in missing:
        remedies.append("name=... in each CheckConstraint")
    return ", and ".join(remedies)


def constraints_of(table: Table) -> Iterator[Nameable]:
    """Yield the foreign keys, unique constraints and checks that the project declares; those that a type brings are the type's."""
    yield from sorted_foreign_keys(table)
    others = [
        one
        for one in table.constraints
        # Private, but nothing else tells the check of a boolean or an enum from one that is written.
        if isinstance(one, (UniqueConstraint, CheckConstraint)) and not getattr(one, "_type_bound", False)
    ]
    yield from sorted(others, key=described) if len(others) > 1 else others


def has_convention(metadata: MetaData, constraint: Nameable) -> bool:
    """Whether a naming convention covers a constraint, if it was set too late to name this one: Alembic's operations use it."""
    convention = metadata.naming_convention
    return any(kind in convention for kind in (type(constraint), kind_of(constraint)[0]))


def described(constraint: Nameable) -> str:
    what = kind_of(constraint)[1]
    columns = ", ".join(column.name for column in constraint.columns)
    return f"the {what} of {constraint.table.fullname}" + (f" over {columns}" if columns else "")


def steady_order(constraint: Nameable) -> tuple[str, int, str]:
    """Return a key that sorts as people read, whatever the order of a table's columns is: the first one is the finding's identity."""
    kinds = [name for name, _ in KINDS.values()]
    return constraint.table.fullname, kinds.index(kind_of(constraint)[0]), described(constraint)


def kind_of(constraint: Nameable) -> tuple[str, str]:
    return next(names for kind, names in KINDS.items() if isinstance(constraint, kind))


def remedy(constraint: Nameable) -> str:
    if isinstance(constraint, CheckConstraint):
        return "name=... in the CheckConstraint"
    if isinstance(constraint, UniqueConstraint):
        return "UniqueConstraint(..., name=...) in __table_args__, or a naming_convention on the MetaData"
    return "ForeignKeyConstraint(..., name=...) or ForeignKey(..., name=...), or a naming_convention on the MetaData"
