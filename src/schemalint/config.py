"""What the user asked for: defaults, then `[tool.schemalint]`, then arguments, in one frozen value."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from schemalint.errors import SchemalintError
from schemalint.rule import PROFILES
from schemalint.rules import GROUPS, get_rule, rule_names

DATABASES = ("auto", "embedded", "container", "local")
"""Providers that `database` can name; anything else is a URL."""


@dataclass(frozen=True, slots=True)
class Config:
    """One run's configuration; field names are the keys of `[tool.schemalint]` with underscores.

    `root` is the project's directory: where `pyproject.toml` (or `alembic.ini`) stands; relative paths start there.
    """

    root: Path
    models: tuple[str, ...] = ()
    alembic: str = ""
    profile: str = "default"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    external_tables: tuple[str, ...] = ()
    database: str = "auto"
    postgres: str = ""
    image: str = ""
    before: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    allow: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: str = ""
    offline: bool = False
    update_baseline: bool = False
    paths: tuple[str, ...] = ()


ARGUMENTS_ONLY = frozenset({"root", "offline", "update_baseline", "paths"})
KEYS = tuple(one.name.replace("_", "-") for one in fields(Config) if one.name not in ARGUMENTS_ONLY)
"""What `[tool.schemalint]` may hold."""


def load_config(start: Path, **arguments: Any) -> Config:
    """Return the configuration of the project that `start` lies in, with `arguments` (None: not given) on top.

    The project's root is the nearest directory upwards that has a `pyproject.toml` with `[tool.schemalint]`; else the nearest with an
    `alembic.ini`, a `pyproject.toml` or a `.git`; else `start`. Raises SchemalintError with every mistake in one message.
    """
    root = find_root(start)
    table = read_table(root / "pyproject.toml")
    given = {name: value for name, value in arguments.items() if value is not None}
    mistakes = [*mistakes_in_table(table), *mistakes_in_arguments(given)]
    if mistakes:
        raise SchemalintError("\n".join(mistakes))
    config = Config(root=root, **{key.replace("-", "_"): frozen(value) for key, value in table.items()})
    return replace(config, **{name: frozen(value) for name, value in given.items()})


def find_root(start: Path) -> Path:
    """Return the project's root directory for a file or directory in it."""
    start = start.resolve()
    upwards = [start, *start.parents]
    for directory in upwards:
        if "schemalint" in read_toml(directory / "pyproject.toml").get("tool", {}):
            return directory
    return next((directory for directory in upwards if is_root(directory)), start)


def is_root(directory: Path) -> bool:
    """Whether a directory looks like a project's own."""
    return any((directory / name).exists() for name in ("alembic.ini", "pyproject.toml", ".git"))


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SchemalintError(f"{path} cannot be read: {error}") from error


def read_table(path: Path) -> dict[str, Any]:
    table = read_toml(path).get("tool", {}).get("schemalint", {})
    if not isinstance(table, dict):
        raise SchemalintError(f"{path}: [tool.schemalint] must be a table")
    return table


def frozen(value: Any) -> Any:
    """Return a list as a tuple and a table as a read-only mapping, all the way down."""
    match value:
        case list():
            return tuple(frozen(one) for one in value)
        case dict():
            return MappingProxyType({key: frozen(one) for key, one in value.items()})
        case _:
            return value


def mistakes_in_table(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing in `[tool.schemalint]` that cannot be meant."""
    for key, value in table.items():
        where = f"[tool.schemalint] {key}"
        match key:
            case "models" | "select" | "ignore" | "external-tables":
                if not is_strings(value):
                    yield f"{where} must be a list of strings"
                elif key in ("select", "ignore"):
                    yield from (unknown_rule(where, name) for name in value if not is_rule_or_group(name))
            case "alembic" | "database" | "postgres" | "image" | "before" | "profile" | "baseline":
                if not isinstance(value, str):
                    yield f'{where} must be a string, such as "{EXAMPLES.get(key, "")}"'
                elif key == "profile" and value not in PROFILES:
                    yield f"{where}: there is no profile {value!r}{nearest(value, PROFILES)}"
                elif key == "database" and value not in DATABASES and "://" not in value:
                    yield f"{where}: {value!r} is neither a provider nor a URL{nearest(value, DATABASES)}"
            case "environment":
                if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
                    yield f"{where} must be a table of strings"
            case "allow":
                yield from mistakes_in_allow(value)
            case "allow-paths":
                yield from mistakes_in_allow_paths(value)
            case "rules":
                yield from mistakes_in_rules(value)
            case _:
                yield f"[tool.schemalint] has no key {key!r}{nearest(key, KEYS)}"


EXAMPLES = {
    "alembic": "alembic.ini",
    "baseline": "schemalint-baseline.txt",
    "before": "migrations/before.sql",
    "database": "auto",
    "postgres": "16",
    "image": "postgres:16",
    "profile": "default",
}


def mistakes_in_allow(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "[tool.schemalint.allow] must be a table: rule names with lists of objects"
        return
    for name, objects in value.items():
        if not is_rule_or_group(name):
            yield unknown_rule("[tool.schemalint.allow]", name)
        if not is_strings(objects):
            yield f"[tool.schemalint.allow] {name} must be a list of strings"


def mistakes_in_allow_paths(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "[tool.schemalint.allow-paths] must be a table: paths with lists of rules or groups"
        return
    for path, names in value.items():
        where = f'[tool.schemalint.allow-paths] "{path}"'
        if not is_strings(names):
            yield f"{where} must be a list of strings"
        else:
            yield from (unknown_rule(where, name) for name in names if not is_rule_or_group(name))
        if path.startswith(("/", "./", "../")) or not path:
            yield f"{where} must be a path below the directory of pyproject.toml, without ./ before it"


def mistakes_in_rules(value: object) -> Iterator[str]:
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        yield "[tool.schemalint.rules] must hold one table a rule"
        return
    for name, options in value.items():
        if name not in rule_names():
            yield unknown_rule("[tool.schemalint.rules]", name)
            continue
        known = get_rule(name).options
        choices = get_rule(name).choices
        for option, given in options.items():
            where = f"[tool.schemalint.rules.{name}] {option}"
            if option not in known:
                has = "has no options" if not known else f"has no option {option!r}{nearest(option, known)}"
                yield f"[tool.schemalint.rules.{name}]: {name} {has}"
            elif isinstance(known[option], tuple):
                if not is_strings(given):
                    yield f"{where} must be a list of strings"
            elif type(given) is not type(known[option]):
                yield f"{where} must be like its default, {known[option]!r}"
            elif option in choices and given not in choices[option]:
                yield f"{where}: there is no {given!r}{nearest(str(given), choices[option])}"


def mistakes_in_arguments(given: Mapping[str, Any]) -> Iterator[str]:
    for option in ("select", "ignore"):
        yield from (unknown_rule(f"--{option}", name) for name in given.get(option, ()) if not is_rule_or_group(name))
    database = given.get("database", "auto")
    if database not in DATABASES and "://" not in database:
        yield f"--database: {database!r} is neither a provider nor a URL{nearest(database, DATABASES)}"


def is_strings(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)


def is_rule_or_group(name: str) -> bool:
    return name in GROUPS or name in rule_names()


def unknown_rule(where: str, name: str) -> str:
    return f"{where}: there is no rule {name!r}{nearest(name, [*rule_names(), *GROUPS])}"


def nearest(name: str, known: Any) -> str:
    """Return a question that offers the nearest known name, or the list of a few known ones, or nothing."""
    close = get_close_matches(str(name), [str(one) for one in known], n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(known)}" if len(known) <= 20 else ""
