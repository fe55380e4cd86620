"""The baseline: a file of findings that a project has accepted, one line each and sorted, so that a change of it reads well in a diff."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from schemalint.config import Config
from schemalint.errors import SchemalintError, UserLine
from schemalint.finding import Finding, Location
from schemalint.rules import rule_names
from schemalint.subjects.allowances import Accepted
from schemalint.writing import replace_content

USUAL_NAME = "schemalint-baseline.txt"
HEADER = "# Findings that this project has accepted; `schemalint check --update-baseline` takes out what is fixed."
CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True)
class Baseline:
    """The accepted findings, in the file's order; `comments` are the lines above an entry."""

    path: Path
    shown: str
    entries: tuple[Accepted, ...] = ()
    comments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    newline: str = "\n"

    def accepts(self, finding: Finding) -> bool:
        return is_acceptable(finding) and identity(finding) in self._identities

    @cached_property
    def _identities(self) -> frozenset[str]:
        return frozenset(one.identity for one in self.entries)

    def stale(self, found: Iterable[Finding], asked: Iterable[str]) -> Iterator[Accepted]:
        """Yield the entries that are not among the findings, though their rule was `asked`, or is none at all."""
        identities = {identity(one) for one in found}
        telling = {*asked}
        for entry in self.entries:
            if entry.identity not in identities and (entry.rule in telling or entry.rule not in rule_names()):
                yield entry


def identity(finding: Finding) -> str:
    """Return a finding's identity on one line: an index on an expression or a check may have several."""
    return " ".join(finding.identity.split())


def is_acceptable(finding: Finding) -> bool:
    """Whether a baseline may accept a finding; what is wrong with an allowance is mended, not accepted."""
    return rule_names().get(finding.rule) != "allowances"


def load_baseline(config: Config) -> Baseline | None:
    """Return the baseline that the configuration names, None where it names none.

    Raises SchemalintError where it is not there, unless it is to be written, and on the line that cannot be understood.
    """
    if not config.baseline and not config.update_baseline:
        return None
    path = config.root / (config.baseline or USUAL_NAME)
    shown = path.relative_to(config.root).as_posix() if path.is_relative_to(config.root) else str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if config.update_baseline:
            return Baseline(path, shown)
        raise SchemalintError(
            f"the baseline {shown} does not exist; schemalint check --update-baseline writes it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SchemalintError(f"the baseline {shown} cannot be read: {error}") from error
    return parsed(text, path, shown)


def parsed(text: str, path: Path, shown: str) -> Baseline:
    entries: dict[str, Accepted] = {}
    comments: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for number, line in enumerate((one.strip() for one in text.splitlines()), start=1):
        if line.startswith(CONFLICT):
            raise SchemalintError("a merge conflict in the baseline is not resolved", at=UserLine(shown, number))
        if line.startswith("#"):
            above += [line] if line != HEADER else []
        elif line:
            rule, bar, name = line.partition(" | ")
            if not bar or not name or " " in rule:
                raise SchemalintError(
                    "a line of the baseline is the name of a rule, ` | ` and an object, such as string-length | books.title",
                    at=UserLine(shown, number),
                )
            entries.setdefault(line, Accepted(line, Location(shown, number, 1, number, len(line) + 1)))
            comments[line] = (*comments.get(line, ()), *above)
            above = []
    return Baseline(path, shown, tuple(entries.values()), comments, "\r\n" if "\r\n" in text else "\n")


def updated(baseline: Baseline, found: Iterable[Finding], stale: Iterable[Accepted]) -> Baseline:
    """Return the baseline with the findings in it and without what is stale."""
    gone = {*stale}
    kept = {one.identity: one for one in baseline.entries if one not in gone}
    for finding in found:
        if is_acceptable(finding):
            kept.setdefault(identity(finding), Accepted(identity(finding), Location(baseline.shown, 1)))
    return replace(baseline, entries=tuple(kept[one] for one in sorted(kept)))


def write(baseline: Baseline) -> None:
    """Write a baseline to its file; one that says the same already is not touched."""
    lines = [HEADER]
    for entry in baseline.entries:
        lines += [*baseline.comments.get(entry.identity, ()), entry.identity]
    content = "".join(f"{line}{baseline.newline}" for line in lines).encode()
    try:
        if not baseline.path.exists() or baseline.path.read_bytes() != content:
            replace_content(baseline.path, content)
    except OSError as error:
        raise SchemalintError(f"the baseline {baseline.path} cannot be written: {error.strerror}") from error
