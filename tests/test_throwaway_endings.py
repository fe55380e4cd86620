"""Nothing is left: no process, no directory, no container, no database, however the run ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from schemalint.throwaway.server import MARKER, Server

IMAGE = os.environ.get("SCHEMALINT_TEST_IMAGE", "postgres:15-bookworm")
SCRIPT = """
import json, signal, sys, time
from schemalint.throwaway.server import Wish, throwaway_server

signal.signal(signal.SIGINT, signal.default_int_handler)
with throwaway_server(Wish(*json.loads(sys.argv[1]))) as starting:
    print(json.dumps({"begun": True}), flush=True)
    if sys.argv[2] == "begun":
        time.sleep(60)
    server = starting.ready()
    with server.database() as database:
        print(json.dumps({"url": server.url, "database": database.name}), flush=True)
        if sys.argv[2] == "ready":
            time.sleep(60)
"""
SECONDS = 8


MEMORY = next(path for path in ("/dev/shm", "/tmp") if Path(path).is_dir())  # noqa: S108
"""Quick, and short enough for the path of a socket."""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that the server's user can reach, where servers of the test make theirs; it must be empty in the end."""
    directory = Path(tempfile.mkdtemp(prefix="sl-", dir=MEMORY))
    directory.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(directory))
    try:
        yield directory
        assert soon(lambda: is_clean(directory))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("provider", ["embedded", "local"])
def test_a_run_that_ends_well_leaves_nothing(place: Path, provider: str) -> None:
    with run([provider], until="end") as process:
        assert process.wait(30) == 0
    assert is_clean(place)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_ended_leaves_no_server(place: Path, ending: signal.Signals) -> None:
    with run(["embedded"], until="ready") as process:
        assert next(answers(process))["begun"]
        assert "url" in next(answers(process))
        assert not is_clean(place)
        process.send_signal(ending)
        process.wait(10)
        assert soon(lambda: is_clean(place))


@pytest.mark.parametrize(
    ("ending", "delay"),
    [(signal.SIGKILL, 0.0), (signal.SIGKILL, 0.03), (signal.SIGKILL, 0.1), (signal.SIGKILL, 0.3), (signal.SIGINT, 0.1)],
)
def test_a_run_that_is_ended_while_the_server_starts_leaves_nothing(
    place: Path, ending: signal.Signals, delay: float
) -> None:
    with run(["embedded"], until="begun") as process:
        assert next(answers(process))["begun"]
        time.sleep(delay)
        process.send_signal(ending)
        process.wait(10)
        assert soon(lambda: is_clean(place))


def test_ctrl_c_in_the_terminal_ends_the_run_and_the_server(place: Path) -> None:
    with run(["embedded"], until="ready", start_new_session=True) as process:
        assert next(answers(process))["begun"]
        assert "url" in next(answers(process))
        os.killpg(process.pid, signal.SIGINT)
        process.wait(10)
        assert is_clean(place)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends a child with its parent on Linux only")
def test_a_helper_that_is_killed_takes_the_server_with_it_and_the_next_run_its_directory(place: Path) -> None:
    with run(["embedded"], until="ready") as process:
        assert next(answers(process))["begun"]
        assert "url" in next(answers(process))
        (helper,) = children(process.pid)
        os.kill(helper, signal.SIGKILL)
        assert soon(lambda: not processes(str(place)))
        assert list(place.iterdir())
        process.kill()
    with run(["embedded"], until="end") as process:
        assert process.wait(30) == 0
    assert is_clean(place)


def test_a_directory_of_a_server_that_runs_is_left_alone_by_the_next(place: Path) -> None:
    with run(["embedded"], until="ready") as first:
        assert next(answers(first))["begun"]
        url = next(answers(first))["url"]
        with run(["embedded"], until="end") as second:
            assert second.wait(30) == 0
        with psycopg.connect(url):
            pass


def test_a_fork_of_the_run_that_outlives_it_keeps_no_server(place: Path) -> None:
    with run(["embedded"], until="ready", script=FORKING) as process:
        fork = next(answers(process))["fork"]
        try:
            assert "url" in next(answers(process))
            process.kill()
            process.wait(10)
            assert soon(lambda: is_clean(place))
        finally:
            os.kill(fork, signal.SIGKILL)


FORKING = """
import json, os, sys, time
from schemalint.throwaway.server import Wish, throwaway_server

with throwaway_server(Wish("embedded")) as starting:
    fork = os.fork()
    if not fork:
        time.sleep(60)
        os._exit(0)
    print(json.dumps({"fork": fork}), flush=True)
    print(json.dumps({"url": starting.ready().url}), flush=True)
    time.sleep(60)
"""


