"""The command line: arguments to a Config, a Report to standard output and an exit status.

Nothing heavy is imported before a command needs it: `schemalint --help` answers without SQLAlchemy.
"""

import json
import os
import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TextIO

from schemalint import __version__
from schemalint.errors import SchemalintError

if TYPE_CHECKING:
    from schemalint.config import Config
    from schemalint.finding import Report
    from schemalint.fixing.files import Files
    from schemalint.fixing.rounds import Outcome
    from schemalint.rule import Rule

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
        arguments = parser().parse_args([with_empty_reason(word) for word in (sys.argv[1:] if argv is None else argv)])
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


def with_empty_reason(word: str) -> str:
    """Return `--add-allow` as `--add-allow=`: without a reason, which must not be taken from the word behind it."""
    return f"{word}=" if word == "--add-allow" else word


def parser() -> ArgumentParser:
    Parser.made.clear()
    top = Parser(prog="schemalint", description=DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"schemalint {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    checking = commands.add_parser(
        "check", help="Check models, history and drift", description="Ask every selected rule."
    )
    add_check_arguments(checking)
    checking.set_defaults(command=check_command)

    listing = commands.add_parser(
        "rules", help="List the rules", description="List every rule with its first sentence."
    )
    listing.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="The format to print in; json has options, choices and pages as well [default: text]",
    )
    listing.set_defaults(command=rules_command)

    explaining = commands.add_parser(
        "explain",
        help="Explain a rule",
        description="Print a rule's page, how to allow it, its options and their values here; of a group, its rules.",
    )
    explaining.add_argument("rule", metavar="RULE", help="The name of a rule or of a group")
    explaining.set_defaults(command=explain_command)
    return top


def add_check_arguments(checking: ArgumentParser) -> None:
    checking.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="Files or directories: report only what stands in them [default: everything]",
    )
    project = checking.add_argument_group("Project")
    project.add_argument("--models", type=names, metavar="MODULES", help="The modules or packages that hold the models")
    project.add_argument("--alembic", metavar="FILE", help="The alembic.ini or pyproject.toml to use")

    selection = checking.add_argument_group("Rule selection")
    selection.add_argument(
        "--profile", choices=("default", "strict", "all"), help="Which rules are on [default: default]"
    )
    selection.add_argument(
        "--select", type=names, action="extend", metavar="NAMES", help="Rules or groups to turn on, separated by commas"
    )
    selection.add_argument(
        "--ignore",
        type=names,
        action="extend",
        metavar="NAMES",
        help="Rules or groups to turn off, separated by commas",
    )

    fixing = checking.add_argument_group("Fixing")
    fixing.add_argument(
        "--fix", action="store_true", help="Write what is right and changes nothing else, then report what is left"
    )
    fixing.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="With --fix or --diff: write also what changes the schema (and say which migration is due) or the behaviour of the ORM",
    )
    fixing.add_argument("--diff", action="store_true", help="Print what --fix would change, and write nothing")

    allowing = checking.add_argument_group("Allowing")
    allowing.add_argument(
        "--add-allow",
        metavar="REASON",
        help="Write `# schemalint: allow[...]` at each finding, instead of reporting it; a reason is given as --add-allow=REASON",
    )
    allowing.add_argument("--baseline", metavar="FILE", help="A file of findings that are accepted")
    allowing.add_argument(
        "--update-baseline",
        action="store_true",
        help="Write the baseline: add the findings that there are, take out those that are gone",
    )

    server = checking.add_argument_group("Server")
    server.add_argument("--offline", action="store_true", help="Start no server: ask only the rules that need none")
    server.add_argument(
        "--database", metavar="WHERE", help="auto, embedded, container, local, or a server's URL [default: auto]"
    )
    server.add_argument("--postgres", metavar="MAJOR", help="The major version that production runs, such as 16")
    server.add_argument("--image", metavar="IMAGE", help="A container image of PostgreSQL to use")

    output = checking.add_argument_group("Output")
    output.add_argument(
        "--format",
        choices=("text", "concise", "json", "github"),
        default="text",
        help="The format of the report [default: text]",
    )
    output.add_argument("--output-file", metavar="FILE", help="Write the report to a file [default: standard output]")
    output.add_argument(
        "--statistics", action="store_true", help="Report how many findings each rule has (as text or json)"
    )


