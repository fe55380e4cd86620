"""Which part of the models each fact of the catalog comes from, and which names the models themselves give."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql.base import PGIdentifierPreparer
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import TypeDecorator, TypeEngine

from schemalint.subjects.catalog import Catalog, ConstraintFact, Key

LONGEST_NAME = 63
"""Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1)."""

TYPES: Mapping[str, type[Constraint]] = {
    "p": PrimaryKeyConstraint,
    "u": UniqueConstraint,
    "f": ForeignKeyConstraint,
    "c": CheckConstraint,
    "x": pg.ExcludeConstraint,
}
"""What makes each `pg_constraint.contype`."""


class Dialect(pg.dialect):  # type: ignore[misc,valid-type]  # SQLAlchemy publishes the class as a variable
    """PostgreSQL's, without its check of names: the server cuts long ones, it does not refuse them."""

    def validate_identifier(self, ident: str) -> None:
        pass


DIALECT = Dialect()


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of the models by the keys of the catalog that `create_all` made.

    `named` are the constraints and indexes whose names the models (or their naming convention) say; `uniques` the columns of every
    UniqueConstraint of a table, also of those that PostgreSQL merged into another. `conventional` are those of the named whose names a
    convention of the project made; `late` those without a name although a convention has one: it was set after they were declared.
    """

    by_key: Mapping[Key, Any]
    named: frozenset[Key]
    conventional: frozenset[Key]
    late: frozenset[Key]
    uniques: frozenset[tuple[Key, tuple[str, ...]]]
    tables: frozenset[Key]
    sequences: frozenset[Key]
    enums: frozenset[Key]

    def get(self, key: Key) -> Any:
        return self.by_key.get(key)


def find_parts(metadata: Iterable[MetaData], catalog: Catalog) -> Parts:
    """Match every table, column, constraint and index of the models with its fact."""
    by_key: dict[Key, Any] = {}
    named: set[Key] = set()
    late: set[Key] = set()
    uniques: set[tuple[Key, tuple[str, ...]]] = set()
    tables: set[Key] = set()
    sequences: set[Key] = set()
    enums: set[Key] = set()
    default = catalog.default_schema
    pieces = catalog.pieces()
    metadata = tuple(metadata)
    for table in (table for one in metadata for table in one.tables.values()):
        key = table_key(table, default)
        tables.add(key)
        by_key[key] = table
        for column in table.columns:
            by_key[Key("column", key.schema, key.relation, cut(column.name))] = column
        for index in table.indexes:
            index_key = Key("index", key.schema, key.relation, cut(name_of(index)))
            by_key[index_key] = index
            named.add(index_key)
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                uniques.add((key, tuple(cut(column.name) for column in constraint.columns)))
            if name := name_of(constraint):
                constraint_key = Key("constraint", key.schema, key.relation, cut(name))
                by_key[constraint_key] = constraint
                named.add(constraint_key)
        unnamed = match_unnamed(table, pieces.get(key, {}), by_key)
        late |= {one for one, part in unnamed.items() if convention_for(part)}
        by_key |= unnamed
        for column in table.columns:
            for type_ in named_types(column.type):
                type_key = Key("enum", type_.schema or default, cut(type_.name or ""))
                enums.add(type_key)
                by_key.setdefault(type_key, column)
                by_key.setdefault(type_key._replace(kind="domain"), column)
    for one in metadata:
        for sequence in one._sequences.values():  # noqa: SLF001  # nothing public lists the sequences of a MetaData
            sequence_key = Key("sequence", sequence.schema or default, cut(sequence.name))
            sequences.add(sequence_key)
            by_key[sequence_key] = sequence
    conventional = {key for key in named if isinstance(by_key[key].name, conv) and convention_for(by_key[key])}
    return Parts(
        by_key,
        named=frozenset(named),
        conventional=frozenset(conventional),
        late=frozenset(late),
        uniques=frozenset(uniques),
        tables=frozenset(tables),
        sequences=frozenset(sequences),
        enums=frozenset(enums),
    )


def match_unnamed(table: Table, pieces: Mapping[Key, Any], known: Mapping[Key, Any]) -> dict[Key, Any]:
    """Match the constraints that PostgreSQL named: by their columns, and checks in the order of declaration."""
    unnamed = [one for one in table.constraints if not name_of(one)]
    unnamed.sort(key=lambda one: one._creation_order)  # noqa: SLF001  # the order in which CREATE TABLE lists them
    found: dict[Key, Any] = {}
    for key, fact in pieces.items():
        if isinstance(fact, ConstraintFact) and key not in known:
            for one in unnamed:
                if isinstance(one, TYPES[fact.type]) and (fact.type in "cx" or columns_of(one) == fact.columns):
                    unnamed.remove(one)
                    found[key] = one
                    break
    return found


def convention_for(part: Constraint | Index) -> str:
    """Return the project's naming convention for a constraint or index; checks are left out, which no convention names by itself."""
    short = next((name for name, class_ in CONVENTIONS.items() if isinstance(part, class_)), "")
    convention: Mapping[Any, Any] = part.table.metadata.naming_convention  # type: ignore[union-attr]  # an index has its table by now
    said = convention.get(short) or convention.get(CONVENTIONS.get(short))
    return str(said) if said and said != USUAL_CONVENTION.get(short) else ""


CONVENTIONS: Mapping[str, type[Constraint | Index]] = {
    "pk": PrimaryKeyConstraint,
    "uq": UniqueConstraint,
    "fk": ForeignKeyConstraint,
    "ix": Index,
}
USUAL_CONVENTION: Mapping[Any, Any] = MetaData().naming_convention


def columns_of(constraint: Constraint) -> tuple[str, ...]:
    return tuple(cut(column.name) for column in getattr(constraint, "columns", ()))


def table_key(table: Table, default_schema: str) -> Key:
    return Key("table", table.schema or default_schema, cut(table.name))


def cut(name: str) -> str:
    """Return a name as PostgreSQL keeps it: it cuts at 63 bytes, between characters."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")


class BarePreparer(PGIdentifierPreparer):
    """Names without quotes; the naming convention and SQLAlchemy's own shortening are applied."""

    def quote(self, ident: str, force: Any = None) -> str:  # noqa: ARG002
        return ident


BARE = BarePreparer(DIALECT)


def name_of(part: Constraint | Index) -> str:
    """Return the name that a constraint or index is created with, empty where PostgreSQL chooses it."""
    if part.name is None:
        return ""
    try:
        name = BARE.format_index(part) if isinstance(part, Index) else BARE.format_constraint(part)
    except Exception:  # noqa: BLE001  # a naming convention that does not fit; create_all says so
        return ""
    return name or ""


def named_types(type_: TypeEngine[Any]) -> Iterator[pg.ENUM | pg.DOMAIN]:
    """Yield the enum or domain that a column's type is in PostgreSQL, also as the item of an array or inside a TypeDecorator."""
    impl = type_.dialect_impl(DIALECT)
    match impl:
        case TypeDecorator():
            yield from named_types(impl.impl_instance)
        case pg.ARRAY():
            yield from named_types(impl.item_type)
        case pg.ENUM() | pg.DOMAIN():
            yield impl
