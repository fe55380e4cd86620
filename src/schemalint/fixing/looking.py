"""Looks at the models in a fresh interpreter, with changed files as they would be."""

import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from schemalint.check import check
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.fixing.fingerprint import Fingerprint, fingerprint
from schemalint.fixing.overlay import laid_over
from schemalint.fixing.promises import Look
from schemalint.subjects.schema import Schema


@dataclass(frozen=True)
class Task:
    """What a process that looks is given."""

    config: Config
    contents: Mapping[str, bytes]
    path: list[str]


def look(config: Config, contents: Mapping[str, bytes]) -> Look:
    """Return what a fresh interpreter finds where files have these contents (by real path); raises SchemalintError where it cannot look."""
    quiet = replace(
        config,
        offline=True,
        update_baseline=False,
        environment=plain(config.environment),
        rules=plain(config.rules),
        allow=plain(config.allow),
        allow_paths=plain(config.allow_paths),
    )
    with TemporaryDirectory(prefix="schemalint-fix-") as directory:
        task, result = Path(directory, "task"), Path(directory, "result")
        task.write_bytes(pickle.dumps(Task(quiet, contents, sys.path)))
        command = [sys.executable, "-m", "schemalint.fixing", str(task), str(result)]
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if not result.exists():
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise SchemalintError(
                f"the process that imports the models ended with status {ended.returncode}{': ' + said[-1] if said else ''}"
            )
        found = pickle.loads(result.read_bytes())  # noqa: S301  # what our own process has just written
    if isinstance(found, SchemalintError):
        raise found
    assert isinstance(found, Look), "there is no other result"
    return found


def plain(value: Any) -> Any:
    """Return read-only mappings, which cannot be pickled, as dictionaries."""
    return {key: plain(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def answer(task_file: Path, result_file: Path) -> None:
    """Look, in the process that was started for it, and leave the result in a file."""
    task = pickle.loads(task_file.read_bytes())  # noqa: S301  # what our own process has just written
    sys.path[:] = task.path
    sys.dont_write_bytecode = True
    try:
        found: Look | SchemalintError = look_here(task.config, task.contents)
    except SchemalintError as error:
        found = SchemalintError(str(error))
    result_file.write_bytes(pickle.dumps(found))


def look_here(config: Config, contents: Mapping[str, bytes]) -> Look:
    """Return what this process finds; it must not have imported the models."""
    seen: list[Schema] = []
    with laid_over(contents):
        report = check(config, watch=seen.append)
    if not seen:
        return Look(report.findings, Fingerprint(), tuple(one.reason for one in report.unasked))
    return Look(report.findings, fingerprint(seen[0]), tuple(one.message for one in seen[0].failures))