class Parser(ArgumentParser):
    """An argument parser that offers the nearest option for a misspelt one, whichever command it belongs to."""

    made: ClassVar[list["Parser"]] = []

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.made.append(self)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, the nearest known option, and leave with status 2."""
        unknown = [word.partition("=")[0] for word in message.split() if word.startswith("--")]
        known = {option for one in self.made for option in re.findall(r"--[a-z-]+", one.format_help())}
        close = [match for word in unknown for match in get_close_matches(word, known, n=1)]
        hint = f"; did you mean {close[0]}?" if message.startswith("unrecognized") and close else ""
        self.exit(COULD_NOT_LOOK, f"{self.prog}: {message}{hint} ({self.prog} --help says more)\n")


def names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def check_command(arguments: Namespace) -> int:
    from schemalint.config import load_config

    keys = ("profile", "select", "ignore", "models", "alembic", "database", "postgres", "image")
    given = {key: getattr(arguments, key) for key in keys}
    paths = tuple(existing(path) for path in arguments.paths)
    if arguments.baseline is not None:
        given["baseline"] = str(Path(arguments.baseline).absolute())
    config = load_config(
        start_for(paths), **given, offline=arguments.offline, update_baseline=arguments.update_baseline, paths=paths
    )
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise SchemalintError("--unsafe-fixes says what --fix or --diff may write: give one of them as well")
    as_it_is = replace(config, update_baseline=False)  # what is about to be fixed is not accepted before
    if arguments.diff:
        return show_fixes(as_it_is, arguments)
    status = write_fixes(as_it_is, arguments) if arguments.fix else 0
    from schemalint.check import check

    with progress_on(sys.stderr) as progress:
        report = check(config, progress)
    if arguments.add_allow is not None:
        report = add_allow(config, report, arguments.add_allow)
    text = rendered(report, arguments)
    if arguments.output_file is not None:
        write_report(arguments.output_file, text)
    else:
        deliver(text)
    tell_unasked(report)
    return max(status, report.exit_status)


def write_fixes(config: "Config", arguments: Namespace) -> int:
    """Write the fixes that are asked for and say what came of it; return the status that this alone would have."""
    from schemalint.fixing.account import DONE, account

    outcome, files = fixed(config, arguments)
    files.write()
    for line in account(outcome, files, DONE):
        tell(f"schemalint: {line}")
    return COULD_NOT_LOOK if outcome.defects else 0


def show_fixes(config: "Config", arguments: Namespace) -> int:
    """Print the fixes that are asked for as a diff; return 1 where there are any."""
    from schemalint.fixing.account import WOULD, account

    outcome, files = fixed(config, arguments)
    text = "".join(files.diff())
    if arguments.output_file is not None:
        write_report(arguments.output_file, text)
    else:
        deliver(text)
    for line in account(outcome, files, WOULD):
        tell(f"schemalint: {line}")
    return COULD_NOT_LOOK if outcome.defects else min(len(files.changed), 1)


def fixed(config: "Config", arguments: Namespace) -> "tuple[Outcome, Files]":
    """Perform the fixes that are asked for in memory."""
    from schemalint.fixing.files import Files
    from schemalint.fixing.looking import look
    from schemalint.fixing.rounds import ORDER, fix_all

    files = Files(config)
    with progress_on(sys.stderr) as progress:
        kinds = ORDER if arguments.unsafe_fixes else ORDER[:1]
        outcome = fix_all(files, kinds, lambda contents: look(config, contents), progress)
    return outcome, files


def rendered(report: "Report", arguments: Namespace) -> str:
    """Return the report, or its statistics, in the format that the user asked for."""
    from schemalint.reporters import get_reporter, statistics

    color = wants_color(sys.stdout) and arguments.output_file is None
    if not arguments.statistics:
        return get_reporter(arguments.format).render(report, color=color)
    if arguments.format not in ("text", "json"):
        raise SchemalintError(f"--statistics are printed as text or json, not as {arguments.format}")
    return statistics.render_json(report) if arguments.format == "json" else statistics.render(report, color=color)


def add_allow(config: "Config", report: "Report", reason: str) -> "Report":
    """Allow the findings in their statements, say what came of it, and return the report of what is left."""
    from schemalint.allowing import write_allowances

    written = write_allowances(config, report.findings, reason)
    for finding, why in written.left:
        tell(f"schemalint: left alone: {finding.identity}: {why}")
    done, files = len(written.allowed), len(written.files)
    tell(f"schemalint: allowed {done} finding{'' if done == 1 else 's'} in {files} file{'' if files == 1 else 's'}")
    left = tuple(finding for finding, _ in written.left)
    return replace(report, findings=left, allowed=report.allowed + done)


def write_report(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SchemalintError(f"the report cannot be written to {file}: {error.strerror}") from error


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


def rules_command(arguments: Namespace) -> int:
    from schemalint.rules import all_rules

    every = list(all_rules())
    if arguments.format == "json":
        deliver(json.dumps([rule_as_json(one) for one in every], indent=2, ensure_ascii=False) + "\n")
        return 0
    head = ("rule", "profile", "group", "fix", "what it finds")
    deliver(table([head, *((one.name, one.profile, one.group, fixes(one) or "-", one.summary) for one in every)]))
    return 0


def rule_as_json(one: "Rule") -> dict[str, object]:
    return {
        "name": one.name,
        "profile": one.profile,
        "group": one.group,
        "fixes": list(one.fixes),
        "summary": one.summary,
        "options": [
            {
                "name": option,
                "default": default,
                **({"choices": list(one.choices[option])} if option in one.choices else {}),
            }
            for option, default in one.options.items()
        ],
        "page": one.page,
    }


def fixes(one: "Rule") -> str:
    return ", ".join(one.fixes)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text in columns, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def explain_command(arguments: Namespace) -> int:
    from schemalint.config import nearest
    from schemalint.rules import GROUPS, all_rules, get_rule, rule_names

    name = arguments.rule
    if name in GROUPS:
        members = [(one.name, one.profile, one.summary) for one in all_rules([name])]
        deliver(f"{name}: {len(members)} rules\n\n{table(members)}")
    elif name in rule_names():
        deliver("\n".join([*explanation(get_rule(name)), ""]))
    else:
        raise SchemalintError(f"there is no rule {name!r}{nearest(name, [*rule_names(), *GROUPS])}")
    return 0


def explanation(one: "Rule") -> Iterator[str]:
    """Yield the lines of a rule's page, with what holds for it in this project."""
    from schemalint.config import load_config

    yield f"{one.name} ({one.profile}, {one.group})"
    yield ""
    yield one.page
    yield ""
    if one.fixes:
        yield f"Fixes: {', '.join(f'{kind} ({FIXED_BY[kind]})' for kind in one.fixes)}."
    if one.group == "allowances":
        yield "It cannot be allowed; ignore turns it off."
    elif one.group == "history":
        yield f"Allow it with a comment at the line, # schemalint: allow[{one.name}] and why, or in pyproject.toml by revision or path."
    else:
        yield f"Allow it with a comment at the line, # schemalint: allow[{one.name}] and why, or in pyproject.toml by object or path."
    if one.options:
        given = load_config(here()).rules.get(one.name, {})
        values = {option: (default, given.get(option, default)) for option, default in one.options.items()}
        rows = [
            (f"  {option}", *map(in_a_cell, defaults), shown(one.choices.get(option, "")))
            for option, defaults in values.items()
        ]
        yield ""
        yield table([("  option", "default", "here", "choices"), *rows]).rstrip("\n")
        for option, (default, value) in values.items():
            yield from in_full(f"{option} is by default", default)
            if value != default:
                yield from in_full(f"{option} is here", value)


WIDTH = 100
CELL = 40
"""How many characters a line of a page has, and the value of an option in its table; a longer one is told below."""


def in_a_cell(value: object) -> str:
    text = shown(value)
    return f"{len(value)} values, below" if isinstance(value, tuple) and len(text) > CELL else text


def in_full(title: str, value: object) -> Iterator[str]:
    """Yield the lines of a value that its cell has no room for."""
    text = shown(value)
    if in_a_cell(value) != text:
        yield ""
        yield from wrap(f"{title} {text}", WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


FIXED_BY = {
    "safe": "--fix",
    "schema": "--fix --unsafe-fixes, then a migration",
    "behaviour": "--fix --unsafe-fixes",
}


def shown(value: object) -> str:
    """Return the value of an option as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case "":
            return ""
        case tuple():
            return json.dumps(list(value), ensure_ascii=False)
        case _:
            return json.dumps(value, ensure_ascii=False)


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
