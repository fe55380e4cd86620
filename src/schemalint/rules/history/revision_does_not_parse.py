"""A revision file that Python cannot read.

Alembic imports every revision before it does anything, so one such file stops every command, also an upgrade that does not need it. The
other files are judged all the same; only what depends on the whole graph (heads, bases, names) waits until this one can be read.

When it is right anyway: never.

Bad:

```python
# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True)

def downgrade():
    op.drop_table("books")
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
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History


@rule
def revision_does_not_parse(history: History) -> Iterator[Problem]:
    for file in history.broken:
        yield Problem(
            part=file,
            message=f"Python cannot read this file ({file.reason}): every alembic command stops here",
            remedy="Python that can be imported",
        )
