"""The models' source files, found without importing anything, made a Source."""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.alembic_settings import AlembicSettings, spec_of_installed
from schemalint.loaders.classes import Classes, read_module, top_level
from schemalint.loaders.create_all import functions_used, has_revisions, is_application
from schemalint.loaders.models import NOT_MODELS, named_places, submodules
from schemalint.loaders.places import Places, Project
from schemalint.loaders.source_index import UNREADABLE, parse_source, read_source
from schemalint.loaders.user_code import alembic_of, collector_off, named, search_path
from schemalint.subjects.imports import cycles, modules_named
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import ModelClass, Module, Source

CREATES = b"create_all"
"""What a file has that creates tables."""

DECLARES = re.compile(rb"\btable\s*=\s*True|__tablename__|__table__|\b(?:primary|foreign)_key\s*=")
"""What a file has that declares a table, or was meant to."""


@collector_off()
def load_source(config: Config, schema: Schema | None) -> Source:
    """Read the files that declare the models; `schema` is what importing them came to, None where nothing could be imported.

    Where everything was imported, these are the files that the schema names, and those of the same packages that declare tables; else also what
    the modules that `models` names, or `env.py`, import, as their source says.
    """
    settings = alembic_of(config)
    places = schema.locate if schema and isinstance(schema.locate, Places) else None
    project = places.project if places else Project(config.root, named=tuple(named_places(config)))
    modules = Modules(project, tuple(search_path(config, settings)), places)
    is_whole = schema is not None and schema.is_whole
    reached: list[Module] = list(modules.of_files(schema.files)) if schema else []
    others: list[Module] = []
    entries = list(modules.entries(config, settings))
    files = list(modules.files_in({name.partition(".")[0] for name in (*(one.name for one in reached), *entries)}))
    if is_whole:
        for module in modules.declaring(files):
            (reached if module.imported else others).append(module)
        if others and config.models:
            # What `env.py` imports is in the metadata that Alembic compares with, whatever `models` names.
            by_env = {one.name for one in modules.imported_from(modules.named_by_env(settings))}
            others = [one for one in others if one.name not in by_env]
        # How a circle of imports ends depends on every module on the way.
        modules.imported_from(name for circle in cycles(reached, modules.seen) for name in circle)
    else:
        reached += modules.imported_from(entries)
        modules.declaring(files)  # what else declares tables is known from then on: names are looked up in it
    creating = modules.creating(files) if has_revisions(settings) else {}
    classes = Classes(modules)
    judged = sorted(dict.fromkeys(reached), key=lambda one: one.name)
    found = {one: [*own(classes.of(one), config)] for one in [*judged, *others]}
    read = modules.seen
    return Source(
        modules=tuple(judged),
        classes=tuple(class_ for one in judged for class_ in found[one]),
        known=read,
        of={one.full_name: one for module in list(read.values()) for one in classes.of(module)},
        unreached=tuple(class_ for one in others for class_ in found[one] if class_.makes_table),
        is_whole=is_whole,
        failures=tuple(modules.failures.values()),
        creating=creating,
        external=config.external_tables,
    )


def own(classes: Iterable[ModelClass], config: Config) -> Iterator[ModelClass]:
    """Yield the classes but those of tables that another system owns."""
    for one in classes:
        names = {one.tablename, one.tablename.rpartition(".")[2]} - {""}
        if not any(fnmatchcase(name, pattern) for name in names for pattern in config.external_tables):
            yield one


