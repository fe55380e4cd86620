"""Alembic's own async template."""

import asyncio

from alembic import context
from shelf import URL, metadata
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

context.config.set_main_option("sqlalchemy.url", URL.replace("%", "%%"))


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_async():
    section = context.config.get_section(context.config.config_ini_section, {})
    engine = async_engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(migrate_async())
