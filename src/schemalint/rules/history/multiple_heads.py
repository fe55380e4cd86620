"""Two revisions that both follow the same past, and nothing that follows both.

Usually two branches of the repository each added a revision and were merged. `alembic upgrade head` stops with "Multiple head revisions
are present", so the next deployment fails; where `upgrade heads` is used, the order of the two differs between databases.

When it is right anyway: branches kept apart on purpose. Alembic tells them apart by branch labels, so a label on one of the two says it
and is not found here; neither are branches in directories of their own, nor a head that another revision depends on.

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
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")

# versions/c3_add_pages.py
revision = "c3"
down_revision = "a1"

def upgrade():
    op.add_column("books", sa.Column("pages", sa.Integer))

def downgrade():
    op.drop_column("books", "pages")
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

# versions/c3_add_pages.py
revision = "c3"
down_revision = "b2"

def upgrade():
    op.add_column("books", sa.Column("pages", sa.Integer))

def downgrade():
    op.drop_column("books", "pages")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, Revision, RevisionPart


@rule
def multiple_heads(history: History) -> Iterator[Problem]:
    for heads in indistinguishable_heads(history) if history.is_sound else ():
        *others, last = heads
        first = first_of_its_own(last, others, history)
        branch = last if first is None else first
        head = f"{last.id} is a head" if branch is last else f"{branch.id} leads to a head, {last.id},"
        beside = ", ".join(f"{one.id} ({one.path})" for one in others)
        moved = f'down_revision = "{others[0].id}" when {branch.id} was not deployed yet; else '
        yield Problem(
            part=RevisionPart(branch, "down_revision", branch.parts["down_revision"]),
            message=f"{head} beside {beside}: alembic upgrade head stops, because it does not know which is meant",
            remedy=f"{moved if first else ''}alembic merge heads",
        )


def indistinguishable_heads(history: History) -> Iterator[list[Revision]]:
    """Yield heads of one tree that nothing tells apart: the same branch labels, the same directory."""
    for tree in history.trees:
        alike: dict[object, list[Revision]] = {}
        for head in history.heads:
            if head in tree:
                alike.setdefault((history.labels[head], head.branch_directory), []).append(head)
        yield from (heads for heads in alike.values() if len(heads) > 1)


def first_of_its_own(head: Revision, others: list[Revision], history: History) -> Revision | None:
    """Return the revision with which the way to `head` leaves those to the other heads; None where there are several."""
    shared = {one for other in others for one in history.line(other)}
    own = [one for one in history.line(head) if one not in shared]
    begins = [one for one in own if not {*history.parents(one)} & {*own}]
    return begins[0] if len(begins) == 1 and not begins[0].is_merge else None
