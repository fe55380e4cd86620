"""A primary key, unique, foreign key, check or exclusion constraint that differs between models and migrations.

The rule that the models state is not enforced, or another one is: duplicates, orphans and impossible values get in,
or valid rows are refused. Alembic does not look at primary keys, checks, exclusion constraints, the order of columns,
INCLUDE, MATCH and NOT VALID.

It is right anyway while a constraint is NOT VALID between two releases. Constraints without a name in the models are
matched by what they say. UNIQUE over exactly the primary key's columns is no difference.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

    __table_args__ = (sa.CheckConstraint("title <> ''", name="title_not_blank"),)

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

    __table_args__ = (sa.CheckConstraint("title <> ''", name="title_not_blank"),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.CheckConstraint("title <> ''", name="title_not_blank"),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.subjects.drift import Drift


@rule
def key_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("key"):
        yield difference(one)
