"""A nullable column in a unique constraint or index of several columns.

PostgreSQL takes NULLs for different from each other, so rows that are NULL in one of the columns are never duplicates: with UNIQUE (email, deleted_at) two
users who are not deleted may have one address. Nothing fails; the duplicates are found by a query that expected one row.

The last column is taken for the value that is unique within the others, and may be NULL, as a single column may: *unique where it is known* is what is usually meant; unless it is a
date, a time or a flag. Fine are NULLS NOT DISTINCT (PostgreSQL 15), a partial index, an
expression such as `coalesce`, columns of which some are unique already, a second unique index for the rows with NULL, a CHECK about NULL that names the column, and two
constraints that differ in one column, of which each row has one (a user's or a team's). It is right anyway where any number of rows without the value are wanted.

Bad:

```python
class Shelf(SQLModel, table=True):
    __tablename__ = "shelves"
    __table_args__ = (UniqueConstraint("room", "label", name="uq_shelves_room_label"),)
    id: int | None = Field(default=None, primary_key=True)
    room: int | None = Field(default=None)
    label: str = Field(max_length=20)
```

Good:

```python
class Shelf(SQLModel, table=True):
    __tablename__ = "shelves"
    __table_args__ = (
        UniqueConstraint("room", "label", name="uq_shelves_room_label", postgresql_nulls_not_distinct=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    room: int | None = Field(default=None)
    label: str = Field(max_length=20)
```
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Boolean, Date, Table, UniqueConstraint

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import Definition, definitions
from schemalint.rules.schema._foreign_keys import listed
from schemalint.rules.schema._tables import checks, words_in
from schemalint.rules.schema._types import is_timestamp
from schemalint.subjects.schema import Schema


@rule(profile="strict")
def nullable_in_unique(schema: Schema) -> Iterator[Problem]:
    for table in schema.tables:
        if not may_let_duplicates_in(table):
            continue
        nullable = {column.name for column in table.columns if column.nullable}
        uniques = [one for one in definitions(table) if one.unique]
        for one in uniques:
            if compares_all_rows(one) and not are_unique_already(one, uniques, nullable):
                loose = [
                    name
                    for name in scope(table, one)
                    if name in nullable
                    and not is_guarded_for_null(name, one, uniques)
                    and not is_one_of_several(name, one, uniques)
                    and not has_check_about_null(table, name)
                ]
                if loose:
                    yield problem(table, one, loose)


def may_let_duplicates_in(table: Table) -> bool:
    """Whether some unique constraint or index has several columns and one of them is nullable: read without printing anything."""
    sizes = [len(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    sizes += [len(one.expressions) for one in table.indexes if one.unique]
    return max(sizes, default=0) > 1 and any(column.nullable for column in table.columns)


def compares_all_rows(one: Definition) -> bool:
    """Whether a unique index has several plain columns and takes NULLs in them for different values."""
    return len(one.leading) == len(one.elements) > 1 and not one.where and not one.nulls_not_distinct


def scope(table: Table, one: Definition) -> Sequence[str]:
    """Return the columns within which the last one shall be unique; a date or a flag at the end says which rows count, so it is one of them.

    A NULL in the last column is a value that is not known yet, of which there may be many. So it is where no column is NOT NULL.
    """
    by_name = {column.name: column for column in table.columns}
    if all(by_name[name].nullable for name in one.leading):
        return ()
    last = by_name[one.leading[-1]]
    return one.leading if is_timestamp(last) or isinstance(last.type, (Date, Boolean)) else one.leading[:-1]


def are_unique_already(one: Definition, uniques: Sequence[Definition], nullable: Collection[str]) -> bool:
    """Whether fewer of the columns, none of them nullable, are unique: such a constraint is there for a foreign key to refer to."""
    return any(
        not other.where
        and len(other.leading) == len(other.elements)
        and other.columns < one.columns
        and other.columns.isdisjoint(nullable)
        for other in uniques
    )


def is_guarded_for_null(name: str, one: Definition, uniques: Sequence[Definition]) -> bool:
    """Whether another unique index sees to the rows with NULL: a partial one that names the column, or one over an expression of it."""
    return any(
        name in words_in(other.where) or (name in other.columns and name not in other.leading)
        for other in uniques
        if other is not one
    )


def is_one_of_several(name: str, one: Definition, uniques: Sequence[Definition]) -> bool:
    """Whether another constraint has another column in the place of this one and is otherwise the same."""
    rest = set(one.leading) - {name}
    return any(
        rest < set(other.leading) and name not in other.leading
        for other in uniques
        if len(other.leading) == len(other.elements) == len(one.elements)
    )


def has_check_about_null(table: Table, name: str) -> bool:
    return any(name.lower() in words_in(condition) and "null" in condition for condition in checks(table))


def problem(table: Table, one: Definition, loose: list[str]) -> Problem:
    others = [name for name in one.leading if name not in loose]
    same = f"with the same {listed(others)}, " if others else ""
    return Problem(
        part=one.part,
        message=f"{table.fullname} takes any number of rows {same}as long as {' or '.join(loose)} is NULL: {one} holds no two NULLs for equal",
        remedy=f"postgresql_nulls_not_distinct=True (PostgreSQL 15), {listed(loose)} NOT NULL, or a second unique index for the rows where it is NULL",
    )
