"""The project's own env.py, unmodified, on a throwaway database; a second server that must see no connection."""

import asyncio
import logging
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from real_server import Real, real, second_server  # noqa: F401  # fixtures
from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.alembic_settings import AlembicSettings, find_alembic
from schemalint.loaders.environment import UpgradeFailed, read_target_metadata, upgrade
from schemalint.throwaway.server import Database, Server

PROJECTS = Path(__file__).parent / "projects"
VARIANTS = [
    ("sync", "psycopg"),
    ("sync", "psycopg2"),
    ("sync", "pg8000"),
    ("async_run", "asyncpg"),
    ("async_run", "psycopg"),
    ("async_loop", "asyncpg"),
    ("async_loop", "psycopg"),
    ("async_anyio", "psycopg"),
    ("async_worker", "asyncpg"),
    ("async_worker", "psycopg"),
    ("thread_pool", "asyncpg"),
    ("creator", "psycopg"),
    ("creator", "psycopg2"),
    ("async_creator", "asyncpg"),
    ("settings", "psycopg2"),
    ("no_offline", "psycopg"),
    ("refuses_offline", "asyncpg"),
    ("schemas", "psycopg"),
    ("logs", "psycopg"),
    ("leaves_open", "psycopg"),
    ("shares_connection", "psycopg"),
    ("demands_connection", "asyncpg"),
    ("waits_for_connection", "psycopg"),
]
"""An env.py of tests/projects/env_variants, and the driver that its URL names."""

ELSEWHERE = "postgresql+psycopg2://nobody:secret@nowhere.invalid:5432/production?sslmode=verify-full"

MakeProject = Callable[..., tuple[Config, AlembicSettings]]


@pytest.fixture
def project(tmp_path: Path, real: Real) -> Iterator[MakeProject]:  # noqa: F811
    """Return a function that makes a project whose settings name the second server."""

    def make(env: str, driver: str = "psycopg", **revisions: str) -> tuple[Config, AlembicSettings]:
        shutil.copytree(PROJECTS / "env_base", tmp_path, dirs_exist_ok=True)
        migrations = tmp_path / "migrations"
        if "\n" in env:
            (migrations / "env.py").write_text(textwrap.dedent(env), encoding="utf-8")
        else:
            shutil.copy(PROJECTS / "env_variants" / f"{env}.py", migrations / "env.py")
        for name, source in revisions.items():
            (migrations / "versions" / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        url = ELSEWHERE if env == "settings" else real.url_for(driver)
        config = Config(root=tmp_path, environment={"DATABASE_URL": url})
        settings = find_alembic(config)
        assert settings is not None
        return config, settings

    yield make
    sys.modules.pop("shelf", None)


def columns(database: Database, table: str = "books") -> list[str]:
    with psycopg.connect(database.url) as connection:
        rows = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum", [table]
        ).fetchall()
    return [name for (name,) in rows]


@pytest.mark.parametrize(("env", "driver"), VARIANTS)
def test_an_unmodified_env_upgrades_the_throwaway_database(
    project: MakeProject, database: Database, env: str, driver: str
) -> None:
    done = upgrade(*project(env, driver), database.url)
    assert done.performed == ("0001", "0002")
    assert columns(database) == ["id", "title"]


@pytest.mark.parametrize(("env", "driver"), VARIANTS)
def test_an_unmodified_env_names_its_metadata_without_a_server(project: MakeProject, env: str, driver: str) -> None:
    target = read_target_metadata(*project(env, driver))
    assert [list(metadata.tables) for metadata in target.metadata] == [["books"]]


def test_the_second_server_sees_a_connection_that_nothing_redirects(second_server: Server) -> None:  # noqa: F811
    with second_server.database() as database:
        psycopg.connect(database.url).close()
        assert Real(second_server, database.name, database.url).visits() == 1


def test_what_env_configures_is_known(project: MakeProject, database: Database) -> None:
    given = project("schemas")
    (offline,) = read_target_metadata(*given).configured
    (online,) = upgrade(*given, database.url).configured
    for configured in (offline, online):
        assert (configured.version_table, configured.version_table_schema) == ("versions", "library")
        assert configured.include_schemas
        assert configured.transaction_per_migration
        assert configured.include_object is not None
        assert not configured.include_object(None, "ignored", "table", False, None)
        assert configured.include_name is not None
        assert configured.include_name("library", "schema", {})


