"""A constraint or index whose name the models give and the migrations do not.

Nothing fails until a revision or a program uses the name: `op.drop_constraint("uq_tasks_title", ...)` written from
the models does not find it, and code that reads the constraint's name out of an IntegrityError takes another path.

It is right anyway when old names are known to be different and nothing uses them. Names that the models leave to
PostgreSQL mean nothing and are not compared. Where a naming convention makes the difference, one finding stands for
all of its names: models and migrations follow different conventions, or `metadata.naming_convention` was set after
the models were declared, when it changes what `op.*` makes and no longer what the models say.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

    __table_args__ = (sa.UniqueConstraint("title", name="uq_tasks_title"),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.UniqueConstraint("title", name="tasks_title_unique"),
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

    __table_args__ = (sa.UniqueConstraint("title", name="uq_tasks_title"),)

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.UniqueConstraint("title", name="uq_tasks_title"),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import remedy
from schemalint.subjects.drift import Drift


@rule
def name_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("name"):
        yield Problem(
            part=one,
            message=f"{one.what} is named {one.models} in the models and {one.migrations} after the migrations{one.by}",
            remedy=remedy(one),
        )
    if convention := drift.convention:
        examples = ", ".join(f"{ours} and {theirs}" for ours, theirs in convention.examples)
        if convention.is_late:
            yield Problem(
                part=convention,
                message=f"the naming convention was set after the models were declared, so {convention.count} constraints follow it in the "
                f"migrations only ({examples})",
                remedy="give it to the metadata before any model is declared: MetaData(naming_convention=...)",
            )
        else:
            yield Problem(
                part=convention,
                message=f"the models follow their naming convention and the migrations do not, in {convention.count} names ({examples})",
                remedy=f"in a new revision:\n{convention.suggestion}",
            )
