"""Writes `# schemalint: allow[...]` for findings into the user's source, and proves that the program stays the same."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemalint.config import Config, read_toml
from schemalint.finding import Finding
from schemalint.rules import rule_names
from schemalint.suppression import COMMENT, CommentedSource, Declaration, allowances_in_source, commented_source
from schemalint.writing import replace_content

USUAL_LENGTH = 88
"""How long a line may get where the project does not say it: what black and ruff format take."""


@dataclass(frozen=True)
class Written:
    """What came of writing allowances: for which findings, in which files, and why the others are left alone."""

    allowed: tuple[Finding, ...]
    files: tuple[str, ...]
    left: tuple[tuple[Finding, str], ...]


def write_allowances(config: Config, findings: Iterable[Finding], reason: str) -> Written:
    """Write a comment at the statement of each finding, or add the rule's name to the comment that stands there already."""
    allowed: list[Finding] = []
    left: list[tuple[Finding, str]] = []
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        if refusal := why_not(finding, config):
            left.append((finding, refusal))
        else:
            assert finding.location, "one without is refused"
            files.setdefault(finding.location.path, []).append(finding)
    length = line_length(config.root)
    written: list[str] = []
    for path, together in files.items():
        try:
            write_into(config.root / path, path, together, " ".join(reason.split()), length)
        except (OSError, UnicodeError, CannotWriteError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            left += [(finding, f"{path} cannot be written: {why}") for finding in together]
        else:
            written.append(path)
            allowed += together
    return Written(tuple(allowed), tuple(written), tuple(left))


def why_not(finding: Finding, config: Config) -> str:
    """Return why a finding cannot be allowed by a comment, nothing where it can."""
    if rule_names()[finding.rule] == "allowances":
        return "an allowance that is wrong is mended, not allowed"
    where = finding.location
    if where is None or not where.path.endswith(".py"):
        return f'it stands on no line of Python: write "{finding.object}" under [tool.schemalint.allow]'
    if not (config.root / where.path).resolve().is_relative_to(config.root.resolve()):
        return f"{where.path} is outside of the project"
    return ""


class CannotWriteError(Exception):
    """A file in which a comment cannot be written without changing what the program means."""


def line_length(root: Path) -> int:
    """Return how long the project's formatter lets lines get."""
    tool = read_toml(root / "pyproject.toml").get("tool", {})
    said = [tool.get(name, {}).get("line-length") for name in ("ruff", "black")]
    return next((one for one in said if isinstance(one, int)), USUAL_LENGTH)


def write_into(path: Path, shown: str, findings: Iterable[Finding], reason: str, length: int) -> None:
    """Write the allowances of one file; raises CannotWriteError where that cannot be done and proved."""
    content = path.read_bytes()
    source = commented_source(content)
    if source is None:
        raise CannotWriteError("it cannot be parsed")
    wanted: dict[int, set[str]] = {}
    for finding in findings:
        wanted.setdefault(declaration_of(finding, source), set()).add(finding.rule)
    for longest in (
        length,
        0,
    ):  # a comment at the end of a line may end up in a string, or behind a backslash: then all are put above
        changed = with_comments(content, source, wanted, shown, reason, longest)
        if is_proved(changed, source, wanted, shown):
            if changed != content:
                replace_content(path, changed)
            return
    raise CannotWriteError("no comment can be put there that leaves the program as it is")


def declaration_of(finding: Finding, source: CommentedSource) -> int:
    """Return the number of the smallest declaration that has a finding's whole place on its lines, or else its first line."""
    where = finding.location
    assert where, "one without is refused"
    last = max(where.line, where.end_line)
    sizes = sorted((one.last - one.first, number) for number, one in enumerate(source.declarations))
    for end in (last, where.line):
        for _, number in sizes:
            if source.declarations[number].first <= where.line and end <= source.declarations[number].last:
                return number
    raise CannotWriteError(f"no statement stands on line {where.line}")


def with_comments(
    content: bytes, source: CommentedSource, wanted: Mapping[int, set[str]], shown: str, reason: str, length: int
) -> bytes:
    """Return the file with an allowance for each declaration that is wanted; a comment that makes a line too long stands above it."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", content.decode(encoding))
    there = {
        (one.first_line, one.last_line): one.location
        for one in reversed([*allowances_in_source(source, shown)])
        if not one.fault and not one.of_file
    }
    new = []
    for number, rules in wanted.items():
        declaration = source.declarations[number]
        if where := there.get((declaration.first, declaration.end)):
            line = lines[where.line - 1]
            start, end = where.column - 1, where.end_column - 1
            lines[where.line - 1] = f"{line[:start]}{merged(line[start:end], rules, reason)}{line[end:]}"
        else:
            new.append((declaration, comment(rules, reason)))
    for declaration, text in sorted(new, reverse=True):
        put(lines, declaration, text, length)
    return "".join(lines).encode(encoding)


def comment(rules: Iterable[str], reason: str) -> str:
    return f"# schemalint: allow[{', '.join(sorted(rules))}] {reason}".rstrip()


def merged(written: str, rules: Iterable[str], reason: str) -> str:
    """Return an allowance with more rules in it; the reason that it has already stays."""
    found = COMMENT.match(written)
    assert found, "it was found by this pattern"
    names = [name.strip() for name in (found["rules"] or "").split(",") if name.strip()]
    names += sorted({*rules} - {*names})
    return f"# schemalint: allow[{', '.join(names)}] {(found['reason'] or '').strip() or reason}".rstrip()


def put(lines: list[str], declaration: Declaration, text: str, length: int) -> None:
    """Put a comment at the end of the declaration's line, where it has but one and there is room, else on a line of its own above it."""
    line = lines[declaration.first - 1]
    body = line.rstrip("\r\n")
    newline = next((end for one in (line, lines[0]) if (end := one[len(one.rstrip("\r\n")) :])), "\n")
    if declaration.first == declaration.last and len(trailing := f"{body.rstrip()}  {text}") <= length:
        lines[declaration.first - 1] = trailing + line[len(body) :]
    else:
        indentation = body[: len(body) - len(body.lstrip())]
        lines.insert(declaration.first - 1, f"{indentation}{text}{newline}")


def is_proved(changed: bytes, before: CommentedSource, wanted: Mapping[int, set[str]], shown: str) -> bool:
    """Whether the changed file is the same program, and has allowances that cover what is wanted."""
    after = commented_source(changed)
    if after is None or ast.dump(after.tree) != ast.dump(before.tree):
        return False
    covering: dict[str, list[tuple[int, int]]] = {}
    for one in allowances_in_source(after, shown):
        for name in one.rules if not one.of_file else ():
            covering.setdefault(name, []).append((one.first_line, one.last_line))
    # Of several statements that begin on a line, a comment above it covers the longest.
    return all(
        any(
            first <= after.declarations[number].first and after.declarations[number].end <= last
            for first, last in covering.get(rule, ())
        )
        for number, rules in wanted.items()
        for rule in rules
    )
