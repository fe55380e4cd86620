"""Traces a table, column, constraint, index, mapper or relationship to the user's own statement.

What a class's body declares is found in its syntax tree; what is constructed elsewhere (a Core table, an argument of
`__table_args__`), and which of two equal declarations was the one, in the recording of the import. A place is worked out when it is asked for.
"""

import ast
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FunctionType

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.exc import CompileError
from sqlalchemy.orm import Mapper, RelationshipProperty
from sqlalchemy.schema import ColumnCollectionConstraint, Constraint

from schemalint.finding import Location
from schemalint.loaders.annotations import own_annotations
from schemalint.loaders.recording import PACKAGE, Call, Recording
from schemalint.loaders.source_index import (
    SourceFile,
    annotated_names,
    called_name,
    expression,
    extent,
    literal_strings,
    read_source,
)
from schemalint.rule import Place
from schemalint.subjects.schema import AnyColumn, AnyMapper, ModelField, Relationship

NOT_THE_PROJECTS = frozenset({"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox"})
MAKES_CLASSES = frozenset({"exec", "eval", "create_model", "type", "new_class", "configure_mappers"})
"""Calls that construct tables and columns of which the source says nothing."""


@dataclass(frozen=True, eq=False)
class Project:
    """Which files are the project's own: those below `root` that nobody installed, and the packages that the user named, wherever they stand."""

    root: Path
    named: tuple[Path, ...] = ()

    def is_own(self, file: str) -> bool:
        """Whether a source file (or the file name of a code object) is the project's own."""
        if file.startswith("<"):
            return False
        path = self._real(file)
        if path.is_relative_to(PACKAGE) or path.is_relative_to(STANDARD_LIBRARY):
            return False
        if any(path.is_relative_to(one) for one in self.named):
            return True
        below = self._below_root(file)
        return below is not None and NOT_THE_PROJECTS.isdisjoint(below.parts) and not self._is_in_environment(path)

    def shown(self, file: str) -> str:
        """Return a file's path as findings carry it: relative to the root where it lies below it, with forward slashes."""
        return (self._below_root(file) or self._real(file)).as_posix()

    def absolute(self, file: str) -> str:
        """Return a file's absolute path, below `root` as it was given."""
        return str(self.root / self.shown(file))

    def _below_root(self, file: str) -> Path | None:
        """Return a file's path below the root, whether the root or a part of the path is a symbolic link; None where it is elsewhere."""
        for path, root in ((self.root / file, self.root), (self._real(file), self._real("."))):
            if path.is_relative_to(root):
                return path.relative_to(root)
        return None

    def _is_in_environment(self, path: Path) -> bool:
        environment, root = self._real(sys.prefix), self._real(".")
        return environment != root and environment.is_relative_to(root) and path.is_relative_to(environment)

    def _real(self, file: str) -> Path:
        return Path(os.path.realpath(self.root / file))


STANDARD_LIBRARY = os.path.realpath(sysconfig.get_path("stdlib"))


