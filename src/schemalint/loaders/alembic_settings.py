"""Where the project's Alembic stands: `alembic.ini` and `[tool.alembic]` read as Alembic reads them, without importing it.

Importing alembic costs a fifth of a second, which a run without server rules does not have. The meaning is that of
`alembic.config.Config` and `alembic.script.ScriptDirectory.from_config`, 1.13 to 1.20; tests compare with both.
"""

import configparser
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any, NoReturn

from schemalint.config import Config, read_toml
from schemalint.errors import SchemalintError, UserLine

SEPARATORS: Mapping[str, str] = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
"""What `path_separator` and, before Alembic 1.16, `version_path_separator` can be."""

NOT_PROJECTS = frozenset({"build", "dist", "node_modules", "site-packages", "venv"})
"""Directories in which an `alembic.ini` is a copy of somebody's."""

NOT_ALEMBIC = re.compile(r"(loggers|handlers|formatters|post_write_hooks|(logger|handler|formatter)_.*)$")
"""Sections of an ini file that configure logging and hooks."""


@dataclass(frozen=True, slots=True)
class AlembicSettings:
    """One Alembic environment; every path is absolute.

    `file` is the one that names `script_location`; `ini` and `toml` are what `alembic.config.Config(file_, toml_file)` takes, None
    where there is none; `section` is its `ini_section`. `directory` is where the user runs `alembic`: relative paths start there.
    `prepend_sys_path` is as Alembic would put it on `sys.path`, made absolute.
    """

    file: Path
    ini: Path | None
    toml: Path | None
    section: str
    directory: Path
    script_location: Path
    version_locations: tuple[Path, ...]
    prepend_sys_path: tuple[str, ...] = ()
    recursive_version_locations: bool = False
    sourceless: bool = False

    @property
    def env(self) -> Path:
        """The project's `env.py`."""
        return self.script_location / "env.py"


def find_alembic(config: Config) -> AlembicSettings | None:
    """Return the settings of the project's Alembic environment, None where there is none.

    `config.alembic` decides (`path` or `path:section`); else the root's `alembic.ini`, the root's `[tool.alembic]`, or the one
    `alembic.ini` in a directory directly under the root. Raises SchemalintError for what cannot be read or chosen.
    """
    file, section = named_file(config) if config.alembic else (found_file(config.root), "")
    return read_settings(file, section, config.root) if file else None


def named_file(config: Config) -> tuple[Path, str]:
    """Return the file and the section (empty: not named) that `config.alembic` says."""
    whole = config.root / config.alembic
    if whole.is_file():
        return whole, ""
    name, _, section = config.alembic.rpartition(":")
    if name and (config.root / name).is_file():
        return config.root / name, section
    raise SchemalintError(f"there is no {name or config.alembic}, which [tool.schemalint] alembic (or --alembic) names")


def found_file(root: Path) -> Path | None:
    if (root / "alembic.ini").is_file():
        return root / "alembic.ini"
    if toml_table(root / "pyproject.toml"):
        return root / "pyproject.toml"
    below = list(inis_below(root))
    if len(below) > 1:
        names = ", ".join(file.relative_to(root).as_posix() for file in below)
        raise SchemalintError(
            f"there are several Alembic environments: {names}; say which one is meant, "
            f'such as alembic = "{below[0].relative_to(root).as_posix()}" in [tool.schemalint]'
        )
    return below[0] if below else None


def inis_below(root: Path) -> Iterator[Path]:
    for directory in sorted(path for path in root.iterdir() if path.is_dir()):
        hidden = directory.name.startswith(".") or directory.name in NOT_PROJECTS
        if not hidden and not (directory / "pyvenv.cfg").exists() and (directory / "alembic.ini").is_file():
            yield directory / "alembic.ini"


def toml_table(path: Path) -> dict[str, Any]:
    """Return `[tool.alembic]` of a pyproject.toml, empty where there is none (Alembic knows it from 1.16)."""
    table = read_toml(path).get("tool", {}).get("alembic", {})
    return table if isinstance(table, dict) else {}


