"""A private PostgreSQL for the run, and a database of its own for a test that asks for one."""

from collections.abc import Iterator

import pytest

from schemalint.throwaway.server import Database, Server, Wish, throwaway_server

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with throwaway_server(Wish("embedded")) as starting:
        yield starting.ready()


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    with server.database() as database:
        yield database
