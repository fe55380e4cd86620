"""How a table got its name, and whether it only links others: such a table may be called what it likes."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import permutations

from sqlalchemy import CheckConstraint, Table

from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._words import singular, split
from schemalint.subjects.schema import AnyMapper, Schema, is_link_table

LINKING = (
    "link",
    "links",
    "association",
    "associations",
    "assoc",
    "map",
    "mapping",
    "mappings",
    "rel",
    "join",
    "through",
    "xref",
    "table",
)
"""What a link table's name may end with, behind the two that it links."""


def own_mappers(schema: Schema) -> Iterator[tuple[AnyMapper, Table]]:
    """Yield each mapper that has a table of its own, with it: not the subclasses that share their parent's."""
    for mapper in schema.mappers:
        if not mapper.single and isinstance(mapper.local_table, Table):
            yield mapper, mapper.local_table


def implicit_names(schema: Schema) -> Iterator[tuple[AnyMapper, Table]]:
    """Yield the mappers, with their tables, whose table name SQLModel made of the class: its name in lower case."""
    for mapper, table in own_mappers(schema):
        if table.name == mapper.class_.__name__.lower() and is_named_by_sqlmodel(mapper.class_):
            yield mapper, table


def runs_together(mapper: AnyMapper, table: Table) -> bool:
    """Whether a name made of a class runs words together: `userprofile` of UserProfile."""
    return table.name != "_".join(split(mapper.class_.__name__))


def link_tables(schema: Schema, among: Iterable[Table] | None = None) -> Collection[Table]:
    """Return the tables, or those `among` some, that only link others: by their keys, by a relationship that goes through them, by their name."""
    # A mapper that could not be configured leaves its relationships without the attribute.
    through = {getattr(relationship, "secondary", None) for relationship in schema.relationships}
    return {
        table
        for table in (schema.tables if among is None else among)
        if table in through or is_link_table(table) or is_named_after_two(table)
    }


def is_part_of_another(table: Table) -> bool:
    """Whether a row of a table belongs to one row of another: a subclass's table, details beside it. Its key or unique columns are a foreign key."""
    keys = [frozenset(column.name for column in key.columns) for key in table.foreign_key_constraints]
    return bool(keys) and any(
        one.unique and not one.where and len(one.elements) == len(one.columns) and one.columns in keys
        for one in definitions(table)
    )


def checks(table: Table) -> Iterator[str]:
    """Yield the text of every CHECK of a table and its columns, in lower case."""
    for constraint in (*table.constraints, *(one for column in table.columns for one in column.constraints)):
        if isinstance(constraint, CheckConstraint):
            yield str(constraint.sqltext).lower()


def words_in(condition: str) -> frozenset[str]:
    """Return the words of a condition, names of columns among them: asked in order to stay silent."""
    return frozenset(re.findall(r"\w+", condition))


def is_named_by_sqlmodel(model: type) -> bool:
    """Whether `__tablename__` comes from SQLModel itself: neither the model nor a mixin nor a base of the project says one."""
    return next(
        (one.__module__.startswith("sqlmodel.") for one in model.__mro__ if "__tablename__" in vars(one)), False
    )


def is_named_after_two(table: Table) -> bool:
    """Whether a table is called after two tables that it has foreign keys to: `user_roles`, `role_user`, `userrole_link`."""
    targets = {tuple(map(singular, split(name))) for name in referred_names(table)}
    if len(targets) < 2:
        return False
    words = list(split(table.name))
    while len(words) > 1 and words[-1] in LINKING:
        words.pop()
    name = "".join(map(singular, words))
    return any(
        name in ("".join(one + other), "".join(one + without_prefix(other, one)))
        for one, other in permutations(targets, 2)
    )


def referred_names(table: Table) -> Iterator[str]:
    for key in table.foreign_keys:
        # The text of the key, since the table that it names may not exist.
        yield key.target_fullname.split(".")[-2] if "." in key.target_fullname else key.target_fullname


def without_prefix(words: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without what both begin with: `auth_user` and `auth_group` are linked by `auth_user_group`."""
    same = 0
    while same < min(len(words), len(other)) - 1 and words[same] == other[same]:
        same += 1
    return words[same:]
