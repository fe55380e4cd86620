"""The migrations do not upgrade an empty database.

The whole history is performed, from nothing to the heads, on a throwaway PostgreSQL, as a new developer, a CI job or
a new region does it. The finding stands on the line of the revision that failed and holds the server's own words.
Nothing else can be compared until it is mended.

It is never right to leave it. A history that begins with tables made by something else (`create_all` and `alembic
stamp`, a dump) needs a first revision that makes them; what other systems own is named in `external-tables`, and
schemas or extensions that exist beforehand are made by the SQL file that `before` names.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

# versions/0001_tasks.py
op.add_column("tasks", sa.Column("title", sa.String(200)))
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
from schemalint.subjects.drift import Drift


@rule
def upgrade_fails(drift: Drift) -> Iterator[Problem]:
    if drift.failure:
        remedy = "mend the revision so that the history upgrades an empty database"
        if drift.failure.missing:
            remedy += (
                f"; where no revision makes {drift.failure.missing} (create_all did, once), let SQL make it first: "
                'before = "tables.sql" in [tool.schemalint]'
            )
        yield Problem(part=drift.failure, message=drift.failure.message, remedy=remedy)
