"""Does nothing, and says nothing, unless its application shares a connection."""

from alembic import context
from shelf import metadata

target_metadata = metadata

if "connection" in context.config.attributes:
    context.configure(connection=context.config.attributes["connection"], target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
