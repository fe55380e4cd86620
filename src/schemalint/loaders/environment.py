"""The project's own `env.py`, run as `alembic` runs it and left as it is: to ask which metadata it means, and to perform the migrations."""

import contextlib
import gc
import inspect
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from configparser import InterpolationError
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.alembic_settings import AlembicSettings
from schemalint.loaders.user_code import (
    explain,
    explained,
    file_of,
    line_of,
    running_user_code,
    sentence,
    server_error,
    shown,
    unwrapped,
    walk,
    with_causes,
)
from schemalint.throwaway.guard import ConnectionRefusedByGuard, close_connections, ours, refuse_from_now_on

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import Script, ScriptDirectory
    from sqlalchemy import Connection, MetaData

Returned = TypeVar("Returned")

AfterEach: TypeAlias = Callable[[str, "Connection"], None]
"""Called after every performed revision, with its id and the connection, in the transaction that made it."""


@dataclass(frozen=True, eq=False)
class Configured:
    """What `env.py` told one `context.configure(...)`; `options` are its arguments, also those without a field here."""

    metadata: "tuple[MetaData, ...]"
    include_object: Callable[..., bool] | None
    include_name: Callable[..., bool] | None
    include_schemas: bool
    version_table: str
    version_table_schema: str | None
    transaction_per_migration: bool
    options: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, eq=False)
class TargetMetadata:
    """The metadata that `env.py` compares databases with, and the calls that said so (none when they were read from its globals)."""

    metadata: "tuple[MetaData, ...]"
    configured: tuple[Configured, ...] = ()


@dataclass(frozen=True, eq=False)
class Upgraded:
    """What an upgrade did: ids of the revisions, in the order they were performed (none: `env.py` performed nothing), and how it was configured.

    `alembic` is the configuration that `env.py` saw as `context.config`.
    """

    performed: tuple[str, ...]
    configured: tuple[Configured, ...]
    alembic: "AlembicConfig | None" = None


class UpgradeFailed(SchemalintError):  # noqa: N818  # it reads as a sentence
    """A revision that does not upgrade; `revision` is its id, empty when no revision had begun."""

    def __init__(self, message: str, at: UserLine | None, revision: str) -> None:
        super().__init__(message, at)
        self.revision = revision


def read_target_metadata(config: Config, settings: AlembicSettings) -> TargetMetadata:
    """Return the metadata that `env.py` passes to `context.configure`, without a server: it runs as for `alembic upgrade --sql`.

    An `env.py` that connects nevertheless is stopped there, and its variable `target_metadata` is taken. A module that connects when it is
    imported is refused. Raises SchemalintError on the user's line.
    """
    stop = partial(stop_at_connection, settings.env)
    with running_user_code(config, stop), explained(config, running(settings, config)):
        variables, configured = ask(settings)
    metadata = tuple(dict.fromkeys(one for call in configured for one in call.metadata))
    metadata = metadata or metadata_in(variables)
    if metadata:
        return TargetMetadata(metadata, configured)
    raise SchemalintError(
        "target_metadata is None, so Alembic cannot be asked for the models; set it to the metadata of the models, or name their modules: "
        'models = ["app.models"] in [tool.schemalint]',
        at=UserLine(shown(settings.env, config.root), line_naming(settings.env, "target_metadata")),
    )


def upgrade(
    config: Config,
    settings: AlembicSettings,
    database_url: str,
    revision: str = "heads",
    after_each: AfterEach | None = None,
) -> Upgraded:
    """Upgrade the database at `database_url` (libpq's form) as `alembic upgrade REVISION` does, whatever database `env.py` asks for.

    It runs in a thread of its own, where no event loop is running. Raises UpgradeFailed with the revision, the user's line and the
    server's own words; what `after_each` raises comes through as it is.
    """
    run = Run(settings, revision, after_each)
    with running_user_code(config, database_url):
        error = in_a_thread(run)
        while further := run.further(error):
            forget_leftovers(database_url, error)
            run = Run(settings, revision, after_each, further)
            error = in_a_thread(run)
        failure = failure_of(run, error, config)
        forget_leftovers(database_url, error)
        if run.surprise is not None:
            raise run.surprise
        if failure is not None:
            raise failure from error
    return Upgraded(tuple(run.performed), tuple(run.configured), run.alembic)


