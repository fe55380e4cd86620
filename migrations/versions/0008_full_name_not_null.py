"""Makes users.full_name NOT NULL; the check proves it, so that no row is read.

Revision: 0008_full_name_not_null
Revises: 0007_full_name_backfilled
"""

from alembic import op

revision: str = "0008_full_name_not_null"
down_revision: str | None = "0007_full_name_backfilled"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.alter_column("users", "full_name", nullable=False)
    op.drop_constraint(op.f("ck_users_full_name_not_null"), "users", type_="check")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_full_name_not_null")
        op.execute(
            "ALTER TABLE users ADD CONSTRAINT ck_users_full_name_not_null CHECK (full_name IS NOT NULL) NOT VALID"
        )
        op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_full_name_not_null")
        op.alter_column("users", "full_name", nullable=True)
