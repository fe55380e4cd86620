"""A PostgreSQL server for a while: the one entrance, whichever provider stands behind it."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from schemalint.errors import SchemalintError
from schemalint.throwaway import container, embedded, local, url
from schemalint.throwaway.guard import BOUND_VARIABLES, ours
from schemalint.throwaway.keeper import Keeper, NoServerError
from schemalint.throwaway.supervisor import major_of

if TYPE_CHECKING:
    from psycopg import Connection

MARKER = "schemalint: a throwaway database, dropped by the run that made it"
"""The comment on every database that we make; a database without it is not ours and never dropped."""
PATIENCE = 300.0
"""Seconds that a server may take to answer; the first pull of an image takes its time."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks for: the values of the keys `database`, `postgres` and `image` of the configuration."""

    database: str = "auto"
    postgres: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database, or the copy of one; `url` works with libpq, and with SQLAlchemy under any driver's name."""

    name: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. `url` is a maintenance connection, `version` is such as "17.10".

    Any process may use it by these three values alone. `watcher` is the helper that drops our databases on a server that outlives us.
    """

    provider: str
    version: str
    url: str = field(repr=False)
    watcher: Keeper | None = field(default=None, repr=False, compare=False)

    @property
    def major(self) -> int:
        """The major version, such as 17."""
        return major_of(self.version)

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[Database]:
        """Give a new database, empty or a copy of the database named `template`, and drop it at the end.

        Raises SchemalintError when the server does not let us, with its own words.
        """
        database = self.create_database(template)
        try:
            yield database
        finally:
            self.drop_database(database.name)

    def create_database(self, template: str | None = None) -> Database:
        """Make a database with our marker; the caller drops it."""
        from psycopg import Error
        from psycopg.sql import SQL, Identifier, Literal

        name = f"schemalint_{token_hex(10)}"
        if self.watcher:
            self.watcher.tell({"made": name})
        # Nobody may have put anything into template0; and copying files is faster than logging them, unless there are few.
        source = SQL(" TEMPLATE {}").format(Identifier(template or "template0"))
        strategy = SQL(" STRATEGY file_copy" if template and self.major >= 15 else "")
        try:
            with self.connect() as connection:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)) + source + strategy)
                connection.execute(SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(name), Literal(MARKER)))
        except Error as error:
            raise SchemalintError(f"{self} did not make a database: {one_line(error)}") from error
        return Database(name, with_database(self.url, name))

    def drop_database(self, name: str) -> None:
        """Drop a database that bears our marker, whoever is connected to it; refuse any other. One that is gone is fine."""
        from psycopg import Error
        from psycopg.sql import SQL, Identifier

        try:
            with self.connect() as connection:
                row = comment_on(connection, name)
                if row and row[0] != MARKER:
                    raise SchemalintError(f"the database {name} was not made by schemalint and is not dropped")
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        except Error as error:
            raise SchemalintError(f"{self} did not drop the database {name}: {one_line(error)}") from error
        if self.watcher:
            self.watcher.tell({"dropped": name})

    def adopt_database(self, name: str) -> bool:
        """Give a database without a comment our marker, and return whether it exists; only for a name that our own run made up."""
        from psycopg import Error
        from psycopg.sql import SQL, Identifier, Literal

        try:
            with self.connect() as connection:
                row = comment_on(connection, name)
                if row and row[0] is None:
                    connection.execute(SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(name), Literal(MARKER)))
                return row is not None
        except Error as error:
            raise SchemalintError(f"{self} cannot be asked for the database {name}: {one_line(error)}") from error

    def connect(self) -> "Connection":
        """Return a maintenance connection, in autocommit; the caller closes it."""
        from psycopg import connect

        with ours():
            return connect(self.url, autocommit=True)

    def __str__(self) -> str:
        return f"the throwaway server (PostgreSQL {self.version}, {self.provider})"


class StartingServer:
    """A server on its way. The first provider that can be begun is begun at once; another is tried when it fails."""

    def __init__(self, attempts: "Sequence[Attempt]") -> None:
        self._attempts = list(attempts)
        self._failures: list[str] = []
        self._lock = threading.Lock()
        self._keeper: Keeper | None = None
        self._provider = ""
        self._server: Server | None = None
        self._begin_next()

    def ready(self) -> Server:
        """Return the server as soon as it answers; raise SchemalintError when nobody has one to give: what was tried, and why it failed."""
        with self._lock:
            while self._server is None:
                if self._keeper is None:
                    raise SchemalintError(no_server(self._failures))
                try:
                    answer = self._keeper.answer(PATIENCE)
                    watcher = self._keeper if self._provider == "url" else None
                    self._server = Server(self._provider, answer["version"], answer["url"], watcher)
                except NoServerError as failure:
                    self._failures.append(f"{self._provider}: {failure.message}")
                    self.stop()
                    self._begin_next()
            return self._server

    def stop(self) -> None:
        """End the server and whatever belongs to it."""
        if self._keeper:
            self._keeper.stop()
            self._keeper = None

    def _begin_next(self) -> None:
        while self._attempts and self._keeper is None:
            attempt = self._attempts.pop(0)
            try:
                self._keeper = attempt.start()
                self._provider = attempt.provider
            except NoServerError as failure:
                self._failures.append(f"{attempt.provider}: {failure.message}")


@contextmanager
def throwaway_server(wish: Wish) -> Iterator[StartingServer]:
    """Begin to start a server and return at once; whoever needs it waits for `ready()`. At the end nothing of it is left.

    Trouble is raised by `ready()`. Meanwhile the variables that make libpq reach, or demand of, another server are not set, unless that
    server is the one.
    """
    tried = attempts(wish)
    with nullcontext() if tried[0].provider == "url" else without_variables(BOUND_VARIABLES):
        starting = StartingServer(tried)
        try:
            yield starting
        finally:
            starting.stop()


@contextmanager
def without_variables(prefixes: tuple[str, ...]) -> Iterator[None]:
    """Take the environment's variables that begin so away, and put them back at the end."""
    taken = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith(prefixes)}
    try:
        yield
    finally:
        os.environ |= taken