@dataclass(frozen=True)
class Surroundings:
    """What some `env.py` find only under the application that upgrades by itself, and not under `alembic upgrade`.

    `connection`: one in `config.attributes`, as Alembic's manual shares it
    (https://alembic.sqlalchemy.org/en/latest/cookbook.html#connection-sharing). `worker`: a thread of AnyIO, from which they call their event loop.
    """

    connection: bool = False
    worker: bool = False

    def further(self, attributes: "Attributes", error: BaseException | None) -> "Surroundings | None":
        """Return what to try next after an `env.py` did not come far; None when nothing it looked for is left to give."""
        if not self.worker and any(
            isinstance(one, RuntimeError) and "AnyIO worker thread" in str(one) for one in with_causes(error)
        ):
            return replace(self, worker=True)
        if not self.connection and attributes.missed:
            return replace(self, connection=True)
        return None

    def call(self, work: Callable[[], Returned]) -> Returned:
        if not self.worker:
            return work()
        import anyio
        import anyio.to_thread

        return anyio.run(anyio.to_thread.run_sync, work)


class Attributes(dict[str, Any]):
    """`config.attributes`, which notes whether a connection was looked for and `missed`."""

    missed = False

    def __getitem__(self, name: str) -> Any:
        self.note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.note(name)
        return super().get(name, default)

    def note(self, name: object) -> None:
        self.missed |= name == "connection" and name not in self.keys()  # `in self` would note it


class NoConnection:
    """Stands for the application's connection where there is no server: whoever uses it has said what we wanted."""

    def __getattr__(self, _: str) -> NoReturn:
        raise StopHereError

    def __enter__(self, *_: object) -> NoReturn:
        raise StopHereError

    __exit__ = __enter__  # `with` looks for both before it calls one


class StopHereError(BaseException):
    """Ends an `env.py` that has said what we wanted; no `except Exception` of the user's holds it."""


def stop_at_connection(env: Path) -> NoReturn:
    for frame in running_frames():
        if file_of(frame).resolve() == env.resolve():
            break
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            # It ends here if it must; an application that can do without its database goes on, and env.py says its metadata later.
            raise ConnectionRefusedByGuard(
                "it connects to a database when it is imported, and schemalint has none to give at this point"
            )
    raise StopHereError


def running_frames() -> Iterator[FrameType]:
    """Yield the frames that are running, the innermost first, through SQLAlchemy's greenlets (each has a stack of its own) to the outermost."""
    frame = inspect.currentframe()
    greenlet = sys.modules["greenlet"].getcurrent() if "greenlet" in sys.modules else None
    while frame is not None or greenlet is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        greenlet = greenlet and greenlet.parent
        frame = greenlet and greenlet.gr_frame


def ask(settings: AlembicSettings) -> tuple[Mapping[str, Any], tuple[Configured, ...]]:
    """Run `env.py` without a database; return its variables and what it configured.

    One that refuses to work offline runs again as if online, up to its first connection; one that looks for more than a command line offers,
    again with that.
    """
    surroundings, offline = Surroundings(), True
    while True:
        asked_if_offline: list[bool] = []
        attributes = Attributes()
        try:
            return surroundings.call(
                partial(run_without_database, settings, attributes, surroundings, asked_if_offline, offline=offline)
            )
        except (Exception, SystemExit) as error:
            further = surroundings.further(attributes, error)
            if further is None and not (offline and asked_if_offline):
                raise
        surroundings, offline = further or surroundings, offline and further is not None


def run_without_database(
    settings: AlembicSettings, attributes: Attributes, surroundings: Surroundings, asked: list[bool], *, offline: bool
) -> tuple[Mapping[str, Any], tuple[Configured, ...]]:
    """Run `env.py`; `asked` gets an item whenever it asks whether it is offline."""
    from alembic.script import ScriptDirectory
    from alembic.util import load_python_file

    configured: list[Configured] = []

    def configure(*args: Any, **options: Any) -> None:
        configured.append(read_configured(args, options))

    def is_offline_mode() -> bool:
        asked.append(offline)
        return offline

    def nothing(*_: Any, **__: Any) -> AbstractContextManager[None]:
        return nullcontext()

    def stop(*_: Any, **__: Any) -> NoReturn:
        raise StopHereError

    instead: dict[str, Callable[..., Any]] = {
        "configure": configure,
        "is_offline_mode": is_offline_mode,
        "begin_transaction": nothing,
        "run_migrations": nothing,
        "execute": nothing,
        "get_context": stop,
        "get_bind": stop,
    }
    if surroundings.connection:
        attributes["connection"] = NoConnection()
    alembic_config = make_config(settings, "heads", sql=offline, attributes=attributes)
    script = ScriptDirectory.from_config(alembic_config)
    with environment(alembic_config, script, instead, fn=nothing, as_sql=offline, destination_rev="heads"):
        try:
            # What ScriptDirectory.run_env does, which keeps the module for itself.
            return vars(load_python_file(script.dir, "env.py")), tuple(configured)
        except BaseException as error:
            stops = [one for one in with_causes(error) if isinstance(one, StopHereError)]
            if stops:
                return variables_of([error, *stops], settings), tuple(configured)
            if isinstance(error, Exception) and configured:
                return {}, tuple(configured)
            raise


