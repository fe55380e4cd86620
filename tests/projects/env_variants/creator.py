"""An engine that gets its connections from a function."""

from alembic import context
from shelf import LIBPQ_URL, URL, metadata
from sqlalchemy import create_engine

if "psycopg2" in URL:
    from psycopg2 import connect
else:
    from psycopg import connect


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL, creator=lambda: connect(LIBPQ_URL)).connect() as connection:
        migrate(connection)
