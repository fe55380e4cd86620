"""A table that is stored otherwise than the models say: UNLOGGED, partitioned, inherited, or with other parameters.

An UNLOGGED table is empty after a crash and not replicated. A table that the models partition and the migrations do
not (or the other way round) has other keys and limits, and changing it means moving all rows. Storage parameters set
by a migration are lost in databases made from the models. Alembic sees none of it.

It is right anyway where parameters are tuned for one installation only; allow it for that table. `postgresql_with`,
`postgresql_partition_by`, `postgresql_inherits` and `prefixes=["UNLOGGED"]` of a table say it in the models.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
op.execute("ALTER TABLE tasks SET UNLOGGED")
```

Good:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.subjects.drift import Drift


@rule
def storage_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("storage"):
        yield difference(one, "make a new table and move the rows: PostgreSQL cannot change this in place")
