"""The Alembic history: revisions as their files declare them, and the graph they make; nothing of it is imported."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from schemalint.finding import Location
from schemalint.rule import Place

Body = Literal["absent", "empty", "explained", "written"]
"""What `upgrade` or `downgrade` does: nothing, for want of the function or of statements in it (`explained`: with words of its
author's own, in a comment or the docstring), or something."""


class Reference(NamedTuple):
    """One id in `down_revision` or `depends_on`, and where it is written; `depends_on` also takes branch labels."""

    kind: Literal["down_revision", "depends_on"]
    to: str
    location: Location


class ModelImport(NamedTuple):
    """An import statement in a revision file that fetches models of the application, by their full names."""

    names: tuple[str, ...]
    location: Location


class BrokenFile(NamedTuple):
    """A revision file that Python cannot read, with the reason as Python says it."""

    location: Location
    reason: str


@dataclass(frozen=True, eq=False)
class Revision:
    """One revision file, as its syntax tree says; every field that stands in the file has its location.

    `id` is None where the file assigns no literal `revision`. `parts` maps what the file declares (`revision`, `down_revision`,
    `depends_on`, `branch_labels`, `upgrade`, `downgrade`) to its location; `unknown` names those of them that only running the file
    would tell, which leaves out their references and labels. `stated` is the `revision` itself or, failing that, the first line.
    `changes_rows_only` says that, as far as can be read, nothing but data is changed.
    """

    path: str
    id: str | None
    stated: Location
    references: tuple[Reference, ...] = ()
    branch_labels: tuple[str, ...] = ()
    upgrade: Body = "written"
    downgrade: Body = "written"
    changes_rows_only: bool = False
    model_imports: tuple[ModelImport, ...] = ()
    parts: Mapping[str, Location] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The id, or the path of a file whose id is not known."""
        return self.path if self.id is None else self.id

    @cached_property
    def down_revisions(self) -> tuple[str, ...]:
        """The ids of the revisions that this one follows; none for a base, several for a merge."""
        return tuple(one.to for one in self.references if one.kind == "down_revision")

    @cached_property
    def depends_on(self) -> tuple[str, ...]:
        """The ids and branch labels of the revisions that must have been performed before this one."""
        return tuple(one.to for one in self.references if one.kind == "depends_on")

    @property
    def is_base(self) -> bool:
        """Whether it declares that it follows nothing."""
        return "down_revision" in self.parts and "down_revision" not in self.unknown and not self.down_revisions

    @property
    def is_merge(self) -> bool:
        """Whether it follows several revisions."""
        return len(self.down_revisions) > 1

    @property
    def branch_directory(self) -> tuple[str, ...]:
        """The directory of the file, without those that only count or date (`versions/2026/07`): branches may live in their own."""
        return tuple(one for one in PurePosixPath(self.path).parts[:-1] if any(letter.isalpha() for letter in one))


class RevisionPart(NamedTuple):
    """A declaration in a revision file: `downgrade`, `down_revision`, an import, ..."""

    revision: Revision
    name: str
    location: Location


@dataclass(frozen=True, eq=False)
class History:
    """Every revision of an Alembic environment, in the order in which Alembic reads the files, and the graph they make.

    `files` are the absolute paths of all revision files. `broken` are those that Python cannot read; `compiled` the paths of those that exist without
    a source (`sourceless = true`). What the graph is like can be said only where every file says its place in it: `is_known`.
    `version_column_is_managed`: the project itself deals with the column in which Alembic keeps ids.
    """

    revisions: tuple[Revision, ...]
    broken: tuple[BrokenFile, ...] = ()
    compiled: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    version_column_is_managed: bool = False

    def place(self, part: object, at: str = "") -> Place:  # noqa: ARG002 - no part of these has an inside
        """Return the revision's id (the path where it has none) and where the part stands."""
        match part:
            case Revision():
                return Place(part.name, part.stated)
            case RevisionPart():
                return Place(part.revision.name, part.location)
            case BrokenFile():
                return Place(part.location.path, part.location)
            case _:
                raise TypeError(f"{part!r} is no part of a history")

    def revision(self, revision_id: str) -> Revision | None:
        """Return the revision with this very id; of several files with one id the last, which is the one that Alembic keeps."""
        return self._by_id.get(revision_id)

    def line_of(self, revision_id: str) -> Location | None:
        """Return where a revision states its id."""
        found = self.revision(revision_id)
        return found.stated if found else None

    def resolve(self, reference: Reference) -> Revision | None:
        """Return what a reference names, None for nothing. Alembic takes whole ids; in `depends_on` branch labels too.

        https://alembic.sqlalchemy.org/en/latest/branches.html#branch-dependencies
        """
        found = self.revision(reference.to)
        if found is None and reference.kind == "depends_on":
            return self._by_label.get(reference.to)
        return found

    def parents(self, revision: Revision) -> tuple[Revision, ...]:
        """Return the revisions that `down_revision` names, as far as they exist."""
        return tuple(one for one in map(self.revision, revision.down_revisions) if one)

    def children(self, revision: Revision) -> tuple[Revision, ...]:
        """Return the revisions whose `down_revision` names this one."""
        return tuple(self._children.get(revision, ()))

    def line(self, revision: Revision) -> tuple[Revision, ...]:
        """Return a revision and everything that it follows, along `down_revision`; the nearest first."""
        found: dict[Revision, None] = {}
        ahead = [revision]
        for one in ahead:
            if one not in found:
                found[one] = None
                ahead.extend(self.parents(one))
        return tuple(found)

    def dependents(self, revision: Revision) -> tuple[Revision, ...]:
        """Return the revisions whose `depends_on` names this one."""
        return tuple(self._dependents.get(revision, ()))

    @cached_property
    def ids_are_known(self) -> bool:
        """Whether every file's id is known: only then does an id that is not among them not exist."""
        return not self.broken and not self.compiled and all(one.id is not None for one in self.revisions)

    @cached_property
    def is_known(self) -> bool:
        """Whether every file says, without being run, its id, what it follows and which branch it is."""
        places = {"revision", "down_revision", "depends_on", "branch_labels"}
        return self.ids_are_known and all(
            "down_revision" in one.parts and not places & one.unknown for one in self.revisions
        )

    @cached_property
    def is_sound(self) -> bool:
        """Whether the graph is known and consists of revisions that exist, once each, without cycles."""
        return self.is_known and not self.dangling and not self.duplicates and not self.cycles

    @cached_property
    def dangling(self) -> tuple[tuple[Revision, Reference], ...]:
        """Every reference that names none of the revisions that are known, with the revision it stands in."""
        return tuple(
            (revision, reference)
            for revision in self.revisions
            for reference in revision.references
            if self.resolve(reference) is None
        )

    @cached_property
    def duplicates(self) -> tuple[tuple[Revision, ...], ...]:
        """The revisions that share an id, together."""
        count = Counter(one.id for one in self.revisions if one.id is not None)
        return tuple(
            tuple(one for one in self.revisions if one.id == revision_id)
            for revision_id in count
            if count[revision_id] > 1
        )

    @cached_property
    def cycles(self) -> tuple[tuple[Revision, ...], ...]:
        """Rings of revisions that follow or depend on each other, each from the revision whose file comes first."""
        before: dict[Revision, tuple[Revision, ...]] = {
            one: tuple(found for found in map(self.resolve, one.references) if found) for one in self.revisions
        }
        order = {one: number for number, one in enumerate(self.revisions)}
        found: list[tuple[Revision, ...]] = []
        while ring := first_cycle(before):
            start = ring.index(min(ring, key=order.__getitem__))
            found.append(ring[start:] + ring[:start])
            before = {one: above for one, above in before.items() if one not in ring}
        return tuple(found)

    @cached_property
    def bases(self) -> tuple[Revision, ...]:
        """The revisions that follow nothing."""
        return tuple(one for one in self.revisions if one.is_base)

    @cached_property
    def heads(self) -> tuple[Revision, ...]:
        """The revisions that nothing follows and nothing depends on: what `alembic upgrade heads` ends at."""
        return tuple(one for one in self.revisions if not self.children(one) and not self.dependents(one))

    @cached_property
    def labels(self) -> Mapping[Revision, frozenset[str]]:
        """The branch labels that each revision carries: its own and those of everything it follows. Needs a graph without cycles."""
        labels: dict[Revision, frozenset[str]] = {}
        for one in TopologicalSorter({one: self.parents(one) for one in self.revisions}).static_order():
            labels[one] = frozenset(one.branch_labels).union(*(labels[parent] for parent in self.parents(one)))
        return labels

    @cached_property
    def trees(self) -> tuple[tuple[Revision, ...], ...]:
        """The revisions, those together that one can walk between along `down_revision`."""
        return tuple(self._connected(lambda one: (*self.parents(one), *self.children(one))))

    @cached_property
    def groves(self) -> tuple[tuple[Revision, ...], ...]:
        """The revisions, those together that one can walk between along `down_revision` and `depends_on`."""
        needed = {one: [self.resolve(reference) for reference in one.references] for one in self.revisions}
        return tuple(
            self._connected(lambda one: (*filter(None, needed[one]), *self.children(one), *self.dependents(one)))
        )

    def _connected(self, near: Callable[[Revision], Iterable[Revision]]) -> Iterator[tuple[Revision, ...]]:
        seen: set[Revision] = set()
        for start in self.revisions:
            together: set[Revision] = set()
            ahead = [] if start in seen else [start]
            while ahead:
                one = ahead.pop()
                if one not in together:
                    together.add(one)
                    ahead.extend(near(one))
            if together:
                seen |= together
                yield tuple(one for one in self.revisions if one in together)

    @cached_property
    def _by_id(self) -> dict[str, Revision]:
        return {one.id: one for one in self.revisions if one.id is not None}

    @cached_property
    def _by_label(self) -> dict[str, Revision]:
        return {label: one for one in self.revisions for label in one.branch_labels}

    @cached_property
    def _children(self) -> dict[Revision, list[Revision]]:
        return self._named_by("down_revision")

    @cached_property
    def _dependents(self) -> dict[Revision, list[Revision]]:
        return self._named_by("depends_on")

    def _named_by(self, kind: str) -> dict[Revision, list[Revision]]:
        named: dict[Revision, list[Revision]] = {}
        for revision in self.revisions:
            for reference in revision.references:
                found = self.resolve(reference)
                if reference.kind == kind and found:
                    named.setdefault(found, []).append(revision)
        return named


def first_cycle(before: Mapping[Revision, Iterable[Revision]]) -> tuple[Revision, ...]:
    """Return a ring in the graph of what stands before what, each member before the next; empty where there is none."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as cycle:
        ring: list[Revision] = cycle.args[1]
        return tuple(ring[:-1])
    return ()
