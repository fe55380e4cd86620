"""The reference project's engines: from DATABASE_URL, pooled or serverless, and silent about the password."""

import asyncio
from secrets import token_hex

import pytest
from reference_models import Task, User
from reference_models.database import (
    DatabaseURLError,
    act_as,
    database_url,
    make_async_engine,
    make_engine,
)
from sqlalchemy import NullPool, QueuePool, make_url, text
from sqlmodel import Session, select

from reference_project import rows, upgrade
from schemalint.throwaway.server import Database

SECRET = "s3cret-pa55word"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
def test_every_spelling_of_postgresql_is_for_psycopg(scheme: str) -> None:
    url = database_url({"DATABASE_URL": f" {scheme}://ada:{SECRET}@db.example.com:6543/todo?sslmode=verify-full\n"})
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "ada",
        SECRET,
        "db.example.com",
        6543,
        "todo",
    )
    assert url.query == {"sslmode": "verify-full"}


@pytest.mark.parametrize("environment", [{}, {"DATABASE_URL": ""}, {"DATABASE_URL": " "}])
def test_a_missing_variable_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(DatabaseURLError, match="DATABASE_URL is not set"):
        database_url(environment)


@pytest.mark.parametrize(
    "value",
    [
        f"ada:{SECRET}@db.example.com/todo",
        f"postgresql://ada:{SECRET}@db.example.com:port/todo",
        f"postgresql:/ada:{SECRET}@db.example.com",
        f"mysql://ada:{SECRET}@db.example.com/todo",
        f"sqlite:///{SECRET}.db",
    ],
)
def test_a_wrong_url_is_refused_without_its_password(value: str) -> None:
    with pytest.raises(DatabaseURLError) as caught:
        database_url({"DATABASE_URL": value})
    assert "DATABASE_URL" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("serverless", [False, True])
def test_no_engine_shows_the_password(serverless: bool) -> None:
    url = database_url({"DATABASE_URL": f"postgresql://ada:{SECRET}@db.example.com/todo"})
    assert SECRET not in repr(url) + str(url)
    engine = make_engine(url, serverless=serverless)
    assert SECRET not in repr(engine)
    assert SECRET not in repr(make_async_engine(url, serverless=serverless))


def test_a_server_that_pools_keeps_connections_and_asks_before_it_uses_them(database: Database) -> None:
    engine = make_engine(database_url({"DATABASE_URL": database.url}))
    assert isinstance(engine.pool, QueuePool)
    with engine.connect() as connection:
        first = connection.scalar(text("SELECT pg_backend_pid()"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == first
    rows(database.url, f"SELECT pg_terminate_backend({first}, 5000)")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != first
    engine.dispose()


def test_a_serverless_database_is_left_alone_between_transactions(database: Database) -> None:
    plain = make_url(database.url).update_query_dict({"sslmode": "disable"})
    engine = make_engine(database_url({"DATABASE_URL": plain.render_as_string(hide_password=False)}), serverless=True)
    assert isinstance(engine.pool, NullPool)
    with engine.connect() as connection:
        first = connection.scalar(text("SELECT pg_backend_pid()"))
        for _ in range(10):
            assert connection.scalar(text("SELECT 1")) == 1
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != first


def test_a_serverless_connection_is_encrypted_unless_the_url_says_how() -> None:
    url = make_url("postgresql+psycopg://ada@db.example.com/todo")
    assert make_engine(url, serverless=True).url.query == {"sslmode": "require"}
    stricter = url.update_query_dict({"sslmode": "verify-full"})
    assert make_engine(stricter, serverless=True).url.query == {"sslmode": "verify-full"}
    assert make_engine(url).url.query == {}


@pytest.mark.parametrize("serverless", [False, True])
def test_an_async_engine_does_the_same(database: Database, serverless: bool) -> None:
    url = database_url({"DATABASE_URL": database.url}).update_query_dict({"sslmode": "disable"})

    async def ask() -> object:
        engine = make_async_engine(url, serverless=serverless)
        async with engine.connect() as connection:
            answer = await connection.scalar(text("SELECT 42"))
        await engine.dispose()
        return answer

    assert asyncio.run(ask()) == 42


def test_a_role_that_does_not_own_the_tasks_sees_those_of_the_user_it_acts_for(database: Database) -> None:
    upgrade(database.url)
    engine = make_engine(database_url({"DATABASE_URL": database.url}))
    with Session(engine) as session:
        ada, ben = (User(email=f"{name}@example.com", hashed_password="x", full_name=name) for name in ("ada", "ben"))
        session.add_all([ada, ben, Task(user_id=ada.id, title="Ada's"), Task(user_id=ben.id, title="Ben's")])
        session.commit()
        ada_id = ada.id
    role = f"application_{token_hex(8)}"
    rows(database.url, f"CREATE ROLE {role}", f"GRANT SELECT ON tasks TO {role}")
    try:
        with Session(engine) as session:
            session.connection().execute(text(f"SET LOCAL ROLE {role}"))
            assert session.exec(select(Task.title)).all() == []
            act_as(session, ada_id)
            assert session.exec(select(Task.title)).all() == ["Ada's"]
    finally:
        rows(database.url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
        engine.dispose()
