"""A pool of threads, one of which runs an event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from alembic import context
from shelf import URL, metadata
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_async():
    async with create_async_engine(URL).begin() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with ThreadPoolExecutor() as threads:
        threads.submit(asyncio.run, migrate_async()).result()
