"""Remembers from which line of the project each table, column, constraint and relationship is constructed, while it is imported."""

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, cached_property, wraps
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from schemalint.loaders.source_index import Span

if TYPE_CHECKING:
    from sqlalchemy import Table


class Call(NamedTuple):
    """An instruction of the project's own code, and how many calls were recorded before it."""

    number: int
    code: CodeType
    instruction: int

    @property
    def span(self) -> Span:
        """Where the instruction stands in its file (PEP 657)."""
        return spans(self.code)[self.instruction // 2]


Kind = Literal["own", "between", "stop"]
OWN: Final = "own"
BETWEEN: Final = "between"
STOP: Final = "stop"


@dataclass(frozen=True, eq=False)
class Recording:
    """What was constructed while user code ran, and from where.

    `files` are the source files of the modules that the mapped classes and their bases stand in (also of modules that did not
    import in the end). `mapped` are all classes mapped meanwhile, each with its class statement, None where no line of the project made it.
    """

    is_own: Callable[[str], bool]
    calls: dict[int, tuple[object, Call]] = field(default_factory=dict)
    executed: dict[int, tuple[CodeType, set[int]]] = field(default_factory=dict)
    mapped: dict[type, Call | None] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    copies: "dict[Table, Table]" = field(default_factory=dict)

    def of(self, constructed: object) -> Call | None:
        """Return the call that constructed something, None where the project's own code did not, or did earlier."""
        found = self.calls.get(id(constructed))
        return found[1] if found else None

    def ran(self, file: str, first: int, last: int) -> bool:
        """Whether anything was constructed from the lines `first` to `last` of a file."""
        return any(
            first <= spans(code)[instruction // 2].line <= last
            for code, instructions in self.executed.values()
            if code.co_filename == file and code.co_firstlineno <= last
            for instruction in instructions
        )

    @cached_property
    def kind(self) -> "Callable[[str], Kind]":
        """Tell the project's own files from those behind which nobody in the project asked, and from libraries in between."""

        @cache
        def kind_of(name: str) -> Kind:
            if self.is_own(name):
                return OWN
            # What a library makes while it is imported is the library's, not of the line that imports it; the same for what
            # happens when we ourselves call it.
            return STOP if name in STOPS or (name != __file__ and name.startswith(PACKAGE)) else BETWEEN

        return kind_of

    def note(self, constructed: object, depth: int) -> Call | None:
        """Remember where `constructed` is being constructed, by the caller `depth` frames up; the first time counts."""
        frame = sys._getframe(depth)  # noqa: SLF001 # `inspect.stack()` reads the source of every frame
        kind = self.kind
        # This runs for every column of a project, through the frames of the libraries: it is asked once a file what a file is.
        while (found := kind(frame.f_code.co_filename)) is not OWN:
            if found is STOP or frame.f_back is None:
                return None
            frame = frame.f_back
        own = self.is_own
        frame = class_body_above(frame, own) or frame
        call = Call(len(self.calls), frame.f_code, frame.f_lasti)
        self.calls.setdefault(id(constructed), (constructed, call))
        # By identity: to hash a code object is to go through all of its constants.
        self.executed.setdefault(id(frame.f_code), (frame.f_code, set()))[1].add(frame.f_lasti)
        return call


def class_body_above(frame: FrameType, is_own: Callable[[str], bool]) -> FrameType | None:
    """Return the class body that called a function of the project (`build_index(...)` in `__table_args__`), itself or through others; None elsewhere."""
    above: FrameType | None = frame
    while above is not None and is_own(above.f_code.co_filename) and not above.f_code.co_name.startswith("<"):
        if not above.f_code.co_flags & CO_OPTIMIZED:
            return above
        above = above.f_back
    return None


STOPS = frozenset({"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"})
PACKAGE = str(Path(__file__).parents[1])


@contextmanager
def recording(is_own: Callable[[str], bool]) -> Iterator[Recording]:
    """Record constructions while active; `is_own` says whether a code object's file name is the project's."""
    from sqlalchemy import Table, event
    from sqlalchemy.orm import Mapper

    record = Recording(cache(is_own))

    def note_class(_: "Mapper[Any]", class_: type) -> None:
        record.mapped[class_] = record.note(class_, depth=2)
        for base in class_.__mro__:
            file = getattr(sys.modules.get(base.__module__), "__file__", None)
            if file:
                record.files.setdefault(base.__module__, file)

    with ExitStack() as stack:
        for class_ in recorded_classes():
            original = vars(class_)["__init__"]
            setattr(class_, "__init__", noting(original, record))  # noqa: B010 # mypy refuses the assignment
            stack.callback(setattr, class_, "__init__", original)
        copying = Table.to_metadata
        setattr(Table, "to_metadata", noting_copies(copying, record))  # noqa: B010 # as above
        stack.callback(setattr, Table, "to_metadata", copying)
        event.listen(Mapper, "instrument_class", note_class)
        stack.callback(event.remove, Mapper, "instrument_class", note_class)
        yield record


def noting(original: Callable[..., None], record: Recording) -> Callable[..., None]:
    """Return a constructor that does what `original` does, and is recorded."""

    @wraps(original)
    def __init__(self: object, *args: object, **kwargs: object) -> None:  # noqa: N807
        record.note(self, depth=2)
        original(self, *args, **kwargs)

    return __init__


def noting_copies(original: "Callable[..., Table]", record: Recording) -> "Callable[..., Table]":
    """Return a `Table.to_metadata` that does what `original` does, and is recorded."""

    @wraps(original)
    def to_metadata(self: "Table", *args: object, **kwargs: object) -> "Table":
        copy = original(self, *args, **kwargs)
        record.copies[copy] = self
        return copy

    return to_metadata


def recorded_classes() -> Iterator[type]:
    """Yield the classes whose constructors are recorded; others inherit theirs (UniqueConstraint, mapped_column's Column)."""
    import sqlalchemy as sa
    from sqlalchemy.orm import RelationshipProperty

    yield from (sa.Table, sa.Column, sa.ForeignKey, sa.Index, sa.ForeignKeyConstraint, sa.CheckConstraint)
    # ColumnCollectionConstraint has no public name: it is the constructor of UniqueConstraint and the like.
    yield next(base for base in sa.UniqueConstraint.__mro__ if "__init__" in vars(base))
    yield RelationshipProperty
    if importlib.util.find_spec("sqlmodel"):
        # One that does not import (with this SQLAlchemy) is told when the models import it.
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sqlmodel = importlib.import_module("sqlmodel.main")
            yield from (sqlmodel.FieldInfo, sqlmodel.RelationshipInfo)


@cache
def spans(code: CodeType) -> tuple[Span, ...]:
    """Return where each instruction stands: `co_positions()` counts from the start at every call, so all are kept."""
    return tuple(Span(line or 0, end or 0, column, end_column) for line, end, column, end_column in code.co_positions())
