"""It catches what its migrations raise."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    try:
        with create_engine(URL).connect() as connection:
            migrate(connection)
    except Exception as error:  # noqa: BLE001
        print(error)
