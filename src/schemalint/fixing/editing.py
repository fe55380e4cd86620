"""Performs the fixes of findings on the text of files; nothing is read from and nothing is written to disk here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from schemalint.finding import Finding
from schemalint.fix import AddTableArgument, DropArgument, Edit, Remove, Replace, Target
from schemalint.fixing.changes import Planned, plan
from schemalint.fixing.importing import with_imports
from schemalint.fixing.reasons import LeftAlone
from schemalint.fixing.source_text import SourceText, read
from schemalint.fixing.tree import Change, Changing, Replacement, Tree, tree_of

Read = Callable[[str], bytes]
"""Gives the content of a file by the path that locations carry; raises LeftAlone for one that is not to be changed."""


@dataclass(frozen=True)
class Edited:
    """What performing fixes came to: the new contents of files, and which fixes are in them, have to wait, or are left alone and why."""

    contents: Mapping[str, bytes] = field(default_factory=dict)
    made: tuple[Finding, ...] = ()
    waiting: tuple[Finding, ...] = ()
    left: tuple[tuple[Finding, str], ...] = ()


@dataclass(frozen=True, eq=False)
class OpenFile:
    """A file that fixes change: its text, its tree, and the changes of its nodes so far."""

    source: SourceText
    tree: Tree
    changes: dict[cst.CSTNode, list[Change]] = field(default_factory=dict)
    taken: dict[cst.CSTNode, set[str]] = field(default_factory=dict)

    def is_taken(self, one: Planned) -> bool:
        """Whether another fix changes the same of the same statement."""
        taken = self.taken.get(self.tree.anchor(one.node), set())
        return one.aspect in taken or "all" in taken or (one.aspect == "all" and bool(taken))


class Refused(Exception):  # noqa: N818  # says which fix, for another try without it
    """A change could not be made on top of those of other fixes."""

    def __init__(self, finding: Finding, reason: str) -> None:
        super().__init__(reason)
        self.finding = finding


def edited(findings: Sequence[Finding], content: Read) -> Edited:
    """Perform the fixes of `findings`, in their order, as far as they can be performed together."""
    left: list[tuple[Finding, str]] = []
    while True:
        try:
            result = attempted([one for one in findings if all(one is not other for other, _ in left)], content)
        except Refused as refused:
            left.append((refused.finding, str(refused)))
        else:
            return replace(result, left=(*left, *result.left))


def attempted(findings: Sequence[Finding], content: Read) -> Edited:
    files: dict[str, OpenFile] = {}
    made: list[Finding] = []
    waiting: list[Finding] = []
    left: list[tuple[Finding, str]] = []
    for finding in findings:
        try:
            changes = changes_of(finding, files, content)
        except LeftAlone as reason:
            left.append((finding, str(reason)))
            continue
        if any(file.is_taken(one) for file, one in changes):
            waiting.append(finding)
            continue
        made.append(finding)
        for file, one in changes:
            file.taken.setdefault(file.tree.anchor(one.node), set()).add(one.aspect)
            file.changes.setdefault(one.node, []).append(naming(finding, one.change))
    contents = {path: new for path, file in files.items() if (new := result_of(file)) is not None}
    return Edited(contents, tuple(made), tuple(waiting), tuple(left))


def changes_of(finding: Finding, files: dict[str, OpenFile], content: Read) -> list[tuple[OpenFile, Planned]]:
    """Return the changes that a finding's fix means, tried out; raises LeftAlone where it cannot be made, with no import noted for it."""
    assert finding.fix is not None, "only findings with a fix are performed"
    before = {path: dict(file.tree.names.added) for path, file in files.items()}
    found: list[tuple[OpenFile, Planned]] = []
    try:
        for edit in distinct(finding.fix.edits):
            path = path_of(edit)
            if path not in files:
                source = read(content(path))
                files[path] = OpenFile(source, tree_of(source.module))
            files[path].source.refuse_unencodable(getattr(edit, "code", "") or getattr(edit, "new", ""))
            found.extend((files[path], one) for one in plan(edit, files[path].tree))
        for file in files.values():
            try_out(file.tree, [one for other, one in found if other is file])
    except LeftAlone:
        for path, file in files.items():
            file.tree.names.added.clear()
            file.tree.names.added.update(before.get(path, {}))
        raise
    return found


def distinct(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits, each once: those that several tables wish for at the one declaration that they share.

    Raises LeftAlone where two tables wish for different things there.
    """
    once: dict[Edit, None] = {}
    said: dict[object, Edit] = {}
    for edit in edits:
        plain = edit if isinstance(edit, Replace) else replace(edit, part=anonymous(edit.part))
        if plain in once:
            continue
        once[plain] = None
        what = getattr(plain, "name", getattr(plain, "old", ""))
        key = (type(plain), getattr(plain, "part", None), what) if has_code(plain) else plain
        if key in said and not isinstance(plain, AddTableArgument):
            raise LeftAlone("the tables that share its declaration would need different things there")
        said[key] = plain
    return list(once)


def has_code(edit: Edit) -> bool:
    return not isinstance(edit, (Replace, DropArgument, Remove))


def anonymous(part: object) -> Target:
    """Return a part without the table that it is found in."""
    assert isinstance(part, Target), "a placed fix has no other parts"
    return replace(part, object="", table="")


def path_of(edit: Edit) -> str:
    location = edit.location if isinstance(edit, Replace) else edit.part.location  # type: ignore[attr-defined]  # a Target
    if location is None:
        raise LeftAlone("no source file declares it")
    return str(location.path)


def try_out(tree: Tree, planned: Sequence[Planned]) -> None:
    """Make the changes of one fix on the nodes they are about; raises LeftAlone where one cannot be made."""
    changes: dict[cst.CSTNode, list[Change]] = {}
    for one in planned:
        changes.setdefault(one.node, []).append(one.change)
    for node in changes:
        if not any(around in changes for around in tree.around(node)):
            node.visit(Changing(changes))


def naming(finding: Finding, change: Change) -> Change:
    """Return a change that says whose it is when it cannot be made on top of others."""

    def named(node: cst.CSTNode) -> Replacement:
        try:
            return change(node)
        except LeftAlone as reason:
            raise Refused(finding, str(reason)) from None

    return named


def result_of(file: OpenFile) -> bytes | None:
    """Return the new content of a file, None where nothing changes."""
    if not file.changes:
        return None
    module = cst.ensure_type(file.source.module.visit(Changing(file.changes)), cst.Module)
    content = file.source.encoded(with_imports(module, file.tree.names.added))
    return None if content == file.source.encoded(file.source.module) else content
