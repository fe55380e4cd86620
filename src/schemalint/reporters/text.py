"""For a person: the user's own line with the place marked, what will happen, what to write instead."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from schemalint.finding import Finding, Location, Report
from schemalint.reporters import fix_mark, shown_path, told_tables


class Paint:
    """ANSI colours, or none."""

    def __init__(self, color: bool) -> None:
        self.on = color

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text


BOLD, RED, BLUE, GREEN, DIM = "1", "1;31", "34", "32", "2"


def render(report: Report, *, color: bool = False) -> str:
    """Return a block for each finding, then one line that counts them."""
    paint = Paint(color)
    blocks = ["\n".join(block(report, finding, paint)) for finding in report.findings]
    return "\n\n".join([*blocks, "\n".join(ending(report, paint))]) + "\n"


def block(report: Report, finding: Finding, paint: Paint) -> Iterator[str]:
    where = finding.location
    named = f"{paint(finding.rule, RED)} {paint(fix_mark(finding), GREEN)}".rstrip()
    if where is None:
        yield f"{paint(finding.object, BOLD)}: {named}"
        margin = " "
    else:
        yield f"{paint(f'{shown_path(report, where.path)}:{where.line}:{where.column}', BOLD)}: {named}"
        margin = " " * len(str(where.line))
        yield from excerpt(report, where, margin, paint)
    told = [finding.message]
    if len(finding.tables) > 1:
        told.append(f"the same in {told_tables(finding)}")
    if finding.remedy:
        told.append(f"{paint('write:', GREEN)} {finding.remedy}")
    for text in told:
        yield f"{margin} {paint('=', BLUE)} " + text.replace("\n", f"\n{margin}   ")


def excerpt(report: Report, where: Location, margin: str, paint: Paint) -> Iterator[str]:
    """Yield the line that a location begins on, with the place marked under it; nothing when it cannot be read."""
    lines = lines_of(str(Path(report.root, where.path)))
    if not 1 <= where.line <= len(lines):
        return
    line = lines[where.line - 1].rstrip()
    start = min(where.column - 1, len(line))
    end = where.end_column - 1 if where.end_line == where.line else len(line)
    before, marked = line[:start], line[start : max(end, start + 1)]
    bar = paint("|", BLUE)
    yield f"{margin} {bar}"
    yield f"{paint(str(where.line), BLUE)} {bar} {line.expandtabs(4)}"
    space = " " * width(before.expandtabs(4))
    yield f"{margin} {bar} {space}{paint('^' * max(width(marked.expandtabs(4)), 1), RED)}"


@cache
def lines_of(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def ending(report: Report, paint: Paint) -> Iterator[str]:
    for note in report.notes:
        yield paint(f"note: {note}", DIM)
    looked = [counted(report.tables, "table")] if report.tables else []
    looked += [counted(report.revisions, "revision")] if report.revisions else []
    what = f" in {' and '.join(looked)}" if looked else ""
    asked = f"{counted(len(report.asked), 'rule')} asked"
    details = [asked, *([report.server] if report.server else []), f"{report.seconds:.1f} s"]
    allowed = f", {report.allowed} allowed" if report.allowed else ""
    allowed += f", {report.accepted} accepted" if report.accepted else ""
    found = counted(len(report.findings), "problem") if report.findings else "nothing"
    rest = ", and could not look at all of it" if report.unasked else ""
    bad = bool(report.findings or report.unasked)
    yield f"{paint(f'Found {found}', RED if bad else GREEN)}{what}{allowed}{rest} ({', '.join(details)})."
    yield from fixable(report)


def fixable(report: Report) -> Iterator[str]:
    """Yield how many findings can be fixed, and how, where any can."""
    safe, unsafe = report.fixable("safe"), report.fixable("schema", "behaviour")
    if safe and unsafe:
        yield f"{safe} fixable with --fix, {unsafe} more with --fix --unsafe-fixes."
    elif safe or unsafe:
        yield f"{safe} fixable with --fix." if safe else f"{unsafe} fixable with --fix --unsafe-fixes."


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
