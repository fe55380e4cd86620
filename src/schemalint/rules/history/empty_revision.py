"""A revision that does nothing, neither up nor down.

Usually `alembic revision --autogenerate` was run with models that were not imported, or before they were changed; the change that its
name promises then reaches no database.

When it is right anyway: a place in the graph. A merge, a first revision to stamp existing databases with, a point where branches part, a
revision with a branch label or `depends_on` or one that others depend on, and one that says in a comment or docstring of its own why it is empty are not found.

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
down_revision = "a1"

def upgrade():
    pass

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

# versions/b2_add_title.py
revision = "b2"
down_revision = "a1"

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, Revision, RevisionPart


@rule
def empty_revision(history: History) -> Iterator[Problem]:
    for revision in history.revisions:
        if does_nothing(revision) and not has_a_place_in_the_graph(revision, history):
            yield Problem(
                part=RevisionPart(revision, "upgrade", revision.parts.get("upgrade", revision.stated)),
                message=f"{revision.name} does nothing: alembic upgrade notes it and changes no database",
                remedy="what it was made for, with the models imported in env.py; or a comment in upgrade that says why it is empty",
            )


def does_nothing(revision: Revision) -> bool:
    return {revision.upgrade, revision.downgrade} <= {"absent", "empty"}


def has_a_place_in_the_graph(revision: Revision, history: History) -> bool:
    """Whether a revision is there for its `down_revision`, its label or what depends on it (or may be: not all is known)."""
    own = revision.is_base or revision.is_merge or revision.depends_on or revision.branch_labels or revision.unknown
    return bool(own) or "down_revision" not in revision.parts or is_a_knot(revision, history)


def is_a_knot(revision: Revision, history: History) -> bool:
    return not history.is_known or len(history.children(revision)) > 1 or bool(history.dependents(revision))
