"""The imported models: tables, mappers and the fields that became columns, each with the place it was declared at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapper, RelationshipProperty

from schemalint.errors import SchemalintError
from schemalint.rule import Place

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

AnyColumn: TypeAlias = Column[Any]
AnyMapper: TypeAlias = Mapper[Any]
Relationship: TypeAlias = RelationshipProperty[Any]
Key: TypeAlias = PrimaryKeyConstraint | UniqueConstraint | Index
"""What an index stands behind in PostgreSQL."""


@dataclass(frozen=True, eq=False)
class ModelField:
    """An attribute of a model that is a column: what the class says beside what the table says.

    `annotation` is the resolved Python type without `Mapped` and without `Annotated` metadata at its top (`str | None`), or None
    where the class says nothing (an imperative mapping, `sa.Column` without annotation). `info` is pydantic's, for SQLModel.
    """

    model: type
    name: str
    column: AnyColumn
    annotation: object | None
    info: "FieldInfo | None" = None

    @cached_property
    def types(self) -> tuple[object, ...]:
        """The annotated types, a union taken apart: `(str, NoneType)` for `str | None`; empty where nothing is annotated."""
        if self.annotation is None:
            return ()
        if get_origin(self.annotation) in (Union, UnionType):
            return get_args(self.annotation)
        return (self.annotation,)

    @cached_property
    def metadata(self) -> tuple[object, ...]:
        """What pydantic keeps about a field's values: bounds, lengths, patterns, validators; in Field, in Annotated, in a constrained type."""
        if self.info is None:
            return ()
        return (*flat(self.info.metadata), *in_annotation(self.info.annotation))


@dataclass(frozen=True, eq=False)
class Schema:
    """The project's own tables and mappers, as SQLAlchemy knows them.

    `tables` and `mappers` are those to judge, sorted by name: tables that another system owns (`external-tables`) and tables declared in
    third-party packages are left out, but still stand in `metadata`, so that foreign keys to them resolve. `fields` are the mapped columns
    of `mappers`; `relationships` those declared on `mappers` (an inherited one once, on the class that declares it). `targets` maps a
    relationship to the mapper that its argument names; one that names nothing is missing there: this works, too, when a
    mapper cannot be configured. `annotations` are the types, resolved and without `Mapped`, that relationships are annotated with; one that
    says nothing, or does not resolve, is missing there. `failures` are the modules and mappers that could not be looked at; `is_whole` says
    that it was no module. `locate` traces a part to the user's source. `files` are the source files that declare something here.
    `external` are the patterns of `external-tables`: a table that one of them names may be missing in `metadata`.
    """

    metadata: tuple[MetaData, ...]
    tables: tuple[Table, ...]
    mappers: tuple[AnyMapper, ...]
    fields: tuple[ModelField, ...]
    relationships: tuple[Relationship, ...]
    targets: Mapping[Relationship, AnyMapper]
    locate: Callable[[object, str], Place] = field(repr=False)
    annotations: Mapping[Relationship, object] = field(default_factory=dict)
    failures: tuple[SchemalintError, ...] = ()
    is_whole: bool = True
    files: tuple[str, ...] = ()
    external: tuple[str, ...] = ()

    def place(self, part: object, at: str = "") -> Place:
        """Return the identity and the place of a table, column, constraint, index, mapper, relationship or field, or of what `at` names in it."""
        return self.locate(part, at)

    @cached_property
    def columns(self) -> tuple[AnyColumn, ...]:
        """Every column of every table to judge, in the tables' order."""
        return tuple(column for table in self.tables for column in table.columns)

    @cached_property
    def foreign_keys(self) -> tuple[ForeignKeyConstraint, ...]:
        """Every foreign key of every table to judge; the columns' order decides within a table."""
        return tuple(key for table in self.tables for key in sorted_foreign_keys(table))

    @cached_property
    def _field_of(self) -> dict[AnyColumn, ModelField]:
        return {field.column: field for field in reversed(self.fields)}

    def field_of(self, column: AnyColumn) -> ModelField | None:
        """Return the model field behind a column, None for a Core table's column or one that no class maps."""
        return self._field_of.get(column)

    @cached_property
    def _mapper_of(self) -> dict[Table, AnyMapper]:
        return {
            table: mapper
            for mapper in reversed(self.mappers)
            for table in mapper.tables
            if isinstance(table, Table) and mapper.local_table is table and not shares_its_table(mapper)
        }

    def mapper_of(self, table: Table) -> "AnyMapper | None":
        """Return the mapper whose own table this is, None for a Core table."""
        return self._mapper_of.get(table)

    def is_led_by_an_index(self, columns: Sequence[AnyColumn]) -> bool:
        """Whether some full index, unique constraint or primary key begins with these columns, in whatever order among themselves."""
        wanted = {column.name for column in columns}
        (table,) = {column.table for column in columns}
        return any(set(leading[: len(wanted)]) == wanted for leading in leading_columns(table))


def flat(metadata: Any) -> Iterator[object]:
    """Yield the entries of a list of metadata; a FieldInfo among them keeps a list of its own."""
    for one in metadata:
        # SQLModel's entry says things about the column only.
        if type(one).__name__ != "FieldInfoMetadata":
            yield one
        yield from flat(getattr(one, "metadata", None) or ())


def in_annotation(annotation: object) -> Iterator[object]:
    """Yield the metadata inside an annotation: `Annotated[str, StringConstraints(max_length=6)] | None`."""
    match get_origin(annotation):
        case origin if origin in (Union, UnionType):
            for one in get_args(annotation):
                yield from in_annotation(one)
        case origin if origin is Annotated:
            kind, *metadata = get_args(annotation)
            yield from in_annotation(kind)
            yield from flat(metadata)


def shares_its_table(mapper: AnyMapper) -> bool:
    """Whether a mapper has no table of its own: the sub-class of a single-table inheritance."""
    return mapper.inherits is not None and mapper.inherits.local_table is mapper.local_table


def sorted_foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    """Return a table's foreign keys, ordered by the positions of their columns (SQLAlchemy keeps them in a set)."""
    position = {column.key: number for number, column in enumerate(table.columns)}
    return sorted(
        table.foreign_key_constraints,
        key=lambda key: ([position.get(name, -1) for name in key.column_keys], str(key.name or "")),
    )


def leading_columns(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield, for each full btree or hash index behind a key or index of `table`, its column names up to the first expression."""
    yield tuple(column.name for column in table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        options = index.dialect_options["postgresql"]
        if options["where"] is None and (options["using"] or "btree") in ("btree", "hash"):
            names: list[str] = []
            for expression in index.expressions:
                if not isinstance(expression, Column):
                    break
                names.append(expression.name)
            yield tuple(names)


def is_link_table(table: Table) -> bool:
    """Whether a table only links two others: its primary key, if it has one, consists of two foreign keys or more and nothing else.

    Further columns (a position, a timestamp) are free. A key that is one foreign key makes a one-to-one table, or a subclass's.
    """
    keys = [set(key.columns) for key in table.foreign_key_constraints]
    own = set(table.primary_key.columns)
    return len(keys) >= 2 and own <= set().union(*keys) and (not own or sum(bool(key & own) for key in keys) >= 2)
