"""An offline branch that refuses, and a metadata that only a function knows."""

import asyncio

from alembic import context
from shelf import URL
from sqlalchemy.ext.asyncio import create_async_engine


async def migrate_async():
    from shelf import metadata as target_metadata

    def migrate(connection):
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()

    async with create_async_engine(URL).connect() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    raise NotImplementedError("not offline")
asyncio.run(migrate_async())
