"""An enum whose labels differ between models and migrations, or one that a migration left behind.

A label that the database lacks fails with *invalid input value for enum*; one that the models lack fails when a row
that has it is read. The order decides how values compare and sort. A type that nothing uses makes the next `CREATE
TYPE` of that name fail. Alembic sees nothing of this.

It is right anyway when a label was retired: PostgreSQL cannot remove one, short of a new type. A type that only
functions use is left alone.

Bad:

```python
# models.py
class Status(Enum):
    open = "open"
    done = "done"


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: Status

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("status", sa.Enum("open", name="status"), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```

Good:

```python
# models.py
class Status(Enum):
    open = "open"
    done = "done"


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    status: Status

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("status", sa.Enum("open", "done", name="status"), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.subjects.drift import Drift


@rule
def enum_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("enum"):
        yield difference(one)