def test_every_step_is_heard_in_its_transaction(project: MakeProject, database: Database) -> None:
    seen: list[tuple[str, int, int]] = []

    def after_each(revision: str, connection: Any) -> None:
        inside = connection.exec_driver_sql(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'books'"
        )
        with psycopg.connect(database.url) as other:
            (outside,) = other.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'books'").fetchone() or (-1,)
        seen.append((revision, inside.scalar_one(), outside))

    # Our own connection to the second database in after_each goes to the throwaway, too: guards hold for whoever does not say `ours()`.
    upgrade(*project("sync"), database.url, after_each=after_each)
    assert seen == [("0001", 1, 0), ("0002", 2, 0)]


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_a_step_of_an_async_env_gives_a_connection_that_works(
    project: MakeProject, database: Database, driver: str
) -> None:
    names: list[str] = []
    upgrade(
        *project("async_run", driver),
        database.url,
        after_each=lambda _, connection: names.append(
            connection.exec_driver_sql("SELECT current_database()").scalar_one()
        ),
    )
    assert names == [database.name] * 2


def test_what_the_listener_raises_comes_through(project: MakeProject, database: Database) -> None:
    def after_each(revision: str, _: object) -> None:
        raise LookupError(revision)

    with pytest.raises(LookupError, match="0001"):
        upgrade(*project("sync"), database.url, after_each=after_each)


def test_one_revision_can_be_asked_for(project: MakeProject, database: Database) -> None:
    given = project("sync")
    assert upgrade(*given, database.url, "0001").performed == ("0001",)
    assert upgrade(*given, database.url, "0002").performed == ("0002",)
    assert upgrade(*given, database.url).performed == ()


def test_two_heads_are_both_performed(project: MakeProject, database: Database) -> None:
    given = project(
        "sync",
        other="""
            from alembic import op
            revision = "other"
            down_revision = "0001"
            def upgrade():
                op.execute("CREATE TABLE others ()")
        """,
    )
    assert set(upgrade(*given, database.url).performed) == {"0001", "0002", "other"}


def test_an_env_that_does_nothing_and_exits_well_performed_nothing(project: MakeProject, database: Database) -> None:
    given = project("nothing")
    assert upgrade(*given, database.url).performed == ()
    assert len(read_target_metadata(*given).metadata) == 1


def test_a_tenant_each_performs_every_revision(project: MakeProject, database: Database) -> None:
    done = upgrade(*project("tenants"), database.url)
    assert done.performed == ("0001", "0002") * 2
    assert len(done.configured) == 2
    assert columns(database, "two.books") == ["id", "title"]


def test_every_step_on_a_shared_connection_is_heard(project: MakeProject, database: Database) -> None:
    seen: list[int] = []
    upgrade(
        *project("demands_connection"),
        database.url,
        after_each=lambda _, connection: seen.append(
            connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE tablename = 'books'").scalar_one()
        ),
    )
    assert seen == [1, 1]


def test_an_env_that_asks_a_shared_connection_first_names_its_metadata_without_a_server(project: MakeProject) -> None:
    given = project("""
        from alembic import context
        from shelf import metadata as target_metadata
        connection = context.config.attributes["connection"]
        if connection.dialect.name == "postgresql":
            context.configure(connection, target_metadata=target_metadata)
    """)
    assert [list(metadata.tables) for metadata in read_target_metadata(*given).metadata] == [["books"]]


def test_an_env_that_fails_with_a_shared_connection_too_is_told_where_it_fails_then(
    project: MakeProject, database: Database
) -> None:
    given = project("""\
        from alembic import context
        connection = context.config.attributes["connection"]
        raise LookupError("tenant")
    """)
    for run in (lambda: read_target_metadata(*given), lambda: upgrade(*given, database.url)):
        with pytest.raises(SchemalintError) as raised:
            run()
        assert str(raised.value) == "migrations/env.py:3:1: running migrations/env.py fails: LookupError: tenant"


