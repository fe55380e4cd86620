"""The user's own code runs inside our process: what it may change is put back, and what it raises becomes a sentence."""

import contextlib
import gc
import importlib.util
import linecache
import logging
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.loaders.alembic_settings import AlembicSettings, find_alembic
from schemalint.throwaway.guard import ConnectionRefusedByGuard, Target, guard

LONGEST = 400
"""Characters of another library's error that are shown."""


@contextmanager
def running_user_code(config: Config, target: Target = None) -> Iterator[None]:
    """Prepare the process for models, `env.py` or revisions, and put everything back at the end.

    `target` is where connections go (see `guard`). In the block: the project's `sys.path`, working directory and `[tool.schemalint.environment]`,
    standard output sent to standard error (ours carries reports), nothing to read from standard input, no warnings, no log records under ERROR, no
    garbage collector (importing 1,000 models takes 11.2 s with it, 6.9 s without).
    """
    settings = alembic_of(config)
    with ExitStack() as stack:
        for restoring in (collector_off, streams_apart, logging_restored, process_restored):
            stack.enter_context(restoring())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        os.environ |= config.environment
        os.chdir(settings.directory if settings else config.root)
        sys.argv = ["alembic"]
        import_alembic_past(own_path(config, settings))
        sys.path[:] = search_path(config, settings)
        importlib.invalidate_caches()
        stack.enter_context(guard(target))
        yield


@contextmanager
def explained(config: Config, what: str) -> Iterator[None]:
    """Raise whatever the block raises as a SchemalintError about `what` ("importing app.models"); Ctrl-C passes."""
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        raise explain(error, config, what) from error


def alembic_of(config: Config) -> AlembicSettings | None:
    """Return the project's Alembic settings, None where they cannot be had: whoever needs them says why."""
    with contextlib.suppress(SchemalintError):
        return find_alembic(config)
    return None


def search_path(config: Config, settings: AlembicSettings | None) -> list[str]:
    """Return `sys.path` as the project expects it: what Alembic prepends, the project itself, ours, and `src` for what is found nowhere else."""
    sources = [home / "src" for home in homes(config, settings)]
    last = [str(one) for one in sources if one.is_dir() and not (one / "__init__.py").exists()]
    return list(dict.fromkeys([*own_path(config, settings), *sys.path, *last]))


def own_path(config: Config, settings: AlembicSettings | None) -> list[str]:
    return [*(settings.prepend_sys_path if settings else ()), *map(str, homes(config, settings))]


def homes(config: Config, settings: AlembicSettings | None) -> list[Path]:
    return list(dict.fromkeys([settings.directory, config.root] if settings else [config.root]))


def import_alembic_past(directories: Sequence[str]) -> None:
    """Import Alembic where a project's package of migrations called `alembic` would hide it; its own command has it before it touches `sys.path`."""
    if any((Path(one) / "alembic" / "__init__.py").exists() for one in directories):
        own, path = set(map(os.path.realpath, directories)), list(sys.path)
        sys.path[:] = [one for one in path if os.path.realpath(one) not in own]
        try:
            importlib.import_module("alembic")
        finally:
            sys.path[:] = path


@contextmanager
def collector_off() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def streams_apart() -> Iterator[None]:
    """Give user code standard error as its standard output, for its programs as well, and an empty standard input."""
    python = sys.stdin, sys.stdout
    with ExitStack() as stack:
        if sys.stdout is not None:
            sys.stdout.flush()
        nothing = stack.enter_context(Path(os.devnull).open(encoding="utf-8"))
        if are_open(0, 1, 2):
            stack.enter_context(descriptor_replaced(0, nothing.fileno()))
            stack.enter_context(descriptor_replaced(1, 2))
        sys.stdin, sys.stdout = nothing, sys.stderr
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            sys.stdin, sys.stdout = python


def are_open(*descriptors: int) -> bool:
    try:
        return all(os.fstat(one) for one in descriptors)
    except OSError:
        return False


@contextmanager
def descriptor_replaced(number: int, other: int) -> Iterator[None]:
    kept = os.dup(number)
    os.dup2(other, number)
    try:
        yield
    finally:
        os.dup2(kept, number)
        os.close(kept)


@contextmanager
def process_restored() -> Iterator[None]:
    """Put back the environment, the working directory, `sys.path` and `sys.argv`."""
    environment, directory, path, arguments = dict(os.environ), Path.cwd(), list(sys.path), sys.argv
    try:
        yield
    finally:
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
        os.environ |= {name: value for name, value in environment.items() if os.environ.get(name) != value}
        os.chdir(directory)
        sys.path[:] = path
        sys.argv = arguments


class LoggerState(NamedTuple):
    level: int
    handlers: list[logging.Handler]
    filters: list[Any]
    propagate: bool
    disabled: bool


