"""schemalint: what SQLModel / SQLAlchemy models and Alembic migrations will do to a PostgreSQL database."""

__version__ = "0.1.0"
