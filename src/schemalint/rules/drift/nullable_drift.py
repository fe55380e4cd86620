"""A column that may be NULL in the models and not after the migrations, or the other way round.

A NULL that the models allow fails with *violates not-null constraint*; one that they exclude comes back from the
database where the code does not expect it.

It is right anyway between the steps of making a column NOT NULL without a lock: fill, check, set. Columns of a
primary key are NOT NULL on both sides, whatever the model says.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200)),
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

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.subjects.drift import Drift


@rule
def nullable_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("nullable"):
        yield difference(one)
