import os

from alembic import context
from shop.models import SQLModel
from sqlalchemy import create_engine

target_metadata = SQLModel.metadata

if context.is_offline_mode():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://shop:secret@db.invalid/shop"))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
