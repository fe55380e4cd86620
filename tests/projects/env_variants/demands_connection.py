"""Online it wants the application's connection, in a transaction that the application commits; offline it has a word of its own."""

from alembic import context
from shelf import URL, metadata

target_metadata = metadata


def migrate_online():
    connection = context.config.attributes.get("connection", None)
    if connection is None:
        raise AssertionError("no connection was given")
    connection.exec_driver_sql("SET search_path TO public")
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    migrate_online()
