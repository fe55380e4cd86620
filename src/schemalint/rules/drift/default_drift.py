"""A server default, identity, sequence or generated column that differs between models and migrations.

An INSERT that leaves the column out fails or stores something else. SERIAL on one side and a plain integer on the
other breaks every INSERT; a BIGINT key whose sequence stayed an integer breaks the one after 2147483647. Alembic
compares none of this unless `compare_server_default` is set.

Defaults that mean the same are equal however they are spelled: PostgreSQL itself folds `'x'::character varying` and
`'x'::text`, and `CURRENT_TIMESTAMP` and `now()` are one. It is right anyway when a default only served to fill old
rows; drop it, or allow it. A default in Python only (`default=...`) is no server default. A `server_default="now()"` of the models, which is another
moment each time the table is made, is told by `server-default-is-literal` alone.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    done: bool = Field(sa_column_kwargs={"server_default": sa.text("false")})

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("done", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```

Good:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    done: bool = Field(sa_column_kwargs={"server_default": sa.text("false")})

# versions/0001_tasks.py
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
```
"""

from collections.abc import Iterator

from sqlalchemy import Column

from schemalint.rule import Problem, rule
from schemalint.rules.drift._words import difference
from schemalint.rules.schema._defaults import misquoted
from schemalint.subjects.drift import Difference, Drift


@rule
def default_drift(drift: Drift) -> Iterator[Problem]:
    for one in drift.of("default"):
        if not is_read_once(one):
            yield difference(one)


def is_read_once(one: Difference) -> bool:
    """Whether the models' side is the moment at which this run made their tables: `server-default-is-literal` says what to write."""
    found = misquoted(one.part) if isinstance(one.part, Column) else None
    return found is not None and found.effect == "frozen"
