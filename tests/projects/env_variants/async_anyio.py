"""Async in a worker thread of AnyIO, inside a task group."""

import anyio
import anyio.to_thread
from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def migrate_in_thread():
    with create_engine(URL).connect() as connection:
        migrate(connection)


async def main():
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.to_thread.run_sync, migrate_in_thread)


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    anyio.run(main)
