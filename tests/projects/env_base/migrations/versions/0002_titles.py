import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("books", sa.Column("title", sa.String(200)))


def downgrade():
    op.drop_column("books", "title")
