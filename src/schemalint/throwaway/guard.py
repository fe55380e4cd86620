"""While user code runs, every PostgreSQL connection goes to the throwaway database or is refused.

Two fences stand behind each other. SQLAlchemy's public `do_connect` event sees every engine that makes its connections itself, and
refuses databases of another kind. Each driver's own connecting function is wrapped as well: at the lowest function written in Python, so that engines with
`creator=`, drivers' pools, plain `psycopg.connect()` and names imported long before (`from psycopg import connect`) come through it.
"""

import atexit
import importlib.abc
import importlib.machinery
import inspect
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakSet

from schemalint.errors import SchemalintError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

Target: TypeAlias = str | Callable[[], str] | None
"""A libpq URL (a Unix socket's directory in the query: `postgresql://me@/name?host=/directory`), a function that gives one, or None."""

Options: TypeAlias = dict[str, Any]


class ConnectionRefusedByGuard(SchemalintError, ConnectionRefusedError):  # noqa: N818  # it reads as a sentence
    """User code wanted a connection where there is none to give; to the user's code it is a server that does not answer."""


class UnguardableDriverError(SchemalintError):
    """A driver that is installed cannot be wrapped, so it may not be used."""


@contextmanager
def guard(target: Target) -> Iterator[None]:
    """Send every connection of every driver to `target` until the end of the block; with None, refuse it.

    A function is called once, at the first connection; what it raises is raised to the user's code. Guards do not nest.
    """
    global _active
    assert _active is None, "a guard is up already"
    with ExitStack() as stack:
        up = Guard(target, stack)
        stack.callback(up.take_down)
        watch_drivers(up, stack)
        watch_engines(up, stack)
        if isinstance(target, str):
            up.params()
        _active = up
        yield


@contextmanager
def ours() -> Iterator[None]:
    """Let the connections that schemalint itself opens in this block (and thread) pass the guard."""
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)


def refuse_from_now_on() -> None:
    """Refuse whatever user code wants from now on, also after the guard's end: some of it still runs in a thread that cannot be stopped."""
    if _active is not None:
        _active.refusing = True
        _active.restore = _active.restore.pop_all()


def close_connections() -> None:
    """Close the connections to the throwaway database that engines hold."""
    if _active is not None:
        _active.close_connections()


_ours: ContextVar[bool] = ContextVar("_ours", default=False)
_active: "Guard | None" = None


@dataclass(eq=False)
class Guard:
    """One guard that is up: where connections go, and what was changed for it."""

    target: Target
    restore: ExitStack
    refusing: bool = False
    connections: "WeakSet[ConnectionPoolEntry]" = field(default_factory=WeakSet)
    _params: Options | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def params(self) -> Options:
        """Return the throwaway database as libpq's parameters; raises ConnectionRefusedByGuard when there is none."""
        if self.target is None or self.refusing:
            raise ConnectionRefusedByGuard(
                "it opens a database connection, and schemalint has none to give at this point"
            )
        with self._lock:
            if self._params is None:
                with ours():
                    url = self.target if isinstance(self.target, str) else self.target()
                self._params = libpq_params(url)
                self.restore.enter_context(libpq_environment(self._params))
            return dict(self._params)

    def take_down(self) -> None:
        """Let pools make their connections anew, when they hand out next what goes to the throwaway database."""
        global _active
        _active = None
        self.close_connections()

    def close_connections(self) -> None:
        """Close what engines hold; an async driver's connection cannot be closed outside of its event loop, and is only marked."""
        for entry in list(self.connections):
            is_async = entry.dbapi_connection is not entry.driver_connection
            entry.invalidate(soft=is_async)


