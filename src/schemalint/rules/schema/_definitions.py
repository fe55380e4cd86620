"""What PostgreSQL would build for an index, a unique constraint or a primary key, in a form that compares."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ClauseElement,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    TextClause,
    UnaryExpression,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import operators

from schemalint.subjects.schema import Key


@dataclass(frozen=True, slots=True)
class Definition:
    """An index as PostgreSQL keeps it, whichever construct asks for it.

    `elements` are the keys in order, as PostgreSQL text, each with its collation, operator class, direction and place of NULLs where they
    are written; `leading` are the names of the elements that are plain columns, whatever their direction, up to the first that is not;
    `columns` are all columns that are an element or stand inside one; `where` is the predicate's text.
    """

    part: Key
    elements: tuple[str, ...]
    leading: tuple[str, ...]
    columns: frozenset[str]
    method: str = "btree"
    unique: bool = False
    where: str = ""
    include: frozenset[str] = frozenset()
    nulls_not_distinct: bool = False
    deferrable: bool = False

    @property
    def is_constraint(self) -> bool:
        return not isinstance(self.part, Index)

    @property
    def is_of_its_column(self) -> bool:
        """Whether it comes from `index=True` or `unique=True` of a column."""
        # Private, but nothing else tells what SQLAlchemy makes of these from what the user writes.
        return bool(getattr(self.part, "_column_flag", False))

    def __str__(self) -> str:
        elements = f"({', '.join(self.elements)})"
        match self.part:
            case PrimaryKeyConstraint():
                return f"the primary key {elements}"
            case UniqueConstraint(name=name) if not isinstance(name, str):
                return f"the unique constraint {elements}"
            case part:
                return f"{part.name} {elements}"


@lru_cache(maxsize=10_000)  # several rules ask the same, one after the other
def definitions(table: Table) -> tuple[Definition, ...]:
    """Return the primary key, the unique constraints and the indexes of a table.

    What PostgreSQL may not be asked for (a `ddl_if` that is decided later) or what cannot be printed for it is left out.
    """
    parts: Iterable[Any] = (table.primary_key, *table.constraints, *table.indexes)
    # SQLAlchemy has no public way to ask whether an object is made under a condition (`ddl_if`).
    made = [
        index_definition(part) if isinstance(part, Index) else constraint_definition(part)
        for part in dict.fromkeys(parts)
        if isinstance(part, (PrimaryKeyConstraint, UniqueConstraint, Index)) and part._ddl_if is None  # noqa: SLF001
    ]
    return tuple(sorted((one for one in made if one is not None and one.elements), key=steady_order))


def steady_order(one: Definition) -> tuple[bool, tuple[str, ...], str]:
    """Return a key that sorts as people read, the primary key first: SQLAlchemy keeps constraints and indexes in sets, and messages name the first."""
    return not isinstance(one.part, PrimaryKeyConstraint), one.elements, str(one.part.name or "")


def constraint_definition(part: PrimaryKeyConstraint | UniqueConstraint) -> Definition:
    options = part.dialect_options["postgresql"]
    names = tuple(column.name for column in part.columns)
    return Definition(
        part=part,
        elements=names,
        leading=names,
        columns=frozenset(names),
        unique=True,
        include=included(part.table, options.get("include")),
        nulls_not_distinct=bool(options.get("nulls_not_distinct")),
        deferrable=bool(part.deferrable),
    )


def index_definition(index: Index) -> Definition | None:
    """Return None for an index with an expression that SQLAlchemy cannot print for PostgreSQL."""
    assert index.table is not None
    options = index.dialect_options["postgresql"]
    classes = options.get("ops") or {}
    try:
        elements = tuple(element(expression, classes) for expression in index.expressions)
        where = printed(options.get("where"))
    except SQLAlchemyError:
        return None
    return Definition(
        part=index,
        elements=elements,
        leading=tuple(takewhile(bool, (column_name(one, index.table) for one in index.expressions))),
        columns=frozenset(column.name for column in index.columns),
        method=str(options.get("using") or "btree").lower(),
        unique=bool(index.unique),
        where=where,
        include=included(index.table, options.get("include")),
        nulls_not_distinct=bool(options.get("nulls_not_distinct")),
    )


def element(expression: Any, classes: dict[str, str]) -> str:
    name = expression.name if isinstance(expression, Column) else printed(expression)
    # SQLAlchemy looks an operator class up by the column's key or the expression's label, as here.
    chosen = classes.get(getattr(expression, "key", None) or "")
    return f"{name} {chosen}" if chosen else name


def column_name(expression: Any, table: Table) -> str:
    """Return the column that an element is, ascending or descending; empty for any other expression."""
    while isinstance(expression, UnaryExpression) and expression.modifier in DIRECTIONS:
        expression = expression.element
    match expression:
        case Column():
            return expression.name
        case TextClause(text=name) if name in table.columns:
            return name
        case _:
            return ""


DIRECTIONS = (operators.asc_op, operators.desc_op, operators.nulls_first_op, operators.nulls_last_op)


def printed(expression: ClauseElement | str | None) -> str:
    """Return an expression as PostgreSQL text; empty for None."""
    if expression is None:
        return ""
    clause = text(expression) if isinstance(expression, str) else expression
    return str(clause.compile(dialect=dialect(), compile_kwargs={"literal_binds": True, "include_table": False}))


@cache
def dialect() -> Any:
    return postgresql.dialect()  # type: ignore[no-untyped-call]


def included(table: Table, columns: Iterable[Column[Any] | str] | None) -> frozenset[str]:
    """Return the names of the INCLUDE columns, which may be given as columns or as their keys."""
    return frozenset(
        (table.columns[one].name if one in table.columns else one) if isinstance(one, str) else one.name
        for one in columns or ()
    )