def test_databases_on_a_server_that_a_user_named_are_dropped_when_the_run_is_killed(server: Server) -> None:
    with run([server.url], until="ready") as process:
        assert next(answers(process))["begun"]
        name = next(answers(process))["database"]
        assert name in databases(server)
        process.kill()
        process.wait(10)
        assert soon(lambda: name not in databases(server))


def test_a_database_that_was_just_being_made_is_dropped_too(server: Server) -> None:
    with run([server.url], until="ready", script=CUT_OFF) as process:
        name = next(answers(process))["database"]
        with server.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        process.kill()
        process.wait(10)
        assert soon(lambda: name not in databases(server))


CUT_OFF = """
import json, sys, time
from schemalint.throwaway.server import Wish, throwaway_server

with throwaway_server(Wish(*json.loads(sys.argv[1]))) as starting:
    watcher = starting.ready().watcher
    name = "schemalint_0123456789abcdef0123"
    watcher.tell({"made": name})
    watcher.tell({"made": "someone_elses"})
    print(json.dumps({"database": name}), flush=True)
    time.sleep(60)
"""


def test_databases_of_another_run_on_the_same_server_are_left_alone(server: Server) -> None:
    with server.database() as other:
        with run([server.url], until="ready") as process:
            assert next(answers(process))["begun"]
            name = next(answers(process))["database"]
            process.kill()
            process.wait(10)
            assert soon(lambda: name not in databases(server))
        assert other.name in databases(server)
        with server.connect() as connection:
            comment = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [other.name]
            ).fetchone()
        assert comment == (MARKER,)


@pytest.mark.container
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_no_container_and_no_volume(ending: signal.Signals) -> None:
    volumes = ours("volumes")
    with run(["container", "", IMAGE], until="ready") as process:
        assert next(answers(process))["begun"]
        url = next(answers(process))["url"]
        container = container_with_port(urlsplit(url).port)
        process.send_signal(ending)
        process.wait(30)
        assert soon(lambda: container not in ours("containers"))
    assert ours("volumes") <= volumes


@pytest.mark.container
def test_a_run_that_is_killed_while_the_container_starts_leaves_none() -> None:
    before = ours("containers")
    with run(["container", "", IMAGE], until="begun") as process:
        assert next(answers(process))["begun"]
        assert soon(lambda: bool(ours("containers") - before))
        process.kill()
        process.wait(10)
        assert soon(lambda: not ours("containers") - before)


@pytest.mark.container
def test_a_run_that_is_killed_while_an_image_is_pulled_leaves_no_helper() -> None:
    with socket.create_server(("127.0.0.1", 0)) as registry:  # it never answers
        image = f"127.0.0.1:{registry.getsockname()[1]}/postgres:17"
        with run(["container", "", image], until="ready") as process:
            assert next(answers(process))["begun"]
            registry.settimeout(20)
            connection, _ = registry.accept()
            with connection:
                (helper,) = children(process.pid)
                process.kill()
                process.wait(10)
                assert soon(lambda: not is_running(helper))


@contextmanager
def run(
    wish: list[str], *, until: str, script: str = SCRIPT, start_new_session: bool = False
) -> "Iterator[subprocess.Popen[str]]":
    """A run of its own, which waits when it has come as far as `until`, and is killed at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(wish), until],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
    )
    try:
        with process:
            try:
                yield process
            finally:
                process.kill()
    finally:
        process.wait()


def answers(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in iter(process.stdout.readline, ""):
        yield json.loads(line)


def soon(is_so: Callable[[], bool]) -> bool:
    """Return whether it is so within a few seconds."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()


def is_clean(place: Path) -> bool:
    """Return whether no server's directory is in `place` and no process knows of one."""
    return not list(place.iterdir()) and not processes(str(place))


def processes(text: str) -> list[str]:
    """Return the command lines that `text` is part of."""
    listed = subprocess.run(["ps", "-Awwo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if text in line]


def is_running(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(listed.strip()) and not listed.startswith("Z")


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-Ao", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()[1:]]
    return [int(pid) for pid, ppid in pairs if int(ppid) == parent]


def databases(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def ours(kind: str) -> set[str]:
    """Return the names of the containers that we made, or of all volumes."""
    import docker

    client = docker.from_env()
    try:
        if kind == "volumes":
            return {volume.name for volume in client.volumes.list()}
        return {each["Id"] for each in client.api.containers(all=True, filters={"name": "schemalint-"})}
    finally:
        client.close()


def container_with_port(port: int | None) -> str:
    import docker

    client = docker.from_env()
    try:
        for each in client.api.containers(filters={"name": "schemalint-"}):
            if any(mapping.get("PublicPort") == port for mapping in each["Ports"]):
                return str(each["Id"])
        raise AssertionError(f"no container of ours has the port {port}")
    finally:
        client.close()
