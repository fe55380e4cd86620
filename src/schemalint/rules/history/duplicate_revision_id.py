"""Two revision files with one id.

A file was copied and its `revision` left as it was. Alembic warns and keeps the file it read last; the other is never performed,
nowhere, and what follows it follows the wrong one.

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
down_revision = "a1"

def upgrade():
    op.add_column("books", sa.Column("title", sa.Text))

def downgrade():
    op.drop_column("books", "title")

# versions/c3_add_pages.py
revision = "b2"
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
from schemalint.subjects.history import History


@rule
def duplicate_revision_id(history: History) -> Iterator[Problem]:
    for first, *others in history.duplicates:
        kept = others[-1]
        for one in others:
            yield Problem(
                part=one,
                message=f"{first.path} is revision {one.id} too: Alembic keeps {kept.path} and never performs the other",
                remedy="an id of its own for each file: alembic revision writes one",
            )
