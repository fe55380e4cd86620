"""A server that the user names: our databases come and go on it, nothing else of it is read or changed."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from schemalint.throwaway.keeper import Keeper, NoServerError, helper_module

if TYPE_CHECKING:
    from sqlalchemy import URL

OLDEST = 14


def start(url: str, major: str = "") -> Keeper:
    """Begin to look at the server; the helper drops what is left of our databases when we are gone."""
    return Keeper(helper_module("schemalint.throwaway.keep_databases"), {"url": url, "major": major})


def look_at(url: str, major: str) -> dict[str, Any]:
    """Return the server's URL for libpq and its version; raise NoServerError when we cannot work with it. Runs in the helper."""
    from psycopg import Error, connect

    given = parsed(url)
    where = f"the server at {given.host or given.query.get('host') or 'the default socket'}"
    try:
        with connect(for_libpq(given), connect_timeout=10) as connection:
            number = connection.info.server_version
            version = connection.info.parameter_status("server_version") or ""
            may = connection.execute(
                "SELECT rolcreatedb OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except Error as error:
        raise NoServerError(f"{where} cannot be reached: {' '.join(str(error).split())}") from error
    if number // 10000 < OLDEST:
        raise NoServerError(f"{where} is PostgreSQL {version}; {OLDEST} is the oldest that is supported")
    if major not in ("", str(number // 10000)):
        raise NoServerError(f"{where} is PostgreSQL {version}, but postgres = {major!r} is asked for")
    if may is None or not may[0]:
        who = may[1] if may else given.username
        raise NoServerError(f"the user {who} of {where} may not create databases (ALTER ROLE {who} CREATEDB allows it)")
    return {"url": for_libpq(given), "version": version.split()[0]}


def parsed(url: str) -> "URL":
    """Return what SQLAlchemy reads in a URL; raise NoServerError, without the URL, which may hold a password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        read = make_url(url)
    except (ArgumentError, ValueError):
        raise NoServerError("the URL is not one: postgresql://user:password@host:5432/database is the form") from None
    if read.get_backend_name() not in ("postgresql", "postgres"):
        raise NoServerError(f"the URL names {read.get_backend_name()}, and PostgreSQL is needed")
    return read


def for_libpq(url: "URL") -> str:
    """Return a URL as libpq reads it: no driver's name, a database, and only the parameters that libpq knows."""
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    user = quote(url.username or "", safe="")
    password = f":{quote(str(url.password), safe='')}" if url.password is not None else ""
    host = f"[{url.host}]" if url.host and ":" in url.host else quote(url.host or "", safe="")
    port = f":{url.port}" if url.port else ""
    query = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
    kept = {
        name: value if isinstance(value, str) else ",".join(value) for name, value in query.items() if name in known
    }
    parameters = f"?{urlencode(kept, quote_via=quote)}" if kept else ""
    sign = "@" if user or password else ""
    return f"postgresql://{user}{password}{sign}{host}{port}/{quote(url.database or 'postgres', safe='')}{parameters}"


def is_ours(name: str) -> bool:
    """Return whether a database's name has the form that we give."""
    return re.fullmatch(r"schemalint_[0-9a-f]{20}", name) is not None
