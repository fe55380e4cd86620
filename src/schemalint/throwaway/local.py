"""PostgreSQL that is installed on this machine: its programs only, never a server that runs."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from schemalint.throwaway.installation import Installation
from schemalint.throwaway.keeper import Keeper, NoServerError

OLDEST = 14
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the PostgreSQL project's packages for Red Hat
    "/usr/libexec/postgresql*",  # Alpine
    "/usr/local/pgsql/bin",  # from source
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/opt/local/lib/postgresql*/bin",  # MacPorts
)
"""Where packages put the programs, mostly not on PATH."""


def start(major: str = "") -> Keeper:
    """Begin to make a server from the newest installation, of that major when one is named."""
    found = sorted(installations(), key=lambda one: int(one.major), reverse=True)
    for installation in found:
        if major in ("", installation.major) and int(installation.major) >= OLDEST:
            return installation.start()
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} or newer"
    there = f"; there is {', '.join(one.major for one in found)}" if found else ""
    raise NoServerError(f"no initdb and postgres of {wanted} are on PATH or where packages put them{there}")


def installations() -> Iterator[Installation]:
    """Yield the installations that have both programs and can say their version."""
    for directory in dict.fromkeys(directories()):
        if (directory / "initdb").is_file() and (major := ask_major(directory / "postgres")):
            yield Installation(base=directory.parent, bin=directory.name, major=major)


def directories() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(os.path.realpath(on_path)).parent
    for place in PLACES:
        yield from Path("/").glob(place.lstrip("/"))


def ask_major(program: Path) -> str:
    """Return the major version of a `postgres`, or nothing when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(r"\d+", said)
    return match[0] if match else ""
