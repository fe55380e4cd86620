"""Async by the thread's own event loop, an engine with options of its driver, left undisposed."""

import asyncio

from alembic import context
from shelf import URL, metadata
from sqlalchemy.ext.asyncio import create_async_engine

OPTIONS = (
    {"server_settings": {"application_name": "shelf"}, "ssl": "require"} if "asyncpg" in URL else {"sslmode": "require"}
)


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_async():
    async with create_async_engine(URL, connect_args=OPTIONS).connect() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.get_event_loop().run_until_complete(migrate_async())
