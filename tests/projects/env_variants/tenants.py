"""One run a tenant, of whom there are two."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine, text

if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata)
else:
    for tenant in ("one", "two"):
        with create_engine(URL).connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {tenant}"))
            connection.execute(text(f"SET search_path TO {tenant}"))
            connection.commit()
            connection.dialect.default_schema_name = tenant
            context.configure(connection=connection, target_metadata=metadata)
            with context.begin_transaction():
                context.run_migrations()