class Attempt(NamedTuple):
    """A provider and how to begin with it; `start` returns at once or raises NoServerError."""

    provider: str
    start: Callable[[], Keeper]


def attempts(wish: Wish) -> list[Attempt]:
    """Return the providers to try, in order.

    A version or an image that is named is demanded: no server of another version stands in for it.
    """
    named = os.environ.get("SCHEMALINT_DATABASE_URL", "") if wish.database == "auto" else ""
    major = wish.postgres.split(".")[0].split("-")[0]
    image = wish.image or (f"postgres:{wish.postgres}" if wish.postgres else container.DEFAULT_IMAGE)
    from_container = Attempt("container", lambda: container.start(image))
    from_machine = Attempt("local", lambda: local.start(major))
    match wish.database:
        case "auto" if named:
            return [Attempt("url", lambda: url.start(named, major))]
        case "auto" if wish.image:
            return [from_container]
        case "auto" if major:
            return [*from_wheels(major), from_container, from_machine]
        case "auto":
            return [*from_wheels(major), from_machine]
        case "embedded":
            return from_wheels(major)
        case "container":
            return [from_container]
        case "local":
            return [from_machine]
        case _:
            return [Attempt("url", lambda: url.start(wish.database, major))]


def comment_on(connection: "Connection", name: str) -> tuple[str | None] | None:
    """Return the comment on a database in a tuple, or None when there is no such database."""
    return connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()


def from_wheels(major: str) -> "list[Attempt]":
    return [Attempt("embedded", start) for start in embedded.starts(major)]


def no_server(failures: Sequence[str]) -> str:
    reasons = "\n".join(f"  {failure}" for failure in failures)
    return f"there is no PostgreSQL to work with; tried, in this order:\n{reasons}"


def with_database(server: str, name: str) -> str:
    """Return a URL with another database in it."""
    return urlsplit(server)._replace(path="/" + quote(name, safe="")).geturl()


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
