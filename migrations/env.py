"""Runs the migrations on the database that DATABASE_URL names, or prints their SQL (`--sql`)."""

from logging.config import fileConfig

from alembic import context
from reference_models import Base
from reference_models.database import database_url
from sqlalchemy import create_engine, pool, text

# A statement that waits for a lock makes everybody behind it wait: rather give up, and deploy again.
# https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
LOCK_TIMEOUT = "SET lock_timeout = '5s'"


def run_offline() -> None:
    """Print the SQL of the migrations; no database is needed."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=Base.metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    context.execute(LOCK_TIMEOUT)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations, each in a transaction of its own, so that none holds the locks of another."""
    engine = create_engine(database_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(LOCK_TIMEOUT))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    run_offline()
else:
    run_online()
