"""The facts in which models and migrations differ, each with the model's line and the revision that made the other side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sqlalchemy import Table

from schemalint.errors import UserLine
from schemalint.finding import Location
from schemalint.rule import Place
from schemalint.subjects.catalog import TableFact
from schemalint.subjects.history import History, Revision
from schemalint.subjects.schema import Schema

Aspect: TypeAlias = Literal[
    "table", "column", "type", "nullable", "default", "enum", "key", "index", "name", "comment", "storage"
]
"""What a difference is about; each has one rule."""


@dataclass(frozen=True, eq=False)
class Difference:
    """One thing that models and migrations say differently.

    `identity` is its object in findings, `what` names it in a sentence. `models` and `migrations` are the two sides in PostgreSQL's own words, empty where
    the thing is not there. `part` is the model's table, column, constraint or index; None for what only migrations make. `table` is
    the table's full name. `revision` is the one that made the migrations' side what it is, None where no revision touched it. `suggestion`
    holds the lines of a revision that would make the migrations agree with the models, as far as they can be written down. `declaration` is
    the mixin's field that several tables share, if all of them differ alike: then every one has the lines of all. `wider` is what the models
    would say if they held as much as the column does after the migrations, where they hold less.
    """

    aspect: Aspect
    identity: str
    what: str
    models: str
    migrations: str
    part: object | None = None
    table: str = ""
    revision: Revision | None = None
    suggestion: str = ""
    declaration: str = ""
    wider: str = ""

    @property
    def by(self) -> str:
        """The revision in parentheses, with a space before it, or nothing."""
        return f" ({self.revision.name})" if self.revision else ""


@dataclass(frozen=True, eq=False)
class FailedUpgrade:
    """Why the history does not upgrade an empty database: the server's own words, on the user's line.

    `missing` is the table that does not exist, if the models declare it.
    """

    message: str
    at: UserLine | None
    revision: str
    missing: str = ""


@dataclass(frozen=True, eq=False)
class Uncreatable:
    """A part of the models that PostgreSQL refuses to create, with its reason."""

    identity: str
    what: str
    reason: str
    part: object


@dataclass(frozen=True, eq=False)
class UnimportedModels:
    """Most tables that the migrations make are unknown to the models: these are, of `total` tables."""

    tables: tuple[str, ...]
    total: int
    at: Location | None


@dataclass(frozen=True, eq=False)
class NamingConvention:
    """A naming convention that models and migrations do not share; `examples` are a few names, as the models and as the migrations have them."""

    is_late: bool
    count: int
    examples: tuple[tuple[str, str], ...]
    part: object | None
    suggestion: str = ""


@dataclass(frozen=True, eq=False)
class Drift:
    """What came of comparing; with a `failure` nothing was compared."""

    schema: Schema = field(repr=False)
    history: History = field(repr=False)
    differences: tuple[Difference, ...] = ()
    failure: FailedUpgrade | None = None
    uncreatable: tuple[Uncreatable, ...] = ()
    unimported: UnimportedModels | None = None
    convention: NamingConvention | None = None
    migrated: Mapping[Table, TableFact] = field(default_factory=dict)
    """The tables to judge that the migrations make, with what PostgreSQL says of each."""
    notes: tuple[str, ...] = ()
    """What the user should know of how it was compared."""

    def of(self, aspect: Aspect) -> Iterator[Difference]:
        """Yield the differences that one rule is about."""
        return (one for one in self.differences if one.aspect == aspect)

    def place(self, part: object, at: str = "") -> Place:  # noqa: ARG002 - a difference has no inside
        """Return where a difference stands: the model's line, else that of its table, else that of the revision."""
        match part:
            case Difference():
                place = self._place(part.identity, part.part, part.table, part.revision)
                return place._replace(declaration=part.declaration)
            case Uncreatable():
                return self._place(part.identity, part.part, "", None)
            case FailedUpgrade():
                revision = self.history.revision(part.revision)
                stated = revision.stated if revision else None
                failed = Location(part.at.path, part.at.line, part.at.column or 1) if part.at else stated
                return Place(part.revision, failed)
            case UnimportedModels():
                return Place("target_metadata", part.at)
            case Table():
                return self.schema.place(part)
            case NamingConvention():
                return self._place("naming convention", part.part, "", None)
            case _:
                raise TypeError(f"{part!r} is no part of a drift")

    def _place(self, identity: str, part: object | None, table: str, revision: Revision | None) -> Place:
        for one in (part, next((known for known in self.schema.tables if known.fullname == table), None)):
            if one is not None and (location := self._location(one)):
                return Place(identity, location, "", table)
        return Place(identity, revision.stated if revision else None, "", table)

    def _location(self, part: object) -> Location | None:
        try:
            return self.schema.place(part).location
        except TypeError:  # a part that the schema does not place, such as a sequence
            return None
