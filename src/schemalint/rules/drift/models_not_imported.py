"""Most of the tables that the migrations make are unknown to the models.

`target_metadata` knows a table only once the module that declares it is imported. With most modules missing, `alembic
revision --autogenerate` would drop the tables, and nothing about them can be checked. This one finding stands for all
of those tables.

It is right anyway when another program keeps its tables in the same history: name them in `external-tables`, or hide
them with `include_object` in `env.py`.

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
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("chats", sa.Column("id", sa.Integer(), primary_key=True))
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
def models_not_imported(drift: Drift) -> Iterator[Problem]:
    if missing := drift.unimported:
        names = ", ".join(missing.tables[:5]) + (", ..." if len(missing.tables) > 5 else "")
        yield Problem(
            part=missing,
            message=f"{len(missing.tables)} of the {missing.total} tables that the migrations make are unknown to the models: {names}",
            remedy='import the modules that declare them in env.py, or name them: models = ["app.models"] in [tool.schemalint]',
        )
