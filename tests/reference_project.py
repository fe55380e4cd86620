"""The reference project's history, run on a database, and all that PostgreSQL says about a database, for tests of the reference project."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlmodel
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, make_url

ROOT = Path(__file__).resolve().parent.parent

needs_zones = pytest.mark.skipif(
    not hasattr(sqlmodel, "UTCDateTime"),
    reason="a datetime of the reference models has a time zone with SQLModel 0.0.45 and newer",
)

OWN = "NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = {0}.oid AND e.deptype = 'e')"
"""Whether an object belongs to the project and not to an extension."""

FACTS = {
    "relation": """
        SELECT c.relname, c.relkind, c.relpersistence, c.reloptions, am.amname, obj_description(c.oid, 'pg_class')
        FROM pg_class c LEFT JOIN pg_am am ON am.oid = c.relam
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I')
    """,
    "column": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
            a.attstorage, a.attoptions, a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I') AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraint": """
        SELECT n.conrelid::regclass, n.conname, n.contype, pg_get_constraintdef(n.oid), n.convalidated,
            n.condeferrable, n.condeferred, obj_description(n.oid, 'pg_constraint')
        FROM pg_constraint n WHERE n.connamespace = 'public'::regnamespace
    """,
    "index": """
        SELECT c.relname, pg_get_indexdef(c.oid), i.indisvalid, i.indisunique, i.indimmediate, i.indisclustered,
            c.reloptions, obj_description(c.oid, 'pg_class')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace
    """,
    "enum": """
        SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder), obj_description(t.oid, 'pg_type')
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.oid, t.typname
    """,
}
"""What models can say, and their migrations must make: everything but the order of columns."""

BEYOND_MODELS = {
    "trigger": "SELECT pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t WHERE NOT t.tgisinternal",
    "function": f"""
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p') AND {OWN.format("p")}
    """,
    "policy": "SELECT schemaname, tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies",
    "row security": """
        SELECT c.relname, c.relforcerowsecurity FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
    """,
    "extension": "SELECT extname, extversion, extnamespace::regnamespace FROM pg_extension",
    "type": f"""
        SELECT t.typname, t.typtype FROM pg_type t
        WHERE t.typnamespace = 'public'::regnamespace AND {OWN.format("t")}
    """,
    "schema": "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'",
}
"""What only migrations can say."""


def facts(url: str, *, beyond_models: bool = False) -> set[tuple[str, ...]]:
    """Return what PostgreSQL says about a database, Alembic's own table left out."""
    kinds = FACTS | BEYOND_MODELS if beyond_models else FACTS
    with psycopg.connect(url) as connection:
        found = {
            (kind, *map(str, row))
            for kind, query in kinds.items()
            for row in connection.execute(query.encode()).fetchall()
        }
    return {row for row in found if not any("alembic_version" in value for value in row)}


def rows(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Execute statements, each in a transaction of its own; return the rows of the last one."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def upgrade(url: str, revision: str = "head") -> None:
    """Run the project's migrations up to a revision, through its own env.py."""
    with database_url(url):
        command.upgrade(alembic_config(), revision)


def downgrade(url: str, revision: str) -> None:
    """Run the project's migrations down to a revision, through its own env.py."""
    with database_url(url):
        command.downgrade(alembic_config(), revision)


def alembic_config() -> Config:
    """Return what alembic.ini says, without its logging, which would take pytest's place."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def database_url(url: str) -> Iterator[None]:
    """Let the environment name the database."""
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        del os.environ["DATABASE_URL"]
        if before is not None:
            os.environ["DATABASE_URL"] = before


def with_psycopg(url: str) -> URL:
    """Return a URL of a throwaway database for SQLAlchemy."""
    return make_url(url).set(drivername="postgresql+psycopg")
