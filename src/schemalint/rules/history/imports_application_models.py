"""A revision that imports the application's models.

A revision is performed for years, on every new database, with the models of that day: a column that was added later is selected before
it exists, a class that was renamed cannot be imported, and the upgrade that once passed fails on a fresh database.

When it is right anyway: column types, enums and helpers are not models and are not found, nor is what stands beside the migrations
themselves. A history that is squashed at every release may import what it likes.

Bad:

```python
# app/models.py
from sqlmodel import Field, SQLModel

class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str

# versions/a1_create_books.py
from app.models import Book

revision = "a1"
down_revision = None

def upgrade():
    op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("title", sa.Text))
    op.bulk_insert(Book.__table__, [{"title": "Emma"}])

def downgrade():
    op.drop_table("books")
```

Good:

```python
# app/models.py
from sqlmodel import Field, SQLModel

class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str

# versions/a1_create_books.py
revision = "a1"
down_revision = None

def upgrade():
    books = op.create_table("books", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("title", sa.Text))
    op.bulk_insert(books, [{"title": "Emma"}])

def downgrade():
    op.drop_table("books")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.history import History, RevisionPart


@rule
def imports_application_models(history: History) -> Iterator[Problem]:
    for revision in history.revisions:
        for found in revision.model_imports:
            names = ", ".join(found.names)
            yield Problem(
                part=RevisionPart(revision, "import", found.location),
                message=f"{revision.name} uses {names} as it is today: upgrading an empty database may fail once the model changes",
                remedy="the table as it was then: sa.table(...), or the table that op.create_table returns",
            )