@dataclass(frozen=True, eq=False)
class Places:
    """Answers where parts stand; `fields` and `mapper_of` say which class is behind a column and a table."""

    project: Project
    record: Recording
    fields: Iterable[ModelField]
    mapper_of: Mapping[Table, AnyMapper]
    modules: tuple[str, ...] = ()
    _sources: dict[str, SourceFile | None] = field(default_factory=dict)

    def __call__(self, part: object, at: str = "") -> Place:
        """Return the identity and the place of a part, or of what `at` names in it; raises TypeError for what is no part of a schema.

        `at` is the name of a keyword (its value is meant), `annotation` or `name` (of an attribute or a class; of an index or a constraint, as it
        is called in PostgreSQL); where none is written, the whole part is the place.
        """
        place = self._place(part)
        if not at or place.location is None or (source := self.source(place.location.path)) is None:
            return place
        if at == "name" and isinstance(part, (Index, Constraint)):
            inside = source.literal(place.location, str(part.name))
        else:
            inside = source.inside(place.location, at)
        return place._replace(location=inside or place.location)

    def _place(self, part: object) -> Place:
        match part:
            case ModelField():
                return self._place(part.column)
            case Column():
                return self._column(part)
            case Table():
                return Place(part.fullname, self._table(part), table=part.fullname)
            case Index() | Constraint() if isinstance(part.table, Table):
                return self._constraint(part, part.table)
            case Mapper():
                table = part.local_table
                return Place(identity(part), self.of_class(part.class_), table=getattr(table, "fullname", ""))
            case RelationshipProperty():
                return self._relationship(part)
            case _:
                raise TypeError(f"{part!r} is no part of a schema")

    def of_class(self, class_: type) -> Location | None:
        """Return the header of a class's statement, None where no source has one."""
        found = self._statement(class_)
        return found[0].header(found[1]) if found else None

    def declaring_file_of(self, table: Table) -> str | None:
        """Return the file that declares a table: where `Table(...)` is called, or its class's; None where that is not known.

        A class that a library made while it was watched (a version table, a copy) is nobody's in the project.
        """
        if call := self.record.of(table):
            return call.code.co_filename
        if mapper := self.mapper_of.get(table):
            made_by_a_library = mapper.class_ in self.record.mapped and self.record.mapped[mapper.class_] is None
            return None if made_by_a_library else self._file(mapper.class_)
        found = self._core_table(table)
        return found[0].shown if found else None

    def files(self, tables: Iterable[Table]) -> Iterator[str]:
        """Yield the project's own files that declare `tables`, or something in them; absolute paths."""
        names: set[str | None] = set()
        for table in tables:
            names.add(self.declaring_file_of(table))
            if mapper := self.mapper_of.get(table):
                names.update(map(self._file, mapper.class_.__mro__))
            parts: list[object] = [*table.columns, *table.constraints, *table.indexes]
            names.update(call.code.co_filename for call in map(self.record.of, parts) if call)
        return (self.project.absolute(name) for name in sorted(filter(None, names)) if self.project.is_own(name))

    def _column(self, column: AnyColumn) -> Place:
        table = column.table
        name = getattr(table, "fullname", "")
        place = Place(identity(column), None, table=name)
        model, key = self._attribute_of.get(column, (None, column.key))
        mapper = self.mapper_of.get(table)
        if model is None and mapper is not None:
            model = mapper.class_
        if model is not None and (found := self._attribute(model, key, column)):
            return found.at(place)
        call = self._call(column)
        if call and (found := self._called(call, ("Column", "mapped_column"), model)):
            return found.at(place)
        return place._replace(location=self._core_column(column) or self._table(table))

    def _constraint(self, part: "Index | Constraint", table: Table) -> Place:
        place = Place(identity(part), None, table=table.fullname)
        columns = tuple(columns_of(part))
        if not self._is_written_at_a_column(part):
            mapper = self.mapper_of.get(table)
            model = mapper.class_ if mapper is not None else None
            if (call := self._call(part)) and (found := self._called(call, (type(part).__name__,), model)):
                return found.at(place)
            if found := self._by_source(part, table, model):
                return found.at(place)
        if len(columns) == 1:
            column = self._column(columns[0])
            return place._replace(location=column.location, declaration=column.declaration)
        return place._replace(location=self._table(table))

    def _is_written_at_a_column(self, part: "Index | Constraint") -> bool:
        """Whether a constraint or index comes from an argument of its column (`index=True`, `ForeignKey(...)`) or of its column's type."""
        match part:
            # Private, but nothing else tells what SQLAlchemy makes of `index=True` and the like from what the user writes.
            case Index() | UniqueConstraint() if getattr(part, "_column_flag", False):
                return True
            case CheckConstraint() if getattr(part, "_type_bound", False):
                return True
            case PrimaryKeyConstraint() if getattr(part, "_implicit_generated", False):
                return True
            case ForeignKeyConstraint():
                constraint, element = self.record.of(part), self.record.of(part.elements[0])
                # A ForeignKey in a column exists before its constraint; a ForeignKeyConstraint makes its elements.
                return bool(constraint and element and element.number < constraint.number)
            case _:
                return False

    def _table(self, table: Table) -> Location | None:
        mapper = self.mapper_of.get(table)
        call = self.record.of(table)
        if call and (found := self._called(call, ("Table",), None)):
            return found.location
        if mapper is not None and (found_class := self._statement(mapper.class_)) and self._declares(table):
            return found_class[0].header(found_class[1])
        if core := self._core_table(table):
            return core[0].location(core[1])
        return self.of_class(mapper.class_) if mapper is not None else None

    def _declares(self, table: Table) -> bool:
        """Whether a table is made by its class, not given to it (`__table__ = Table(...)`, an imperative mapping)."""
        class_ = self.mapper_of[table].class_
        found = self._statement(class_)
        return hasattr(class_, "metadata") and not (found and found[0].declarations(found[1], "__table__"))

    def _relationship(self, part: Relationship) -> Place:
        mapper = part.parent
        place = Place(identity(part), None, table=getattr(mapper.local_table, "fullname", ""))
        if found := self._attribute(mapper.class_, part.key, part):
            return found.at(place)
        if (call := self._call(part)) and (
            found := self._called(call, ("relationship", "Relationship"), mapper.class_)
        ):
            return found.at(place)
        if (other := made_by_backref_of(part)) is not None:
            return place._replace(location=self(other, "backref").location)
        return place._replace(location=self.of_class(mapper.class_))

    def _attribute(self, class_: type, key: str, part: object) -> "Found | None":
        """Return the statement that gives a class an attribute, in its own body or in that of a base."""
        for base in class_.__mro__:
            found = self._statement(base)
            if not found:
                continue
            source, node = found
            if not (statements := source.declarations(node, key)):
                continue
            statement = self._the_one(source, statements, self._file(base), part)
            declaration = "" if base is class_ else f"{base.__name__}.{key}"
            if isinstance(statement, ast.FunctionDef):  # a declared_attr
                call = self._call(part)
                location = self._within(source, statement, call) or source.header(statement)
            else:
                location = source.location(expression(statement))
            return Found(location, declaration)
        return None

    def _within(self, source: SourceFile, statement: ast.stmt, call: Call | None) -> Location | None:
        first, last = extent(statement)
        if call is None or not first <= call.span.line <= last or self.source(call.code.co_filename) is not source:
            return None
        node = source.node_at(call.span)
        return source.location(node) if isinstance(node, ast.Call) else None

    def _the_one(self, source: SourceFile, statements: list[ast.stmt], file: str | None, part: object) -> ast.stmt:
        """Return which of several statements for one name counts: the one from which `part` or anything was constructed, else the last."""
        if len(statements) == 1:
            return statements[0]
        for statement in statements:
            if self._within(source, statement, self._call(part)):
                return statement
        return next(
            (one for one in reversed(statements) if file and self.record.ran(file, *extent(one))), statements[-1]
        )

    def _statement(self, class_: type) -> tuple[SourceFile, ast.ClassDef] | None:
        """Return the statement that made a class of the project; of several with its name, the one that was executed."""
        if class_ not in self._statements:
            self._statements[class_] = self._find_statement(class_)
        return self._statements[class_]

    @cached_property
    def _statements(self) -> dict[type, tuple[SourceFile, ast.ClassDef] | None]:
        return {}

    def _find_statement(self, class_: type) -> tuple[SourceFile, ast.ClassDef] | None:
        file = self._file(class_)
        if not file or not self.project.is_own(file) or not (source := self.source(file)):
            return None
        candidates = source.classes(class_.__qualname__)
        call = self.record.mapped.get(class_)
        if call and source is self.source(call.code.co_filename):
            # Classes that `exec` or `create_model` makes may bear the name of another one.
            running = source.node_at(call.span)
            if isinstance(running, ast.Call) and called_name(running) in MAKES_CLASSES:
                return None
            if running in candidates:
                return source, next(one for one in candidates if one is running)
        if len(candidates) <= 1:
            return (source, candidates[0]) if candidates else None
        return source, next(
            (one for evidence in self._evidence(class_, file) for one in candidates if evidence(one)), candidates[-1]
        )

    def _evidence(self, class_: type, file: str) -> Iterator[Callable[[ast.ClassDef], bool]]:
        """Yield tests, the strongest first, of whether a statement is the one that made `class_`."""
        first_line = vars(class_).get("__firstlineno__")  # Python 3.13 and newer
        yield lambda node: first_line == extent(node)[0]
        lines = {one.__code__.co_firstlineno for one in vars(class_).values() if isinstance(one, FunctionType)}
        yield lambda node: any(node.lineno < line <= extent(node)[1] for line in lines)
        yield lambda node: self.record.ran(file, *extent(node))
        names = frozenset(own_annotations(class_))
        yield lambda node: annotated_names(node) == names

    def _file(self, class_: type) -> str | None:
        file = self.record.files.get(class_.__module__)
        return file or getattr(sys.modules.get(class_.__module__), "__file__", None)

    def source(self, file: str) -> SourceFile | None:
        """Return a file of the project, read and parsed once; None where Python cannot read it."""
        if file not in self._sources:
            shown = self.project.shown(file)
            if shown not in self._sources:
                self._sources[shown] = read_source(Path(self.project.absolute(file)), shown)
            self._sources[file] = self._sources[shown]
        return self._sources[file]

    def _call(self, part: object) -> Call | None:
        call = self.record.of(part)
        return call if call and self.project.is_own(call.code.co_filename) else None

    def _called(self, call: Call, names: Iterable[str], model: type | None) -> "Found | None":
        """Return where a recorded call stands; for a class statement its header, and nothing for `exec` and the like."""
        source = self.source(call.code.co_filename)
        node = source.node_at(call.span, names) if source else None
        if source is None or node is None:
            return None
        if isinstance(node, ast.ClassDef):
            return Found(source.header(node), "") if names == ("Table",) else None
        if called_name(node) in MAKES_CLASSES:
            return None
        return Found(source.location(node), self._declaring_base(call, model))

    def _declaring_base(self, call: Call, model: type | None) -> str:
        """Return the base of `model` in whose body, or in a function of whose body, a call stands; empty for its own."""
        within = call.code.co_qualname
        for base in model.__mro__[1:] if model else ():
            if within == base.__qualname__ or within.startswith(f"{base.__qualname__}."):
                return base.__name__ if self._file(base) == call.code.co_filename else ""
        return ""

    def _by_source(self, part: "Index | Constraint", table: Table, model: type | None) -> "Found | None":
        """Return a constraint's place by its source alone: where `__table_args__` or `Table(...)` says the same columns or the same name."""
        written: list[tuple[SourceFile, ast.AST, str]] = []
        for base in model.__mro__ if model else ():
            if found := self._statement(base):
                shared = "" if base is model else base.__name__
                written += [(found[0], one, shared) for one in found[0].declarations(found[1], "__table_args__")]
        if core := self._core_table(table):
            written.append((*core, ""))
        for source, node, shared in written:
            for call in source.calls(type(part).__name__, within=node):
                if says(call, part):
                    return Found(source.location(call), shared)
        return None

    def _core_table(self, table: Table) -> tuple[SourceFile, ast.Call] | None:
        """Return the `Table("name", ...)` that makes a table, found by its literal name in the modules that were asked for."""
        if table not in self._core_tables:
            self._core_tables[table] = next(
                (
                    (source, call)
                    for source in filter(None, map(self.source, self.modules))
                    for call in source.calls("Table")
                    if literal_strings(call.args[:1]) == [table.name]
                ),
                None,
            )
        return self._core_tables[table]

    @cached_property
    def _core_tables(self) -> dict[Table, tuple[SourceFile, ast.Call] | None]:
        return {}

    def _core_column(self, column: AnyColumn) -> Location | None:
        if found := self._core_table(column.table):
            for call in found[0].calls("Column", within=found[1]):
                if literal_strings(call.args[:1]) == [column.name]:
                    return found[0].location(call)
        return None

    @cached_property
    def _attribute_of(self) -> dict[AnyColumn, tuple[type, str]]:
        return {one.column: (one.model, one.name) for one in self.fields}