def test_an_env_that_can_do_without_a_shared_connection_runs_once(project: MakeProject, database: Database) -> None:
    given = project("""
        from pathlib import Path
        from alembic import context
        from shelf import URL, metadata
        from sqlalchemy import create_engine
        with Path(__file__).with_name("runs").open("a") as file:
            file.write("x")
        shared = context.config.attributes.get("connection")
        with shared or create_engine(URL).connect() as connection:
            context.configure(connection, target_metadata=metadata)
            with context.begin_transaction():
                context.run_migrations()
    """)
    upgrade(*given, database.url)
    assert upgrade(*given, database.url).performed == ()
    assert (given[0].root / "migrations" / "runs").read_text(encoding="utf-8") == "xx"


def test_connections_left_open_do_not_keep_the_database_from_being_copied(
    project: MakeProject, database: Database, server: Server
) -> None:
    upgrade(*project("leaves_open"), database.url)
    with server.database(template=database.name) as copy:
        assert columns(copy) == ["id", "title"]


def test_env_runs_while_an_event_loop_is_running(project: MakeProject, database: Database) -> None:
    given = project("async_run", "asyncpg")

    async def check() -> tuple[str, ...]:
        return upgrade(*given, database.url).performed

    assert asyncio.run(check()) == ("0001", "0002")


def test_logging_that_env_configures_is_put_back(
    project: MakeProject, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    ours = logging.getLogger("schemalint.test")
    before = logging.root.level, logging.root.handlers[:], ours.disabled
    upgrade(*project("logs"), database.url)
    assert (logging.root.level, logging.root.handlers, ours.disabled) == before
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "printed\nfrom a program\n"


INTERRUPTED = """
from pathlib import Path
from schemalint.config import Config
from schemalint.loaders.alembic_settings import find_alembic
from schemalint.loaders.environment import upgrade
config = Config(root=Path({root!r}), environment={{"DATABASE_URL": {url!r}}})
try:
    upgrade(config, find_alembic(config), {target!r})
except KeyboardInterrupt:
    import psycopg, time
    try:
        psycopg.connect({libpq!r})
    except ConnectionError:
        print("refused")
"""


def test_ctrl_c_ends_an_upgrade_at_once_and_what_still_runs_reaches_nothing(
    project: MakeProject,
    database: Database,
    real: Real,  # noqa: F811
) -> None:
    config, _ = project("sync", bad=REVISION.format("op.execute('SELECT pg_sleep(60)')"))
    program = INTERRUPTED.format(
        root=str(config.root), url=real.url_for("psycopg"), libpq=real.url, target=database.url
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        with psycopg.connect(database.url, autocommit=True) as connection:
            sleeping = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()"
            while connection.execute(sleeping).fetchone() is None and process.poll() is None:
                time.sleep(0.02)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10)[0] == "refused\n"
    assert time.monotonic() - began < 5


REVISION = """
    import sqlalchemy as sa
    from alembic import op

    revision = "bad"
    down_revision = "0002"

    def upgrade():
        {}
"""


def failure(
    project: MakeProject, database: Database, line: str, env: str = "sync", driver: str = "psycopg"
) -> UpgradeFailed:
    """Return what an upgrade says whose last revision does `line`."""
    with pytest.raises(UpgradeFailed) as raised:
        upgrade(*project(env, driver, bad=REVISION.format(line)), database.url)
    return raised.value


@pytest.mark.parametrize(
    ("env", "driver"),
    [
        ("sync", "psycopg"),
        ("sync", "psycopg2"),
        ("sync", "pg8000"),
        ("async_run", "asyncpg"),
        ("async_run", "psycopg"),
        ("async_anyio", "psycopg"),
        ("async_worker", "asyncpg"),
        ("shares_connection", "psycopg"),
        ("demands_connection", "psycopg"),
    ],
)
def test_a_failing_revision_is_told_in_the_servers_own_words_on_its_own_line(
    project: MakeProject, database: Database, env: str, driver: str
) -> None:
    error = failure(project, database, 'op.add_column("books", sa.Column("title", sa.Text))', env, driver)
    assert str(error) == (
        'migrations/versions/bad.py:9:5: revision bad does not upgrade: column "title" of relation "books" already exists'
    )
    assert error.revision == "bad"


def test_detail_and_hint_of_the_server_are_told(project: MakeProject, database: Database) -> None:
    error = failure(project, database, """op.execute("INSERT INTO books (id) VALUES (1), (1)")""")
    assert error.message == (
        'revision bad does not upgrade: duplicate key value violates unique constraint "books_pkey". Key (id)=(1) already exists'
    )
    error = failure(project, database, """op.execute("SELECT no_such_function()")""")
    assert "No function matches the given name and argument types" in error.message
    tables = (
        "CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (i int REFERENCES a); CREATE TABLE c (i int REFERENCES a)"
    )
    error = failure(project, database, f"""op.execute("{tables}; DROP TABLE a")""")
    assert "constraint b_i_fkey on table b depends on table a; constraint c_i_fkey on" in error.message


def test_an_extension_that_the_server_lacks_is_named(project: MakeProject, database: Database) -> None:
    error = failure(project, database, """op.execute("CREATE EXTENSION postgis")""")
    assert 'no extension postgis; image = "postgis/postgis:' in error.message
    error = failure(project, database, """op.execute('CREATE EXTENSION "no-such-thing"')""")
    assert 'no extension no-such-thing; image = "..."' in error.message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise SystemExit(3)", "it calls sys.exit(3)"),
        ("raise RuntimeError('give up')", "RuntimeError: give up"),
        ("input()", "it asks for input, and there is nobody to ask"),
        ("from nowhere import thing", "there is no module 'nowhere'"),
        ("import sqlite3; sa.create_engine('sqlite://').connect()", "it opens a connection to sqlite"),
    ],
)
def test_whatever_a_revision_raises_is_a_sentence_on_its_line(
    project: MakeProject, database: Database, line: str, words: str
) -> None:
    error = failure(project, database, line)
    assert error.message.startswith(f"revision bad does not upgrade: {words}")
    assert error.at is not None
    assert (error.at.path, error.at.line) == ("migrations/versions/bad.py", 9)


