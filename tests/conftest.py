"""A private PostgreSQL for the run, and a database of its own for a test that asks for one."""

import gc
import os
import signal
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from real_server import TESTED
from schemalint.throwaway.server import Database, Server, throwaway_server

pytest_plugins = ["pytester"]


def pytest_configure() -> None:
    """Let programs that tests start hear Ctrl-C and a hang-up: a run in the background of a shell may have inherited that they are ignored."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for all tests of this process; every worker of pytest-xdist has its own."""
    with throwaway_server(TESTED) as starting:
        yield starting.ready()


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """An empty database."""
    with server.database() as database:
        yield database


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs a container engine where none answers; fail it where one must (SCHEMALINT_REQUIRE_CONTAINER=1)."""
    if item.get_closest_marker("container") and (reason := why_no_engine()):
        if os.environ.get("SCHEMALINT_REQUIRE_CONTAINER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@cache
def why_no_engine() -> str:
    # docker-py leaves a socket that is refused to the garbage collector, which would come by in another test, and fail it.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        reason = refusal_of_the_engine()
        gc.collect()
    return reason


def refusal_of_the_engine() -> str:
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env()
        client.ping()
        client.close()
    except (DockerException, OSError) as error:
        return f"no container engine answers: {error}"
    return ""


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A short temporary directory that every user can reach: the server runs as another user where the tests run as root."""
    with TemporaryDirectory(prefix="scratch-") as directory:
        Path(directory).chmod(0o777)
        yield Path(directory)
