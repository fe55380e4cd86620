"""Performs the migrations in a throwaway database, makes the models' tables there as well, and says in what they differ.

Both are made in one database, one after the other: what models cannot describe and yet use (functions, extensions, collations) is there for both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.finding import Location
from schemalint.loaders.alembic_settings import AlembicSettings
from schemalint.loaders.catalog import Ask, read_catalog
from schemalint.loaders.comparison import Comparison, Pair, storage
from schemalint.loaders.creation import Creation, clear
from schemalint.loaders.environment import Configured, Upgraded, UpgradeFailed, line_naming, upgrade
from schemalint.loaders.filters import Filters
from schemalint.loaders.meaning import Meaning
from schemalint.loaders.model_parts import Parts, find_parts, table_key
from schemalint.loaders.models import is_external
from schemalint.loaders.user_code import collector_off, running_user_code, server_error, shown, unwrapped
from schemalint.subjects.catalog import Catalog, ColumnFact, EnumFact, Key, TableFact
from schemalint.subjects.drift import Difference, Drift, FailedUpgrade, NamingConvention, Uncreatable, UnimportedModels
from schemalint.subjects.history import History
from schemalint.subjects.schema import Schema

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import MetaData, Table

    from schemalint.throwaway.server import Server, StartingServer

FEW = 3
"""From so many names on, it is the convention that differs and not the names."""


def load_drift(
    config: Config, settings: AlembicSettings, schema: Schema, history: History, server: "StartingServer"
) -> Drift:
    """Return how the models and the heads of the history differ, or why the history does not upgrade an empty database.

    Raises SchemalintError when there is nothing to compare: models that do not import, an `env.py` that fails or performs nothing.
    """
    if not schema.is_whole:
        raise schema.failures[0]
    ready = server.ready()
    with collector_off(), ready.database() as database:
        try:
            prepare(config, schema, database.url)
            upgraded = upgrade(config, settings, database.url)
        except UpgradeFailed as error:
            if not error.revision:
                raise
            failure = FailedUpgrade(error.message, error.at, error.revision, missing_table(error, schema))
            return Drift(schema, history, failure=failure)
        if history.revisions and not upgraded.performed:
            raise SchemalintError(
                "env.py ran and performed none of the revisions, so there is nothing to compare the models with; "
                'where it loops over schemas or databases that exist beforehand, let SQL make one: before = "schemas.sql" in [tool.schemalint]'
            )
        compared = compare(config, schema, upgraded, database.url)
    revisions = {}
    if compared.pairs:
        revisions = blame(config, settings, schema, ready, compared)
    drift = assembled(settings, config, schema, history, compared, revisions)
    return replace(drift, notes=tuple(unseen(history, upgraded)))


def missing_table(error: UpgradeFailed, schema: Schema) -> str:
    """Return the table of the models that the migrations expect to be there, if that is why they fail (42P01, undefined_table)."""
    said = server_error(unwrapped(error.__cause__)) if error.__cause__ else None
    if said is None or said.code != "42P01":
        return ""
    name = said.message.partition('"')[2].partition('"')[0]
    tables = [table for one in schema.metadata for table in one.tables.values()]
    return next((table.fullname for table in tables if name in (table.name, table.fullname)), "")


def unseen(history: History, upgraded: Upgraded) -> Iterator[str]:
    """Yield a note on performed revisions that are not in the history, which is read without running `env.py`."""
    ids = [one for one in dict.fromkeys(upgraded.performed) if history.revision(one) is None]
    if ids:
        few = ", ".join(ids[:FEW]) + (", ..." if len(ids) > FEW else "")
        yield (
            f"env.py performed {len(ids)} {'revision' if len(ids) == 1 else 'revisions'} ({few}) from where only env.py knows to look: "
            "the rules about revisions did not see them; name their directories in version_locations"
        )


def prepare(config: Config, schema: Schema, url: str) -> None:
    """Make what the migrations expect: what the SQL of `before` makes, and the tables of other systems, as the models describe them."""
    if config.before:
        perform_before(config.root / config.before, url)
    external = [table for one in schema.metadata for table in one.tables.values() if is_external(table, config)]
    if external:
        with running_user_code(config, url):
            Creation(url, "public").bare(external)


def perform_before(file: Path, url: str) -> None:
    import psycopg

    try:
        statements = file.read_text(encoding="utf-8-sig")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statements.encode())
    except OSError as error:
        raise SchemalintError(
            f"{file}, which [tool.schemalint] before names, cannot be read: {error.strerror}"
        ) from error
    except psycopg.Error as error:
        raise SchemalintError(
            f"{file.name}, which [tool.schemalint] before names, fails: {' '.join(str(error).split())}"
        ) from error


@dataclass(frozen=True, eq=False)
class Compared:
    """What comparing came to: the differences, both catalogs, and what stood in the way."""

    pairs: Sequence[Pair]
    unimported: Sequence[Key]
    total: int
    models: Catalog
    migrations: Catalog
    parts: Parts
    refused: Sequence[tuple[Any, str]]
    version: int


def compare(config: Config, schema: Schema, upgraded: Upgraded, url: str) -> Compared:
    """Read what the migrations made in the database at `url`, make the models there, read again, and pair the facts."""
    import psycopg

    metadata = compared_metadata(schema, upgraded.configured)
    with psycopg.connect(url, autocommit=True) as connection:
        version = connection.info.server_version // 10000
        ask = asking(connection)
        migrations = read_migrations(ask, version, upgraded.configured)
        kept = clear(connection, migrations, metadata)
        with running_user_code(config, url):
            creation = Creation(url, migrations.default_schema)
            if not creation.all(metadata, check_first=kept):
                clear(connection, read_catalog(ask, version, migrations.default_schema), metadata)
                creation.piecewise(metadata)
        models = read_catalog(ask, version, migrations.default_schema)
        parts = find_parts(metadata, models)
        comparison = Comparison(
            models, migrations, parts, Meaning(connection, models), Scope(config, upgraded, parts, migrations)
        )
        pairs = list(comparison.pairs())
    filters = Filters(upgraded.configured, models, migrations, parts)
    pairs = [one for one in pairs if filters.let_through(one) and not is_refused(one, creation.refused, parts)]
    if pairs and any(one.options.get("process_revision_directives") for one in upgraded.configured):
        from schemalint.loaders.directives import Directives  # with Alembic's autogenerate, which most runs do without

        with running_user_code(config, url):
            pairs = Directives(filters, upgraded.alembic).let_through(pairs)
    judged = set(map(id, schema.tables))
    pairs = [one for one in pairs if one.theirs or one.key.kind != "table" or id(parts.get(one.key)) in judged]
    theirs = [key for key, fact in migrations.of(TableFact).items() if fact.is_table and comparison.is_compared(key)]
    extra = [one.key for one in pairs if one.key.kind == "table" and one.ours is None]
    unimported = extra if len(extra) >= FEW and 2 * len(extra) > len(theirs) else []
    pairs = [one for one in pairs if one.key not in unimported]
    return Compared(pairs, unimported, len(theirs), models, migrations, parts, creation.refused, version)


def compared_metadata(schema: Schema, configured: Iterable[Configured]) -> "tuple[MetaData, ...]":
    """Return the metadata that `env.py` means, as far as it is among the models; else all of the models'."""
    meant = [one for each in configured for one in each.metadata]
    return tuple(one for one in schema.metadata if any(one is other for other in meant)) or schema.metadata


