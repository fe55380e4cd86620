"""A second real PostgreSQL that stands for the user's own, and knows whether anybody came."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import pytest

from schemalint.throwaway.server import Server, Wish, throwaway_server

TESTED = Wish(os.environ.get("SCHEMALINT_TEST_DATABASE", "embedded"), os.environ.get("SCHEMALINT_TEST_POSTGRES", ""))
"""The PostgreSQL that tests run on; `SCHEMALINT_TEST_DATABASE=local SCHEMALINT_TEST_POSTGRES=14` is another major, say."""


@dataclass(frozen=True)
class Real:
    """A database on the second server."""

    server: Server
    name: str
    url: str

    def url_for(self, driver: str) -> str:
        """Return the URL that makes SQLAlchemy use `driver`."""
        return urlunsplit(urlsplit(self.url)._replace(scheme=f"postgresql+{driver}"))

    def visits(self) -> int:
        """Return how many sessions of this database have begun and ended (pg_stat_database counts them since PostgreSQL 14)."""
        with self.server.connect() as connection:
            (visits,) = connection.execute(
                "SELECT sessions FROM pg_stat_database WHERE datname = %s", [self.name]
            ).fetchone() or (0,)
        return int(visits)


@pytest.fixture(scope="session")
def second_server() -> Iterator[Server]:
    with throwaway_server(Wish("embedded")) as starting:
        yield starting.ready()


@pytest.fixture
def real(second_server: Server) -> Iterator[Real]:
    """A database that nobody may connect to; the test fails when somebody did."""
    with second_server.database() as database:
        real = Real(second_server, database.name, database.url)
        yield real
        assert real.visits() == 0
