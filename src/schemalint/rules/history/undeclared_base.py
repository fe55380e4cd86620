"""A second beginning of the history that nothing declares to be one.

A revision with `down_revision = None` starts a history of its own: usually it was generated where the other revisions were not found, or
the line was lost in a merge. `alembic upgrade head` stops with "Multiple head revisions are present"; with `upgrade heads` it may run
before the tables that it alters exist.

When it is right anyway: independent histories in one place. A branch label, `depends_on` between them, a revision that merges them, or a
directory of its own for each declares that; then nothing is found.

Bad:

```python
# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")

# versions/b2_add_title.py
revision = "b2"
down_revision = None

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")
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

# versions/b2_add_title.py
revision = "b2"
down_revision = "a1"

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")

# versions/c3_create_invoices.py
revision = "c3"
down_revision = None
branch_labels = ("billing",)

def upgrade():
    op.create_table("invoices", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("invoices")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, Revision, RevisionPart


@rule
def undeclared_base(history: History) -> Iterator[Problem]:
    for first, second in undeclared_bases(history) if history.is_sound else ():
        yield Problem(
            part=RevisionPart(second, "down_revision", second.parts["down_revision"]),
            message=f"{second.id} begins a second history beside {first.id} ({first.path}): alembic upgrade head stops at two heads",
            remedy='down_revision = the revision it comes after, or branch_labels = ("...",) when it is meant to stand alone',
        )


def undeclared_bases(history: History) -> Iterator[tuple[Revision, Revision]]:
    """Yield the base of the main history with each base that starts another one in the same directories, unlabelled."""
    unlabelled = [grove for grove in history.groves if not any(one.branch_labels for one in grove)]
    by_size = sorted(unlabelled, key=len, reverse=True)
    for number, grove in enumerate(by_size):
        for larger in by_size[:number]:
            if directories(grove) & directories(larger):
                yield bases(larger)[0], bases(grove)[0]
                break


def directories(grove: tuple[Revision, ...]) -> set[tuple[str, ...]]:
    return {one.branch_directory for one in grove}


def bases(grove: tuple[Revision, ...]) -> list[Revision]:
    return [one for one in grove if one.is_base]
