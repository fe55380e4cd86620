"""A column that only the models have, or only the migrations make.

Every SELECT of the model names all of its columns: one that is not there makes it fail. One that only the table has
is never written, and when it is NOT NULL without a default every INSERT fails.

It is right anyway between the two halves of expand and contract, when the model has dropped a column that the
database keeps until the next release. The order of columns is no difference.

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
def column_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("column"):
        yield difference(one)