def libpq_params(url: str) -> Options:
    """Return a URL as libpq's keywords, all texts."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    query = {name: value if isinstance(value, str) else ",".join(value) for name, value in parsed.query.items()}
    params = {**parsed.translate_connect_args(username="user", database="dbname"), **query}
    return {name: str(value) for name, value in params.items()}


@contextmanager
def libpq_environment(params: Mapping[str, str]) -> Iterator[None]:
    """Make `params` what libpq uses where a program (`psql`, `pg_dump`) says nothing else.

    A service file does it, because it goes before PGHOST, PGUSER and the like (https://www.postgresql.org/docs/current/libpq-pgservice.html) and these stay as
    they are: the project's settings may be read from them.
    """
    names = [name for name in os.environ if name.startswith(BOUND_VARIABLES)]
    before = {name: os.environ.pop(name) for name in names}
    before |= {name: os.environ[name] for name in ("PGSERVICE", "PGSERVICEFILE") if name in os.environ}
    with tempfile.NamedTemporaryFile(
        "w", prefix="schemalint-", suffix=".conf", dir=own_directory(params), encoding="utf-8"
    ) as file:
        remove = partial(Path(file.name).unlink, missing_ok=True)
        atexit.register(remove)  # for a guard that stays up
        file.write("[schemalint]\n" + "".join(f"{name}={value}\n" for name, value in params.items()))
        file.flush()
        os.environ |= {"PGSERVICE": "schemalint", "PGSERVICEFILE": file.name}
        try:
            yield
        finally:
            atexit.unregister(remove)
            for name in ("PGSERVICE", "PGSERVICEFILE"):
                os.environ.pop(name, None)
            os.environ |= before


def own_directory(params: Mapping[str, str]) -> str | None:
    """Return the directory of our own server, which goes with it even when we are killed; None: the machine's temporary one."""
    host = Path(params.get("host", ""))
    is_own = host.is_absolute() and host.name.startswith("schemalint-") and os.access(host, os.W_OK)
    return str(host) if is_own else None


BOUND_VARIABLES = ("PGHOSTADDR", "PGGSS", "PGKRB", "PGREQUIRE", "PGCHANNELBINDING", "PGTARGETSESSIONATTRS")
"""Variables that only describe the real server (https://www.postgresql.org/docs/current/libpq-envars.html)."""

BOUND_OPTIONS = (
    "host",
    "port",
    "user",
    "pass",
    "db",
    "database",
    "dsn",
    "service",
    "ssl",
    "gss",
    "krb",
    "channel_binding",
    "direct_tls",
)
"""How the names of connection options begin that only describe the real server; `db` is psycopg2's and libpq's `dbname`."""

ALSO_BOUND = frozenset(
    {
        "conninfo",
        "requirepeer",
        "require_auth",
        "target_session_attrs",
        "load_balance_hosts",
        "unix_sock",
        "sock",
        "source_address",
        "scram_client_key",
        "scram_server_key",
        "replication",
    }
)


def harmless(options: Mapping[str, Any]) -> Options:
    """Return the options that hold for any server: timeouts, `options`, `server_settings`, `row_factory`, `prepare_threshold`, ..."""
    return {
        name: value for name, value in options.items() if not name.startswith(BOUND_OPTIONS) and name not in ALSO_BOUND
    }


def watch_engines(up: Guard, stack: ExitStack) -> None:
    """Listen to every engine and pool of the process, made before or later."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.exc import DisconnectionError
    from sqlalchemy.pool import Pool

    # It returns the connection, so that neither the engine's own options change (they are its own dictionary in SQLAlchemy 2.0) nor the engine's own
    # listeners are asked, which would fetch a password for the real server (listeners of the class Engine are asked in the order they came).
    def do_connect(dialect: "Dialect", _entry: object, _args: object, options: Options) -> "DBAPIConnection | None":
        if _ours.get():
            return None
        if dialect.name != "postgresql":
            raise ConnectionRefusedByGuard(
                f"it opens a connection to {dialect.name}; schemalint checks PostgreSQL only: where a variable names the database, "
                "set it to a PostgreSQL URL under [tool.schemalint.environment]"
            )
        return dialect.connect(**(harmless(options) | dialect_options(dialect, up.params())))

    def connect(_connection: object, entry: "ConnectionPoolEntry") -> None:
        up.connections.add(entry)

    def checkout(_connection: object, entry: "ConnectionPoolEntry", _proxy: object) -> None:
        if entry not in up.connections and not _ours.get():
            raise DisconnectionError("pooled before the guard")

    for target, name, listener in (
        (Engine, "do_connect", do_connect),
        (Pool, "connect", connect),
        (Pool, "checkout", checkout),
    ):
        event.listen(target, name, listener)
        stack.callback(event.remove, target, name, listener)


def dialect_options(dialect: "Dialect", params: Options) -> Options:
    """Return what `dialect` passes to its driver for a database."""
    if dialect.driver in ("pg8000", "asyncpg"):
        return REDIRECTED[dialect.driver](params)
    _, options = dialect.create_connect_args(as_url(params, dialect))
    return dict(options)


def as_url(params: Options, dialect: "Dialect") -> "URL":
    from sqlalchemy.engine import URL

    rest = dict(params)
    database, user, password = (rest.pop(name, None) for name in ("dbname", "user", "password"))
    return URL.create(f"postgresql+{dialect.driver}", user, password, database=database, query=rest)


def asyncpg_options(params: Options) -> Options:
    """Return libpq's parameters as asyncpg's."""
    options: Options = {name: params[name] for name in ("host", "user", "password") if name in params}
    options |= {"database": params["dbname"], "port": int(params.get("port", 5432))}
    if "sslmode" in params:
        options["ssl"] = params["sslmode"]
    elif params.get("host", "").startswith("/"):
        options["ssl"] = False  # else PGSSLMODE and the certificates beside it would be read
    return options


def pg8000_options(params: Options) -> Options:
    """Return libpq's parameters as pg8000's, which wants a Unix socket's own path."""
    port, host = int(params.get("port", 5432)), params.get("host", "localhost")
    options: Options = {name: params[name] for name in ("user", "password") if name in params}
    options["database"] = params["dbname"]
    if host.startswith("/"):
        return options | {"unix_sock": f"{host}/.s.PGSQL.{port}"}
    return options | {"host": host, "port": port}


REDIRECTED: Mapping[str, Callable[[Options], Options]] = {"asyncpg": asyncpg_options, "pg8000": pg8000_options}


Wrap: TypeAlias = Callable[["Guard", Callable[..., Any]], Callable[..., Any]]


def wrap_psycopg(up: Guard, original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `Connection._get_connection_params` of psycopg 3, before any host name is looked up."""

    def params(cls: type, conninfo: str, **options: Any) -> Any:
        if _ours.get():
            return original(cls, conninfo, **options)
        from psycopg.conninfo import conninfo_to_dict

        return original(cls, "", **(harmless(conninfo_to_dict(conninfo, **options)) | up.params()))

    return params


def wrap_psycopg_async(up: Guard, original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the same function of `AsyncConnection`, which is a coroutine."""
    params = wrap_psycopg(up, original)

    async def params_async(cls: type, conninfo: str, **options: Any) -> Any:
        return await params(cls, conninfo, **options)

    return params_async


def wrap_psycopg2(up: Guard, original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `psycopg2._connect`, which `psycopg2.connect` looks up when called."""

    def connect(dsn: str, *args: Any, **options: Any) -> Any:
        if _ours.get():
            return original(dsn, *args, **options)
        from psycopg2.extensions import make_dsn, parse_dsn

        return original(make_dsn(**(harmless(parse_dsn(dsn)) | up.params())), *args, **options)

    return connect


def wrap_asyncpg(up: Guard, original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `asyncpg.connect_utils._connect`, which `asyncpg.connect` and its pools look up when they connect."""

    async def connect(**options: Any) -> Any:
        if _ours.get():
            return await original(**options)
        # asyncpg's own function takes all of its options, so those that are dropped are given as None.
        dropped = {name: None for name in options if name not in harmless(options)}
        return await original(**{**options, **dropped, **asyncpg_options(up.params())})

    return connect


def wrap_pg8000(up: Guard, original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `pg8000.core.CoreConnection.__init__`, which both of its interfaces call."""

    def init(self: object, *args: Any, **options: Any) -> None:
        if not _ours.get():
            given = inspect.signature(original).bind(self, *args, **options).arguments
            args, options = (), harmless(given) | pg8000_options(up.params())
            del options["self"]
        original(self, *args, **options)

    return init


@dataclass(frozen=True)
class Door:
    """A driver's function that every connection of its comes through."""

    module: str
    owner: str
    name: str
    wrap: Wrap


# All of this is private API of the drivers: their public functions are often bound by name before the guard is up, and host names
# would be looked up before it is asked. A driver in which a door is missing is not used at all (UnguardableDriverError).
DOORS: Sequence[Door] = (
    Door("psycopg.connection", "Connection", "_get_connection_params", wrap_psycopg),
    Door("psycopg.connection_async", "AsyncConnection", "_get_connection_params", wrap_psycopg_async),
    Door("psycopg2", "", "_connect", wrap_psycopg2),
    Door("asyncpg.connect_utils", "", "_connect", wrap_asyncpg),
    Door("pg8000.core", "CoreConnection", "__init__", wrap_pg8000),
)


def watch_drivers(up: Guard, stack: ExitStack) -> None:
    """Wrap the doors of the drivers that are imported, and of the others as soon as they are."""
    for door in DOORS:
        if door.module in sys.modules:
            close(door, sys.modules[door.module], up, stack)
    finder = DriverFinder(up, stack)
    sys.meta_path.insert(0, finder)
    stack.callback(sys.meta_path.remove, finder)


def close(door: Door, module: ModuleType, up: Guard, stack: ExitStack) -> None:
    """Wrap one door of an imported driver."""
    owner = getattr(module, door.owner, None) if door.owner else module
    found = vars(owner).get(door.name) if owner is not None else None
    if found is None:
        version = getattr(sys.modules.get(door.module.partition(".")[0]), "__version__", "")
        raise UnguardableDriverError(
            f"this version of {door.module.partition('.')[0]} ({version}) cannot be kept from connecting to a real server: "
            f"{'.'.join(part for part in (door.module, door.owner, door.name) if part)} is not there"
        )
    if isinstance(found, classmethod):
        wrapped: object = classmethod(door.wrap(up, found.__func__))
    else:
        wrapped = door.wrap(up, found)
    setattr(owner, door.name, wrapped)
    stack.callback(setattr, owner, door.name, found)


class DriverFinder(importlib.abc.MetaPathFinder):
    """Finds the drivers as the other finders do, and wraps them when they are loaded."""

    def __init__(self, up: Guard, stack: ExitStack) -> None:
        self.doors = {door.module: door for door in DOORS}
        self.up = up
        self.stack = stack

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self.doors:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = DriverLoader(spec.loader, self.doors[name], self.up, self.stack)
                return spec
        return None


class DriverLoader(importlib.abc.Loader):
    """Loads a driver with its own loader, then wraps its door."""

    def __init__(self, loader: importlib.abc.Loader, door: Door, up: Guard, stack: ExitStack) -> None:
        self.loader = loader
        self.door = door
        self.up = up
        self.stack = stack

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # The module keeps its own loader: importlib.resources and inspect ask it for more than we know.
        module.__loader__ = self.loader
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        close(self.door, module, self.up, self.stack)
