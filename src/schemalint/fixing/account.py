"""What was done and what was not, in lines for the user."""

import re
from collections.abc import Iterable, Iterator
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
    if due := due_in_order(outcome):
        yield "\n    ".join([words.due, *due])
    if not outcome.is_finished:
        yield "there is more to fix: run it again"


def due_in_order(outcome: Outcome) -> list[str]:
    """Return what must be migrated, line by line, in an order in which it can be performed."""
    parts = [part for made in outcome.rounds for part in sorted(map(due_after, made), key=new_names)]
    return without_detours(dict.fromkeys(line for part in parts for line in part.splitlines()))


def due_after(finding: Finding) -> str:
    """Return what must be migrated after a fix; empty where nothing must be."""
    assert finding.fix is not None, "only findings with a fix are fixed"
    return (finding.fix.due or f"for {finding.object} ({finding.rule})") if finding.fix.kind == "schema" else ""


def new_names(due: str) -> int:
    """Return the place of a part among those of its round: all of them speak of the names of before, so columns get new ones after that, and tables last."""
    return 2 if "op.rename_table(" in due else int("new_column_name=" in due)


def without_detours(due: Iterable[str]) -> list[str]:
    """Return the lines without an index that one fix asks for and a later one, which found it superfluous, takes away again."""
    lines: list[str] = []
    for line in due:
        dropped = re.fullmatch(r'op\.drop_index\(("[^"]+"), table_name=("[^"]+")\)', line)
        made = "op.create_index({}, {}, ".format(*dropped.groups()) if dropped else None
        before = next((one for one in lines if made and one.startswith(made)), None)
        if before is None:
            lines.append(line)
        else:
            lines.remove(before)
    return lines


def place(finding: Finding) -> str:
    where = f"{finding.location.path}:{finding.location.line}:{finding.location.column}: " if finding.location else ""
    return f"{where}{finding.rule} {finding.object}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
