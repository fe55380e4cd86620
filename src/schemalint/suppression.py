"""Finds what the user allowed: comments in the source, entries in the configuration."""

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.source_index import called_name, syntax_tree
from schemalint.subjects.allowances import Allowance

COMMENT = re.compile(r"#\s*schemalint:\s*(?P<verb>[\w-]+)(?:\[(?P<rules>[^\]]*)\](?P<reason>.*?)(?=\s+#\s|\s*$))?")
"""An allowance; it may stand behind another comment (`# noqa: E501  # schemalint: allow[string-length] why`), or before one."""

NOT_WALKED = frozenset({"__pycache__", "node_modules", "site-packages"})


def find_allowances(config: Config, files: Iterable[str]) -> Iterator[Allowance]:
    """Yield every allowance in `files` (absolute paths), in `[tool.schemalint.allow]` and in `[tool.schemalint.allow-paths]`."""
    shown = {file: shown_path(config, file) for file in sorted(set(files))}
    for file, path in shown.items():
        yield from allowances_in(Path(file), path)
    pyproject = config.root / "pyproject.toml"
    for rule, patterns in config.allow.items():
        for pattern in patterns:
            where = Location("pyproject.toml", line_of(pyproject, "allow", rule, pattern))
            yield Allowance((rule,), "", where, pattern=pattern)
    for path, rules in config.allow_paths.items():
        meant = frozenset(one for one in shown.values() if lies_in(one, path))
        fault = "" if meant or is_a_file(config.root, path) else f"no file of the project is called {path}"
        for rule in rules:
            where = Location("pyproject.toml", line_of(pyproject, "allow-paths", path, rule))
            yield Allowance((rule,), "", where, path=path, files=meant, fault=fault)


def shown_path(config: Config, file: str) -> str:
    """Return the path that a location of `file` carries: relative to the root where it lies below it."""
    path = Path(file)
    return path.relative_to(config.root).as_posix() if path.is_relative_to(config.root) else path.as_posix()


def line_of(path: Path, table: str, key: str, entry: str) -> int:
    """Return the line of a table of `[tool.schemalint]` that has `entry` in the list of `key`: the first after the key that holds it, else 1."""
    seen_table = seen_key = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        seen_table = seen_table or re.search(rf"\b{table}\b(?!-)", line) is not None
        seen_key = seen_key or (seen_table and key in line)
        if seen_key and entry in line:
            return number
    return 1


def lies_in(path: str, pattern: str) -> bool:
    """Whether a path is one that a glob means; a directory means all that lies below it.

    `*` and `?` stand for anything within one part of the path, `**` for any number of parts.
    """
    return path_pattern(pattern.rstrip("/")).fullmatch(path) is not None


@cache
def path_pattern(pattern: str) -> re.Pattern[str]:
    parts = [r"(?:[^/]+/)*" if part == "**" else f"{one_part(part)}/" for part in pattern.split("/")]
    whole = "".join(parts)
    return re.compile(rf"{whole[:-1]}(?:/.*)?" if whole.endswith("/") else f"{whole}.*")


def one_part(part: str) -> str:
    known = {"*": "[^/]*", "?": "[^/]"}
    return "".join(known.get(character, re.escape(character)) for character in part)


def is_a_file(root: Path, pattern: str) -> bool:
    """Whether a glob means any file below `root`; directories that nobody means (hidden ones, environments) are not searched."""
    for directory, inner, files in os.walk(root):
        here = Path(directory)
        inner[:] = [
            one
            for one in inner
            if not one.startswith(".") and one not in NOT_WALKED and not (here / one / "pyvenv.cfg").exists()
        ]
        if any(lies_in((here / one).relative_to(root).as_posix(), pattern) for one in files):
            return True
    return False


class Declaration(NamedTuple):
    """What a comment can belong to: it stands on the lines `first` to `last` or directly above them, and covers `first` to `end`."""

    first: int
    last: int
    end: int


