"""Every way of connecting, on a throwaway database; a second server and a listening port that must see nobody."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pg8000.dbapi
import pg8000.native
import psycopg
import psycopg2
import psycopg2.pool
import pytest
import sqlalchemy as sa
from asyncpg import connect as asyncpg_connect
from psycopg import connect as psycopg_connect
from psycopg2 import connect as psycopg2_connect
from psycopg_pool import ConnectionPool
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool, StaticPool

from real_server import Real, real, second_server  # noqa: F401  # fixtures
from schemalint.throwaway import guard as guard_module
from schemalint.throwaway.guard import (
    ConnectionRefusedByGuard,
    UnguardableDriverError,
    asyncpg_options,
    guard,
    libpq_params,
    ours,
    pg8000_options,
    refuse_from_now_on,
)
from schemalint.throwaway.server import Database, Server

Way = Callable[[str], object]
WHERE = "SELECT current_database()"


def libpq(url: str) -> str:
    """Return the URL without the driver that SQLAlchemy reads from it."""
    return "postgresql" + url[url.index("://") :]


def of_cursor(connection: Any) -> object:
    cursor = connection.cursor()
    cursor.execute(WHERE)
    (name,) = cursor.fetchone()
    connection.close()
    return name


async def of_psycopg_async(url: str) -> object:
    async with await psycopg.AsyncConnection.connect(libpq(url)) as connection:
        (name,) = await (await connection.execute(WHERE)).fetchone() or ("",)
    return name


async def of_asyncpg(url: str) -> object:
    connection = await asyncpg_connect(libpq(url))
    name = await connection.fetchval(WHERE)
    await connection.close()
    return name


async def of_asyncpg_pool(url: str) -> object:
    async with asyncpg.create_pool(libpq(url), min_size=1, max_size=1) as pool:
        return await pool.fetchval(WHERE)


def of_psycopg_pool(url: str) -> object:
    with ConnectionPool(libpq(url), min_size=1, open=True) as pool, pool.connection() as connection:
        (name,) = connection.execute(WHERE).fetchone() or ("",)
    return name


def of_psycopg2_pool(url: str) -> object:
    pool = psycopg2.pool.SimpleConnectionPool(1, 1, libpq(url))
    return of_cursor(pool.getconn())


def of_pg8000_native(url: str) -> object:
    with pg8000.native.Connection(**pg8000_where(url)) as connection:
        return connection.run(WHERE)[0][0]


def pg8000_where(url: str) -> dict[str, Any]:
    parsed = sa.make_url(url)
    host, port = str(parsed.query.get("host", "127.0.0.1")), int(str(parsed.query.get("port", parsed.port)))
    where = {"unix_sock": f"{host}/.s.PGSQL.{port}"} if host.startswith("/") else {"host": host, "port": port}
    return {"user": parsed.username, "database": parsed.database, **where}


def of_engine(engine: sa.Engine) -> object:
    with engine.connect() as connection:
        name = connection.exec_driver_sql(WHERE).scalar_one()
    engine.dispose()
    return name


async def of_async_engine(url: str, driver: str) -> object:
    engine = create_async_engine(sa.make_url(url).set(drivername=f"postgresql+{driver}"))
    async with engine.connect() as connection:
        name = (await connection.exec_driver_sql(WHERE)).scalar_one()
    await engine.dispose()
    return name


def engine(url: str, driver: str, **options: Any) -> sa.Engine:
    return sa.create_engine(sa.make_url(url).set(drivername=f"postgresql+{driver}"), **options)


WAYS: dict[str, Way] = {
    "psycopg.connect, bound by name": lambda url: of_cursor(psycopg_connect(libpq(url))),
    "psycopg.Connection.connect": lambda url: of_cursor(psycopg.Connection.connect(libpq(url))),
    "psycopg with keywords": lambda url: of_cursor(psycopg.connect(**psycopg.conninfo.conninfo_to_dict(libpq(url)))),  # type: ignore[arg-type]  # texts
    "psycopg, several hosts": lambda _: of_cursor(psycopg.connect("host=a.invalid,b.invalid port=1,2 dbname=x")),
    "psycopg, a service": lambda _: of_cursor(psycopg.connect("service=production")),
    "psycopg with nothing": lambda _: of_cursor(psycopg.connect()),
    "psycopg async": lambda url: asyncio.run(of_psycopg_async(url)),
    "psycopg_pool": of_psycopg_pool,
    "psycopg2.connect, bound by name": lambda url: of_cursor(psycopg2_connect(libpq(url))),
    "psycopg2 with keywords": lambda url: of_cursor(psycopg2.connect(**psycopg2.extensions.parse_dsn(libpq(url)))),
    "psycopg2 pool": of_psycopg2_pool,
    "asyncpg.connect, bound by name": lambda url: asyncio.run(of_asyncpg(url)),
    "asyncpg pool": lambda url: asyncio.run(of_asyncpg_pool(url)),
    "pg8000.dbapi": lambda url: of_cursor(pg8000.dbapi.connect(**pg8000_where(url))),
    "pg8000.native": of_pg8000_native,
    "engine: psycopg": lambda url: of_engine(engine(url, "psycopg")),
    "engine: psycopg2": lambda url: of_engine(engine(url, "psycopg2")),
    "engine: pg8000": lambda url: of_engine(engine(url, "pg8000")),
    "engine: NullPool": lambda url: of_engine(engine(url, "psycopg", poolclass=NullPool)),
    "engine: StaticPool": lambda url: of_engine(engine(url, "psycopg", poolclass=StaticPool)),
    "engine: creator": lambda url: of_engine(engine(url, "psycopg", creator=lambda: psycopg_connect(libpq(url)))),
    "engine: creator of psycopg2": lambda url: of_engine(
        engine(url, "psycopg2", creator=lambda: psycopg2_connect(libpq(url)))
    ),
    "async engine: asyncpg": lambda url: asyncio.run(of_async_engine(url, "asyncpg")),
    "async engine: psycopg": lambda url: asyncio.run(of_async_engine(url, "psycopg")),
}


ONLY_GUARDED = {"psycopg, several hosts", "psycopg, a service", "psycopg with nothing", "engine: pg8000"}
"""Ways that lead nowhere without a guard (SQLAlchemy's URL of pg8000 knows no Unix socket)."""


@pytest.fixture
def listener() -> Iterator[str]:
    """The URL of a port that counts who comes; the test fails when somebody did."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                connection.close()
                came.append(address)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"postgresql://nobody:secret@127.0.0.1:{server.getsockname()[1]}/production?sslmode=disable"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert came == []


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_the_throwaway_database(
    way: str,
    real: Real,  # noqa: F811
    listener: str,
    database: Database,
) -> None:
    with guard(database.url):
        assert WAYS[way](real.url) == database.name
        assert WAYS[way](listener) == database.name


# The drivers' pools go on trying.
@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("psycopg_pool", "asyncpg pool")])
def test_without_a_target_every_way_is_refused(way: str, listener: str) -> None:
    with guard(None), pytest.raises(ConnectionRefusedByGuard, match="it opens a database connection"):
        WAYS[way](listener)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ONLY_GUARDED])
def test_afterwards_every_way_leads_where_it_did(way: str, database: Database) -> None:
    with guard("postgresql://nobody@/nothing?host=/nowhere"):
        pass
    assert WAYS[way](database.url) == database.name


def test_our_own_connections_pass(database: Database) -> None:
    with guard(None), ours():
        for name, way in WAYS.items():
            if name not in ONLY_GUARDED | {"psycopg_pool"}:  # which connects in threads of its own
                assert way(database.url) == database.name, name


def test_a_target_is_asked_once_and_only_when_needed(listener: str, database: Database) -> None:
    asked: list[str] = []

    def target() -> str:
        # It may connect itself: a server that has just been started makes its database.
        with psycopg.connect(database.url) as connection:
            asked.append(connection.info.dbname)
        return database.url

    with guard(target):
        assert asked == []
        for _ in range(2):
            assert of_cursor(psycopg.connect(listener)) == database.name
        assert of_engine(engine(listener, "psycopg")) == database.name
    assert asked == [database.name]


def test_what_a_target_raises_reaches_whoever_connects() -> None:
    def target() -> str:
        raise KeyboardInterrupt

    with guard(target), pytest.raises(KeyboardInterrupt):
        asyncio.run(of_async_engine("postgresql://nowhere.invalid/x", "asyncpg"))


def test_a_connection_pooled_before_is_not_used(server: Server, database: Database) -> None:
    with server.database() as other:
        before = engine(other.url, "psycopg")
        with before.connect() as connection:
            assert connection.exec_driver_sql(WHERE).scalar_one() == other.name
        with guard(database.url), before.connect() as connection:
            assert connection.exec_driver_sql(WHERE).scalar_one() == database.name
        with before.connect() as connection:
            assert connection.exec_driver_sql(WHERE).scalar_one() == other.name
        before.dispose()


def test_an_engine_made_before_is_redirected_and_made_within_is_let_go(server: Server, database: Database) -> None:
    with server.database() as other:
        before = engine(other.url, "psycopg2")
        with guard(database.url):
            assert of_engine(before) == database.name
            within = engine(other.url, "psycopg2")
            with within.connect() as connection:
                assert connection.exec_driver_sql(WHERE).scalar_one() == database.name
        assert of_engine(before) == of_engine(within) == other.name


def test_a_listener_that_fetches_the_real_password_is_not_asked(listener: str, database: Database) -> None:
    def fetch(*_: object) -> None:
        pytest.fail("asked")

    one = engine(listener, "psycopg")
    sa.event.listen(one, "do_connect", fetch)
    with guard(database.url):
        assert of_engine(one) == database.name


def test_options_that_hold_for_any_server_are_kept(listener: str, database: Database) -> None:
    options = {
        "application_name": "shelf",
        "options": "-c search_path=library -c statement_timeout=1234",
        "connect_timeout": 7,
    }
    with guard(database.url):
        for driver in ("psycopg", "psycopg2"):
            with engine(listener, driver, connect_args=options, poolclass=NullPool).connect() as connection:
                assert connection.exec_driver_sql("SHOW application_name").scalar_one() == "shelf"
                assert connection.exec_driver_sql("SHOW search_path").scalar_one() == "library"
                assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "1234ms"
        with psycopg.connect(
            listener, row_factory=psycopg.rows.dict_row, prepare_threshold=None, autocommit=True
        ) as plain:
            assert plain.execute("SELECT 1 AS one").fetchone() == {"one": 1}
            assert plain.prepare_threshold is None
            assert plain.autocommit

    async def of_settings() -> object:
        connection = await asyncpg.connect(
            listener, ssl="require", server_settings={"search_path": "library"}, statement_cache_size=0, timeout=7
        )
        try:
            return await connection.fetchval("SHOW search_path")
        finally:
            await connection.close()

    with guard(database.url):
        assert asyncio.run(of_settings()) == "library"


def test_options_that_bind_to_the_real_server_are_dropped(listener: str, database: Database) -> None:
    bound: dict[str, Any] = {
        "sslmode": "verify-full",
        "sslrootcert": "/nowhere",
        "channel_binding": "require",
        "passfile": "/nowhere",
    }
    bound |= {
        "target_session_attrs": "standby",
        "require_auth": "scram-sha-256",
        "krbsrvname": "x",
        "hostaddr": "127.0.0.1",
    }
    with guard(database.url):
        assert of_engine(engine(listener, "psycopg", connect_args=bound)) == database.name
        assert of_cursor(psycopg.connect(listener, **bound)) == database.name


def test_a_target_may_be_a_port_with_a_password(listener: str) -> None:
    params = libpq_params(listener)
    port = int(params["port"])
    whom = {"user": "nobody", "password": "secret", "database": "production", "host": "127.0.0.1", "port": port}
    assert asyncpg_options(params) == {**whom, "ssl": "disable"}
    assert asyncpg_options({**libpq_params("postgresql://me@there/name")}) == {
        "user": "me",
        "database": "name",
        "host": "there",
        "port": 5432,
    }
    assert pg8000_options(params) == whom


def test_a_database_of_another_kind_is_refused() -> None:
    for target in (None, "postgresql://nobody@/nothing?host=/nowhere"):
        with (
            guard(target),
            pytest.raises(ConnectionRefusedByGuard, match="a connection to sqlite; schemalint checks PostgreSQL only"),
        ):
            sa.create_engine("sqlite://").connect()


def test_a_refusal_is_a_server_that_does_not_answer_to_the_users_code() -> None:
    with guard(None), pytest.raises(ConnectionError):
        psycopg.connect("host=nowhere.invalid")


def test_programs_and_libpq_itself_find_the_throwaway_database(
    monkeypatch: pytest.MonkeyPatch,
    real: Real,  # noqa: F811
    database: Database,
) -> None:
    program = [sys.executable, "-c", "import psycopg; print(psycopg.connect().info.dbname)"]
    with monkeypatch.context() as environment:
        for name, value in psycopg.conninfo.conninfo_to_dict(real.url).items():
            environment.setenv("PGDATABASE" if name == "dbname" else f"PG{name.upper()}", str(value))
        for name, value in (("HOSTADDR", "127.0.0.1"), ("CHANNELBINDING", "require"), ("SSLMODE", "verify-full")):
            environment.setenv(f"PG{name}", value)
        before = dict(os.environ)
        with guard(database.url):
            found = subprocess.run(program, capture_output=True, text=True, check=True).stdout
            assert os.environ["PGHOST"] == before["PGHOST"]
            assert of_cursor(psycopg2.connect("")) == database.name
            assert asyncio.run(of_asyncpg("postgresql://")) == database.name
        assert found.strip() == database.name
        assert dict(os.environ) == before


LATER = """
import sys
from schemalint.throwaway.guard import guard
with guard({target!r}):
    assert not {{"psycopg", "psycopg2", "asyncpg", "pg8000"}} & sys.modules.keys()
    from psycopg import connect
    print(connect({url!r}).info.dbname)
    from psycopg2 import connect
    print(connect({url!r}).info.dbname)
    import asyncio, asyncpg, psycopg
    async def main():
        print((await psycopg.AsyncConnection.connect({url!r})).info.dbname)
        print(await (await asyncpg.connect({url!r})).fetchval("SELECT current_database()"))
    asyncio.run(main())
    import pg8000.native
    print(pg8000.native.Connection("nobody", host="nowhere.invalid").run("SELECT current_database()")[0][0])
    print(asyncpg.connect_utils.__spec__.loader.__class__.__name__)
"""


def test_a_driver_imported_later_is_redirected_and_none_is_imported_by_us(listener: str, database: Database) -> None:
    program = LATER.format(target=database.url, url=listener)
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert found.split() == [database.name] * 5 + ["SourceFileLoader"]


def test_a_driver_that_cannot_be_wrapped_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(psycopg2, "_connect")
    with pytest.raises(UnguardableDriverError, match=r"psycopg2 \(2\.\d.*psycopg2\._connect is not there"), guard(None):
        pytest.fail("user code ran")
    assert guard_module._active is None
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect("host=/nowhere")


def test_guards_do_not_nest() -> None:
    with guard(None):
        with pytest.raises(AssertionError), guard(None):
            pytest.fail("two guards at once")
        with pytest.raises(ConnectionRefusedByGuard):
            psycopg.connect("host=/nowhere")


def test_an_error_within_takes_the_guard_down() -> None:
    with pytest.raises(LookupError), guard(None):
        raise LookupError
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect("host=/nowhere")


REFUSING = """
import psycopg
from schemalint.throwaway.guard import guard, refuse_from_now_on
with guard({target!r}):
    psycopg.connect().close()
    refuse_from_now_on()
try:
    psycopg.connect({target!r})
except ConnectionError as error:
    print(error)
"""


def test_what_still_runs_after_ctrl_c_is_refused_for_good(database: Database, tmp_path: Path) -> None:
    program = REFUSING.format(target=database.url)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    ).stdout
    assert list(tmp_path.iterdir()) == []
    directory = Path(str(sa.make_url(database.url).query["host"]))
    assert list(directory.glob("*.conf")) == []
    assert found == "it opens a database connection, and schemalint has none to give at this point\n"
    refuse_from_now_on()
    with psycopg.connect(database.url) as connection:
        assert connection.info.dbname == database.name