def read_settings(file: Path, section: str, root: Path) -> AlembicSettings:
    """Return the settings that `file` holds; what an ini file leaves out is looked up in `[tool.alembic]`, as Alembic does."""
    file = file.absolute()
    if file.name == "pyproject.toml":
        inis, tomls = [file.with_name("alembic.ini")], [file]
    else:
        inis, tomls = [file], [file.with_name("pyproject.toml"), root / "pyproject.toml"]
    ini = next((one for one in inis if one.is_file()), None)
    toml = next((one for one in tomls if toml_table(one)), None)
    options = Options.read(ini, toml, section, root)
    script_location = options.text("script_location")
    if not script_location:
        options.fail("script_location", f"no script_location is set{options.advice()}")

    directories = working_directories(file.parent, root)
    places = [(one, options.search_path(one)) for one in directories]
    sourceless = options.flag("sourceless")
    for directory, search in places:
        script = locate(script_location, directory, search)
        if script is not None and (script / "env.py").is_file():
            break
    else:
        directory, search = places[0]
        script = locate(script_location, directory, search)
        if script is None:
            package = script_location.partition(":")[0]
            options.fail("script_location", f"script_location is {script_location}, but there is no package {package}")
        if not script.is_dir():
            options.fail("script_location", f"script_location is {script_location}, but there is no directory {script}")
        if not sourceless:
            options.fail("script_location", f"script_location is {script_location}, but {script} has no env.py")

    locations = options.paths("version_locations", "path_separator", "version_path_separator")
    versions = (locate(one, directory, search) for one in locations)
    return AlembicSettings(
        file=options.file_of("script_location") or file,
        ini=options.ini,
        toml=options.toml,
        section=options.section,
        directory=directory,
        script_location=script,
        version_locations=tuple(one for one in versions if one is not None) if locations else (script / "versions",),
        prepend_sys_path=tuple(absolute(one, directory) for one in options.prepended()),
        recursive_version_locations=options.flag("recursive_version_locations"),
        sourceless=sourceless,
    )


def working_directories(here: Path, root: Path) -> list[Path]:
    """Return the directories that the user may run `alembic` in, the likeliest first: relative paths start there.

    It is the configuration's own directory, except for an ini file that stands beside `env.py`: `alembic -c migrations/alembic.ini`.
    """
    likely = [root, here] if (here / "env.py").is_file() else [here, root]
    return list(dict.fromkeys(likely))


def absolute(path: str, directory: Path) -> str:
    return os.path.normpath(directory / path)


def locate(text: str, directory: Path, search: Sequence[str]) -> Path | None:
    """Return the directory that a `script_location` or a version location means; None for a package that is not there.

    As `alembic.util.pyfiles.coerce_resource_to_filename`: what has a colon and is not absolute is `package:directory`.
    """
    if Path(text).is_absolute() or ":" not in text:
        return Path(absolute(text, directory))
    package, *inside = text.split(":")
    found = find_package(package, search)
    return None if found is None else Path(os.path.normpath(found.joinpath(*inside)))


def find_package(name: str, search: Sequence[str]) -> Path | None:
    """Return the directory of a package, which is not imported (`find_spec` of a dotted name would import its parents)."""
    path: Iterable[str] = search
    spec: ModuleSpec | None = None
    dotted = ""
    for part in name.split("."):
        dotted = f"{dotted}.{part}" if dotted else part
        spec = PathFinder.find_spec(dotted, list(path)) or (spec_of_installed(part) if dotted == part else None)
        if spec is None or spec.submodule_search_locations is None:
            return None
        path = spec.submodule_search_locations
    return next((Path(one) for one in path), None)


