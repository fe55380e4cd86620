"""The Alembic history read from the syntax trees of its files: no revision is imported, and neither is Alembic.

Which files are revisions and what their declarations mean is Alembic's own reading (`alembic/script/base.py` and `revision.py`, 1.13
to 1.20), and tests compare with it. What only running a file would tell is left open, never guessed.
"""

import ast
import io
import os
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.alembic_settings import AlembicSettings
from schemalint.loaders.data_revisions import changes_rows_only
from schemalint.loaders.model_imports import Project, model_imports
from schemalint.subjects.history import Body, BrokenFile, History, Reference, Revision

SOURCE_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
SOURCE_OR_COMPILED_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)(c|o)?$")
LEGACY_ID = re.compile(r"([a-f0-9]+)\.py$")
"""A file that assigns no `revision` but has such a name is that revision (Alembic 0.1)."""

VERSION_COLUMN = (b"version_num", b"version_table_impl")
"""What a project must name to make the column wider in which Alembic keeps ids: the column, or the hook that makes its table."""

TEMPLATE_COMMENTS = ("###", "noqa", "type:", "pragma", "schemalint:", "pylint:", "fmt:", "ruff:")
"""How a comment begins that explains nothing."""


def load_history(config: Config, settings: AlembicSettings) -> History:
    """Return the history that stands in the version locations; a location that does not exist holds none, as for Alembic."""
    project = Project.of(config.root, settings)
    revisions: list[Revision] = []
    broken: list[BrokenFile] = []
    compiled: list[str] = []
    files: list[str] = []
    managed = names_version_column(settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of an escape sequence in the user's file
        for file in revision_files(settings):
            path = shown(file, config.root)
            if file.suffix != ".py":
                compiled.append(path)
                continue
            files.append(str(file))
            content = file.read_bytes()
            managed = managed or any(name in content for name in VERSION_COLUMN)
            match read_source(content, path):
                case BrokenFile() as failure:
                    broken.append(failure)
                case source:
                    revisions.append(read_revision(file, source, project))
    return History(tuple(revisions), tuple(broken), tuple(compiled), tuple(files), managed)


def revision_files(settings: AlembicSettings) -> Iterator[Path]:
    """Yield the files that Alembic loads as revisions, in its order, links resolved, each once."""
    seen: set[Path] = set()
    for location in settings.version_locations:
        for file in files_in(location, settings):
            file = file.resolve()
            if file not in seen and is_revision_file(file, settings.sourceless):
                yield file
            seen.add(file)


def files_in(location: Path, settings: AlembicSettings) -> Iterator[Path]:
    """Yield all files of a version location, as `Script._list_py_dir`."""
    for directory, below, names in os.walk(location):
        if directory.endswith("__pycache__"):
            continue
        here = Path(directory)
        yield from (here / name for name in sorted(names))
        if settings.sourceless and "__pycache__" in below:
            sources = {name.split(".")[0] for name in names}
            yield from sorted(one for one in (here / "__pycache__").iterdir() if one.name.split(".")[0] not in sources)
        if not settings.recursive_version_locations:
            break
        below.sort()


def is_revision_file(file: Path, sourceless: bool) -> bool:
    """Whether Alembic loads a file by its name; a compiled one only where its source is not beside it."""
    found = (SOURCE_OR_COMPILED_FILE if sourceless else SOURCE_FILE).match(file.name)
    if not found or file.suffix == ".py":
        return found is not None
    source = file.with_name(found[1])
    return not source.exists() and not (file.suffix == ".pyo" and source.with_suffix(".pyc").exists())


def shown(path: Path, root: Path) -> str:
    """Return a path from the root, absolute when it lies elsewhere."""
    for base in (root, root.resolve()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


def names_version_column(settings: AlembicSettings) -> bool:
    """Whether `env.py` or a module beside it names the column, in whatever it does with it."""
    contents = (file.read_bytes() for file in settings.script_location.glob("*.py") if file.is_file())
    return any(name in content for content in contents for name in VERSION_COLUMN)


class SourceFile(NamedTuple):
    """A file that was parsed: its path as it is shown, its lines and its tree."""

    path: str
    lines: list[str]
    tree: ast.Module

    def location(self, node: ast.expr | ast.stmt) -> Location:
        """Return where a node stands, columns in characters (the tree has bytes of UTF-8)."""
        end_line, end_offset = node.end_lineno or node.lineno, node.end_col_offset or 0
        return Location(
            self.path,
            node.lineno,
            self.column(node.lineno, node.col_offset),
            end_line,
            self.column(end_line, end_offset),
        )

    def column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        return 1 + (offset if text.isascii() else len(text.encode()[:offset].decode()))


def read_source(content: bytes, path: str) -> SourceFile | BrokenFile:
    """Return a file's syntax tree, or why Python does not take it and where."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        return undecodable(content, path, error)
    except SyntaxError as error:
        try:
            content.decode()
        except UnicodeDecodeError as position:
            return undecodable(content, path, position)
        return BrokenFile(Location(path, 1), error.msg)
    if "\0" in text:
        before = text[: text.index("\0")]
        line = before.count("\n") + 1
        return BrokenFile(Location(path, line, len(before) - before.rfind("\n")), "the file holds a null byte")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return BrokenFile(Location(path, error.lineno or 1, error.offset or 1), error.msg)
    except (MemoryError, RecursionError):
        return BrokenFile(Location(path, 1), "it is nested too deeply")
    return SourceFile(path, re.split(r"\r\n|\r|\n", text), tree)


def undecodable(content: bytes, path: str, error: UnicodeDecodeError) -> BrokenFile:
    before = content[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
    return BrokenFile(
        Location(path, before.count(b"\n") + 1, column),
        f"byte 0x{content[error.start]:02x} is not {error.encoding}, and the file declares no other encoding"
        if error.encoding == "utf-8"
        else f"byte 0x{content[error.start]:02x} is not {error.encoding}, which the file declares",
    )


def read_revision(file: Path, source: SourceFile, project: Project) -> Revision:
    """Return what a revision file declares."""
    bound: Names = {}
    bind(source.tree.body, bound)
    legacy = LEGACY_ID.match(file.name)
    stated = bound.get("revision")
    texts = {name: bound[name].texts for name in PLACES if name in bound}
    unknown = {name for name, found in texts.items() if found is None}
    revision_id = legacy[1] if legacy and not stated else None
    if stated and stated.is_one_string:
        ((revision_id, _),) = stated.texts or ()
    elif stated:
        unknown.add("revision")
    return Revision(
        path=source.path,
        id=revision_id,
        stated=source.location(stated.node) if stated else Location(source.path, 1),
        references=tuple(
            Reference(kind, text, source.location(node))
            for kind in REFERENCES
            for text, node in texts.get(kind) or ()
            if text or kind == "down_revision"
        ),
        branch_labels=tuple(text for text, _ in texts.get("branch_labels") or ()),
        upgrade=body_of(bound.get("upgrade"), source),
        downgrade=body_of(bound.get("downgrade"), source),
        changes_rows_only=changes_rows_only(source.tree),
        model_imports=tuple(model_imports(source.tree, source.location, project)),
        parts={name: source.location(bound[name].node) for name in (*PLACES, "upgrade", "downgrade") if name in bound},
        unknown=frozenset(unknown),
    )


REFERENCES: tuple[Literal["down_revision"], Literal["depends_on"]] = ("down_revision", "depends_on")
PLACES = ("revision", *REFERENCES, "branch_labels")


class Bound(NamedTuple):
    """What a name is bound to at the end of a module: the node, and the strings in it, None where only running would tell.

    `None` and `()` hold no strings; each string comes with the node that says it.
    """

    node: ast.expr | ast.stmt
    texts: tuple[tuple[str, ast.expr], ...] | None = None
    is_one_string: bool = False


Names: TypeAlias = dict[str, Bound]


def bind(statements: Iterable[ast.stmt], names: Names) -> None:
    """Add to `names` what the statements of a module bind; where branches disagree, nobody knows."""
    for statement in statements:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    bind_target(target, value, names)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names[name] = evaluate(value, names)
            case ast.If(body=body, orelse=orelse):
                join(statement, names, branch(names, body), branch(names, orelse))
            case ast.Try() | ast.TryStar():
                rescues = [branch(names, handler.body) for handler in statement.handlers]
                join(statement, names, branch(names, [*statement.body, *statement.orelse]), *rescues)
                bind(statement.finalbody, names)
            case ast.For() | ast.AsyncFor() | ast.While():
                bind_unknown(statement, names)
                join(statement, names, names, branch(names, [*statement.body, *statement.orelse]))
            case ast.With() | ast.AsyncWith():
                bind_unknown(statement, names)
                bind(statement.body, names)
            case ast.Match(cases=cases):
                join(statement, names, names, *(branch(names, one.body) for one in cases))
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                for name in (*PLACES, "upgrade", "downgrade"):
                    names.setdefault(name, Bound(statement))
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                for alias in aliases:
                    names[(alias.asname or alias.name).partition(".")[0]] = Bound(statement)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names[name] = Bound(statement)
            case ast.AugAssign() | ast.Delete():
                bind_unknown(statement, names)
            case _:
                pass


def bind_target(target: ast.expr, value: ast.expr, names: Names) -> None:
    match target, value:
        case ast.Name(id=name), _:
            names[name] = evaluate(value, names)
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=values) | ast.List(elts=values))) if (
            len(targets) == len(values)
        ):
            for one, given in zip(targets, values, strict=True):
                bind_target(one, given, names)
        case _:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    names[node.id] = Bound(value)


def bind_unknown(
    statement: ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.stmt, names: Names
) -> None:
    """Bind every name that the statement itself assigns or deletes, its blocks aside, to what nobody knows."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            for node in ast.walk(child):
                if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                    names[node.id] = Bound(statement)


def branch(names: Names, statements: Iterable[ast.stmt]) -> Names:
    inside = dict(names)
    bind(statements, inside)
    return inside


def join(statement: ast.stmt, names: Names, *branches: Names) -> None:
    """Make `names` what it is after one of `branches` of a statement, whichever."""
    for name in dict.fromkeys(name for one in branches for name in one):
        first, *others = [one.get(name) for one in branches]
        agreed = first is not None and all(way is first or (way and same(way, first)) for way in others)
        names[name] = first if first and agreed else Bound(statement)


def same(one: Bound, other: Bound) -> bool:
    """Whether two bindings hold the same strings, wherever they are written."""
    if one.texts is None or other.texts is None:
        return False
    return [text for text, _ in one.texts] == [
        text for text, _ in other.texts
    ] and one.is_one_string == other.is_one_string


def evaluate(value: ast.expr, names: Names) -> Bound:
    """Return what an expression of strings says; anything that must be run is unknown."""
    match value:
        case ast.Constant(value=str(text)):
            return Bound(value, ((text, value),), is_one_string=True)
        case ast.Constant(value=None):
            return Bound(value, ())
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            parts = [evaluate(one, names) for one in elements]
            if all(part.is_one_string for part in parts):
                return Bound(value, tuple(text for part in parts for text in part.texts or ()))
            return Bound(value, () if all(part.texts == () for part in parts) and len(parts) == 1 else None)
        case ast.Name(id=name) if name in names and isinstance(names[name].node, ast.expr):
            known = names[name]
            texts = None if known.texts is None else tuple((text, value) for text, _ in known.texts)
            return Bound(value, texts, known.is_one_string)
        case _:
            return Bound(value)


def body_of(bound: Bound | None, source: SourceFile) -> Body:
    """Return what `upgrade` or `downgrade` does, as far as a reader of the file can say."""
    if bound is None:
        return "absent"
    function = bound.node
    if not isinstance(function, ast.FunctionDef) or not all(does_nothing(one) for one in function.body):
        return "written"
    docstring = ast.get_docstring(function)
    own_words = docstring is not None and not is_of_a_template(docstring, function.name)
    if function.name == "upgrade":
        own_words = own_words or not SAYS_EMPTY.isdisjoint(words_of(ast.get_docstring(source.tree) or ""))
    return "explained" if own_words or any(is_explanation(one) for one in comments_in(function, source)) else "empty"


def is_of_a_template(docstring: str, name: str) -> bool:
    """Whether a docstring says no more than the function's name: "Upgrade schema.", "Downgrade database schema.".

    That of a `downgrade` may be longer and repeat what the revision is about ("Unapply the index of runs."), unless it says that it does nothing.
    """
    words = words_of(docstring)
    if not words or (words[0] in ("upgrade", "downgrade") and len(words) <= 4 and REFUSALS.isdisjoint(words)):
        return True
    return name == "downgrade" and words[0] in TAKES_BACK and REFUSALS.isdisjoint(words)


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.lower())


SAYS_EMPTY = frozenset(("dummy", "empty", "no-op", "noop", "placeholder"))
"""Words in a revision's own message which say that it does nothing on purpose."""
TAKES_BACK = ("downgrade", "drop", "remove", "revert", "reverse", "roll", "rollback", "unapply", "undo")
REFUSALS = frozenset(
    ("can't", "cannot", "impossible", "intentionally", "irreversible", "keep", "leave", "never", "no", "no-op", "noop", "not", "nothing", "pass", "skip", "skipped", "unsupported")
)  # fmt: skip
"""Words with which an author says that a function does nothing on purpose."""


def does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False


def comments_in(function: ast.FunctionDef, source: SourceFile) -> Iterator[str]:
    """Yield the comments of a function that has no strings but docstrings, also those below its last statement."""
    indented = " " * (function.col_offset + 1)
    body = source.lines[function.lineno - 1 : function.end_lineno]
    below = takewhile(
        lambda line: not line.strip() or line.expandtabs().startswith(indented),
        source.lines[function.end_lineno or 0 :],
    )
    for line in (*body, *below):
        if "#" in line:
            yield line.partition("#")[2].strip()


def is_explanation(comment: str) -> bool:
    return bool(comment) and not comment.startswith(TEMPLATE_COMMENTS)
