"""A column or domain whose type, length, precision, collation or check differs between models and migrations.

What the models allow, the database refuses or rounds, or the other way round: a longer string fails with *value too
long*, a naive timestamp is shifted by the session's time zone, a list does not fit into a column that is no array.
Alembic compares lengths only when both sides have one, and does not see arrays and collations at all.

It is right anyway while a change of type is rolled out in steps; allow it until the last.

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
    sa.Column("title", sa.String(100), nullable=False),
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
def type_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("type"):
        yield difference(one, "make a revision that changes it")