def asking(connection: "psycopg.Connection") -> Ask:
    from psycopg.sql import SQL

    def ask(statement: str) -> str:
        row = connection.execute(SQL(statement)).fetchone()  # no user's text without `quoted`
        assert row
        return str(row[0])

    return ask


def read_migrations(ask: Ask, version: int, configured: Iterable[Configured]) -> Catalog:
    """Read the facts of the migrations; the default schema is the one where Alembic made its version table without being told."""
    catalog = read_catalog(ask, version)
    for one in configured:
        if one.version_table_schema is None:
            found = [key for key in catalog.of(TableFact) if key.relation == one.version_table]
            if found and all(key.schema != catalog.default_schema for key in found):
                return read_catalog(ask, version, found[0].schema)
    return catalog


class Scope:
    """Whether a table is compared at all; called with its key."""

    def __init__(self, config: Config, upgraded: Upgraded, parts: Parts, migrations: Catalog) -> None:
        self.config = config
        self.default = migrations.default_schema
        self.version_tables = {
            Key("table", one.version_table_schema or self.default, one.version_table) for one in upgraded.configured
        } or {Key("table", self.default, "alembic_version")}
        self.schemas = {self.default} | {key.schema for key in parts.tables}
        self.all_schemas = any(one.include_schemas for one in upgraded.configured)

    def __call__(self, key: Key) -> bool:
        from sqlalchemy import MetaData, Table

        if key in self.version_tables or not (self.all_schemas or key.schema in self.schemas):
            return False
        schema = None if key.schema == self.default else key.schema
        return not (
            self.config.external_tables and is_external(Table(key.relation, MetaData(), schema=schema), self.config)
        )


