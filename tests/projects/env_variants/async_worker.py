"""Calls the event loop of its application from a worker thread of AnyIO; there is no offline branch."""

import anyio.from_thread
from alembic import context
from shelf import URL, metadata
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine(URL)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


target_metadata = metadata
anyio.from_thread.run(main)
