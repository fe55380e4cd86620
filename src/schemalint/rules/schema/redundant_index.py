"""An index that another index of the same table makes superfluous.

Every index is written on every INSERT and on most UPDATEs, takes space and memory and is vacuumed. An index on (book_id) answers nothing
that one on (book_id, due_at) does not; an index on the primary key, or on the columns of a unique constraint, is a second copy. The later
one of two equals is reported, or the shorter one, with everything that stands in for it.

An index is never called redundant across access methods, predicates, operator classes, collations, directions or NULLS orders that differ;
a unique one only when fewer of its own first columns are unique already and no foreign key refers to it. Unique constraints that
repeat the primary key are merged by PostgreSQL and cost nothing.

It is right anyway when the longer index is so much larger that the shorter one pays for itself in memory.

Bad:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf_slot", "shelf", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int = Field(index=True)
    slot: int
```

Good:

```python
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_shelf_slot", "shelf", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    shelf: int
    slot: int
```
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Index, PrimaryKeyConstraint, Table
from sqlalchemy.exc import NoReferenceError

from schemalint.fix import DropArgument, Fix, Remove
from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._operations import drop_index, drop_unique
from schemalint.subjects.schema import Schema, sorted_foreign_keys

# The decisions are those of active_record_doctor's `extraneous_indexes` (https://github.com/gregnavis/active_record_doctor), and where it
# trusts uniqueness alone we also ask that the columns' order serves the same lookups.


@rule(fixes=("schema",))
def redundant_index(schema: Schema) -> Iterator[Problem]:
    referred = referred_columns(schema)
    for table in schema.tables:
        made = sorted(definitions(table), key=str)
        wanted = referred[table.fullname]
        for one in made:
            replacements = [
                other
                for other in made
                if other is not one
                and can_replace(other, one, wanted)
                and (not can_replace(one, other, wanted) or is_kept_before(schema, other, one))
            ]
            if replacements:
                yield problem(schema, table, one, replacements)


def referred_columns(schema: Schema) -> dict[str, set[frozenset[str]]]:
    """Return, for each table's full name, the sets of columns that composite foreign keys refer to."""
    referred: dict[str, set[frozenset[str]]] = defaultdict(set)
    for metadata in schema.metadata:
        for table in metadata.tables.values():
            for key in sorted_foreign_keys(table):
                if len(key.elements) > 1:
                    try:
                        columns = [element.column for element in key.elements]
                    except NoReferenceError:
                        continue
                    referred[key.referred_table.fullname].add(frozenset(column.name for column in columns))
    return referred


def can_replace(other: Definition, one: Definition, referred: Collection[frozenset[str]]) -> bool:
    """Whether everything that `one` answers and guards, `other` answers and guards."""
    if other.method != one.method or other.where != one.where or not one.include <= other.include | set(other.elements):
        return False
    if isinstance(one.part, PrimaryKeyConstraint):
        return False
    if not one.unique:
        if one.method == "btree":
            return one.elements == other.elements[: len(one.elements)]
        return one.elements == other.elements
    return (
        other.unique
        and other.elements == one.elements[: len(other.elements)]
        and other.nulls_not_distinct == one.nulls_not_distinct
        and not (other.deferrable or one.deferrable)
        and not (len(other.elements) < len(one.elements) and one.columns in referred)
        and not (one.is_constraint and other.is_constraint and one.elements == other.elements)
    )


def is_kept_before(schema: Schema, other: Definition, one: Definition) -> bool:
    """Whether, of two that can replace each other, `other` stays: a constraint before an index, then the one declared first."""
    if one.is_constraint is not other.is_constraint:
        return other.is_constraint
    return declared_at(schema, other) < declared_at(schema, one)


def declared_at(schema: Schema, one: Definition) -> tuple[str, int, int, str]:
    where = schema.place(one.part).location
    return (where.path, where.line, where.column, str(one)) if where else ("", 0, 0, str(one))


def problem(schema: Schema, table: Table, one: Definition, replacements: Sequence[Definition]) -> Problem:
    stand_ins = " and ".join(str(other) for other in replacements)
    if one.unique and all(len(other.elements) < len(one.elements) for other in replacements):
        message = f"every write to {table.fullname} maintains {one}, whose first columns are unique already through {stand_ins}"
    else:
        message = f"every write to {table.fullname} maintains {one}, which answers nothing that {stand_ins} {'do' if replacements[1:] else 'does'} not"
    at = "index" if one.is_of_its_column and isinstance(one.part, Index) else ""
    return Problem(part=one.part, message=message, remedy=remedy(one), at=at, fix=fix(schema, one))


def remedy(one: Definition) -> str:
    if isinstance(one.part, Index) and one.is_of_its_column:
        (column,) = one.part.columns
        return f"{column.name} without {'unique=True and ' if column.unique else ''}index=True"
    return "leave it out"


def fix(schema: Schema, one: Definition) -> Fix | None:
    """Return the index's removal; what a mixin declares may be all that another of its tables has."""
    part = one.part
    if isinstance(part, PrimaryKeyConstraint) or schema.place(part).declaration:
        return None
    due = drop_index(part) if isinstance(part, Index) else drop_unique(part)
    if not one.is_of_its_column:
        return Fix("schema", (Remove(part),), due=due)
    (column,) = part.columns
    arguments = [name for name, given in (("index", column.index), ("unique", column.unique)) if given]
    return Fix("schema", tuple(DropArgument(column, name) for name in arguments), due=due)
