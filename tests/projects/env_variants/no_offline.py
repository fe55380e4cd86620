"""No offline branch: it connects whatever it is asked."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine

target_metadata = [metadata]

with create_engine(URL).connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