def environment(
    alembic_config: "AlembicConfig",
    script: "ScriptDirectory",
    instead: Mapping[str, Callable[..., Any]],
    **options: Any,
) -> "EnvironmentContext":
    """Return what `from alembic import context` means to `env.py`, some of its functions replaced.

    They are set on the one instance: the functions of `alembic.context` look them up there, and do not know of subclasses.
    """
    from alembic.runtime.environment import EnvironmentContext

    context = EnvironmentContext(alembic_config, script, **options)
    for name, function in instead.items():
        setattr(context, name, function)
    return context


def make_config(settings: AlembicSettings, revision: str, *, sql: bool, attributes: Attributes) -> "AlembicConfig":
    """Return Alembic's own configuration object, as its command line makes it for `alembic upgrade`, with `attributes` that are watched."""
    from alembic.config import Config as AlembicConfig

    # Alembic knows pyproject.toml from 1.16 on; before that, settings found there mean nothing to it.
    knows_toml = "toml_file" in inspect.signature(AlembicConfig).parameters
    toml: dict[str, Any] = {"toml_file": settings.toml} if settings.toml and knows_toml else {}
    arguments = Namespace(name=settings.section, x=None, raiseerr=False, revision=revision, sql=sql, tag=None)
    ini = str(settings.ini) if settings.ini else None
    made = AlembicConfig(ini, ini_section=settings.section, cmd_opts=arguments, **toml)
    made.attributes = attributes
    if not names_postgresql(made):
        # psycopg is both a synchronous and an asynchronous driver; where to, the guard decides.
        made.set_main_option("sqlalchemy.url", "postgresql+psycopg://")
    return made


def names_postgresql(alembic_config: "AlembicConfig") -> bool:
    """Whether a `sqlalchemy.url` in the file may be PostgreSQL's, or is left to `env.py`.

    Any other (SQLite's for a laptop, an empty one, the template's `driver://`) is a stand-in that the application replaces before it upgrades.
    """
    try:
        url = alembic_config.get_main_option("sqlalchemy.url")
    except InterpolationError:
        return True
    return url is None or url.strip("\"' ").startswith("postgres")


def read_configured(args: Sequence[Any], options: Mapping[str, Any]) -> Configured:
    """Return the arguments of one `configure` call."""
    from alembic.runtime.environment import EnvironmentContext

    bound = inspect.signature(EnvironmentContext.configure).bind(None, *args, **options)
    bound.apply_defaults()
    given: dict[str, Any] = {**bound.arguments, **bound.arguments.get("kw", {})}
    return Configured(
        metadata=as_metadata(given["target_metadata"]),
        include_object=given["include_object"],
        include_name=given["include_name"],
        include_schemas=bool(given["include_schemas"]),
        version_table=given.get("version_table") or "alembic_version",
        version_table_schema=given.get("version_table_schema"),
        transaction_per_migration=bool(given["transaction_per_migration"]),
        options={name: value for name, value in given.items() if name not in ("self", "kw", "connection")},
    )


def as_metadata(value: object) -> "tuple[MetaData, ...]":
    """Return one metadata, several, or a dictionary of them (Alembic's template for several databases) as a tuple."""
    from sqlalchemy import MetaData

    match value:
        case MetaData():
            return (value,)
        case Mapping():
            return tuple(one for each in value.values() for one in as_metadata(each))
        case list() | tuple() | set() | frozenset():
            return tuple(one for each in value for one in as_metadata(each))
        case _:
            return ()


