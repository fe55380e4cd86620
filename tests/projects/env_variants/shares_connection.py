"""Runs only under its application, which shares its connection and commits by itself."""

from alembic import context
from shelf import metadata

connection = context.config.attributes["connection"]

with connection:
    context.configure(connection=connection, target_metadata=metadata)
    context.run_migrations()
    connection.commit()
