"""Revisions that follow or depend on each other in a ring.

None of them can be performed before the others. Alembic stops every command with "Cycle is detected in revisions", or, where a base leads into
the ring and a head out of it, does not notice and performs them in an order that nobody chose. It happens when two revisions are
reordered by hand and only one `down_revision` is changed.

When it is right anyway: never.

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
down_revision = "c3"

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
down_revision = "c3"

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
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, RevisionPart


@rule
def revision_cycle(history: History) -> Iterator[Problem]:
    shared = {one for together in history.duplicates for one in together}
    for cycle in history.cycles:
        if shared & {*cycle}:
            continue  # a copied file closes the ring: duplicate-revision-id says so
        first = cycle[0]
        link = next(one for one in first.references if history.resolve(one) in cycle)
        ring = " <- ".join(one.name for one in (*cycle, first))
        yield Problem(
            part=RevisionPart(first, link.kind, link.location),
            message=f"{first.name} comes after itself ({ring}): alembic stops at the cycle, or performs it in an order of its own",
            remedy=f"a {link.kind} that leads back to a base",
        )
