"""What the models mean, as text that compares with `==`: the DDL of every table for PostgreSQL, and the configuration of every mapper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty
from sqlalchemy.schema import CreateColumn, CreateIndex, SetColumnComment, SetTableComment

from schemalint.subjects.schema import Schema


class Fact(NamedTuple):
    """One thing that the models mean; `tables` are those that it is about, `kind` is `column`, `index`, `relationship`, ..."""

    kind: str
    text: str
    tables: frozenset[str]


@dataclass(frozen=True)
class Fingerprint:
    """Facts by what they are about; those of a table's unnamed constraints by their text."""

    ddl: Mapping[str, Fact] = field(default_factory=dict)
    mappers: Mapping[str, Fact] = field(default_factory=dict)


def fingerprint(schema: Schema) -> Fingerprint:
    """Return what a schema's tables and mappers mean; also where some mappers cannot be configured."""
    tables = [table for metadata in schema.metadata for table in metadata.tables.values()]
    ddl = [(f"{fact.kind} {name}", fact) for table in tables for name, fact in facts_of_table(table)]
    ddl += [(f"enum {name}", fact) for name, fact in facts_of_enums(schema.metadata)]
    mappers = [(f"{fact.kind} {name}", fact) for mapper in schema.mappers for name, fact in facts_of_mapper(mapper)]
    mappers += [
        (f"relationship {name_of(one.parent)}.{one.key}", fact_of_relationship(one)) for one in schema.relationships
    ]
    return Fingerprint(numbered(ddl), numbered(mappers))


def numbered(facts: Iterable[tuple[str, Fact]]) -> dict[str, Fact]:
    """Return facts by their names, sorted; of those that say the same (one foreign key declared twice) each counts."""
    found: dict[str, Fact] = {}
    for name, fact in sorted(facts, key=lambda one: (one[0], one[1].text)):
        number = next(number for number in count(1) if name_with(name, number) not in found)
        found[name_with(name, number)] = fact
    return found


def name_with(name: str, number: int) -> str:
    return name if number == 1 else f"{name} (no. {number})"


DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no annotations there
CONSTRAINTS = DIALECT.ddl_compiler(DIALECT, None)  # type: ignore[arg-type]  # None is what SQLAlchemy itself gives for a part of a statement


def facts_of_table(table: Table) -> Iterator[tuple[str, Fact]]:
    own = frozenset({table.fullname})
    comment = compiled(SetTableComment(table)) if table.comment else ""
    options = {name: str(value) for name, value in table.dialect_kwargs.items()}
    yield table.fullname, Fact("table", f"{table.fullname} {options or ''} {comment}", own)
    for column in table.columns:
        said = compiled(SetColumnComment(column)) if column.comment else ""
        yield f"{table.fullname}.{column.name}", Fact("column", f"{compiled(CreateColumn(column))} {said}", own)
    for constraint in table.constraints:
        text = compiled_constraint(constraint)
        yield f"{table.fullname}: {text}", Fact(kind_of(constraint), text, own)
    for index in table.indexes:
        text = compiled(CreateIndex(index))
        yield text, Fact("index", text, own)


def compiled(element: Any) -> str:
    """Return DDL for PostgreSQL; what it cannot express says so, the same each time."""
    try:
        return " ".join(str(element.compile(dialect=DIALECT)).split())
    except Exception as error:  # noqa: BLE001  # a type of the project's own or of another database may raise anything
        return f"{type(element).__name__}: {type(error).__name__}"


def compiled_constraint(constraint: Constraint) -> str:
    try:
        text = CONSTRAINTS.process(constraint)
    except Exception as error:  # noqa: BLE001  # as above; also a foreign key to a table that is not there
        return f"{type(error).__name__}: {error}"
    return " ".join(str(text or "").split())


def kind_of(constraint: Constraint) -> str:
    match constraint:
        case PrimaryKeyConstraint():
            return "primary key"
        case ForeignKeyConstraint():
            return "foreign key"
        case UniqueConstraint():
            return "unique"
        case CheckConstraint():
            return "check"
        case _:
            return "constraint"


