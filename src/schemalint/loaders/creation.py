"""Makes what the models declare, in a database that the migrations have been through: whatever else they made stays there.

Models cannot describe functions, extensions, collations and views, but their defaults, checks and indexes use them. What PostgreSQL
refuses to create is noted with its reason, and the rest is made.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, MetaData, Table, create_engine, create_mock_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema, CreateTable

from schemalint.loaders.model_parts import cut, named_types
from schemalint.subjects.catalog import Catalog, EnumFact, Key, SequenceFact, TableFact, identifier

if TYPE_CHECKING:
    import psycopg

DROPS = {"r": "TABLE", "p": "TABLE", "f": "FOREIGN TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW"}
"""What drops each `pg_class.relkind`."""

BATCH = 50
"""Tables dropped at once: each takes a few locks until the end of the statement."""


def clear(connection: "psycopg.Connection", migrated: Catalog, metadata: Iterable[MetaData]) -> bool:
    """Drop what models can describe: tables, views, enums, domains and sequences; return whether a type of theirs stays.

    An enum that a function takes as its argument stays when the models give it the same labels: dropping it would drop the function.
    A sequence or domain that only SQL knows stays.
    """
    relations: dict[str, list[str]] = {}
    for key, table in migrated.of(TableFact).items():
        relations.setdefault(DROPS[table.kind], []).append(migrated.quoted_name(key))
    for kind in dict.fromkeys(DROPS.values()):
        names = relations.get(kind, [])
        for start in range(0, len(names), BATCH):
            drop(connection, kind, names[start : start + BATCH])
    types, sequences = declared(metadata, migrated.default_schema)
    enums = migrated.of(EnumFact)
    used = set(used_types(connection)) if enums else set()
    kept = {key for key in enums.keys() & used if types.get(key, enums[key].labels) == enums[key].labels}
    unwanted = [*(key for key in enums if key not in kept), *(key for key in types if key.kind == "domain")]
    drop(connection, "TYPE", [migrated.quoted_name(key) for key in unwanted if key.kind == "enum"])
    drop(connection, "DOMAIN", [migrated.quoted_name(key) for key in unwanted if key.kind == "domain"])
    loose = [
        key for key, fact in migrated.of(SequenceFact).items() if key in sequences or not (fact.owner or fact.is_used)
    ]
    drop(connection, "SEQUENCE", [migrated.quoted_name(key) for key in loose])
    return bool(kept & types.keys())


def drop(connection: "psycopg.Connection", kind: str, names: Sequence[str]) -> None:
    from psycopg.sql import SQL

    if names:
        # The names were quoted by `identifier`.
        connection.execute(SQL(f"DROP {kind} IF EXISTS {', '.join(names)} CASCADE"))


def used_types(connection: "psycopg.Connection") -> Iterator[Key]:
    """Yield the enums that something uses still, after the tables are gone: a function, an operator, a composite type."""
    rows = connection.execute(
        "SELECT n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'"
        " AND EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)"
        " AND NOT (d.classid = 'pg_type'::regclass AND d.objid = t.typarray))"
    )
    for schema, name in rows:
        yield Key("enum", schema, name)


def declared(metadata: Iterable[MetaData], default_schema: str) -> tuple[dict[Key, tuple[str, ...]], set[Key]]:
    """Return the enums (with their labels) and domains that the models' columns have, and the models' sequences."""
    types: dict[Key, tuple[str, ...]] = {}
    sequences: set[Key] = set()
    for one in metadata:
        for type_ in types_of(one):
            kind: Literal["enum", "domain"] = "enum" if hasattr(type_, "enums") else "domain"
            key = Key(kind, type_.schema or default_schema, cut(str(type_.name)))
            types[key] = tuple(getattr(type_, "enums", ()))
        for sequence in one._sequences.values():  # noqa: SLF001  # nothing public lists the sequences of a MetaData
            sequences.add(Key("sequence", sequence.schema or default_schema, cut(sequence.name)))
    return types, sequences


def types_of(metadata: MetaData) -> Iterator[Any]:
    for table in metadata.tables.values():
        for column in table.columns:
            yield from named_types(column.type)


class Creation:
    """Creates metadata in the database at `url`, and keeps what was refused in `refused`, as part and reason."""

    def __init__(self, url: str, default_schema: str) -> None:
        self.default_schema = default_schema
        self.refused: list[tuple[Any, str]] = []
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        # PostgreSQL cuts names that are too long, it does not refuse them.
        self.engine.dialect.validate_identifier = lambda ident: None  # type: ignore[method-assign]  # noqa: ARG005

    def all(self, metadata: Sequence[MetaData], *, check_first: bool) -> bool:
        """Create everything at once as `metadata.create_all` does; return False when PostgreSQL or SQLAlchemy refused a part of it."""
        with self.engine.connect() as connection:
            self.prepare(connection, metadata)
            for one in metadata:
                try:
                    one.create_all(connection, checkfirst=check_first)
                except Exception:  # noqa: BLE001  # a listener of the user's may raise anything
                    return False
        return True

    def piecewise(self, metadata: Sequence[MetaData]) -> None:
        """Create one statement at a time, and go on after what is refused."""
        with self.engine.connect() as connection:
            self.prepare(connection, metadata)
            for one in metadata:
                tables = [table for table in one.tables.values() if not self.refuse_dangling(table)]
                mock: Any = create_mock_engine(self.engine.url, lambda element, *_, **__: self.one(connection, element))
                mock._dialect = self.engine.dialect  # noqa: SLF001  # the mock makes one of its own, which checks names
                try:
                    one.create_all(mock, tables=tables)
                except Exception as error:  # noqa: BLE001  # as above
                    self.refused.append((one, reason(error)))

    def bare(self, tables: Sequence[Table]) -> None:
        """Create tables without their foreign keys."""
        with self.engine.connect() as connection:
            for table in tables:
                for type_ in (type_ for column in table.columns for type_ in named_types(column.type)):
                    type_.create(connection, checkfirst=True)
                if table.schema:
                    connection.execute(CreateSchema(table.schema, if_not_exists=True))
                connection.execute(CreateTable(table, include_foreign_key_constraints=[]))

    def one(self, connection: Connection, element: Any) -> Any:
        """Perform one statement of `create_all`, or note what it was to create."""
        try:
            return connection.execute(element)
        except SQLAlchemyError as error:
            refused = {part for part, _ in self.refused}
            part = getattr(element, "element", None)
            # What belongs to a refused table is refused with it, and a type that is there already is as good as made.
            if getattr(part, "table", None) not in refused and not hasattr(part, "enums"):
                self.refused.append((part, reason(error)))
            return None

    def refuse_dangling(self, table: Table) -> bool:
        """Note a table whose foreign key names a table or column that the models do not have; return whether it is one."""
        for key in table.foreign_keys:
            try:
                key.column  # noqa: B018  # resolves the name
            except SQLAlchemyError as error:
                self.refused.append((table, reason(error)))
                return True
        return False

    def prepare(self, connection: Connection, metadata: Sequence[MetaData]) -> None:
        """Set the default schema, and make the schemas and types that `create_all` expects to be there."""
        if self.default_schema != "public":
            connection.execute(text(f"SET search_path TO {identifier(self.default_schema)}, public"))
            connection.dialect.default_schema_name = self.default_schema
        schemas = {table.schema for one in metadata for table in one.tables.values()}
        types = [type_ for one in metadata for type_ in types_of(one)]
        for schema in sorted({*schemas, *(type_.schema for type_ in types)} - {None}):
            connection.execute(CreateSchema(schema, if_not_exists=True))
        for type_ in types:
            if not type_.create_type:
                type_.create(connection, checkfirst=True)


def reason(error: Exception) -> str:
    """Return the server's own words, else SQLAlchemy's or those of the user's code."""
    original = error.orig if isinstance(error, DBAPIError) else None
    diagnosis = getattr(original, "diag", None)
    words = getattr(diagnosis, "message_primary", None) or str(original or (error.args or [type(error).__name__])[0])
    return " ".join(words.split())