@dataclass(frozen=True)
class Found:
    """A place without its identity; `shared` is the attribute (`Base.name`) or the class that several tables share."""

    location: Location
    shared: str

    def at(self, place: Place) -> Place:
        """Return `place` here; what several tables share is named without the table."""
        rest = place.object.removeprefix(place.table)
        shared = self.shared if not self.shared or "." in self.shared else f"{self.shared}{rest}"
        return place._replace(location=self.location, declaration=shared)


def identity(part: object) -> str:
    """Return the name that findings about a part keep through reformatting, moved files and generated constraint names."""
    match part:
        case Column():
            return f"{getattr(part.table, 'fullname', part.table)}.{part.name}"
        case ForeignKeyConstraint():
            return f"{part.table.fullname}.{', '.join(column.name for column in part.columns)}"
        case Index() if part.table is not None:
            return f"{part.table.fullname} :index {', '.join(map(expression_name, part.expressions))}"
        case PrimaryKeyConstraint():
            return f"{part.table.fullname} :primary key"
        case UniqueConstraint():
            return f"{part.table.fullname} :unique {', '.join(column.name for column in part.columns)}"
        case CheckConstraint():
            return f"{part.table.fullname} :check {part.name or printed(part.sqltext)}"
        case ColumnCollectionConstraint():
            kind = part.__visit_name__.removesuffix("_constraint")
            return f"{part.table.fullname} :{kind} {part.name or ', '.join(column.name for column in part.columns)}"
        case Mapper():
            return part.class_.__name__
        case _:
            assert isinstance(part, RelationshipProperty), "the only other part that has an identity"
            return f"{part.parent.class_.__name__}~{part.key}"