def is_refused(pair: Pair, refused: Iterable[tuple[Any, str]], parts: Parts) -> bool:
    """Whether a difference is only that PostgreSQL refused to create the model's part, which is told by itself."""
    from sqlalchemy import Index

    for part, _ in refused:
        if parts.get(pair.key) is part:
            return True
        if isinstance(part, Index) and pair.aspect == "index" and parts.get(pair.key.table) is part.table:
            # Under another name in the migrations, it is the one over the same columns.
            return pair.identity.endswith(f" :index {', '.join(column.name for column in part.columns)}")
    return False


def blame(
    config: Config, settings: AlembicSettings, schema: Schema, server: "Server", compared: Compared
) -> dict[Pair, str]:
    """Return which revision last changed the migrations' side of each difference, by performing the history once more."""
    from sqlalchemy import Connection

    only = {pair.key.table for pair in compared.pairs} | {pair.theirs.table for pair in compared.pairs if pair.theirs}
    values: dict[Pair, object] = {}
    revisions: dict[Pair, str] = {}

    def after_each(revision: str, connection: Connection) -> None:
        def ask(statement: str) -> str:
            return str(connection.exec_driver_sql(statement, execution_options={"no_parameters": True}).scalar())

        catalog = read_catalog(ask, compared.version, compared.migrations.default_schema, only)
        for pair in compared.pairs:
            value = value_of(pair, catalog)
            if value != values.get(pair):
                values[pair] = value
                revisions[pair] = revision

    # A history that upgrades once may fail when it is looked at (a timeout, a role that may not read): what differs is known all the same.
    with server.database() as database, suppress(UpgradeFailed):
        prepare(config, schema, database.url)
        upgrade(config, settings, database.url, after_each=after_each)
    return revisions


def value_of(pair: Pair, catalog: Catalog) -> object:
    """Return what a difference is about, as the migrations have it at one moment; None where the thing is not there."""
    fact = catalog.facts.get(pair.theirs or pair.key)
    match pair.aspect, fact:
        case "type", ColumnFact():
            return (fact.type, fact.collation)
        case "nullable", ColumnFact():
            return fact.not_null
        case "default", ColumnFact():
            return (fact.default, fact.identity, fact.generated, fact.sequence)
        case "enum", EnumFact():
            return fact.labels
        case "storage", TableFact():
            return storage(fact)
        case "comment", _:
            return getattr(fact, "comment", None)
        case (("table" | "column" | "name"), _):
            return fact is not None or None
        case _:
            return fact


def assembled(
    settings: AlembicSettings,
    config: Config,
    schema: Schema,
    history: History,
    compared: Compared,
    revisions: Mapping[Pair, str],
) -> Drift:
    """Return the facts that the rules look at."""
    conventional, pairs = split_convention(compared)
    suggest = suggesting(compared)
    differences = [
        Difference(
            aspect=pair.aspect,
            identity=pair.identity,
            what=pair.what,
            models=pair.models,
            migrations=pair.migrations,
            part=part_of(pair, compared.parts),
            table=compared.models.full_name(pair.key.table) if pair.key.kind not in ("enum", "domain") else "",
            revision=history.revision(revisions.get(pair, "")),
            suggestion=suggest(pair),
            wider=wider(pair, compared.parts.get(pair.key)) if pair.aspect == "type" else "",
        )
        for pair in pairs
    ]
    return Drift(
        schema,
        history,
        differences=tuple(together(schema, differences)),
        uncreatable=tuple(uncreatable(schema, compared.refused)),
        unimported=unimported(settings, config, compared),
        convention=convention(conventional, compared, suggest),
        migrated=migrated(schema, compared.migrations),
    )


def migrated(schema: Schema, migrations: Catalog) -> "dict[Table, TableFact]":
    """Return the models' tables that the migrations make."""
    facts = ((table, migrations.get(TableFact, table_key(table, migrations.default_schema))) for table in schema.tables)
    return {table: fact for table, fact in facts if fact is not None and fact.is_table}


