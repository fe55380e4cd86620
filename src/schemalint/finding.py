"""What is told to the user: findings, each with a place, and the report that collects them."""

from dataclasses import dataclass, field

from schemalint.errors import UserLine
from schemalint.fix import Fix, FixKind
from schemalint.location import (
    Location as Location,
)  # a finding has a place: who imports the one imports the other here


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with a place. Its identity is `rule | object`: no line and no message, so it survives reformatting.

    `fix` is what `--fix` or `--unsafe-fixes` may write; its parts are Targets. It is no part of what a finding is.
    """

    rule: str
    object: str
    location: Location | None
    message: str
    remedy: str = ""
    tables: tuple[str, ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @property
    def identity(self) -> str:
        return f"{self.rule} | {self.object}"

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """The key that findings are sorted by: file, line, column, then rule, object and message."""
        where = self.location or Location(path="", line=0)
        return (where.path, where.line, where.column, self.rule, self.object, self.message)


@dataclass(frozen=True, slots=True)
class Unasked:
    """Rules that could not be asked, with the reason and, where there is one, the user's own line it stands on."""

    rules: tuple[str, ...]
    reason: str
    at: UserLine | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted, and all rules that could not be asked.

    `asked` names every rule that was asked, `allowed` counts the findings that the user allowed, `accepted` the findings that stand in the
    baseline, `server` says which PostgreSQL answered
    (`"embedded PostgreSQL 17.10"`), `root` is the directory that relative paths start from.
    """

    findings: tuple[Finding, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    asked: tuple[str, ...] = ()
    allowed: int = 0
    accepted: int = 0
    server: str = ""
    notes: tuple[str, ...] = ()
    root: str = ""
    tables: int = 0
    revisions: int = 0
    seconds: float = field(default=0.0, compare=False)

    def fixable(self, *kinds: FixKind) -> int:
        """Return how many findings come with a fix of one of these kinds."""
        return sum(finding.fix is not None and finding.fix.kind in kinds for finding in self.findings)

    @property
    def exit_status(self) -> int:
        """0 nothing found, 1 something found, 2 could not look (which weighs more: a partial answer is not a pass)."""
        if self.unasked:
            return 2
        return 1 if self.findings else 0