def metadata_in(variables: Mapping[str, Any]) -> "tuple[MetaData, ...]":
    """Return what the variables of an `env.py` call `target_metadata`; where none is called so, each metadata that it has at hand (`Base.metadata`)."""
    if "target_metadata" in variables:
        return as_metadata(variables["target_metadata"])
    at_hand = [
        one
        for value in variables.values()
        for one in as_metadata(value) or as_metadata(getattr(value, "metadata", None))
    ]
    return tuple(dict.fromkeys(at_hand))


def variables_of(errors: Iterable[BaseException], settings: AlembicSettings) -> Mapping[str, Any]:
    """Return the variables of `env.py` where it was stopped: its globals, and over them the locals of its functions."""
    env = settings.env.resolve()
    frames = [frame for error in errors for frame, _ in walk(error) if file_of(frame).resolve() == env]
    found = {name: value for frame in frames for name, value in {**frame.f_globals, **frame.f_locals}.items()}
    return {name: value for name, value in found.items() if not isinstance(value, NoConnection)}


def line_naming(path: Path, name: str) -> int:
    """Return the first line of a file that says `name`, 1 where none does."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if name in line), 1)


class Run:
    """One upgrade while it runs, and what is known of it so far; called, it performs it.

    `current` is the revision that has begun and not ended, `surprise` what `after_each` raised.
    """

    def __init__(
        self,
        settings: AlembicSettings,
        revision: str,
        after_each: AfterEach | None,
        surroundings: Surroundings = Surroundings(),
    ) -> None:
        self.settings = settings
        self.revision = revision
        self.after_each = after_each
        self.surroundings = surroundings
        self.attributes = Attributes()
        self.alembic: AlembicConfig | None = None
        self.configured: list[Configured] = []
        self.performed: list[str] = []
        self.current: Script | None = None
        self.surprise: BaseException | None = None

    def __call__(self) -> None:
        self.surroundings.call(self.perform)

    def perform(self) -> None:
        """Do what `alembic.command.upgrade` does, which offers no way to listen."""
        from alembic.runtime.environment import EnvironmentContext
        from alembic.script import ScriptDirectory

        def configure(*args: Any, **options: Any) -> None:
            configured = read_configured(args, options)
            self.configured.append(configured)
            theirs = configured.options["on_version_apply"] or ()
            every = theirs if isinstance(theirs, (tuple, list, set)) else (theirs,)
            EnvironmentContext.configure(context, *args, **{**options, "on_version_apply": (*every, self.applied)})

        def steps(heads: Any, _: Any) -> Iterator[Any]:
            # Private, but what Alembic's own documentation calls for a work function of one's own.
            for step in script._upgrade_revs(self.revision, heads):  # noqa: SLF001
                self.current = step.revision
                yield step
            self.current = None

        self.alembic = alembic_config = make_config(self.settings, self.revision, sql=False, attributes=self.attributes)
        script = ScriptDirectory.from_config(alembic_config)
        context = environment(
            alembic_config,
            script,
            {"configure": configure},
            fn=steps,
            as_sql=False,
            starting_rev=None,
            destination_rev=self.revision,
            tag=None,
        )
        with context, shared_connection(self.attributes) if self.surroundings.connection else nullcontext():
            script.run_env()

    def further(self, error: BaseException | None) -> Surroundings | None:
        """Return the surroundings to try next, None when a revision had begun, `env.py` came to its end, or nothing is left to try."""
        if self.performed or self.current or (self.configured and (error is None or is_quiet_exit(error))):
            return None
        return self.surroundings.further(self.attributes, error)

    def applied(self, ctx: Any, step: Any, **_: Any) -> None:
        """Note a performed revision; Alembic calls it in the revision's transaction."""
        self.performed.append(step.up_revision_id)
        if self.after_each is not None:
            try:
                self.after_each(step.up_revision_id, ctx.connection)
            except BaseException as surprise:
                self.surprise = surprise
                raise


@contextmanager
def shared_connection(attributes: Attributes) -> Iterator[None]:
    """Put a connection into `config.attributes`, and commit what `env.py` left open, as the application that shares its connection does."""
    from sqlalchemy import NullPool, create_engine

    # Where to, the guard decides.
    with create_engine("postgresql+psycopg://", poolclass=NullPool).connect() as connection:
        attributes["connection"] = connection
        yield
        attributes.pop("connection", None)
        connection.commit()


