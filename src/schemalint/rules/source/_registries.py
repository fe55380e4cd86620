"""Which classes share their tables and their names, as far as the source tells."""

from schemalint.subjects.source import ModelClass, Source

NOT_A_BASE = frozenset(
    {"builtins", "typing", "typing_extensions", "collections", "abc", "enum", "dataclasses", "pydantic", "sqlalchemy"}
)
"""Packages none of whose classes decides about the metadata of those below it; of SQLAlchemy's, DeclarativeBase is below the project's own base."""


def registry_of(source: Source, class_: ModelClass) -> str:
    """Return the full name of the class, or of the assigned base, whose metadata and registry a class has; empty where that is not known."""
    chain = (class_, *class_.above)
    for one in chain:
        if one.keyword("registry") or one.kind == "base" or binds_a_metadata(one):
            return one.full_name
    if any(not one.is_followed for one in chain):
        return ""
    for base in (base for one in chain for base in one.bases):
        if base.startswith("sqlmodel."):
            return "sqlmodel.SQLModel"
        if base and base not in source.of and base.partition(".")[0] not in NOT_A_BASE:
            return base
    return ""


def binds_a_metadata(class_: ModelClass) -> bool:
    """Whether a class has a MetaData of its own."""
    lines = class_.module.lines[class_.node.lineno - 1 : class_.node.end_lineno]
    is_named = any("metadata" in line for line in lines)
    return is_named and any(not said.is_column for said in class_.bindings("metadata"))