def wider(pair: Pair, part: object) -> str:
    """Return the type that the models would need to hold what a column holds after the migrations; empty where they hold as much, or where it is not sure."""
    if pair.models in INTEGERS and pair.migrations in INTEGERS:
        ranked = list(INTEGERS)
        return INTEGERS[pair.migrations] if ranked.index(pair.models) < ranked.index(pair.migrations) else ""
    ours, theirs = length(pair.models), length(pair.migrations)
    if not 0 < ours < theirs:
        return ""
    is_sqlmodels = type(getattr(part, "type", None)).__name__ == "AutoString"
    return f"max_length={theirs}" if is_sqlmodels else f"String({theirs})"


INTEGERS = {"smallint": "SmallInteger", "integer": "Integer", "bigint": "BigInteger"}
"""PostgreSQL's integers, the smallest first, and SQLAlchemy's words for them."""


def length(type_: str) -> int:
    """Return the length of a `character varying(n)`, 0 for any other type."""
    before, _, after = type_.partition("character varying(")
    number = after.removesuffix(")")
    return int(number) if not before and number.isdecimal() else 0


def together(schema: Schema, differences: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the differences, those of one mixin's field with each other's suggestions where all of its tables differ alike."""
    from sqlalchemy import Column

    differences = list(differences)
    shared: dict[tuple[str, str], list[Difference]] = {}
    for one in differences:
        declaration = schema.place(one.part).declaration if isinstance(one.part, Column) else ""
        shared.setdefault((one.aspect, declaration), []).append(one)
    for (_, declaration), alike in shared.items():
        if declaration and len({(one.models, one.migrations) for one in alike}) == 1:
            lines = "\n".join(one.suggestion for one in alike)
            yield from (replace(one, suggestion=lines, declaration=declaration) for one in alike)
        else:
            yield from alike


def suggesting(compared: Compared) -> Callable[[Pair], str]:
    """Return what writes suggestions. Alembic's autogenerate is imported only where there is something to write: most runs find nothing."""
    if not compared.pairs:
        return lambda _: ""
    from schemalint.loaders.suggestions import Suggestions

    return Suggestions(compared.models, compared.migrations, compared.parts, compared.version).suggest


def part_of(pair: Pair, parts: Parts) -> object | None:
    """Return the model's part that a difference stands on: its own, else its table's."""
    part: object | None = parts.get(pair.key) if pair.ours else parts.get(pair.key.table)
    return part


def split_convention(compared: Compared) -> tuple[list[Pair], list[Pair]]:
    """Return the differences of names that are one difference of naming conventions, and all other differences."""
    parts = compared.parts
    named = [one for one in compared.pairs if one.aspect == "name" and one.ours]
    late = [one for one in named if one.ours in parts.late]
    by_convention = [one for one in named if one.ours in parts.conventional]
    chosen = late + (by_convention if len(by_convention) >= FEW else [])
    return chosen, [one for one in compared.pairs if one not in chosen]


def convention(pairs: Sequence[Pair], compared: Compared, suggest: Callable[[Pair], str]) -> NamingConvention | None:
    if not pairs:
        return None
    is_late = pairs[0].ours in compared.parts.late
    return NamingConvention(
        is_late=is_late,
        count=len(pairs),
        examples=tuple((one.models, one.migrations) for one in pairs[:FEW]),
        part=part_of(pairs[0], compared.parts),
        suggestion="" if is_late else "\n".join(map(suggest, pairs)),
    )


def uncreatable(schema: Schema, refused: Iterable[tuple[Any, str]]) -> Iterator[Uncreatable]:
    """Yield what PostgreSQL refused to create, by the name that its rule gives it."""
    from sqlalchemy import Index, Table

    for part, why in refused:
        match part:
            case Table():
                yield Uncreatable(part.fullname, f"the table {part.fullname}", why, part)
            case Index(table=Table() as table):
                yield Uncreatable(schema.place(part).object, f"the index {part.name} of {table.fullname}", why, part)
            case _:
                yield Uncreatable("metadata", f"a part of the models ({type(part).__name__})", why, part)


def unimported(settings: AlembicSettings, config: Config, compared: Compared) -> UnimportedModels | None:
    if not compared.unimported:
        return None
    names = tuple(compared.migrations.full_name(key) for key in compared.unimported)
    line = line_naming(settings.env, "target_metadata")
    return UnimportedModels(names, compared.total, Location(shown(settings.env, config.root), line))