def in_a_thread(work: Callable[[], None]) -> BaseException | None:
    """Run `work` in a new thread that has an event loop which is not running; return what it raised.

    Ctrl-C ends the waiting; the thread cannot be ended, so it gets no connection from then on.
    """
    import asyncio

    raised: list[BaseException] = []

    def body() -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)  # for `asyncio.get_event_loop().run_until_complete(...)`
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # sys.exit() included; it is raised again in the caller's thread
            raised.append(error)
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    thread = threading.Thread(target=body, name="schemalint-env", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        refuse_from_now_on()
        raise
    return raised[0] if raised else None


def failure_of(run: Run, error: BaseException | None, config: Config) -> UpgradeFailed | None:
    """Return why an upgrade failed, None when it did not.

    It stands on the revision's own line when one had begun, else on the deepest of the project's.
    """
    if run.current is not None:
        return revision_failure(run.current, error, config)
    if error is None or is_quiet_exit(error):
        return None
    explained = explain(error, config, running(run.settings, config))
    return UpgradeFailed(explained.message, explained.at, "")


def is_quiet_exit(error: BaseException) -> bool:
    """Whether `env.py` ended by `sys.exit()` or `sys.exit(0)`, which is success to Alembic's command line."""
    return isinstance(error, SystemExit) and not error.code


def revision_failure(script: "Script", error: BaseException | None, config: Config) -> UpgradeFailed:
    """Return why the upgrade of one revision failed, on the deepest line of its own file."""
    path = Path(script.path)
    at = UserLine(shown(path, config.root), line_naming(path, "revision"))
    if error is None:
        return UpgradeFailed(
            f"revision {script.revision} does not come to its end, and env.py keeps the reason to itself: it catches the error",
            at,
            script.revision,
        )
    for one in with_causes(error):
        for frame, instruction in walk(one):
            if file_of(frame).resolve() == path.resolve():
                at = line_of(frame, instruction, config.root)
    error = unwrapped(error)
    why = missing_extension(error) or sentence(error, config)
    return UpgradeFailed(f"revision {script.revision} does not upgrade: {why}", at, script.revision)


def missing_extension(error: BaseException) -> str:
    """Return what to do when the server's installation lacks an extension; nothing for any other error.

    The codes are those of CreateExtension in src/backend/commands/extension.c: 58P01 up to PostgreSQL 14, 0A000 since.
    """
    said = server_error(error)
    if said is None or said.code not in ("0A000", "58P01") or "extension" not in said.message:
        return ""
    _, _, quoted = said.message.partition('"')
    name = Path(quoted.partition('"')[0]).stem
    image = IMAGES.get(name, "...")
    return (
        f'the throwaway server has no extension {name}; image = "{image}" in [tool.schemalint] runs a container that has it '
        f"(the server says: {said.message})"
    )


IMAGES = {
    "postgis": "postgis/postgis:17-3.5",
    "timescaledb": "timescale/timescaledb:latest-pg17",
    "vector": "pgvector/pgvector:pg17",
}
"""Images with the extensions that are asked for most; the last part names the PostgreSQL major."""


def running(settings: AlembicSettings, config: Config) -> str:
    return f"running {shown(settings.env, config.root)}"


def forget_leftovers(database_url: str, error: BaseException | None) -> None:
    """End the connections that `env.py` or the application's engines left open: the database is copied or dropped next.

    Async ones that nobody holds any more are collected here, where their complaints of being unclosed are not heard. They are young, as
    the collector was off; the error lets go of its frames, which hold more of them, and `alembic.op` of the failed revision's connection.
    """
    import psycopg

    close_connections()
    # A server that is gone has none; what that did to the upgrade is told already.
    with (
        contextlib.suppress(psycopg.OperationalError),
        ours(),
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        ended = connection.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}").fetchall()
        until = time.monotonic() + PATIENCE
        while ended and time.monotonic() < until and connection.execute(f"SELECT 1 {OTHERS}").fetchone():
            time.sleep(0.002)
        if ended:
            for one in with_causes(error):
                one.__traceback__ = None
            empty_operations()
            gc.collect(0)


def empty_operations() -> None:
    """Let `alembic.op` mean nothing again, which it does only after a revision that came to its end."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    with Operations.context(MigrationContext.configure(dialect_name="postgresql")):
        pass


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
PATIENCE = 5.0
"""Seconds that a connection may take to end."""
