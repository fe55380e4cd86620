"""An index that differs between models and migrations, or that only one of them has.

Queries that the index should answer scan the table; a unique index without its WHERE refuses rows that the models
allow; an INVALID index, left behind by a CREATE INDEX CONCURRENTLY that failed, costs every write and answers
nothing. Alembic compares columns and uniqueness, not WHERE, INCLUDE, method, operator class, collation and
parameters.

It is right anyway for an index that only the operators of the database care for; allow it, or hide it with
`include_object` in `env.py`.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    done: bool

    __table_args__ = (sa.Index("ix_tasks_title", "title", postgresql_where=sa.text("NOT done")),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("done", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
op.create_index("ix_tasks_title", "tasks", ["title"])
```

Good:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    done: bool

    __table_args__ = (sa.Index("ix_tasks_title", "title", postgresql_where=sa.text("NOT done")),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("done", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
op.create_index("ix_tasks_title", "tasks", ["title"], postgresql_where=sa.text("NOT done"))
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.subjects.drift import Drift


@rule
def index_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("index"):
        yield difference(one)