@dataclass(frozen=True, eq=False)
class Modules(Mapping[str, Module]):
    """The project's own modules by name, each found and read when it is asked for; nothing is imported."""

    project: Project
    search: tuple[str, ...]
    places: Places | None = None
    read: dict[str, Module | None] = field(default_factory=dict)
    failures: dict[str, SchemalintError] = field(default_factory=dict)
    _homes: "dict[str, Home | None]" = field(default_factory=dict)

    def __getitem__(self, name: str) -> Module:
        if name not in self.read:
            self.read[name] = self._find(name)
        if (module := self.read[name]) is None:
            raise KeyError(name)
        return module

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.seen)

    def __len__(self) -> int:
        return len(self.seen)

    @property
    def seen(self) -> dict[str, Module]:
        """The modules that were read so far."""
        return {name: module for name, module in self.read.items() if module}

    @cached_property
    def imported(self) -> dict[str, str]:
        """The names under which Python has modules, by their real files."""
        below = (str(self.project.root), os.path.realpath(self.project.root), *map(str, self.project.named))
        return {
            os.path.realpath(file): name
            for name, module in list(sys.modules.items())
            # A process has thousands of modules: most are not looked at closely.
            if name != "__main__"
            and isinstance(file := getattr(module, "__file__", None), str)
            and file.startswith(below)
        }

    def of_files(self, files: Iterable[str]) -> Iterator[Module]:
        """Yield the modules that are files of the project, imported or not."""
        for file in files:
            if module := self._read(self.imported.get(os.path.realpath(file)) or self._name_by_path(file), file):
                yield module

    def entries(self, config: Config, settings: AlembicSettings | None) -> Iterator[str]:
        """Yield the modules where importing begins: what `models` names, with all below a package, else what `env.py` imports."""
        for entry in config.models:
            name, _, attribute = entry.partition(":")
            yield from [name] if attribute else self._tree(name)
        if not config.models:
            yield from self.named_by_env(settings)

    def named_by_env(self, settings: AlembicSettings | None) -> Iterator[str]:
        """Yield the modules that `env.py` imports, also in functions."""
        env = read_source(settings.env, self.project.shown(str(settings.env))) if settings else None
        for node in ast.walk(env.tree) if env else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from modules_named(node, "env", False)

    def imported_from(self, entries: Iterable[str]) -> list[Module]:
        """Return the modules that importing `entries` imports, also through others, with the packages that they lie in."""
        reached: dict[str, Module] = {}
        seen: set[str] = set()
        waiting = list(entries)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if parent := name.rpartition(".")[0]:
                waiting.append(parent)
            if (module := self.get(name)) is None:
                continue
            reached[name] = module
            for statement, for_typing in top_level(module.tree.body):
                if isinstance(statement, (ast.Import, ast.ImportFrom)) and not for_typing:
                    waiting += modules_named(statement, name, module.is_package)
        return list(reached.values())

    def files_in(self, packages: Iterable[str]) -> Iterator[tuple[str, Path, bytes]]:
        """Yield the modules in these top-level packages, imported or not, with their files and what these hold."""
        for package in sorted(packages):
            yield from ((name, file, file.read_bytes()) for name, file in self._files_of(package))

    def declaring(self, files: Iterable[tuple[str, Path, bytes]]) -> list[Module]:
        """Read the modules among these whose files look as if they declared tables, and return them."""
        read = (self._aside(name, file) for name, file, text in files if DECLARES.search(text))
        return [module for module in read if module]

    def creating(self, files: Iterable[tuple[str, Path, bytes]]) -> dict[Module, frozenset[str]]:
        """Return the modules of the application that say `create_all`, each with those of its functions that are used in it."""
        application = [one for one in files if is_application(one[0])]
        texts = [text for _, _, text in application]
        saying = (self._aside(name, file) for name, file, text in application if CREATES in text)
        return {module: functions_used(module, texts) for module in saying if module}

    def _aside(self, name: str, file: Path) -> Module | None:
        """Return the module in a file of the project that nothing may import: whatever is wrong with it keeps no model from being looked at."""
        shown = self.project.shown(str(file))
        is_told = shown in self.failures
        module = self._read(self.imported.get(os.path.realpath(file)) or name, str(file))
        if module is None and not is_told:
            self.failures.pop(shown, None)
        return module

    def _files_of(self, name: str) -> Iterator[tuple[str, Path]]:
        """Yield the files of a top-level module or package of the project, with the names of the modules."""
        home = self._home(name)
        for directory in map(Path, home.directories if home else ()):
            if self.project.is_own(str(directory / "__init__.py")):
                yield from files_below(name, directory)
        if home and home.file and not home.directories:
            yield name, Path(home.file)

    def _tree(self, name: str) -> Iterator[str]:
        yield name
        home = self._home(name)
        package = ModuleType(name)
        package.__path__ = list(home.directories) if home else []
        for child in submodules(package):
            yield from self._tree(child)

    def _find(self, name: str) -> Module | None:
        home = self._home(name)
        return self._module(name, home.file) if home and home.file else None

    def _read(self, name: str, file: str) -> Module | None:
        if name not in self.read:
            self.read[name] = self._module(name, file)
        return self.read[name]

    def _module(self, name: str, file: str) -> Module | None:
        if not self.project.is_own(file):
            return None
        path, shown = Path(self.project.absolute(file)), self.project.shown(file)
        # What was read to say where something stands is not read again.
        source = self.places.source(str(path)) if self.places else None
        try:
            source = source or parse_source(path, shown)
        except UNREADABLE as error:
            self.failures.setdefault(shown, unreadable(error, shown))
            return None
        imported = self.imported.get(os.path.realpath(file)) == name
        return read_module(source, name, str(path), is_package=path.name == "__init__.py", imported=imported)

    def _home(self, name: str) -> "Home | None":
        """Find a module or package, without importing the packages that it lies in."""
        if name not in self._homes:
            parent, _, last = name.rpartition(".")
            if parent:
                above = self._home(parent)
                # By its last name only: of a dotted one, a directory without `__init__.py` is looked up in `sys.modules`.
                spec = PathFinder.find_spec(last, list(above.directories)) if above and above.directories else None
            else:
                spec = PathFinder.find_spec(name, list(self.search)) or spec_of_installed(name)
            self._homes[name] = home_at(spec) if spec else None
        return self._homes[name]

    def _name_by_path(self, file: str) -> str:
        """Return the name that a file is imported by: from the innermost directory of `sys.path` that it lies in."""
        path = Path(file)
        around = (one for one in map(Path, self.search) if path.is_relative_to(one))
        innermost = max(around, key=lambda one: len(one.parts), default=path.parent)
        parts = path.relative_to(innermost).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Home(NamedTuple):
    """Where a module stands: its Python file, empty where it has none, and where its submodules are."""

    file: str
    directories: tuple[str, ...]


