"""What the user allowed, in the source, in the configuration and in the baseline, and which of it allowed anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemalint.finding import Location
from schemalint.rule import Place


@dataclass(frozen=True, slots=True)
class Allowance:
    """One `# schemalint: allow[rule, group] reason` or `allow-file[...]`, or one entry of `[tool.schemalint.allow]` or `[tool.schemalint.allow-paths]`.

    `first_line` and `last_line` are what a comment covers: a statement, a class with its body, a file. Of the configuration's entries `pattern`
    is the object that one names, or `path` the files: `files` are those that were looked at. `fault` says why it can allow nothing at all.
    """

    rules: tuple[str, ...]
    reason: str
    location: Location
    first_line: int = 0
    last_line: int = 0
    pattern: str = ""
    path: str = ""
    files: frozenset[str] = frozenset()
    of_file: bool = False
    fault: str = ""

    @property
    def covered(self) -> str:
        """What is covered, in the words of a message."""
        return self.pattern or self.path or f"{self.location.path}:{self.location.line}"

    def covers(self, place: Place, home: Location | None) -> bool:
        """Whether a problem at `place` is covered; `home` is where its table is declared, whose class may allow it as well."""
        if self.fault:
            return False
        if self.path:
            return any(one.path in self.files for one in (place.location, home) if one)
        if self.pattern:
            return matches(place.object, self.pattern) or matches(place.declaration, self.pattern)
        at = place.location
        if (
            at
            and at.path == self.location.path
            and self.first_line <= max(at.line, at.end_line)
            and at.line <= self.last_line
        ):
            return True
        return home is not None and home.path == self.location.path and self.first_line <= home.line <= self.last_line


@dataclass(frozen=True, slots=True)
class AllowedRule:
    """One name inside an allowance, empty where it has none: the part that a problem with an allowance stands on."""

    allowance: Allowance
    rule: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """One line of the baseline: a finding's identity, `rule | object`, and where it stands."""

    identity: str
    location: Location

    @property
    def rule(self) -> str:
        return self.identity.partition(" | ")[0]

    @property
    def object(self) -> str:
        return self.identity.partition(" | ")[2]


@dataclass(frozen=True)
class Allowances:
    """All allowances of this run, and the lines of the baseline that accept nothing any more.

    `known` maps every rule to its group. `asked` are the rules, and the groups, whose silence proves that an allowance is not needed: those
    that were asked about everything. `home_of` says where a table is declared.
    """

    all: tuple[Allowance, ...]
    asked: frozenset[str]
    known: Mapping[str, str]
    home_of: Callable[[str], Location | None] = lambda _: None
    stale: tuple[Accepted, ...] = ()
    used: set[tuple[Allowance, str]] = field(default_factory=set)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Allowance]]:
        """The allowances by name and file; those of the configuration under no file."""
        found: dict[tuple[str, str], list[Allowance]] = {}
        for one in self.all:
            for name in one.rules:
                found.setdefault((name, "" if one.pattern or one.path else one.location.path), []).append(one)
        return found

    def allow(self, rule: str, place: Place) -> bool:
        """Whether a problem of `rule` at `place` is allowed; every allowance that covers it is noted as used."""
        home = self.home_of(place.table) if self.all and place.table else None
        files = {"", *(one.path for one in (place.location, home) if one)}
        covering = [
            (one, name)
            for name in (rule, self.known.get(rule, ""))
            for file in files
            for one in self._by_name.get((name, file), ())
            if one.covers(place, home)
        ]
        self.used.update(covering)
        return bool(covering)

    def place(self, part: object, at: str = "") -> Place:  # noqa: ARG002 - no part of these has an inside
        """Return where an AllowedRule or a line of the baseline stands; raises TypeError for anything else."""
        match part:
            case AllowedRule():
                return Place(f"{part.rule} for {part.allowance.covered}".strip(), part.allowance.location)
            case Accepted():
                return Place(part.identity, part.location)
            case _:
                raise TypeError(f"{part!r} is no part of the allowances")


def matches(name: str, pattern: str) -> bool:
    """Whether `name` is like `pattern`, in which `*` stands for any characters."""
    head, star, rest = pattern.partition("*")
    if not star:
        return name == pattern
    if not name.startswith(head):
        return False
    return any(matches(name[start:], rest) for start in range(len(head), len(name) + 1))