def test_an_id_too_long_for_the_version_table_is_told_on_the_revision(project: MakeProject, database: Database) -> None:
    given = project("sync", long=f'revision = "{"x" * 33}"\ndown_revision = "0002"\ndef upgrade(): pass\n')
    with pytest.raises(UpgradeFailed) as raised:
        upgrade(*given, database.url)
    assert str(raised.value).startswith("migrations/versions/long.py:1: revision xxx")
    assert "value too long for type character varying(32)" in raised.value.message


def test_an_error_that_env_swallows_is_a_failure_still(project: MakeProject, database: Database) -> None:
    error = failure(project, database, "raise RuntimeError", env="swallows")
    assert error.revision == "bad"
    assert "env.py keeps the reason to itself" in error.message
    assert error.at is not None
    assert error.at.path == "migrations/versions/bad.py"


def test_a_revision_that_does_not_import_is_told_on_its_line(project: MakeProject, database: Database) -> None:
    given = project("sync", bad="revision = 'bad'\nfrom nowhere import thing\n")
    with pytest.raises(UpgradeFailed, match="no module 'nowhere'") as raised:
        upgrade(*given, database.url)
    assert raised.value.at is not None
    assert (raised.value.at.path, raised.value.at.line) == ("migrations/versions/bad.py", 2)


def test_a_revision_that_names_nothing_is_told_in_alembics_words(project: MakeProject, database: Database) -> None:
    with pytest.raises(UpgradeFailed, match=r"Can't locate revision identified by 'nobody'"):
        upgrade(*project("sync"), database.url, "nobody")


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("import os\n1 / 0\n", "ZeroDivisionError: division by zero", 2),
        ("x = (\n", "SyntaxError: '(' was never closed", 1),
        ("import sys\n\nsys.exit('no')\n", "it calls sys.exit('no')", 3),
        (
            "from alembic import context\nif not context.is_offline_mode() or True:\n    raise ValueError('é')\n",
            "ValueError: é",
            3,
        ),
    ],
)
def test_an_env_that_raises_is_a_sentence_on_its_line(
    project: MakeProject, database: Database, source: str, words: str, line: int
) -> None:
    given = project(source)
    for run in (lambda: read_target_metadata(*given), lambda: upgrade(*given, database.url)):
        with pytest.raises(SchemalintError) as raised:
            run()
        assert raised.value.message == f"running migrations/env.py fails: {words}"
        assert raised.value.at is not None
        assert (raised.value.at.path, raised.value.at.line) == ("migrations/env.py", line)


