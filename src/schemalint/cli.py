"""The command line: arguments to a Config, a Report to standard output and an exit status.

Nothing heavy is imported before a command needs it: `schemalint --help` answers without SQLAlchemy.
"""

import os
import sys
from argparse import Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TextIO

from schemalint import __version__
from schemalint.errors import SchemalintError

if TYPE_CHECKING:
    from schemalint.finding import Report

COULD_NOT_LOOK = 2

DESCRIPTION = """\
Checks SQLModel / SQLAlchemy models and Alembic migrations against a real PostgreSQL.

exit status: 0 nothing found, 1 something found, 2 could not look (with the reason)"""


def run() -> NoReturn:
    """Run the command line and leave the process at once: nothing is torn down that the user's imports have built up."""
    try:
        prepare_streams()
        status = main()
    except BrokenPipeError:
        status = COULD_NOT_LOOK
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            status = COULD_NOT_LOOK
    os._exit(status)


def prepare_streams() -> None:
    """Let every character be printed whatever the locale's encoding is, and do without a standard error that is closed."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  # it stays open as long as the process
    if sys.stdout is None:
        tell("schemalint: standard output is closed")
        os._exit(COULD_NOT_LOOK)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as standard error has it


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (default: the process's own arguments) names and return the exit status."""
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else COULD_NOT_LOOK
    try:
        status: int = arguments.command(arguments)
    except SchemalintError as error:
        tell(f"schemalint: {error}")
        return COULD_NOT_LOOK
    except KeyboardInterrupt:
        tell("schemalint: interrupted")
        return COULD_NOT_LOOK
    return status


def parser() -> ArgumentParser:
    top = Parser(prog="schemalint", description=DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"schemalint {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    checking = commands.add_parser(
        "check", help="check models, history and drift", description="Ask every selected rule."
    )
    checking.add_argument(
        "paths", nargs="*", metavar="PATH", help="report only what stands in these files or directories"
    )
    checking.add_argument("--offline", action="store_true", help="start no server: ask only the rules that need none")
    checking.add_argument(
        "--format", choices=("text", "concise", "json", "github"), default="text", help="default: text"
    )
    checking.add_argument("--profile", choices=("default", "strict", "all"), help="which rules are on")
    for option, what in (
        ("--select", "rules or groups to add, separated by commas"),
        ("--ignore", "rules or groups to take away"),
    ):
        checking.add_argument(option, type=names, action="extend", metavar="NAMES", help=what)
    checking.add_argument("--models", type=names, metavar="MODULES", help="modules or packages that hold the models")
    checking.add_argument("--alembic", metavar="FILE", help="the alembic.ini or pyproject.toml to use")
    checking.add_argument("--database", metavar="WHERE", help="auto, embedded, container, local, or a server's URL")
    checking.add_argument("--postgres", metavar="MAJOR", help="the major version that production runs, such as 16")
    checking.add_argument("--image", metavar="IMAGE", help="a container image of PostgreSQL to use")
    checking.set_defaults(command=check_command)

    listing = commands.add_parser(
        "rules", help="list the rules", description="List every rule with its first sentence."
    )
    listing.set_defaults(command=rules_command)

    explaining = commands.add_parser(
        "explain", help="print a rule's page", description="Print a rule's page and options."
    )
    explaining.add_argument("rule", metavar="RULE")
    explaining.set_defaults(command=explain_command)
    return top