def facts_of_enums(metadata: Iterable[MetaData]) -> Iterator[tuple[str, Fact]]:
    """Yield the enum types, each with the tables that use it."""
    found: dict[str, dict[str, set[str]]] = {}
    for table in (table for one in metadata for table in one.tables.values()):
        for column in table.columns:
            for type_ in (column.type, getattr(column.type, "item_type", None)):
                if isinstance(type_, Enum) and type_.native_enum:
                    name = f"{type_.schema or ''}.{type_.name}"
                    found.setdefault(name, {}).setdefault(repr(list(type_.enums)), set()).add(table.fullname)
    for name, labels in found.items():
        yield name, Fact("enum", " or ".join(sorted(labels)), frozenset().union(*labels.values()))


def facts_of_mapper(mapper: Mapper[Any]) -> Iterator[tuple[str, Fact]]:
    table = getattr(mapper.local_table, "fullname", str(mapper.local_table))
    own = frozenset({table})
    inherited = mapper.inherits.class_.__qualname__ if mapper.inherits else ""
    yield name_of(mapper), Fact("mapper", f"{table} {inherited} {mapper.polymorphic_identity!r}", own)
    for key, attribute in sorted(mapper.class_manager.items()):
        prop = getattr(getattr(attribute, "comparator", None), "prop", None)
        if isinstance(prop, ColumnProperty):
            columns = ", ".join(described(one) for one in prop.columns)
            yield f"{name_of(mapper)}.{key}", Fact("attribute", f"{columns}{' deferred' if prop.deferred else ''}", own)


def described(column: Any) -> str:
    """Return a mapped column: its type's class, and which of its values come from Python (the kind, not the value)."""
    if not isinstance(column, Column):
        return str(column)
    type_ = type(column.type)
    values = {name: default_kind(getattr(column, name)) for name in ("default", "onupdate")}
    said = [f"{name} {kind}" for name, kind in values.items() if kind]
    return " ".join([f"{column.table}.{column.name}", f"{type_.__module__}.{type_.__qualname__}", *said])


def default_kind(default: Any) -> str:
    """Return where a default's value comes from: `python` (a value or a function), `sql` or `sequence`; empty for none."""
    if default is None:
        return ""
    if default.is_sequence:
        return "sequence"
    return "sql" if default.is_clause_element else "python"


def fact_of_relationship(one: RelationshipProperty[Any]) -> Fact:
    """Return how a relationship is configured; of one that could not be, what its declaration says."""
    home = getattr(one.parent.local_table, "fullname", "")
    # Asking for what is configured late would configure what failed.
    entity = one.__dict__.get("entity")
    said: dict[str, object] = {
        "back_populates": one.back_populates,
        "cascade": sorted(one.cascade),
        "passive_deletes": one.passive_deletes,
        "passive_updates": one.passive_updates,
        "lazy": one.lazy,
        "viewonly": one.viewonly,
    }
    tables = {home}
    if entity is not None and one.__dict__.keys() >= CONFIGURED:
        target, secondary = entity.mapper, one.secondary
        tables |= {getattr(target.local_table, "fullname", ""), getattr(secondary, "fullname", home)}
        said |= {
            "target": name_of(target),
            "direction": one.direction.name,
            "uselist": one.uselist,
            "secondary": str(secondary),
            "joins": sorted(f"{local} = {remote}" for local, remote in one.local_remote_pairs or ()),
            "order_by": ", ".join(map(str, one.order_by or ())),
        }
    return Fact("relationship", repr(said), frozenset(tables))


CONFIGURED = frozenset({"secondary", "direction", "uselist", "local_remote_pairs", "order_by"})
"""What a relationship has when its mapper could be configured."""


def name_of(mapper: Mapper[Any]) -> str:
    return f"{mapper.class_.__module__}.{mapper.class_.__qualname__}"
