"""Gives every user a full name, in batches, and refuses new users without one.

Revision: 0007_full_name_backfilled
Revises: 0006_indexes
"""

from alembic import op

revision: str = "0007_full_name_backfilled"
down_revision: str | None = "0006_indexes"
branch_labels: str | None = None
depends_on: str | None = None


# The release before this revision always writes full_name.


def upgrade() -> None:
    # Each statement is a transaction of its own and can be repeated: an interrupted upgrade is simply run again.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_full_name_not_null")
        op.execute(
            "ALTER TABLE users ADD CONSTRAINT ck_users_full_name_not_null CHECK (full_name IS NOT NULL) NOT VALID"
        )
        op.execute(
            """
            DO $$
            BEGIN
                LOOP
                    UPDATE users SET full_name = split_part(email, '@', 1)
                    WHERE id IN (SELECT id FROM users WHERE full_name IS NULL LIMIT 1000 FOR UPDATE);
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
            """
        )
        op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_full_name_not_null")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_users_full_name_not_null"), "users", type_="check")
