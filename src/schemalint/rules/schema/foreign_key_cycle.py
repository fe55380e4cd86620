"""Tables whose foreign keys refer to one another in a circle.

Neither can be created, filled or dropped first. SQLAlchemy warns (*Cannot correctly sort tables*) and Alembic writes a revision that fails: the
first `op.create_table` refers to a table that is not there yet. `drop_all` refuses foreign keys without a name. `use_alter=True` on one key of
the circle says that it is added when all tables are there (in the revision: `op.create_foreign_key` behind both `op.create_table`); where all columns
of the circle are NOT NULL, no first row can be inserted unless one key is deferrable.

Silent about a key that is `use_alter` or deferrable: the circle is known. A table that refers to itself is none.

It is right anyway where the tables were created long ago and nobody sorts them.

Bad:

```python
class Team(SQLModel, table=True):
    __tablename__ = "teams"

    id: int | None = Field(default=None, primary_key=True)
    leader_id: int | None = Field(default=None, foreign_key="members.id", ondelete="SET NULL", index=True)

class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="teams.id", ondelete="CASCADE", index=True)
```

Good:

```python
class Team(SQLModel, table=True):
    __tablename__ = "teams"

    id: int | None = Field(default=None, primary_key=True)
    leader_id: int | None = Field(
        default=None,
        index=True,
        sa_column_args=[
            ForeignKey("members.id", ondelete="SET NULL", use_alter=True, name="fk_teams_leader_id")
        ],
    )

class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="teams.id", ondelete="CASCADE", index=True)
```
"""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypeAlias

from sqlalchemy import ForeignKeyConstraint, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._foreign_keys import name_of, referred_columns
from schemalint.subjects.schema import Schema

Graph: TypeAlias = dict[Table, dict[Table, list[ForeignKeyConstraint]]]
"""The tables that each table refers to, with the foreign keys that do."""


@rule
def foreign_key_cycle(schema: Schema) -> Iterator[Problem]:
    graph = references(schema)
    while cycle := find_cycle(graph):
        steps = list(pairwise(cycle))
        table, other = min(steps, key=lambda step: effort(graph[step[0]][step[1]]))
        # What is left are the circles that these keys do not close.
        keys = graph[table].pop(other)
        rest = [graph[one][another] for one, another in steps if one is not table]
        yield Problem(
            part=keys[0],
            message=f"{route(begun_at(table, cycle))} is a circle of foreign keys: these tables cannot be created, filled or dropped one after the other",
            remedy=remedy(keys, can_be_filled=any(all(map(is_optional, one)) for one in (keys, *rest))),
        )


def references(schema: Schema) -> Graph:
    graph: Graph = {}
    for key in sorted(schema.foreign_keys, key=name_of):  # not as the columns stand, which should decide nothing
        if not key.use_alter and not key.deferrable and (columns := referred_columns(key)):
            other = columns[0].table
            if other is not key.table:
                graph.setdefault(key.table, {}).setdefault(other, []).append(key)
    return graph


def find_cycle(graph: Mapping[Table, Mapping[Table, object]]) -> Sequence[Table]:
    """Return some circle, its first table again at the end; empty where there is none. The order of the graph decides which."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[Table] = error.args[1]
        return found[::-1]  # it goes from a table to those that refer to it
    return []


def effort(keys: Sequence[ForeignKeyConstraint]) -> tuple[int, bool, str]:
    """Return what a circle is best cut by, the least first: few keys, rows that can be inserted without them; else the name decides."""
    return len(keys), not all(map(is_optional, keys)), name_of(keys[0])


def is_optional(key: ForeignKeyConstraint) -> bool:
    return any(column.nullable for column in key.columns)


def begun_at(table: Table, cycle: Sequence[Table]) -> Sequence[Table]:
    """Return the same circle, begun and ended at `table`."""
    start = list(cycle).index(table)
    return [*cycle[start:-1], *cycle[:start], table]


def route(cycle: Sequence[Table]) -> str:
    names = [table.fullname for table in cycle]
    if len(names) > LONGEST_ROUTE:
        names = [*names[: LONGEST_ROUTE - 3], f"{len(names) - LONGEST_ROUTE + 1} more", *names[-2:]]
    return " -> ".join(names)


LONGEST_ROUTE = 8
"""As many tables as a message names."""


def remedy(keys: Sequence[ForeignKeyConstraint], *, can_be_filled: bool) -> str:
    names = " and ".join(map(name_of, keys))
    deferred = "" if can_be_filled else ', deferrable=True, initially="DEFERRED"'
    return f"use_alter=True{deferred} and a name in the foreign key of {names}; in the revision op.create_foreign_key after all these tables"