def test_no_target_metadata_is_a_sentence_with_the_two_ways_out(project: MakeProject) -> None:
    given = project("from alembic import context\ntarget_metadata = None\ncontext.configure(url='postgresql://')\n")
    with pytest.raises(SchemalintError, match=r"target_metadata is None.* models = \[") as raised:
        read_target_metadata(*given)
    assert raised.value.at is not None
    assert raised.value.at.line == 2


@pytest.mark.parametrize(
    "after", ["context.get_context().impl.emit_begin()", "context.get_bind()", "raise ValueError", "1 / 0"]
)
def test_what_comes_after_the_configuration_does_not_matter(project: MakeProject, after: str) -> None:
    given = project(f"""
        from alembic import context
        from shelf import metadata as target_metadata
        context.configure(url="postgresql://", target_metadata=target_metadata)
        context.execute("SET search_path TO library")
        {after}
    """)
    target = read_target_metadata(*given)
    assert [list(metadata.tables) for metadata in target.metadata] == [["books"]]
    assert len(target.configured) == 1


def test_an_env_that_never_says_its_metadata_is_told_so(project: MakeProject) -> None:
    with pytest.raises(SchemalintError, match="target_metadata is None") as raised:
        read_target_metadata(*project("from alembic import context\n\n"))
    assert raised.value.at == UserLine("migrations/env.py", 1)


def test_a_base_that_env_has_at_hand_is_taken_where_it_connects_first(project: MakeProject) -> None:
    given = project("""
        from alembic import context
        from shelf import URL, metadata
        from sqlalchemy import create_engine
        from sqlalchemy.orm import DeclarativeBase
        class Base(DeclarativeBase):
            pass
        Base.metadata = metadata
        del metadata
        with create_engine(URL).connect() as connection:
            context.configure(connection, target_metadata=Base.metadata)
    """)
    assert [list(metadata.tables) for metadata in read_target_metadata(*given).metadata] == [["books"]]


ENV_OF_AN_EAGER_APPLICATION = """
    from alembic import context
    import eager
    target_metadata = eager.metadata
    context.configure(url="postgresql://", target_metadata=target_metadata)
"""


@pytest.mark.parametrize(
    "connect",
    [
        "psycopg.connect(URL)",
        "asyncio.run(asyncpg.connect(URL))",
        "sqlalchemy.create_engine(URL.replace('://', '+psycopg://')).connect()",
        "asyncio.run(begin(create_async_engine(URL.replace('://', '+asyncpg://'))))",
    ],
)
def test_models_that_connect_when_they_are_imported_are_told_on_their_line(project: MakeProject, connect: str) -> None:
    given = project(ENV_OF_AN_EAGER_APPLICATION)
    source = f"""
        import asyncio, asyncpg, psycopg, sqlalchemy
        from sqlalchemy.ext.asyncio import create_async_engine
        URL = "postgresql://nobody@nowhere.invalid/production"
        async def begin(engine): await engine.connect()
        {connect}
        metadata = sqlalchemy.MetaData()
    """
    (given[0].root / "eager.py").write_text(textwrap.dedent(source), encoding="utf-8")
    with pytest.raises(SchemalintError) as raised:
        read_target_metadata(*given)
    assert "it connects to a database when it is imported" in raised.value.message
    assert raised.value.at is not None
    assert raised.value.at.path == "eager.py"


def test_an_application_that_can_do_without_its_database_is_not_stopped(project: MakeProject) -> None:
    given = project(ENV_OF_AN_EAGER_APPLICATION)
    source = """
        import psycopg
        try:
            psycopg.connect("postgresql://nobody@nowhere.invalid/production")
        except ConnectionRefusedError:
            from shelf import metadata
    """
    (given[0].root / "eager.py").write_text(textwrap.dedent(source), encoding="utf-8")
    assert [list(metadata.tables) for metadata in read_target_metadata(*given).metadata] == [["books"]]


