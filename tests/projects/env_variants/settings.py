"""A settings object that needs variables, and a URL put into the ini file's place."""

from alembic import context
from pydantic import PostgresDsn
from pydantic_settings import BaseSettings
from shelf import metadata
from sqlalchemy import engine_from_config


class Settings(BaseSettings):
    database_url: PostgresDsn


context.config.set_main_option("sqlalchemy.url", str(Settings().database_url).replace("%", "%%"))
URL = context.config.get_main_option("sqlalchemy.url")


def migrate(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine_from_config({"sqlalchemy.url": URL}).connect() as connection:
        migrate(connection)
