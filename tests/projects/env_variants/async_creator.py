"""An async engine that gets its connections from a function."""

import asyncio

from alembic import context
from asyncpg import connect
from shelf import LIBPQ_URL, metadata
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_async():
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda **_: connect(LIBPQ_URL))
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(migrate_async())
