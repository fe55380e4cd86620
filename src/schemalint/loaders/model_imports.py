"""Finds, in the source alone, which of a revision file's imports fetch models of the application.

A model is a class that is mapped to a table, the declarative base of such classes, or a Core table. Enums, column types and
helpers are none: revisions need them. A name is followed to where it is defined; what cannot be followed is no model.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from schemalint.finding import Location
from schemalint.loaders.alembic_settings import AlembicSettings
from schemalint.subjects.history import ModelImport

DECLARATIVE_BASES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
BASE_MAKERS = frozenset({"declarative_base", "automap_base", "generate_base"})
MAPPING_DECORATORS = frozenset({"mapped", "mapped_as_dataclass"})
NOT_THE_PROJECT = frozenset({"site-packages", "dist-packages", "node_modules"})


class Origin(NamedTuple):
    """What a name is imported from: `name` of a module, or with an empty name the module itself."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project: what its top level binds names to, and the modules that it imports everything from."""

    name: str
    is_package: bool
    names: dict[str, ast.ClassDef | ast.expr | Origin]
    stars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """The modules that can be imported from inside `root`, the migrations themselves left out."""

    root: Path
    search: tuple[Path, ...]
    migrations: tuple[Path, ...]
    found: dict[str, Module | None] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, settings: AlembicSettings) -> "Project":
        """Return the project whose modules revision files import when Alembic runs them."""
        directories = [Path(one) for one in settings.prepend_sys_path]
        directories += [base / below for base in (settings.directory, root) for below in ("", "src")]
        directories += [Path(one) for one in sys.path if one]
        inside = [one for one in directories if one.is_relative_to(root) and not NOT_THE_PROJECT & {*one.parts}]
        migrations = (settings.script_location, *settings.version_locations)
        return cls(root, tuple(dict.fromkeys(inside)), tuple(one for one in migrations if one not in inside))

    def module(self, name: str) -> Module | None:
        """Return a module by its dotted name; None for what is not the project's or cannot be read."""
        if name not in self.found:
            self.found[name] = self.read(name) if "." not in name or self.module(name.rpartition(".")[0]) else None
        return self.found[name]

    def read(self, name: str) -> Module | None:
        inside = Path(*name.split("."))
        namespace = None
        for directory in self.search:
            package = directory / inside
            if any(package.is_relative_to(one) for one in self.migrations):
                continue
            for file in (package / "__init__.py", package.with_name(f"{package.name}.py")):
                if file.is_file():
                    return read_module(file, name, file.name == "__init__.py")
            if package.is_dir():
                namespace = Module(name, True, {})
        return namespace

    def is_model(self, module: Module, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> bool:
        """Whether `name` in `module` is a mapped class, a declarative base or a Core table."""
        match self.definition(module, name, seen):
            case (home, ast.ClassDef() as definition):
                return states_a_table(definition) or self.inherits_a_mapping(
                    home, definition, seen | {(module.name, name)}
                )
            case (_, ast.Call(func=function)):
                return last_name(function) == "Table" or last_name(function) in BASE_MAKERS
            case _:
                return False

    def definition(
        self, module: Module, name: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> tuple[Module, ast.ClassDef | ast.expr] | None:
        """Return what a name means and in which module that stands, imports followed; None where it gets lost."""
        if (module.name, name) in seen:
            return None
        seen |= {(module.name, name)}
        match module.names.get(name):
            case ast.Name(id=other):
                return self.definition(module, other, seen)
            case Origin(module=origin, name=original):
                home = self.module(origin) if original else None
                return self.definition(home, original, seen) if home else None
            case None:
                homes = (self.module(star) for star in module.stars)
                return next((found for home in homes if home and (found := self.definition(home, name, seen))), None)
            case found:
                return module, found

    def inherits_a_mapping(self, module: Module, definition: ast.ClassDef, seen: frozenset[tuple[str, str]]) -> bool:
        """Whether a class derives from a declarative base (SQLModel's `table=True` is not inherited)."""
        for base in definition.bases:
            match base:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in DECLARATIVE_BASES:
                    return True
                case ast.Attribute(attr="Model"):  # Flask-SQLAlchemy
                    return True
                case ast.Name(id=name):
                    match self.definition(module, name, seen):
                        case (home, ast.ClassDef() as above) if above is not definition:
                            if self.inherits_a_mapping(home, above, seen | {(module.name, name)}):
                                return True
                        case (_, ast.Call(func=function)) if last_name(function) in BASE_MAKERS:
                            return True
                        case _:
                            pass
                case _:
                    pass
        return False


def states_a_table(definition: ast.ClassDef) -> bool:
    """Whether a class itself says that it is a table."""
    if any(
        one.arg == "table" and isinstance(one.value, ast.Constant) and one.value.value for one in definition.keywords
    ):
        return True
    if any(last_name(one) in MAPPING_DECORATORS for one in definition.decorator_list):
        return True
    targets = (
        target
        for one in definition.body
        for target in (
            one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        )
    )
    return any(isinstance(one, ast.Name) and one.id in ("__tablename__", "__table__") for one in targets)


def last_name(node: ast.expr) -> str:
    """Return the last name of what is called or read: `Table` of `sa.Table(...)`."""
    match node:
        case ast.Call(func=function):
            return last_name(function)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def read_module(file: Path, name: str, is_package: bool) -> Module | None:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: dict[str, ast.ClassDef | ast.expr | Origin] = {}
    stars: list[str] = []
    for statement in statements_of(tree.body, into_functions=False):
        match statement:
            case ast.ClassDef():
                names[statement.name] = statement
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                names[target] = value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                names[target] = value
            case ast.ImportFrom():
                origin = absolute_name(statement, name, is_package)
                for alias in statement.names:
                    if alias.name == "*":
                        stars.append(origin)
                    else:
                        names[alias.asname or alias.name] = Origin(origin, alias.name)
            case _:
                pass
    return Module(name, is_package, names, tuple(stars))


def absolute_name(statement: ast.ImportFrom, module: str, is_package: bool) -> str:
    """Return the dotted name of the module that `from ... import` in `module` reads."""
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - statement.level + is_package]
    return ".".join([*kept, *filter(None, [statement.module])])


def statements_of(statements: Iterable[ast.stmt], into_functions: bool) -> Iterator[ast.stmt]:
    """Yield statements and those in their blocks; blocks for type checkers only are skipped."""
    for statement in statements:
        yield statement
        match statement:
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=orelse):
                yield from statements_of(orelse, into_functions)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if into_functions:
                    yield from statements_of(statement.body, into_functions)
            case ast.Match(cases=cases):
                for one in cases:
                    yield from statements_of(one.body, into_functions)
            case ast.Try() | ast.TryStar():
                rescues = [inside for one in statement.handlers for inside in one.body]
                blocks = [*statement.body, *statement.orelse, *rescues, *statement.finalbody]
                yield from statements_of(blocks, into_functions)
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
                yield from statements_of([*statement.body, *statement.orelse], into_functions)
            case ast.With() | ast.AsyncWith():
                yield from statements_of(statement.body, into_functions)
            case _:
                pass


