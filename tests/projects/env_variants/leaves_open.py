"""The application's engine, whose pool was filled while it was imported; its connections are never closed."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine

engine = create_engine(URL)
with engine.connect() as first:
    FIRST = first.exec_driver_sql("SELECT current_database()").scalar_one()
connection = engine.connect()
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
left_open = engine.raw_connection().cursor()
left_open.execute("SELECT 1 FROM books")
