"""A revision whose `downgrade` does nothing, although its `upgrade` does something.

`alembic downgrade` reports success and takes the revision off the version table, but the schema stays as it was. The next upgrade is then
performed a second time on top of it, and what it creates "already exists", usually in the middle of an incident. Without the function at all,
the downgrade stops with an AttributeError.

When it is right anyway: there is no way back, data would be lost. Then say so, and nothing is found:
`raise NotImplementedError("the old values are gone")`, or a comment where the downgrade shall go on to older revisions. A revision that only
changes rows (`UPDATE`, `INSERT`, `DELETE`) may well have an empty downgrade: nothing is found there, either.

Bad:

```python
# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    pass
```

Good:

```python
# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")

# versions/b2_forget_names.py
revision = "b2"
down_revision = "a1"

def upgrade():
    op.execute("UPDATE readers SET name = md5(name)")

def downgrade():
    raise NotImplementedError("the names are gone")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, RevisionPart


@rule
def downgrade_missing(history: History) -> Iterator[Problem]:
    for revision in history.revisions:
        if revision.upgrade != "written" or revision.downgrade in ("explained", "written"):
            continue
        if revision.downgrade == "absent":
            part, message = (
                RevisionPart(revision, "revision", revision.stated),
                "has no downgrade: alembic downgrade stops here",
            )
        elif revision.changes_rows_only:
            continue
        else:
            part = RevisionPart(revision, "downgrade", revision.parts["downgrade"])
            message = (
                "is taken back by nothing: alembic downgrade leaves its changes, and the next upgrade makes them again"
            )
        yield Problem(
            part=part,
            message=f"{revision.name} {message}",
            remedy='the way back, or raise NotImplementedError("why there is none")',
        )