@pytest.mark.parametrize(
    "url", ['""', "sqlite:///app.db", "sqlite+aiosqlite:///app.db", "driver://user:pass@localhost/dbname"]
)
@pytest.mark.parametrize("make", ["engine_from_config", "async_engine_from_config"])
def test_a_url_in_the_ini_that_is_no_postgresql_is_a_stand_in(
    project: MakeProject, database: Database, url: str, make: str
) -> None:
    config, settings = project(f"""
        import asyncio
        from alembic import context
        from shelf import metadata
        from sqlalchemy import engine_from_config, pool
        from sqlalchemy.ext.asyncio import async_engine_from_config
        def migrate(connection):
            context.configure(connection, target_metadata=metadata)
            with context.begin_transaction():
                context.run_migrations()
        async def migrate_async(engine):
            async with engine.connect() as connection:
                await connection.run_sync(migrate)
        engine = {make}(context.config.get_section("alembic"), poolclass=pool.NullPool)
        if engine.__class__.__name__ == "AsyncEngine":
            asyncio.run(migrate_async(engine))
        else:
            with engine.connect() as connection:
                migrate(connection)
    """)
    ini = config.root / "alembic.ini"
    ini.write_text(re.sub("(?m)^sqlalchemy.url = .*", f"sqlalchemy.url = {url}", ini.read_text()), encoding="utf-8")
    upgrade(config, settings, database.url)
    assert columns(database) == ["id", "title"]


def test_migrations_in_a_package_called_alembic_do_not_hide_alembic(tmp_path: Path) -> None:
    shutil.copytree(PROJECTS / "env_base" / "migrations", tmp_path / "alembic")
    for name in ("shelf.py", "alembic.ini"):
        shutil.copy(PROJECTS / "env_base" / name, tmp_path)
    shutil.copy(PROJECTS / "env_variants" / "sync.py", tmp_path / "alembic" / "env.py")
    (tmp_path / "alembic" / "__init__.py").touch()
    ini = (tmp_path / "alembic.ini").read_text(encoding="utf-8").replace("%(here)s/migrations", "alembic")
    (tmp_path / "alembic.ini").write_text(ini.replace("[alembic]", "[alembic]\nprepend_sys_path = ."), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.schemalint.environment]\nDATABASE_URL = 'postgresql+psycopg:///'\n")
    # In a process of its own: this one has imported Alembic.
    done = subprocess.run(
        [sys.executable, "-m", "schemalint", "check", "--offline"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "in 1 table and 2 revisions" in done.stdout


def test_a_server_that_is_gone_is_told_in_the_drivers_words(project: MakeProject) -> None:
    with pytest.raises(UpgradeFailed, match=r"env\.py fails: OperationalError: connection is bad: "):
        upgrade(*project("sync"), "postgresql://nobody@/nothing?host=/nowhere")


def test_several_metadata_are_all_taken(project: MakeProject) -> None:
    given = project("""
        from alembic import context
        from shelf import metadata
        from sqlalchemy import MetaData
        context.configure(url="postgresql://", target_metadata={"a": metadata, "b": [metadata, MetaData(schema="b")]})
    """)
    assert [metadata.schema for metadata in read_target_metadata(*given).metadata] == [None, "b"]


def test_a_missing_variable_is_named_with_the_table_that_sets_it(project: MakeProject, database: Database) -> None:
    config, settings = project("sync")
    bare = Config(root=config.root)
    with pytest.raises(UpgradeFailed) as raised:
        upgrade(bare, settings, database.url)
    assert str(raised.value).startswith(
        "shelf.py:5:7: running migrations/env.py fails: the environment variable DATABASE_URL is not set"
    )
    assert "[tool.schemalint.environment]" in raised.value.message


def test_a_settings_class_is_told_as_its_variables(project: MakeProject) -> None:
    given = project("""
        from pydantic import Field
        from pydantic_settings import BaseSettings, SettingsConfigDict
        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_prefix="SHELF_")
            secret: str
            key: str = Field(validation_alias="THE_KEY")
            port: int = 1
        Settings()
    """)
    with pytest.raises(SchemalintError) as raised:
        read_target_metadata(*given)
    assert raised.value.message.startswith(
        'running migrations/env.py fails: settings without a value: SHELF_SECRET, THE_KEY; SHELF_SECRET = "..." and THE_KEY = "..."'
    )