def spec_of_installed(name: str) -> ModuleSpec | None:
    """Return what the interpreter's own finders know: an editable installation may have put one there."""
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):  # ValueError: a module in sys.modules that has no spec, such as __main__
        return None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one ini section on top of those of `[tool.alembic]`."""

    ini: Path | None
    toml: Path | None
    section: str
    root: Path
    in_ini: configparser.ConfigParser
    in_toml: Mapping[str, Any]

    @classmethod
    def read(cls, ini: Path | None, toml: Path | None, section: str, root: Path) -> "Options":
        """Read both files; raises SchemalintError with the line for an ini file that configparser does not take."""
        parser = configparser.ConfigParser({"here": ini.parent.as_posix()} if ini else None)
        if ini:
            read_ini(parser, ini, root)
        table = toml_table(toml) if toml else {}
        if section and not parser.has_section(section):
            where = shown(ini, root) if ini else "alembic.ini"
            raise SchemalintError(f"{where} has no section [{section}], which [tool.schemalint] alembic names")
        options = cls(ini, toml, section or "alembic", root, parser, table)
        return options if section or options.raw("script_location") else options.of_the_only_section()

    def of_the_only_section(self) -> "Options":
        """Return the options of the one section that names a `script_location`, when `[alembic]` does not.

        Several sections that name the same scripts (databases of several stages) are one environment.
        """
        found: dict[tuple[str | None, str | None], str] = {}
        for section in self.script_sections():
            one = self.of(section)
            found.setdefault((one.text("script_location"), one.text("version_locations")), section)
        return self.of(next(iter(found.values()))) if len(found) == 1 else self

    def of(self, section: str) -> "Options":
        return Options(self.ini, self.toml, section, self.root, self.in_ini, self.in_toml)

    def script_sections(self) -> list[str]:
        return [
            name
            for name in self.in_ini.sections()
            if not NOT_ALEMBIC.match(name) and self.in_ini.has_option(name, "script_location")
        ]

    def advice(self) -> str:
        """Return what to set, when other sections of the ini file name scripts."""
        sections = self.script_sections()
        if not sections or self.ini is None:
            return ""
        names = ", ".join(f"[{one}]" for one in sections)
        example = f"{self.ini.relative_to(self.root).as_posix() if self.ini.is_relative_to(self.root) else self.ini}:{sections[0]}"
        return (
            f' in [{self.section}], but in {names}; say which one is meant: alembic = "{example}" in [tool.schemalint]'
        )

    def raw(self, name: str) -> Any:
        """Return an option's value with `%(here)s` filled in: a string from the ini file, whatever it is from the toml file."""
        try:
            if self.in_ini.has_option(self.section, name):
                return self.in_ini.get(self.section, name)
            return filled(self.in_toml.get(name), {"here": self.toml.parent.as_posix()} if self.toml else {})
        except (configparser.Error, KeyError, TypeError, ValueError) as error:
            reason = str(error).replace("\n", " ")
            self.fail(name, f"{name} cannot be read: {reason} (a percent sign itself is written %%)")

    def text(self, name: str) -> str | None:
        value = self.raw(name)
        if value is not None and not isinstance(value, str):
            self.fail(name, f"{name} must be a string")
        return value

    def flag(self, name: str) -> bool:
        return self.raw(name) in (True, "true")

    def paths(self, name: str, *separators: str, legacy: str = r", *|(?: +)") -> list[str]:
        """Return a list of paths: split as the first of `separators` that is set says, else at `legacy`."""
        value = self.raw(name)
        if not value:
            return []
        if isinstance(value, str) and self.in_ini.has_option(self.section, name):
            return self.split(value, *separators, legacy=legacy)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(name, f"{name} must be a list of strings")
        return value

    def split(self, value: str, *separators: str, legacy: str) -> list[str]:
        for name in separators:
            separator = self.in_ini.get(self.section, name, fallback=None)
            if separator is None:
                continue
            if separator not in SEPARATORS:
                self.fail(name, f"{name} is {separator!r}, but can only be {', '.join(SEPARATORS)}")
            return [one.strip() for one in value.split(SEPARATORS[separator]) if one]
        return re.split(legacy, value)

    def prepended(self) -> list[str]:
        """Return `prepend_sys_path`, which Alembic also splits at colons where `path_separator` is not set."""
        return self.paths("prepend_sys_path", "path_separator", legacy=r", *|(?: +)|\:")

    def search_path(self, directory: Path) -> list[str]:
        """Return where packages are looked for: what Alembic puts on `sys.path`, the project itself, the interpreter's own."""
        project = (directory, directory / "src", self.root, self.root / "src")
        return [*(absolute(one, directory) for one in self.prepended()), *map(str, project), *sys.path]

    def file_of(self, name: str) -> Path | None:
        return self.ini if self.ini and self.in_ini.has_option(self.section, name) else self.toml

    def fail(self, name: str, message: str) -> NoReturn:
        """Raise SchemalintError on the line that sets `name`, or on the file."""
        file = self.file_of(name) or self.ini
        is_set = self.in_ini.has_option(self.section, name) or name in self.in_toml
        at = UserLine(shown(file, self.root), line_of(file, name) if is_set else 0) if file else None
        raise SchemalintError(message, at=at)


def read_ini(parser: configparser.ConfigParser, path: Path, root: Path) -> None:
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SchemalintError(f"{shown(path, root)} cannot be read: {error}") from error
    except configparser.Error as error:
        line = getattr(error, "lineno", 0) or next((number for number, _ in getattr(error, "errors", ())), 0)
        reason = error.message.replace("\n", " ").replace("<string>", path.name)
        raise SchemalintError(f"it cannot be read: {reason}", at=UserLine(shown(path, root), line)) from error


def filled(value: Any, tokens: Mapping[str, str]) -> Any:
    """Return a value of `[tool.alembic]` with its `%(here)s` filled in."""
    match value:
        case str():
            return value % tokens
        case list():
            return [filled(one, tokens) for one in value]
        case _:
            return value


def shown(path: Path, root: Path) -> str:
    """Return a path as the user knows it: from the project's root, absolute when it lies elsewhere."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def line_of(path: Path, name: str) -> int:
    """Return the first line that sets `name` in an ini or toml file, 0 where there is none."""
    setting = re.compile(rf"\s*{name}\s*[=:]")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if setting.match(line)), 0)
