"""Log records on standard output, and all other loggers switched off."""

import os
from logging.config import fileConfig

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine

fileConfig(context.config.config_file_name)
print("printed")
os.system("echo from a program")  # noqa: S605, S607


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL, echo=True).connect() as connection:
        migrate(connection)
