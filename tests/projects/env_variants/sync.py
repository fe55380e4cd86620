"""The usual one: an engine of its own, from its own variable."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine, pool


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL, poolclass=pool.NullPool).connect() as connection:
        migrate(connection)