def home_at(spec: ModuleSpec) -> Home:
    file = spec.origin if spec.has_location and spec.origin and spec.origin.endswith(".py") else ""
    return Home(file, tuple(spec.submodule_search_locations or ()))


def files_below(package: str, directory: Path) -> Iterator[tuple[str, Path]]:
    """Yield the Python files in a package's directory with their modules' names, without tests and migrations."""
    if not directory.is_dir() or (directory / "script.py.mako").exists():
        return
    for path in sorted(directory.iterdir()):
        if not path.stem.isidentifier() or path.stem in NOT_MODELS or is_test(path.stem):
            continue
        if path.is_dir():
            yield from files_below(f"{package}.{path.name}", path)
        elif path.suffix == ".py":
            yield (package if path.stem == "__init__" else f"{package}.{path.stem}"), path


def is_test(stem: str) -> bool:
    return stem in ("conftest", "test") or stem.startswith("test_") or stem.endswith(("_test", "_tests"))


def unreadable(error: Exception, shown: str) -> SchemalintError:
    """Return in a sentence that Python cannot read a file."""
    line = max(0, getattr(error, "lineno", 0) or 0)
    at = UserLine(shown, line, max(0, getattr(error, "offset", 0) or 0) if line else 0)
    return SchemalintError(f"{named(error)}; the models in this file are not looked at", at=at)
