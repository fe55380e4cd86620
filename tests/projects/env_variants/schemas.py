"""Its own schema for the version table, filters, a commit a revision, locks, and x arguments."""

from alembic import context
from shelf import URL, metadata
from sqlalchemy import create_engine, text

assert context.get_x_argument(as_dictionary=True) == {}
assert context.config.attributes.get("connection") is None
assert not getattr(context.config.cmd_opts, "autogenerate", False)


def include_name(name, type_, parent_names):
    return type_ != "schema" or name in (None, "library")


def include_object(object_, name, type_, reflected, compare_to):
    return name != "ignored"


def heard(**_):
    HEARD.append(1)


HEARD = []
OPTIONS = {
    "target_metadata": metadata,
    "include_schemas": True,
    "include_name": include_name,
    "include_object": include_object,
    "version_table": "versions",
    "version_table_schema": "library",
    "transaction_per_migration": True,
    "on_version_apply": heard,
}

if context.is_offline_mode():
    context.configure(url=URL, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL).connect() as connection:
        connection.execute(text("CREATE SCHEMA library"))
        connection.execute(text("CREATE TABLE library.versions (version_num varchar(32) PRIMARY KEY)"))
        connection.commit()
        context.configure(connection, **OPTIONS)
        with context.begin_transaction():
            connection.execute(text("LOCK TABLE library.versions IN ACCESS EXCLUSIVE MODE"))
            connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
            context.run_migrations()
        assert len(HEARD) == 2
