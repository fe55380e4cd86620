"""One output format a file: each has `render(report, *, color) -> str`, and is imported when it is asked for."""

import importlib
import os
import re
from pathlib import Path
from typing import Protocol, cast

from schemalint.finding import Finding, Report

FORMATS = ("text", "concise", "json", "github")


class Reporter(Protocol):
    """A module of this package."""

    def render(self, report: Report, *, color: bool = False) -> str:
        """Return the whole output, with a newline at its end when there is any."""
        ...


def get_reporter(name: str) -> Reporter:
    """Import and return the reporter for one of FORMATS."""
    return cast("Reporter", importlib.import_module(f"{__name__}.{name}"))


def shown_path(report: Report, path: str) -> str:
    """Return a path of the report as seen from the working directory, which is what editors and CI systems expect."""
    here = os.path.relpath(os.path.join(report.root, path))  # noqa: PTH118 - pathlib has no relpath before 3.12
    if not here.startswith(".."):
        return here
    return path if Path.cwd().is_relative_to(report.root) else here


def fix_mark(finding: Finding) -> str:
    """Return the mark of a finding that `--fix` can put right (`[*]`), or `--unsafe-fixes` (with what is then different); empty for others."""
    if finding.fix is None:
        return ""
    return "[*]" if finding.fix.kind == "safe" else f"[* {finding.fix.kind}]"


def told_tables(finding: Finding, most: int = 4) -> str:
    """Return the tables that share a finding, as a few names and a number, without the one that its message speaks of."""
    first, *others = finding.tables
    is_told = re.search(rf"(?<![\w.]){re.escape(first)}(?!\w)", finding.message)
    tables = others if is_told else [first, *others]
    rest = len(tables) - most
    return ", ".join(tables[:most]) + (f" and {rest} more" if rest > 0 else "")