@contextmanager
def logging_restored() -> Iterator[None]:
    """Hold back log records under ERROR, and put back what `fileConfig` and `dictConfig` change."""
    manager = logging.root.manager
    loggers = [logging.root, *(one for one in manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [
        (one, LoggerState(one.level, one.handlers[:], one.filters[:], one.propagate, one.disabled)) for one in loggers
    ]
    threshold = manager.disable
    logging.disable(max(threshold, logging.WARNING))
    try:
        yield
    finally:
        logging.disable(threshold)
        for logger, state in before:
            logger.setLevel(state.level)
            logger.handlers[:], logger.filters[:] = state.handlers, state.filters
            logger.propagate, logger.disabled = state.propagate, state.disabled


def explain(error: BaseException, config: Config, what: str) -> SchemalintError:
    """Return what user code raised as one message on the user's own deepest line; `what` was being done ("importing app.models")."""
    at = users_line(error, config.root)
    error = unwrapped(error)
    if isinstance(error, SchemalintError) and not isinstance(error, ConnectionRefusedByGuard):
        error.at = error.at or at
        return error
    return SchemalintError(f"{what} fails: {sentence(error, config)}", at=at)


def unwrapped(error: BaseException) -> BaseException:
    """Return the one error that a task group's group of errors holds."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what it was raised from or while handling, and the members of groups, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]
            waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()


def sentence(error: BaseException, config: Config) -> str:
    """Return an error in one sentence or two: what it is, and where we know it, what to do."""
    match error:
        case ConnectionRefusedByGuard():
            return error.message
        case SystemExit():
            return f"it calls sys.exit({'' if error.code is None else repr(error.code)})"
        case EOFError():
            return "it asks for input, and there is nobody to ask"
        case ModuleNotFoundError(name=str(name)) if name:
            return f"there is no module {name!r}; {missing_module(name, config.root)}"
        case KeyError() if is_of_environment(error):
            return f"the environment variable {error.args[0]} is not set; {offer([str(error.args[0])])}"
    if missing := missing_settings(error):
        return f"settings without a value: {', '.join(missing)}; {offer(missing)}"
    if is_sqlalchemys(error) and "is already defined for this MetaData instance" in str(error):
        return (
            f"{named(error)}; two classes claim this table, or one file is imported under two names: name each module in "
            "[tool.schemalint] models as the project itself imports it"
        )
    return named(error)


def named(error: BaseException) -> str:
    """Return an error on one line: the server's own words where it speaks, else its type and text."""
    if words := server_words(error):
        return words
    if isinstance(driver := getattr(error, "orig", None), Exception):
        return named(driver)
    if isinstance(error, SyntaxError):
        text = error.msg
    elif is_sqlalchemys(error) and error.args:
        text = str(error.args[0])  # str() would add a link to SQLAlchemy's manual
    else:
        text = str(error)
    name = type(error).__name__
    return f"{name}: {one_line(text)}" if text else name


def is_sqlalchemys(error: BaseException) -> bool:
    return type(error).__module__.startswith("sqlalchemy.")


def one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


@dataclass(frozen=True)
class ServerError:
    """What PostgreSQL said, whichever driver heard it."""

    code: str
    message: str
    detail: str = ""
    hint: str = ""


def server_error(error: BaseException) -> ServerError | None:
    """Return the server's own message in an error or its causes, None where no server spoke."""
    one: Any = getattr(error, "orig", None) or error
    while one is not None:
        if (diagnosis := getattr(one, "diag", None)) is not None and diagnosis.message_primary:  # psycopg, psycopg2
            said = diagnosis.sqlstate, diagnosis.message_primary, diagnosis.message_detail, diagnosis.message_hint
        elif hasattr(one, "sqlstate") and hasattr(one, "hint") and hasattr(one, "detail"):  # asyncpg
            said = one.sqlstate, getattr(one, "message", str(one)), one.detail, one.hint
        elif one.args and isinstance(one.args[0], dict) and "M" in one.args[0]:  # pg8000: the protocol's own letters
            letters = one.args[0]
            said = letters.get("C"), letters["M"], letters.get("D"), letters.get("H")
        else:
            one = getattr(one, "orig", None) or one.__cause__
            continue
        # A detail has a line for each object ("constraint ... depends on table ...").
        return ServerError(*(one_line("; ".join(str(text or "").splitlines())) for text in said))
    return None


def server_words(error: BaseException) -> str:
    """Return the server's message, detail and hint as sentences; nothing where no server spoke."""
    said = server_error(error)
    if said is None:
        return ""
    return ". ".join(text.rstrip(".") for text in (said.message, said.detail, said.hint) if text)


def offer(variables: Sequence[str]) -> str:
    example = " and ".join(f'{name} = "..."' for name in variables[:2])
    does = "set them (made-up values will do" if variables[1:] else "sets it (a made-up value will do"
    return f"{example} under [tool.schemalint.environment] {does}: no real database is reached)"


def is_of_environment(error: KeyError) -> bool:
    """Whether `os.environ[...]` raised it."""
    frames = [frame for frame, _ in walk(error)]
    return bool(frames) and frames[-1].f_code is type(os.environ).__getitem__.__code__


def missing_settings(error: BaseException) -> list[str]:
    """Return the variables that pydantic's settings class (pydantic 1 and 2) misses; nothing for an error of another kind."""
    errors = getattr(error, "errors", None)
    settings = next((frame for frame, _ in walk(error) if is_settings(frame)), None)
    if settings is None or not callable(errors):
        return []
    missing = [one["loc"] for one in errors() if one["type"] in ("missing", "value_error.missing")]
    return [variable_of(".".join(str(part) for part in place), settings) for place in missing]


def is_settings(frame: FrameType) -> bool:
    return frame.f_code.co_name == "__init__" and str(frame.f_globals.get("__name__")).startswith(
        ("pydantic_settings.", "pydantic.env_settings", "pydantic.v1.env_settings")
    )


def variable_of(field: str, frame: FrameType) -> str:
    """Return the variable that fills a settings field: with its class's prefix, unless an alias names it."""
    settings = type(frame.f_locals.get("__pydantic_self__"))
    options = getattr(settings, "model_config", None) or getattr(settings, "__config__", None)
    prefix = options.get("env_prefix", "") if isinstance(options, Mapping) else getattr(options, "env_prefix", "")
    fields = getattr(settings, "model_fields", None) or getattr(settings, "__fields__", {})
    top, *inner = field.split(".")
    name = "__".join([f"{prefix}{top}" if top in fields else top, *inner])
    return name.upper()


def missing_module(name: str, root: Path) -> str:
    """Return what to do about a module that is not found."""
    top = name.partition(".")[0]
    if top in DRIVERS:
        return f'pip install "{DRIVERS[top]}" (postgresql:// that names no driver means psycopg from SQLAlchemy 2.1 on, psycopg2 before)'
    if top != name and is_found(top):
        return f"the package {top} is there, but without it"
    if found := own_module(top, root):
        return (
            f"it stands in {shown(found.parent, root)}/, which is not on the path: install the project (pip install -e .), "
            "or name that directory in prepend_sys_path of alembic.ini"
        )
    return f"install it, with the project's other dependencies, where schemalint runs ({sys.prefix})"


DRIVERS: Mapping[str, str] = {
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
    "asyncpg": "asyncpg",
    "pg8000": "pg8000",
}


def is_found(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):  # ValueError: a module in sys.modules without a spec
        return False


def own_module(name: str, root: Path) -> Path | None:
    """Return the project's own module or package of that name, at most two directories below the root."""
    for above in ("", "*/", "*/*/"):
        for path in sorted([*root.glob(f"{above}{name}"), *root.glob(f"{above}{name}.py")]):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if not hidden and is_users(path, root) and (path.is_file() or any(path.glob("*.py"))):
                return path
    return None


def users_line(error: BaseException, root: Path) -> UserLine | None:
    """Return the deepest line of the project's own that an error passed, else of any code that is not installed.

    A syntax error has its own place. Where an error passed no such line, its causes are asked.
    """
    errors = [*with_causes(unwrapped(error)), error]
    for one in errors:
        if isinstance(one, SyntaxError) and one.lineno and one.filename and not one.filename.startswith("<"):
            return UserLine(shown(Path(one.filename), root), one.lineno, one.offset or 0)
    for wanted in (is_users, is_somebodys):
        for one in errors:
            for frame, instruction in reversed(list(walk(one))):
                if wanted(file_of(frame), root):
                    return line_of(frame, instruction, root)
    return None


def walk(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    """Yield frames and their instructions, outermost first, of an error's traceback."""
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame, step.tb_lasti
        step = step.tb_next


def file_of(frame: FrameType) -> Path:
    """Return a frame's source file; a relative one was imported from the working directory."""
    name = frame.f_code.co_filename
    return Path(name) if name.startswith("<") else Path(os.path.abspath(name))  # noqa: PTH100  # resolve() would follow links


def line_of(frame: FrameType, instruction: int, root: Path) -> UserLine:
    """Return the place of an instruction; columns are counted in characters (CPython's are bytes of UTF-8)."""
    line, _, column, _ = next(islice(frame.f_code.co_positions(), instruction // 2, None))
    source = linecache.getline(frame.f_code.co_filename, line or 0).encode()
    characters = 0 if column is None else len(source[:column].decode(errors="replace")) + 1
    return UserLine(shown(file_of(frame), root), line or 0, characters)


def is_users(path: Path, root: Path) -> bool:
    """Whether a file is the project's own: below the root and not in an environment there, neither installed nor ours."""
    return (
        path.is_relative_to(root) and not ENVIRONMENTS & set(path.relative_to(root).parts) and is_somebodys(path, root)
    )


def is_somebodys(path: Path, _root: Path) -> bool:
    """Whether a file is neither installed, nor of the standard library, nor ours, nor no file at all (`<string>`)."""
    return not (
        path.name.startswith("<")
        or INSTALLED & set(path.parts)
        or path.is_relative_to(OURS)
        or path.is_relative_to(STANDARD_LIBRARY)
    )


OURS = Path(__file__).resolve().parents[1]
STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
INSTALLED = frozenset({"site-packages", "dist-packages"})
ENVIRONMENTS = frozenset({"node_modules", ".venv", "venv", ".tox", ".nox"})


def shown(path: Path, root: Path) -> str:
    """Return a path as reports show it: relative to the root where it lies below it, with forward slashes."""
    path = Path(os.path.normpath(path))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
