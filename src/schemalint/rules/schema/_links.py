"""Tables that link two others, and whether each pair can stand in them once only."""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from schemalint.rules.schema._definitions import definitions
from schemalint.subjects.schema import AnyColumn, Schema, sorted_foreign_keys


def unguarded_links(schema: Schema) -> Iterator[tuple[Table, tuple[ForeignKeyConstraint, ForeignKeyConstraint]]]:
    """Yield each link table that can hold one pair twice, with the two foreign keys of the pair.

    A link table is one that a writing relationship names as `secondary` (SQLModel: `link_model`), or one that has the columns of two foreign
    keys and no others. A key that holds the whole pair, with whatever else (a date from which it is valid), was chosen and counts. Where a
    further column must be given (the kind of an edge), no relationship can write the table, and two rows of one pair differ in it.
    """
    linking = secondary_pairs(schema)
    for table in schema.tables:
        pair = linking.get(table) or sole_pair(table)
        if pair and not is_guarded(table, frozenset(column.name for key in pair for column in key.columns)):
            yield table, pair


def secondary_pairs(schema: Schema) -> dict[Table, tuple[ForeignKeyConstraint, ForeignKeyConstraint]]:
    """Return the link tables that relationships write, with the two foreign keys that each walks over."""
    pairs = {}
    for relationship in schema.relationships:
        # A mapper that could not be configured leaves the joins of its relationships unknown.
        table = getattr(relationship, "secondary", None)
        if isinstance(table, Table) and not relationship.viewonly:
            near = {written for _, written in relationship.synchronize_pairs}
            far = {written for _, written in relationship.secondary_synchronize_pairs or ()}
            keys = sorted_foreign_keys(table)
            first = [key for key in keys if set(key.columns) == near]
            second = [key for key in keys if set(key.columns) == far]
            if first and second and near != far and not any(map(must_be_given, {*table.columns} - near - far)):
                pairs[table] = (first[0], second[0])
    return pairs


def must_be_given(column: AnyColumn) -> bool:
    """Whether an insert that leaves the column out fails."""
    made = (column.default, column.server_default, column.identity, column.computed)
    return not column.nullable and all(one is None for one in made) and column is not column.table.autoincrement_column


def sole_pair(table: Table) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint] | None:
    """Return the two foreign keys of a table that has their columns and nothing else."""
    match sorted_foreign_keys(table):
        case [first, second] if {*first.columns, *second.columns} == set(table.columns):
            return first, second
        case _:
            return None


def is_guarded(table: Table, pair: frozenset[str]) -> bool:
    """Whether some key keeps a pair from being stored twice, or holds the whole pair and was meant so."""
    keys = [one.columns for one in definitions(table) if one.unique]
    keys += [
        frozenset(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, ExcludeConstraint)
    ]
    return any(one <= pair or pair <= one for one in keys)
