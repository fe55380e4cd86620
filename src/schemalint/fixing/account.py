"""What was done and what was not, in lines for the user."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemalint.finding import Finding
from schemalint.fixing.files import Files
from schemalint.fixing.rounds import Outcome


@dataclass(frozen=True)
class Words:
    """How to say what was done, or what would be."""

    fixed: str
    due: str


DONE = Words("fixed", "migrations that are now due:")
WOULD = Words("would fix", "migrations that would be due:")


def account(outcome: Outcome, files: Files, words: Words) -> Iterator[str]:
    """Yield the lines about a run of fixes: how many, what is due, what was left alone and why, what was undone."""
    # After a table got another name, what is left alone in it is left alone once more.
    left = {(one.rule, one.location, reason): one for one, reason in reversed(outcome.left)}
    for (_, _, reason), finding in reversed(left.items()):
        yield f"left alone: {place(finding)}: {reason}"
    for finding, reason in outcome.undone:
        assert finding.fix is not None, "only fixes are undone"
        if finding.fix.kind == "safe":
            yield (
                f"undone: {place(finding)}: the fix of {finding.rule} is called safe, but {reason}. "
                "This is a defect of schemalint: please report it"
            )
        else:
            yield f"left alone: {place(finding)}: with its fix, {reason}"
    count, changed = len(outcome.made), len(files.changed)
    if count:
        yield f"{words.fixed} {counted(count, 'problem')} in {counted(changed, 'file')}"
    else:
        yield f"{words.fixed} nothing"
    if due := dict.fromkeys(line for one in outcome.made for line in due_after(one)):
        yield "\n    ".join([words.due, *due])
    if not outcome.is_finished:
        yield "there is more to fix: run it again"


def due_after(finding: Finding) -> Iterator[str]:
    """Yield what must be migrated after a fix."""
    assert finding.fix is not None, "only findings with a fix are fixed"
    if finding.fix.kind == "schema":
        yield from (finding.fix.due or f"for {finding.object} ({finding.rule})").splitlines()


def place(finding: Finding) -> str:
    where = f"{finding.location.path}:{finding.location.line}:{finding.location.column}: " if finding.location else ""
    return f"{where}{finding.rule} {finding.object}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
