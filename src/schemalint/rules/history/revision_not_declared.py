"""A file among the revisions that does not say which revision it is.

Alembic imports every Python file in the versions directory, `__init__.py` aside, as a revision. One without `revision` or without
`down_revision`, or with an id that has `@`, `-`, `+` or `:` in it, stops every command.

When it is right anyway: never; helpers belong beside the versions directory, not into it.

Bad:

```python
# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True))

def downgrade():
    op.drop_table("books")

# versions/helpers.py
def timestamps():
    return [sa.Column("created_at", sa.DateTime(timezone=True))]
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

# versions/__init__.py
def timestamps():
    return [sa.Column("created_at", sa.DateTime(timezone=True))]
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History

REFUSED = "@-+:"
"""Characters that Alembic takes in no id, because they mean something on its command line (`verify_rev_id`)."""


@rule
def revision_not_declared(history: History) -> Iterator[Problem]:
    for revision in history.revisions:
        if revision.id is None and "revision" not in revision.parts:
            yield Problem(
                part=revision,
                message="the file declares no revision: every alembic command stops, it could not determine the revision id",
                remedy='revision = "..." and down_revision = ..., or a place for the file outside the versions directory',
            )
        elif "down_revision" not in revision.parts:
            yield Problem(
                part=revision,
                message=f"{revision.name} declares no down_revision: every alembic command stops with an AttributeError",
                remedy="down_revision = the revision it comes after, None for the first",
            )
        elif refused := [one for one in REFUSED if one in (revision.id or "")]:
            yield Problem(
                part=revision,
                message=f"{revision.id} has {' '.join(refused)} in it, which Alembic refuses: every command stops",
                remedy="letters, digits and underscores",
            )
