"""PostgreSQL refuses to create a part of the models.

`metadata.create_all` fails, so tests and new installations that use it fail too, and what the part should be cannot
be compared with what the migrations made. Usual causes: one index name for two tables (names are unique in a schema),
a GIN index over a column whose type has no default operator class, a type or function that no migration makes. The
rest of the models is compared all the same.

It is right anyway where a table is made by hand and only mapped: hide it with `include_object` in `env.py`, or allow
the finding.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

    __table_args__ = (sa.Index("ix_tasks_title", "title", postgresql_using="gin"),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```

Good:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

    __table_args__ = (sa.Index("ix_tasks_title", "title"),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
op.create_index("ix_tasks_title", "tasks", ["title"])
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.drift import Drift


@rule
def create_all_fails(drift: Drift) -> Iterator[Problem]:
    for one in drift.uncreatable:
        yield Problem(
            part=one,
            message=f"PostgreSQL refuses to create {one.what}: {one.reason}",
            remedy="change the declaration so that metadata.create_all works",
        )
