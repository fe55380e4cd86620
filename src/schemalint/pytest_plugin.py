"""The pytest plugin: `pytest --schemalint` adds one item a rule, and fixtures give tests a throwaway database.

The check runs once for the whole session, in an interpreter of its own: the models are then imported as a user's first run imports them,
the places are exact, and nothing that `env.py` does reaches the tests. Workers of pytest-xdist share one run through a directory that
the controlling process makes and removes. Nothing is imported here before it is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemalint.finding import Report
    from schemalint.throwaway.server import Database

SHARED = pytest.StashKey[Path]()
ALIVE = pytest.StashKey[int]()
"""The descriptor whose lock says that the session lives: the kernel gives the lock up when the process ends, however it ends."""

COULD_LOOK = "could-look"
"""The item that fails when something could not be looked at, and so was not found to be good."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("schemalint", "schemalint: models and migrations")
    group.addoption("--schemalint", action="store_true", help="check models, history and drift: one item a rule")
    group.addoption("--schemalint-offline", action="store_true", help="the same without a server, so without drift")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "schemalint: a rule of schemalint, asked about the project's models and migrations"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if ALIVE in config.stash:
        shutil.rmtree(config.stash[SHARED], ignore_errors=True)
        os.close(config.stash[ALIVE])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist, in the controlling process, where the session's shared directory is."""
    node.workerinput["schemalint"] = str(shared_directory(node.config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the items before `-k`, `-m` and `--deselect` choose among them."""
    if is_asked(config):
        collector = Rules.from_parent(session, name="schemalint", nodeid="schemalint")
        items.extend(collector.collect())


def is_asked(config: pytest.Config) -> bool:
    return bool(config.getoption("--schemalint") or config.getoption("--schemalint-offline"))


class Rules(pytest.Collector):
    """The session's items of schemalint; it stands in no file."""

    def collect(self) -> Iterator[RuleItem]:
        """Yield an item for each rule that the project's configuration selects; wrong configuration raises UsageError."""
        from schemalint.check import selected_rules
        from schemalint.config import load_config
        from schemalint.errors import SchemalintError

        try:
            project = load_config(self.config.rootpath, offline=self.config.getoption("--schemalint-offline"))
        except SchemalintError as error:
            raise pytest.UsageError(f"schemalint: {error}") from None
        for name in [*(one.name for one in selected_rules(project)), COULD_LOOK]:
            item = RuleItem.from_parent(self, name=name)
            item.add_marker("schemalint")
            yield item


class RuleItem(pytest.Item):
    """One rule; it fails with all of that rule's findings, or with the reason why it could not be asked."""

    def runtest(self) -> None:
        """Run the check, unless another item or worker has, and raise RuleFailure for what it says of this rule."""
        report = check_once(self.config)
        if told := [*reasons(report, self.name), *blocks(report, self.name)]:
            raise RuleFailure("\n\n".join(told))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | Any:  # the private type of what pytest's own items return
        """Return the findings as text; anything else as pytest shows it."""
        return str(excinfo.value) if isinstance(excinfo.value, RuleFailure) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.config.rootpath, None, f"schemalint: {self.name}"


class RuleFailure(Exception):  # noqa: N818 - a finding is a failure of the item, no error of ours
    """What a rule found, as text."""


def reasons(report: Report, name: str) -> Iterator[str]:
    """Yield why the rule called `name` could not be asked; for COULD_LOOK every reason."""
    for one in report.unasked:
        if name in one.rules or name == COULD_LOOK:
            yield f"could not look: {f'{one.at}: ' if one.at else ''}{one.reason}"


def blocks(report: Report, name: str) -> Iterator[str]:
    from schemalint.reporters.text import Paint, block

    for finding in report.findings:
        if finding.rule == name:
            yield "\n".join(block(report, finding, Paint(False)))


def check_once(config: pytest.Config) -> Report:
    """Return the session's report: the first item of the first worker makes it, the others read it."""
    return read_report(made_once(config, "report.json", lambda path: run_check(config, path)), config.rootpath)


@cache
def read_report(path: Path, root: Path) -> Report:
    from schemalint.reporters.json import parse

    return parse(path.read_text(encoding="utf-8"), root)


def run_check(config: pytest.Config, path: Path) -> None:
    """Run `schemalint check` in a fresh interpreter and write its JSON to `path`; raises RuleFailure where it says nothing."""
    command = [sys.executable, "-m", "schemalint", "check", "--format", "json"]
    if config.getoption("--schemalint-offline"):
        command.append("--offline")
    ended = subprocess.run(command, cwd=config.rootpath, capture_output=True, encoding="utf-8", check=False)
    if not ended.stdout:
        raise RuleFailure(ended.stderr.strip() or f"schemalint ended with status {ended.returncode} and said nothing")
    path.write_text(ended.stdout, encoding="utf-8")


def shared_directory(config: pytest.Config) -> Path:
    """Return the directory that all processes of this session share; the controlling process makes it and holds its lock."""
    if SHARED not in config.stash:
        worker: dict[str, str] | None = getattr(config, "workerinput", None)  # documented by pytest-xdist
        if worker is not None:
            config.stash[SHARED] = Path(worker["schemalint"])
        else:
            directory = Path(tempfile.mkdtemp(prefix="schemalint-pytest-"))
            alive = os.open(directory / "alive", os.O_CREAT | os.O_RDWR, 0o600)
            lock(alive)
            config.stash[SHARED], config.stash[ALIVE] = directory, alive
    return config.stash[SHARED]


def made_once(config: pytest.Config, name: str, make: Callable[[Path], None]) -> Path:
    """Return the shared file `name`, made by `make` in the first process that wants it while the others wait.

    What `make` raises as RuleFailure is kept as well and raised again in every process.
    """
    path = shared_directory(config) / name
    failed = path.with_suffix(".failed")
    with locked(path.with_suffix(".lock")):
        if not path.exists() and not failed.exists():
            try:
                make(path)
            except RuleFailure as failure:
                failed.write_text(str(failure), encoding="utf-8")
    if failed.exists():
        raise RuleFailure(failed.read_text(encoding="utf-8"))
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        lock(file.fileno())
        yield


def lock(descriptor: int) -> None:
    """Wait for the lock on an open file; it is given up when the file is closed."""
    import fcntl  # not on Windows, where an idle plugin must not be in the way

    fcntl.flock(descriptor, fcntl.LOCK_EX)


def start_server(config: pytest.Config, path: Path, *arguments: str) -> None:
    """Start `schemalint.pytest_server`, which lives as long as the session; raises RuleFailure with what it says instead."""
    command = [sys.executable, "-m", "schemalint.pytest_server", str(path), *arguments]
    ended = subprocess.run(command, cwd=config.rootpath, capture_output=True, encoding="utf-8", check=False)
    if ended.stdout.strip() != "ready":
        raise RuleFailure(ended.stdout.strip() or ended.stderr.strip() or "the throwaway server ended and said nothing")


def server_url(config: pytest.Config) -> str:
    path = made_once(config, "server.json", lambda path: start_server(config, path))
    return str(json.loads(path.read_text(encoding="utf-8"))["url"])


@contextmanager
def database_of(config: pytest.Config, *, migrated: bool) -> Iterator[Database]:
    """Give a database of its own on the session's server: empty, or a copy of one that the project's migrations have made."""
    from schemalint.throwaway.server import Wish, throwaway_server

    try:
        url = server_url(config)
        template = None
        if migrated:
            path = made_once(config, "migrated.json", lambda path: start_server(config, path, "--migrate", url))
            template = json.loads(path.read_text(encoding="utf-8"))["name"]
    except RuleFailure as failure:
        pytest.fail(str(failure), pytrace=False)
    with throwaway_server(Wish(database=url)) as server, server.ready().database(template) as database:
        yield database


@pytest.fixture
def throwaway_database(pytestconfig: pytest.Config) -> Iterator[Database]:
    """An empty PostgreSQL database for one test: `.url` for a driver; dropped afterwards."""
    with database_of(pytestconfig, migrated=False) as database:
        yield database


@pytest.fixture
def migrated_database(pytestconfig: pytest.Config) -> Iterator[Database]:
    """A database for one test that the project's own migrations have brought to their heads; dropped afterwards."""
    with database_of(pytestconfig, migrated=True) as database:
        yield database
