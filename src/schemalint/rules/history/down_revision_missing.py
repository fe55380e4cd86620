"""A `down_revision` or `depends_on` that names no revision.

Alembic reads the whole history before it does anything: with one name that nothing carries, every command stops with a `KeyError`, also for
those who need another revision. A file was deleted, renamed or not committed, or an id was abbreviated, which Alembic only accepts on its
command line.

When it is right anyway: never; a history whose beginning was removed says `down_revision = None` in what is now its first revision.

Bad:

```python
# versions/a1b2c3d4e5f6_create_books.py
revision = "a1b2c3d4e5f6"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")

# versions/b2c3d4e5f6a7_add_title.py
revision = "b2c3d4e5f6a7"
down_revision = "a1b2c3"

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")
```

Good:

```python
# versions/a1b2c3d4e5f6_create_books.py
revision = "a1b2c3d4e5f6"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")

# versions/b2c3d4e5f6a7_add_title.py
revision = "b2c3d4e5f6a7"
down_revision = "a1b2c3d4e5f6"

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")
```
"""

from collections.abc import Iterator
from difflib import get_close_matches

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, Reference, Revision, RevisionPart


@rule
def down_revision_missing(history: History) -> Iterator[Problem]:
    for revision, reference in history.dangling if history.ids_are_known else ():
        meant = revision_meant(history, revision, reference)
        named = f"{reference.kind} names {reference.to!r}, which no revision is called"
        yield Problem(
            part=RevisionPart(revision, reference.kind, reference.location),
            message=f"{named}: every alembic command stops with KeyError: {reference.to!r}",
            remedy=f'"{meant.id}", which is {meant.path}'
            if meant
            else "the id of a revision that is there; or bring its file back",
        )


def revision_meant(history: History, revision: Revision, reference: Reference) -> Revision | None:
    """Return the one revision that an abbreviated or misspelt id, or a branch label, may stand for."""
    others = [one for one in history.revisions if one is not revision and one.id is not None]
    alike = [one for one in others if reference.to in one.branch_labels]
    if len(reference.to) >= 4:
        alike += [one for one in others if (one.id or "").startswith(reference.to)]
    if not alike:
        close = get_close_matches(reference.to, [one.id or "" for one in others], n=2, cutoff=0.8)
        alike = [one for one in others if one.id in close]
    return alike[0] if len(alike) == 1 else None