@dataclass(frozen=True)
class CommentedSource:
    """A file's declarations and comments; `alone` are the lines that hold nothing but a comment."""

    tree: ast.Module
    declarations: tuple[Declaration, ...]
    comments: tuple[tokenize.TokenInfo, ...]
    alone: frozenset[int]

    def belonging(self, line: int) -> Declaration | None:
        """Return the declaration that a comment on `line` belongs to: the smallest around it, or the one that begins below this block of comments."""
        around = self.around.get(line)
        if line not in self.alone:
            return around
        below = line
        while below in self.alone:
            below += 1
        beginning = self._beginning.get(below, ())
        inside = [one for one in beginning if around is None or one.last <= around.last]
        return max(inside, key=lambda one: (one.last, one.end), default=around)

    @cached_property
    def around(self) -> dict[int, Declaration]:
        """The smallest declaration on each line."""
        ordered = sorted(self.declarations, key=lambda one: (one.first - one.last, -one.first, one.end - one.last))
        return {line: one for one in ordered for line in range(one.first, one.last + 1)}

    @cached_property
    def _beginning(self) -> dict[int, list[Declaration]]:
        found: dict[int, list[Declaration]] = {}
        for one in self.declarations:
            found.setdefault(one.first, []).append(one)
        return found


def commented_source(content: bytes) -> CommentedSource | None:
    """Return a file's declarations and comments; None where it cannot be parsed."""
    try:
        tree = syntax_tree(content)
        comments = tuple(
            token for token in tokenize.tokenize(io.BytesIO(content).readline) if token.type == tokenize.COMMENT
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    alone = frozenset(token.start[0] for token in comments if not token.line[: token.start[1]].strip())
    return CommentedSource(tree, tuple(declarations_in(tree)), comments, alone)


def allowances_in(path: Path, shown: str) -> Iterator[Allowance]:
    """Yield the allowances in the comments of one file; a file that cannot be read or parsed has none."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    source = commented_source(content) if b"schemalint:" in content else None
    yield from allowances_in_source(source, shown) if source else ()


def allowances_in_source(source: CommentedSource, shown: str) -> Iterator[Allowance]:
    """Yield the allowances in the comments of a file that was read."""
    for token in source.comments:
        for found in COMMENT.finditer(token.string):
            if found["rules"] is not None or found["verb"] in ("allow", "allow-file"):
                yield allowance(source, token, found, shown)


def allowance(source: CommentedSource, token: tokenize.TokenInfo, found: re.Match[str], shown: str) -> Allowance:
    line, column = token.start
    where = Location(shown, line, column + found.start() + 1, line, column + found.end() + 1)
    names = tuple(name.strip() for name in (found["rules"] or "").split(",") if name.strip())
    reason = (found["reason"] or "").strip()
    match found["verb"]:
        case "allow":
            covered = source.belonging(line)
            return Allowance(names, reason, where, *((covered.first, covered.end) if covered else (line, line)))
        case "allow-file" if column == 0 and line in source.alone:
            last = max((one.end for one in source.declarations), default=line)
            return Allowance(names, reason, where, 1, max(last, line), of_file=True)
        case "allow-file":
            fault = "allow-file counts only where it stands on a line of its own, not indented"
        case verb:
            fault = f"{verb} is nothing that schemalint knows"
    return Allowance(names, reason, where, fault=fault)


def declarations_in(tree: ast.AST) -> Iterator[Declaration]:
    """Yield every statement, of a compound one its header; a class covers its body, and what a table lists is declared one by one."""
    for node in statements(tree):
        first, last = node.lineno, node.end_lineno or node.lineno
        if not is_compound(node):
            yield Declaration(first, last, last)
            if last > first:
                yield from (Declaration(one.lineno, end, end) for one in listed(node) if (end := one.end_lineno))
        else:
            header = [child for child in ast.iter_child_nodes(node) if not isinstance(child, IN_A_BODY)]
            lines = [first, *(line for child in header for line in (child.lineno, child.end_lineno) if line)]  # type: ignore[attr-defined]
            yield Declaration(min(lines), max(lines), last if isinstance(node, ast.ClassDef) else max(lines))


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield every statement below a node; expressions, in which none stands, are not searched."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if is_compound(child):
            yield from statements(child)


def is_compound(node: ast.AST) -> bool:
    return isinstance(node, ast.Match) or (hasattr(node, "body") and not isinstance(node, ast.expr))


IN_A_BODY = (ast.stmt, ast.excepthandler, ast.match_case, ast.arguments, ast.expr_context, ast.operator, ast.withitem)
"""Children of a statement that are no part of its header, or have no line of their own."""


def listed(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the columns, constraints and indexes that `Table(...)` or `__table_args__ = (...)` lists."""
    value = getattr(statement, "value", None)
    match value:
        case ast.Call(args=elements) if called_name(value) == "Table":
            pass
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            pass
        case _:
            return
    yield from (one for one in elements if isinstance(one, ast.Call))
