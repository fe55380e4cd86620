"""Engines and sessions for the database that DATABASE_URL names, on a server that pools or on a serverless one."""

import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Engine, NullPool, create_engine, func, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session, select

VARIABLE = "DATABASE_URL"
EXAMPLE = "postgresql://user:password@host:5432/database"


class DatabaseURLError(RuntimeError):
    """DATABASE_URL is missing or wrong; the message never holds its value, which has a password in it."""


def database_url(environment: Mapping[str, str] = os.environ) -> URL:
    """Return the URL that DATABASE_URL holds (`postgresql://` or `postgres://`), for psycopg.

    Printing it shows `***` for the password. Raises DatabaseURLError when the variable is missing or is no such URL.
    """
    value = environment.get(VARIABLE, "").strip()
    if not value:
        raise DatabaseURLError(f"{VARIABLE} is not set; it names the database, such as {EXAMPLE}")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        # From None: the cause may quote the value.
        raise DatabaseURLError(f"{VARIABLE} is not a URL; it must be like {EXAMPLE}") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise DatabaseURLError(f"{VARIABLE} does not name a PostgreSQL database; it must be like {EXAMPLE}")
    return url.set(drivername="postgresql+psycopg")


def make_engine(url: URL, *, serverless: bool = False) -> Engine:
    """Return an engine for a server that pools, or for a serverless one such as Neon."""
    return create_engine(serverless_url(url) if serverless else url, **engine_options(serverless=serverless))


def make_async_engine(url: URL, *, serverless: bool = False) -> AsyncEngine:
    """Return the same engine for `async with`; psycopg is the driver of both."""
    return create_async_engine(serverless_url(url) if serverless else url, **engine_options(serverless=serverless))


def act_as(session: Session, user_id: UUID) -> None:
    """Let the row-level security of this transaction show what belongs to `user_id`."""
    session.exec(select(func.set_config("app.user_id", str(user_id), True)))


def serverless_url(url: URL) -> URL:
    """Return `url` with `sslmode=require`, unless it names a mode itself."""
    return url if "sslmode" in url.query else url.update_query_dict({"sslmode": "require"})


def engine_options(*, serverless: bool) -> dict[str, Any]:
    """Return what `create_engine` is told.

    A serverless database sleeps when nobody is connected, and brings its own pooler: we keep no connections. The pooler may hand
    each transaction to another backend: we prepare nothing on one. https://neon.com/docs/connect/connection-pooling
    """
    if serverless:
        return {"poolclass": NullPool, "pool_pre_ping": True, "connect_args": {"prepare_threshold": None}}
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "pool_recycle": 1800}
