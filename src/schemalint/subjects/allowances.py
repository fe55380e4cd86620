"""What the user allowed, in the source and in the configuration, and which of it allowed anything."""

from dataclasses import dataclass, field

from schemalint.finding import Location
from schemalint.rule import Place


@dataclass(frozen=True, slots=True)
class Allowance:
    """One `# schemalint: allow[rule, rule] reason`, or one entry of `[tool.schemalint.allow]`.

    `first_line` and `last_line` are the statement that a comment covers; `pattern` is the object that an entry of the configuration covers.
    """

    rules: tuple[str, ...]
    reason: str
    location: Location
    first_line: int = 0
    last_line: int = 0
    pattern: str = ""

    def covers(self, rule: str, place: Place) -> bool:
        """Whether a problem of `rule` at `place` is allowed by this."""
        if rule not in self.rules:
            return False
        if self.pattern:
            return matches(place.object, self.pattern) or matches(place.declaration, self.pattern)
        at = place.location
        if at is None or at.path != self.location.path:
            return False
        return self.first_line <= max(at.line, at.end_line) and at.line <= self.last_line


@dataclass(frozen=True, slots=True)
class AllowedRule:
    """One rule name inside an allowance: the part that a problem with an allowance stands on."""

    allowance: Allowance
    rule: str


@dataclass(frozen=True)
class Allowances:
    """All allowances of this run; `asked` are the rules whose silence proves that an allowance is not needed."""

    all: tuple[Allowance, ...]
    asked: frozenset[str]
    known: frozenset[str]
    used: set[tuple[Allowance, str]] = field(default_factory=set)

    def allow(self, rule: str, place: Place) -> bool:
        """Whether a problem of `rule` at `place` is allowed; every allowance that covers it is noted as used."""
        covering = [allowance for allowance in self.all if allowance.covers(rule, place)]
        self.used.update((allowance, rule) for allowance in covering)
        return bool(covering)

    def place(self, part: object, at: str = "") -> Place:  # noqa: ARG002 - no part of these has an inside
        """Return where an AllowedRule stands; raises TypeError for anything else."""
        if not isinstance(part, AllowedRule):
            raise TypeError(f"{part!r} is no part of the allowances")
        covered = part.allowance.pattern or f"{part.allowance.location.path}:{part.allowance.location.line}"
        return Place(f"{part.rule} for {covered}", part.allowance.location)


def matches(name: str, pattern: str) -> bool:
    """Whether `name` is like `pattern`, in which `*` stands for any characters."""
    head, star, rest = pattern.partition("*")
    if not star:
        return name == pattern
    if not name.startswith(head):
        return False
    return any(matches(name[start:], rest) for start in range(len(head), len(name) + 1))