def model_imports(tree: ast.Module, locate: Callable[[ast.stmt], Location], project: Project) -> Iterator[ModelImport]:
    """Yield each import statement of a revision file that fetches models, with their full names."""
    for statement in statements_of(tree.body, into_functions=True):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            names = tuple(dict.fromkeys(models_fetched(statement, tree, project)))
            if names:
                yield ModelImport(names, locate(statement))


def models_fetched(statement: ast.Import | ast.ImportFrom, tree: ast.Module, project: Project) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            top = alias.name.partition(".")[0]
            if project.module(top):
                yield from models_read(alias.asname or top, alias.name if alias.asname else top, tree, project)
        return
    module = None if statement.level else project.module(statement.module or "")
    if module is None:
        return
    for alias in statement.names:
        dotted = f"{module.name}.{alias.name}"
        if alias.name == "*":
            used = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
            yield from (f"{module.name}.{name}" for name in used if project.is_model(module, name))
        elif project.is_model(module, alias.name):
            yield dotted
        elif project.module(dotted):
            yield from models_read(alias.asname or alias.name, dotted, tree, project)


def models_read(alias: str, module: str, tree: ast.Module, project: Project) -> Iterator[str]:
    """Yield the models that the file reads as attributes of a module it knows as `alias`: `models.User`."""
    for node in ast.walk(tree):
        names = dotted_names(node) if isinstance(node, ast.Attribute) else []
        if names and names[0] == alias:
            home = module
            for name in names[1:]:
                known = project.module(home)
                if known and project.is_model(known, name):
                    yield f"{home}.{name}"
                home = f"{home}.{name}"


def dotted_names(node: ast.expr) -> list[str]:
    """Return the names of `a.b.c`, nothing for what does not begin with a name."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=name):
            before = dotted_names(value)
            return [*before, name] if before else []
        case _:
            return []
