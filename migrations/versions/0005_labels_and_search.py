"""Labels on tasks, and what indexes need for finding one user's tasks by labels and words.

Revision: 0005_labels_and_search
Revises: 0004_user_preferences
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005_labels_and_search"
down_revision: str | None = "0004_user_preferences"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # GIN indexes that hold user_id beside labels and words.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    # A constant default is kept in the catalog: no row is rewritten.
    op.add_column(
        "tasks",
        sa.Column(
            "labels",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Free words; tags are the managed ones",
        ),
    )


def downgrade() -> None:
    op.drop_column("tasks", "labels")
    op.execute("DROP EXTENSION btree_gin")
