"""Models and SQL, compared as models and migrations are, without Alembic: what tests of drift share."""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
import sqlmodel
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

from schemalint.config import Config
from schemalint.loaders.drift import Compared, compare, suggesting
from schemalint.loaders.environment import Configured, Upgraded
from schemalint.rule import Place
from schemalint.subjects.schema import Schema
from schemalint.throwaway.server import Database, Server

NAMES: dict[str, Any] = {**vars(sa), "sa": sa, "pg": postgresql, "postgresql": postgresql, "sqlmodel": sqlmodel}


def metadata_of(source: str) -> sa.MetaData:
    """Run Core models that put their tables into `m`."""
    names = {**NAMES, "m": sa.MetaData()}
    exec(source, names)  # noqa: S102  # the snippets of our own tests
    metadata = names["m"]
    assert isinstance(metadata, sa.MetaData)
    return metadata


def schema_of(metadata: sa.MetaData) -> Schema:
    tables = tuple(sorted(metadata.tables.values(), key=lambda table: table.fullname))
    return Schema((metadata,), tables, (), (), (), {}, locate=nowhere)


def nowhere(part: object, at: str) -> Place:
    return Place("", None)


@contextmanager
def migrated(server: Server, sql: str, template: str | None = None) -> Iterator[Database]:
    """Give a database in which `sql` was performed."""
    with server.database(template) as database:
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute(sql.encode())
        yield database


def configured(**options: Any) -> Configured:
    """Return what an `env.py` without wishes configures, with `options` over it."""
    usual = Configured((), None, None, False, "alembic_version", None, False, {})
    return dataclasses.replace(usual, **options)


def compared(
    server: Server, models: str, sql: str, *, config: Config, by: Configured | Iterable[Configured] = ()
) -> Compared:
    """Compare Core models with what SQL makes; `by` is what `env.py` configures, in one call or several."""
    calls = (by,) if isinstance(by, Configured) else tuple(by)
    with migrated(server, sql) as database:
        schema = schema_of(metadata_of(models))
        return compare(config, schema, Upgraded((), calls or (configured(),)), database.url)


def suggested(outcome: Compared) -> str:
    """Return all suggestions, as the body of a revision."""
    suggest = suggesting(outcome)
    return "\n".join(suggest(pair) for pair in outcome.pairs)


def perform(lines: str, url: str) -> None:
    """Perform the lines of a revision's `upgrade`."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        exec(lines, {**NAMES, "op": operations})  # noqa: S102  # what we suggest to the user