class Parser(ArgumentParser):
    """An argument parser that offers the nearest option for a misspelt one."""

    known: ClassVar[set[str]] = set()

    def add_argument(self, *names: Any, **settings: Any) -> Action:
        """Add an argument and remember its names, whichever command it belongs to."""
        self.known.update(name for name in names if name.startswith("--"))
        return super().add_argument(*names, **settings)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, the nearest known option, and leave with status 2."""
        unknown = [word.partition("=")[0] for word in message.split() if word.startswith("--")]
        close = [match for word in unknown for match in get_close_matches(word, self.known, n=1)]
        hint = f"; did you mean {close[0]}?" if message.startswith("unrecognized") and close else ""
        self.exit(COULD_NOT_LOOK, f"{self.prog}: {message}{hint} ({self.prog} --help says more)\n")


def names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def check_command(arguments: Namespace) -> int:
    from schemalint.config import load_config
    from schemalint.reporters import get_reporter

    keys = ("profile", "select", "ignore", "models", "alembic", "database", "postgres", "image")
    given = {key: getattr(arguments, key) for key in keys}
    paths = tuple(existing(path) for path in arguments.paths)
    config = load_config(start_for(paths), **given, offline=arguments.offline, paths=paths)
    from schemalint.check import check

    with progress_on(sys.stderr) as progress:
        report = check(config, progress)
    deliver(get_reporter(arguments.format).render(report, color=wants_color(sys.stdout)))
    tell_unasked(report)
    return report.exit_status


def deliver(text: str) -> None:
    """Write to standard output; raises SchemalintError where it takes nothing, as on a full disk."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SchemalintError(f"the report cannot be written to standard output: {error.strerror}") from error


def start_for(paths: Sequence[str]) -> Path:
    """Return a directory of the project that is meant: the working directory, or where `paths` lie when they are none of its project."""
    from schemalint.config import find_root, is_root

    root = find_root(here())
    places = [Path(path).resolve() for path in paths]
    if not places or (is_root(root) and all(place.is_relative_to(root) for place in places)):
        return root
    roots = sorted({find_root(place if place.is_dir() else place.parent) for place in places})
    if len(roots) > 1:
        raise SchemalintError(
            f"the paths belong to different projects, to be checked one by one: {', '.join(map(str, roots))}"
        )
    return roots[0]


def here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise SchemalintError("the working directory does not exist any more") from None


def existing(path: str) -> str:
    if not Path(path).exists():
        raise SchemalintError(f"{path}: there is no such file or directory")
    return path


def rules_command(arguments: Namespace) -> int:  # noqa: ARG001 - every command takes the arguments
    from schemalint.rules import all_rules

    every = list(all_rules())
    width = max(len(one.name) for one in every)
    deliver("".join(f"{one.name:{width}}  {one.profile:7}  {one.group:10}  {one.summary}\n" for one in every))
    return 0


def explain_command(arguments: Namespace) -> int:
    from schemalint.config import load_config, nearest
    from schemalint.rules import get_rule, rule_names

    if arguments.rule not in rule_names():
        raise SchemalintError(f"there is no rule {arguments.rule!r}{nearest(arguments.rule, rule_names())}")
    one = get_rule(arguments.rule)
    lines = [f"{one.name} ({one.profile}, {one.group})", "", one.page]
    if one.options:
        given = load_config(here()).rules.get(one.name, {})
        lines += ["", "Options (default; here):", ""]
        lines += [
            f"  {option} = {default!r}; {given.get(option, default)!r}" for option, default in one.options.items()
        ]
    deliver("\n".join([*lines, ""]))
    return 0


def tell_unasked(report: "Report") -> None:
    """Say on standard error what could not be looked at, and why."""
    from schemalint.reporters import shown_path

    for one in report.unasked:
        where = f"{replace(one.at, path=shown_path(report, one.at.path))}: " if one.at else ""
        count = len(one.rules)
        missed = f" ({count} rule{'' if count == 1 else 's'} not asked)" if count else ""
        tell(f"schemalint: could not look{missed}: {where}{one.reason}")


def tell(text: str) -> None:
    print(text, file=sys.stderr)


def wants_color(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb say otherwise."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class progress_on:  # noqa: N801 - used as a function
    """A progress line on a terminal: each step overwrites the one before, the end leaves nothing; silent in a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.on = stream.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        return self

    def __call__(self, text: str) -> None:
        if self.on:
            self.stream.write(f"\r\x1b[2K{text} ...")
            self.stream.flush()

    def __exit__(self, *_: object) -> None:
        if self.on:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()
