"""A revision id that the version table cannot hold.

Alembic notes the id in `alembic_version.version_num`, which it makes as VARCHAR(32). A longer one fails at the end of its upgrade with
"value too long for type character varying(32)", and everything the revision did is rolled back, except what ran in an `autocommit_block`.

When it is right anyway: the column was made wider. A project whose revisions or `env.py` (or a module beside it) name `version_num` is taken to have done
so and nothing is found; otherwise say the width: `limit = 128` under `[tool.schemalint.rules.revision-id-too-long]`.

Bad:

```python
# versions/2026_07_create_books.py
revision = "2026_07_21_create_books_with_title"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")
```

Good:

```python
# versions/2026_07_create_books.py
revision = "2026_07_21_create_books"
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
def revision_id_too_long(history: History, *, limit: int = 32) -> Iterator[Problem]:
    for revision in history.revisions if not history.version_column_is_managed else ():
        if revision.id is not None and len(revision.id) > limit:
            yield Problem(
                part=revision,
                message=f"{revision.id} has {len(revision.id)} characters, but alembic_version holds {limit}: its upgrade fails at the end",
                remedy=f"an id of at most {limit} characters; or the option limit, when the column was made wider",
            )