def expression_name(expression: object) -> str:
    return expression.name if isinstance(expression, Column) else printed(expression)


def printed(expression: object) -> str:
    """Return an expression as SQL; one of the project's own kind, compiled for PostgreSQL only, by its class."""
    try:
        return str(expression)
    except CompileError:
        return type(expression).__name__


def columns_of(part: "Index | Constraint") -> Iterator[AnyColumn]:
    """Yield the columns of a constraint or index, each once; none for an expression that names none."""
    columns: Iterable[AnyColumn] = getattr(part, "columns", ())
    yield from columns


def says(call: ast.Call, part: "Index | Constraint") -> bool:
    """Whether a call has a part's columns, its name or its condition as literals."""
    arguments = [*call.args, *(one.value for one in call.keywords)]
    literals = literal_strings(node for argument in arguments for node in flat(argument))
    columns = [column.name for column in columns_of(part)]
    condition = printed(part.sqltext) if isinstance(part, CheckConstraint) else ""
    return not {part.name, condition}.isdisjoint(literals) or (
        bool(columns) and [one for one in literals if one in columns] == columns
    )


def flat(node: ast.expr) -> Iterable[ast.expr]:
    return node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]


def made_by_backref_of(part: Relationship) -> Relationship | None:
    """Return the relationship whose `backref` made this one, None where it is not made so or mappers are not configured."""
    other = part.__dict__.get("mapper") or getattr(part.__dict__.get("entity"), "mapper", None)
    if other is None or not isinstance(part.back_populates, str):
        return None
    attribute = other.class_manager.get(part.back_populates)
    prop = getattr(getattr(attribute, "comparator", None), "prop", None)
    return prop if isinstance(prop, RelationshipProperty) and prop.backref is not None else None
