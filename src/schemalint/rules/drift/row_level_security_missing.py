"""A table without row-level security after the migrations, in a database where others have it.

Row-level security is switched on table by table: where it is off, every role that may SELECT sees the rows of all users or tenants, whatever the
policies of other tables say. Models cannot declare it, so a table that was added later is easily forgotten, and no test that runs as the owner of the tables notices
(https://www.postgresql.org/docs/current/ddl-rowsecurity.html).

`tables` are patterns of the tables that must have it, such as `["tasks", "billing.*"]`; without any, all must have it as soon as one has it. It is asked of the database that the migrations make. It is
right anyway for tables whose rows everybody may see, such as lookups, and for those that only roles with BYPASSRLS reach.

Bad:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

class Note(SQLModel, table=True):
    __tablename__ = "notes"
    id: int | None = Field(default=None, primary_key=True)

# versions/0001_tasks.py
for name in ("tasks", "notes"):
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
op.execute("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY")
```

Good:

```python
# models.py
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

class Note(SQLModel, table=True):
    __tablename__ = "notes"
    id: int | None = Field(default=None, primary_key=True)

# versions/0001_tasks.py
for name in ("tasks", "notes"):
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
```
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from schemalint.rule import Problem, rule
from schemalint.subjects.drift import Drift


@rule(profile="opt-in")
def row_level_security_missing(drift: Drift, *, tables: tuple[str, ...] = ()) -> Iterator[Problem]:
    if not tables and not any(fact.row_security for fact in drift.migrated.values()):
        return
    for table, fact in drift.migrated.items():
        is_meant = not tables or any(fnmatchcase(table.fullname, one) for one in tables)
        if is_meant and not fact.row_security:
            yield Problem(
                part=table,
                message=f"{table.fullname} has no row-level security after the migrations: whoever may read it reads the rows of all",
                remedy=f'in a new revision, with a policy: op.execute("ALTER TABLE {table.fullname} ENABLE ROW LEVEL SECURITY")',
            )
