"""Finds declarations in Python source, by name or by position; a file is read and parsed once, when it is asked about."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from schemalint.finding import Location

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Node: TypeAlias = ast.expr | ast.stmt


class Span(NamedTuple):
    """Where a node stands, as the compiler counts: lines from 1, columns in UTF-8 bytes from 0 (None: not known)."""

    line: int
    end_line: int
    column: int | None
    end_column: int | None


@dataclass(frozen=True, eq=False)
class SourceFile:
    """One parsed file; `shown` is the path that its locations carry."""

    tree: ast.Module
    lines: tuple[str, ...]
    shown: str
    _declared: dict[ast.ClassDef, dict[str, list[ast.stmt]]] = field(default_factory=dict)

    def classes(self, qualname: str) -> list[ast.ClassDef]:
        """Return the class statements of that `__qualname__`, in their order: several in the branches of an `if`."""
        return self._classes.get(qualname, [])

    def declarations(self, node: ast.ClassDef, name: str) -> list[ast.stmt]:
        """Return the statements of a class's body that give it an attribute: annotations, assignments and functions.

        Branches of `if`, `try`, `with` and loops are searched as well, those for type checkers only are not.
        """
        if node not in self._declared:
            found = self._declared.setdefault(node, {})
            for statement in flattened(node.body):
                for declared in declared_names(statement):
                    found.setdefault(declared, []).append(statement)
        return self._declared[node].get(name, [])

    def node_at(self, span: Span, names: Iterable[str] = ()) -> ast.Call | ast.ClassDef | None:
        """Return the call or class statement that was running at `span`.

        Without columns (`python -X no_debug_ranges`) it is the one that begins on the line: a call of one of `names` rather than another.
        """
        if span.column is not None:
            return self._spans.get(span)
        beginning = [node for node in self._spans.values() if node.lineno == span.line]
        wanted = {*names}
        return min(
            beginning,
            key=lambda node: (
                0 if isinstance(node, ast.Call) and called_name(node) in wanted else 2 - isinstance(node, ast.ClassDef)
            ),
            default=None,
        )

    def calls(self, name: str, within: ast.AST | None = None) -> Iterator[ast.Call]:
        """Yield the calls of something called `name`, also as an attribute (`sa.Table(...)`)."""
        for node in ast.walk(within or self.tree):
            if isinstance(node, ast.Call) and called_name(node) == name:
                yield node

    def location(self, node: Node) -> Location:
        """Return where the whole node stands."""
        end_line, end_offset = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Location(
            self.shown,
            node.lineno,
            self._column(node.lineno, node.col_offset),
            end_line,
            self._column(end_line, end_offset),
        )

    def inside(self, location: Location, at: str) -> Location | None:
        """Return where a keyword's value stands in the declaration at `location`, or its `annotation` or `name`; None where it has none.

        Of a class it is the value of an attribute of that name (`__tablename__`), as its own body assigns it.
        """
        around = self._statement_at(location)
        match at, around:
            case "annotation", ast.AnnAssign(annotation=annotation):
                return self.location(annotation)
            case "name", ast.AnnAssign(target=target) | ast.Assign(targets=[target, *_]):
                return self.location(target)
            case "name", ast.ClassDef() | ast.FunctionDef():
                return self._name_in(around)
            case _, ast.ClassDef():
                value = next(assigned_values(around, at), None)
                return self.location(value) if value else None
            case _, ast.stmt() if not isinstance(around, Definition):
                value = next(keyword_values(self._expression_at(location, around), at), None)
                return self.location(value) if value else None
            case _:
                return None

    def literal(self, location: Location, text: str) -> Location | None:
        """Return where a text stands as it is in the expression at `location`; None where it is put together, or stands elsewhere."""
        around = self._statement_at(location)
        if around is None or isinstance(around, Definition):
            return None
        for node in ast.walk(self._expression_at(location, around)):
            if isinstance(node, ast.Constant) and node.value == text:
                return self.location(node)
        return None

    def _expression_at(self, location: Location, around: ast.stmt) -> ast.AST:
        """Return the expression of a statement that stands at a location, or the statement."""
        for node in ast.walk(around):
            if isinstance(node, ast.expr) and node.lineno == location.line and self.location(node) == location:
                return node
        return around

    def _statement_at(self, location: Location) -> ast.stmt | None:
        """Return the innermost statement that a location lies in; of a class or function, its header only."""
        start, end = (location.line, location.column), (location.end_line, location.end_column)
        found: ast.stmt | None = None
        for node in self._statements_by_line.get(location.line, ()):
            where = self.header(node) if isinstance(node, Definition) else self.location(node)
            if (where.line, where.column) <= start and end <= (where.end_line, where.end_column):
                found = node
        return found

    @cached_property
    def _statements_by_line(self) -> dict[int, list[ast.stmt]]:
        """The statements that stand on each line, the outer ones first."""
        found: dict[int, list[ast.stmt]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt):
                last = node.lineno if isinstance(node, Definition) else node.end_lineno or node.lineno
                for line in range(node.lineno, last + 1):
                    found.setdefault(line, []).append(node)
        return found

    def _name_in(self, node: Definition) -> Location:
        """Return where a class or function statement says its name."""
        header = self.header(node)
        line = self.lines[header.line - 1]
        named = re.compile(rf"[^#]*?\b(?=(class|def)\b)\w+\s+(?P<name>{re.escape(node.name)})\b").match(
            line, header.column - 1
        )
        if named is None:
            return header
        return Location(self.shown, header.line, named.start("name") + 1, header.line, named.end("name") + 1)

    def header(self, node: Definition) -> Location:
        """Return where a class or function statement says its name: from the keyword, on that line only, to the colon."""
        line = self.lines[node.lineno - 1]
        start = self._column(node.lineno, node.col_offset)
        named = re.compile(rf"[^#]*?\b{re.escape(node.name)}").match(line, start - 1)
        ends = [self._column(node.lineno, end) for end in ends_on_its_line(node)]
        end = max([named.end() + 1 if named else start, *ends])
        closing = CLOSING.match(line, end - 1)
        assert closing, "the pattern matches the empty string, too"
        return Location(self.shown, node.lineno, start, node.lineno, closing.end() + 1)

    @cached_property
    def _classes(self) -> dict[str, list[ast.ClassDef]]:
        found: dict[str, list[ast.ClassDef]] = {}
        for qualname, node in named_classes(self.tree, ""):
            found.setdefault(qualname, []).append(node)
        return found

    @cached_property
    def _spans(self) -> dict[Span, ast.Call | ast.ClassDef]:
        return {
            Span(node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset): node
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Call, ast.ClassDef))
        }

    def _column(self, line: int, offset: int) -> int:
        """Return the column in characters, from 1, of a byte offset: `ast` counts UTF-8 bytes."""
        text = self.lines[line - 1]
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="ignore")) + 1


CLOSING = re.compile(r"[ \t]*(\((?=[ \t]*(#|\\?$)))?([ \t]*[,)\]])*")
"""What may stand on the line between the last name of a header and its colon."""


UNREADABLE = (OSError, SyntaxError, ValueError, LookupError, RecursionError, MemoryError)
"""What reading a file raises that is none, or none that Python can read."""


def read_source(path: Path, shown: str) -> SourceFile | None:
    """Return the parsed file, None where there is none, or none that Python can read."""
    try:
        return parse_source(path, shown)
    except UNREADABLE:
        return None


def parse_source(path: Path, shown: str) -> SourceFile:
    """Return the parsed file; raises one of UNREADABLE."""
    content = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    tree = syntax_tree(content)
    return SourceFile(tree, tuple(re.split(r"\r\n|\r|\n", content.decode(encoding))), shown)


def syntax_tree(content: bytes) -> ast.Module:
    """Parse a file of the user's. What Python warns of in it (an unknown escape sequence) is neither shown nor, under `-W error`, an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(content)


