"""Fixes in rounds: edited, proved, and what breaks its promise found by halving, until nothing more is to be done. Nothing is written here."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemalint.errors import SchemalintError
from schemalint.finding import Finding
from schemalint.fix import FixKind
from schemalint.fixing.editing import edited
from schemalint.fixing.files import Files
from schemalint.fixing.fingerprint import Fingerprint
from schemalint.fixing.promises import Look, broken_promise

LookAt = Callable[[Mapping[str, bytes]], Look]
"""Looks at the models where files have these contents, by their real paths."""

ORDER: tuple[FixKind, ...] = ("safe", "behaviour", "schema")
MOST_ROUNDS = 25


@dataclass
class Outcome:
    """What fixing came to: the fixes made, round by round; those left alone, and those undone because they broke their promise, with the reason.

    The findings of one round speak of the models as they were before it.
    """

    rounds: list[tuple[Finding, ...]] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)
    undone: list[tuple[Finding, str]] = field(default_factory=list)
    is_finished: bool = True

    @property
    def made(self) -> list[Finding]:
        """The fixes made, in order."""
        return [one for together in self.rounds for one in together]

    @property
    def refused(self) -> set[str]:
        """The identities of findings whose fix need not be tried again."""
        return {finding.identity for finding, _ in [*self.left, *self.undone]}

    @property
    def defects(self) -> list[tuple[Finding, str]]:
        """The safe fixes that were undone: a defect of ours."""
        return [(finding, why) for finding, why in self.undone if finding.fix and finding.fix.kind == "safe"]


def fix_all(
    files: Files, kinds: Sequence[FixKind], look: LookAt, progress: Callable[[str], None] = lambda _: None
) -> Outcome:
    """Perform the fixes of these kinds on `files`, in memory."""
    outcome = Outcome()
    progress("looking at the models")
    seen = look(files.overlay({}))
    for _ in range(MOST_ROUNDS):
        wanted = next_round(seen, kinds, outcome)
        if not wanted:
            return outcome
        attempt = edited(wanted, files.content)
        outcome.left += attempt.left
        if attempt.made:
            progress(f"proving {len(attempt.made)} fix{'' if len(attempt.made) == 1 else 'es'}")
            proof = Proof(files, look, seen, outcome)
            outcome.rounds.append(proof.survivors(attempt.made))
            files.changed.update(proof.contents)
            seen = proof.after
    outcome.is_finished = not next_round(seen, kinds, outcome)
    return outcome


def next_round(seen: Look, kinds: Sequence[FixKind], outcome: Outcome) -> list[Finding]:
    """Return the findings to fix next: those of the first kind that has any."""
    refused = outcome.refused
    for kind in ORDER:
        found = [one for one in seen.findings if one.fix and one.fix.kind == kind and one.identity not in refused]
        if kind in kinds and found:
            return found
    return []


@dataclass
class Proof:
    """Fixes of one round made on the same state; `contents` and `after` are what those that keep their promise have come to."""

    files: Files
    look: LookAt
    before: Look
    outcome: Outcome
    contents: Mapping[str, bytes] = field(default_factory=dict)
    kept: tuple[Finding, ...] = ()
    after: Look = field(init=False)

    def __post_init__(self) -> None:
        self.after = self.before

    def survivors(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return which of `findings` can be fixed on top of those kept so far; of one that cannot, the reason is noted."""
        together = (*self.kept, *findings)
        attempt = edited(together, self.files.content)
        reason, after = self._judged(together, attempt.contents)
        if not reason:
            self.contents, self.after, self.kept = attempt.contents, after, together
            return tuple(findings)
        if len(findings) == 1:
            self.outcome.undone.append((findings[0], reason))
            return ()
        half = len(findings) // 2
        return (*self.survivors(findings[:half]), *self.survivors(findings[half:]))

    def _judged(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> tuple[str, Look]:
        for path, content in contents.items():
            if not compiles(content):
                return f"{path} would be no Python any more", self.before
        try:
            after = self.look(self.files.overlay(contents))
        except SchemalintError as error:
            after = Look((), Fingerprint(), (str(error),))
        return broken_promise(self.before, after, findings), after


def compiles(content: bytes) -> bool:
    """Whether Python can compile a file; what it warns of is the user's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(content, "<fixed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
