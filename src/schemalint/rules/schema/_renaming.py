"""What must change in the models with a table's name: its own class, and the foreign keys that name it as a text."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Table

from schemalint.fix import Edit, Fix, SetAttribute, SetText
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._foreign_keys import target_of
from schemalint.rules.schema._keywords import RESERVED
from schemalint.rules.schema._operations import literal, rename_table
from schemalint.subjects.schema import Schema


def renamed_table(schema: Schema, table: Table, name: str) -> Fix | None:
    """Return what gives the table of a class another name; None where the name is taken, or other texts than foreign keys' may hold the old one."""
    mapper = schema.mapper_of(table)
    if mapper is None or getattr(mapper.class_, "__tablename__", None) != table.name:
        return None
    if schema.failures:  # what did not import, or could not be configured, may name it
        return None
    if not is_free(name, table) or is_in_a_text(schema, table):
        return None
    edits: list[Edit] = [SetAttribute(mapper, "__tablename__", literal(name))]
    for key in keys_that_name(table):
        texts = {old: retargeted(old, table, name) for one in key.elements if isinstance(old := given(one), str)}
        if not all(texts.values()) or key.table not in schema.tables:
            return None
        edits += [SetText(key, old, new) for old, new in texts.items()]
    due = f"{rename_table(table, name)}, and new names for its indexes and constraints that bear the old one"
    return Fix("schema", tuple(edits), due=due)


def is_free(name: str, table: Table) -> bool:
    """Whether no other table of the metadata, in whatever schema, has a name, and it needs no quotes."""
    return bool(name) and name not in RESERVED and name not in {other.name for other in table.metadata.tables.values()}


def is_in_a_text(schema: Schema, table: Table) -> bool:
    """Whether a relationship's `secondary`, which may be given as a text, is the table, or a check or an index names it in one."""
    if any(one.secondary is table for one in schema.relationships):
        return True
    texts = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    texts += [text for one in definitions(table) for text in (one.where, *one.elements)]
    return any(f"{table.name}." in text.replace('"', "") for text in texts)


def keys_that_name(table: Table) -> Iterator[ForeignKeyConstraint]:
    """Yield the foreign keys that refer to a table by a text."""
    for other in sorted(table.metadata.tables.values(), key=lambda one: one.fullname):
        for key in sorted(other.foreign_key_constraints, key=lambda one: list(one.column_keys)):
            first = key.elements[0]
            if target_of(first).table_key == table.fullname and isinstance(given(first), str):
                yield key


def retargeted(text: str, table: Table, name: str) -> str:
    """Return a foreign key's text with another name for its table; empty where it names no column, or something unforeseen."""
    schema, found, column = text.rpartition(f"{table.name}.")
    return f"{schema}{name}.{column}" if found and schema in ("", f"{table.schema}.") else ""


def given(element: ForeignKey) -> object:
    """Return what a `ForeignKey` was given: a text, or the column."""
    # Private: `target_fullname` is a text in either case.
    return element._colspec  # noqa: SLF001