def declared_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that one statement of a class's body declares."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
        case ast.FunctionDef(name=name):
            yield name
        case _:
            return


def annotated_names(node: ast.ClassDef) -> frozenset[str]:
    """Return the names that a class's body annotates."""
    return frozenset(
        statement.target.id
        for statement in flattened(node.body)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    )


def extent(node: ast.stmt) -> tuple[int, int]:
    """Return a statement's first line (a decorator's, where there is one) and its last."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno


def expression(statement: ast.stmt) -> Node:
    """Return the call that a statement assigns (`Field(...)`), else the statement itself (`name: str`, `count: int = 0`)."""
    if isinstance(statement, (ast.AnnAssign, ast.Assign)) and isinstance(statement.value, ast.Call):
        return statement.value
    return statement


def keyword_values(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield the values of a keyword in the calls within `node`, or of that key in a dictionary (`sa_column_kwargs={"onupdate": ...}`), the outermost first."""
    for one in ast.walk(node):
        match one:
            case ast.Call(keywords=keywords):
                yield from (keyword.value for keyword in keywords if keyword.arg == name)
            case ast.Dict(keys=keys, values=values):
                yield from (
                    value
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and key.value == name
                )
            case _:
                pass


def assigned_values(statement: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    """Yield what a class's own body assigns to a name."""
    for one in statement.body:
        match one:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                yield value
            case _:
                pass


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: `Table` for `sa.Table(...)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def literal_strings(nodes: Iterable[ast.expr]) -> list[str]:
    """Return the string literals among `nodes`, in order."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def named_classes(scope: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in ast.iter_child_nodes(scope):
        match node:
            case ast.ClassDef(name=name):
                yield prefix + name, node
                yield from named_classes(node, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from named_classes(node, f"{prefix}{name}.<locals>.")
            case ast.expr():
                pass
            case _:
                yield from named_classes(node, prefix)


def flattened(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        match statement:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                pass
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=otherwise):
                yield from flattened(otherwise)
            case _ if hasattr(statement, "body") or isinstance(statement, ast.Match):
                yield from flattened(
                    inner
                    for child in ast.iter_child_nodes(statement)
                    for inner in (
                        getattr(child, "body", [])
                        if isinstance(child, (ast.excepthandler, ast.match_case))
                        else [child]
                    )
                    if isinstance(inner, ast.stmt)
                )


def ends_on_its_line(node: Definition) -> Iterator[int]:
    """Yield the byte offsets at which the expressions of a header end that end on its first line."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt) and child not in node.decorator_list:
            for part in ast.walk(child):
                if getattr(part, "end_lineno", None) == node.lineno:
                    yield part.end_col_offset  # type: ignore[attr-defined] # a node with one end has the other
