"""Finds what the user allowed: comments in the source, entries in the configuration."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.source_index import syntax_tree
from schemalint.subjects.allowances import Allowance

COMMENT = re.compile(r"#\s*schemalint:\s*allow\[(?P<rules>[^\]]*)\](?P<reason>.*)")


def find_allowances(config: Config, files: Iterable[str]) -> Iterator[Allowance]:
    """Yield every allowance in `files` (absolute paths) and in `[tool.schemalint.allow]`."""
    for file in sorted(set(files)):
        yield from allowances_in(Path(file), shown_path(config, file))
    pyproject = config.root / "pyproject.toml"
    for rule, patterns in config.allow.items():
        for pattern in patterns:
            where = Location("pyproject.toml", line_of(pyproject, rule, pattern))
            yield Allowance((rule,), "", where, pattern=pattern)


def shown_path(config: Config, file: str) -> str:
    """Return the path that a location of `file` carries: relative to the root where it lies below it."""
    path = Path(file)
    return path.relative_to(config.root).as_posix() if path.is_relative_to(config.root) else path.as_posix()


def line_of(path: Path, rule: str, pattern: str) -> int:
    """Return the line on which `pattern` is allowed for `rule`: the first after the rule's name that holds it, else 1."""
    seen = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        seen = seen or rule in line
        if seen and pattern in line:
            return number
    return 1


def allowances_in(path: Path, shown: str) -> Iterator[Allowance]:
    """Yield the allowances in the comments of one file; a file that cannot be read or parsed has none."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    if b"schemalint:" not in content:
        return
    try:
        tree = syntax_tree(content)
        comments = [
            token for token in tokenize.tokenize(io.BytesIO(content).readline) if token.type == tokenize.COMMENT
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    statements = sorted(extents(tree), key=lambda extent: (extent[1] - extent[0], extent[0]))
    alone = {token.start[0] for token in comments if not token.line[: token.start[1]].strip()}
    for token in comments:
        if found := COMMENT.match(token.string):
            line, column = token.start
            first, last = covered_lines(line, alone, statements)
            names = tuple(name.strip() for name in found["rules"].split(",") if name.strip())
            where = Location(shown, line, column + 1, line, column + 1 + len(token.string.rstrip()))
            yield Allowance(names, found["reason"].strip(), where, first, last)


def extents(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of every statement; of a compound statement, its header's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            header = [child for child in ast.iter_child_nodes(node) if not isinstance(child, IN_A_BODY)]
            lines = [line for child in header for line in (child.lineno, child.end_lineno) if line]  # type: ignore[attr-defined]
            is_compound = hasattr(node, "body")
            yield min([node.lineno, *lines]), max([node.lineno, *lines] if is_compound else [node.end_lineno or 0])


IN_A_BODY = (ast.stmt, ast.excepthandler, ast.match_case, ast.arguments, ast.expr_context, ast.operator, ast.withitem)
"""Children of a statement that are no part of its header, or have no line of their own."""


def covered_lines(line: int, alone: set[int], statements: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the extent of the smallest statement around `line`, else of the one below this block of comment lines."""
    around = next((extent for extent in statements if extent[0] <= line <= extent[1]), None)
    if around:
        return around
    below = line
    while below in alone:
        below += 1
    return next((extent for extent in statements if extent[0] == below), (line, line))
