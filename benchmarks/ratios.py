"""Measures what a check costs beside the commands that a team runs anyway; prints the ratios that the README states.

Each pair runs in turn, A B A B ..., whole processes from outside, on this repository's reference project and on generated ones. A ratio is the median of
the pairs' ratios, so it holds when the machine's speed drifts.
"""

import os
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from generate import generate

from schemalint.throwaway.server import Server, Wish, throwaway_server

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def main() -> None:
    arguments = ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=7, help="counted pairs, after one that warms up")
    runs: int = arguments.parse_args().runs

    large(runs)
    idle(runs)
    offline = [str(BIN / "schemalint"), "check", "--offline"]
    importing = [sys.executable, "-c", IMPORT.format("reference_models")]
    compare(
        "schemalint check --offline", lambda: seconds(offline), "import the models", lambda: seconds(importing), runs
    )

    whole = [str(BIN / "schemalint"), "check"]
    with throwaway_server(Wish("embedded")) as starting:
        server = starting.ready()
        compare(
            "schemalint check (server's start included)",
            lambda: seconds(whole),
            "alembic upgrade head; alembic check (server already running)",
            lambda: alembic_seconds(server),
            runs,
        )


IMPORT = "import {}, sqlalchemy.orm as o; o.configure_mappers()"


def large(runs: int) -> None:
    """Compare a check of 1,000 generated tables with importing them, and with a check of 100."""
    with TemporaryDirectory() as few, TemporaryDirectory() as many:
        generate(Path(few), 100)
        generate(Path(many), 1000)
        check = [str(BIN / "schemalint"), "check", "--offline"]
        compare(
            "schemalint check --offline, 1,000 tables",
            lambda: seconds(check, directory=Path(many)),
            "import the models of 1,000 tables",
            lambda: seconds([sys.executable, "-c", IMPORT.format("generated")], directory=Path(many)),
            runs,
        )
        compare(
            "schemalint check --offline, 1,000 tables",
            lambda: seconds(check, directory=Path(many)),
            "the same, 100 tables",
            lambda: seconds(check, directory=Path(few)),
            runs,
        )


def idle(runs: int) -> None:
    """Compare pytest with one empty test with and without the plugin, which is installed and not asked for."""
    with TemporaryDirectory() as directory:
        (Path(directory) / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        compare(
            "pytest, the plugin idle",
            lambda: seconds(pytest, directory=Path(directory)),
            "pytest without the plugin",
            lambda: seconds([*pytest, "-p", "no:schemalint"], directory=Path(directory)),
            2 * runs,
        )


def compare(name: str, one: Callable[[], float], other_name: str, other: Callable[[], float], runs: int) -> None:
    """Time `one` and `other` in turn and print both medians and the median ratio."""
    one(), other()
    pairs = [(one(), other()) for _ in range(runs)]
    ratios = sorted(first / second for first, second in pairs)
    first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name}: {first:.3f} s\n{other_name}: {second:.3f} s")
    print(
        f"ratio: {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {runs} pairs)\n",
        flush=True,
    )


def alembic_seconds(server: Server) -> float:
    with server.database() as database:
        environment = {"DATABASE_URL": database.url}
        upgrade = seconds([str(BIN / "alembic"), "upgrade", "head"], environment)
        return upgrade + seconds([str(BIN / "alembic"), "check"], environment)


def seconds(command: list[str], environment: dict[str, str] | None = None, directory: Path = ROOT) -> float:
    """Return the wall time of a whole process; a command that fails ends the measurement."""
    began = time.perf_counter()
    subprocess.run(command, cwd=directory, env=os.environ | (environment or {}), capture_output=True, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
