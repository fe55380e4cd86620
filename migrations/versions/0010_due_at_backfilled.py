"""Fills tasks.due_at from tasks.due_date, in batches, checks it and indexes it.

Revision: 0010_due_at_backfilled
Revises: 0009_due_at_expand
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0010_due_at_backfilled"
down_revision: str | None = "0009_due_at_expand"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # Each statement is a transaction of its own and can be repeated: an interrupted upgrade is simply run again.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ck_tasks_due_after_created")
        op.execute("ALTER TABLE tasks ADD CONSTRAINT ck_tasks_due_after_created CHECK (due_at > created_at) NOT VALID")
        op.execute(
            """
            DO $$
            BEGIN
                LOOP
                    UPDATE tasks SET due_at = (due_date + time '24:00') AT TIME ZONE 'UTC'
                    WHERE id IN (
                        SELECT id FROM tasks WHERE due_date IS NOT NULL AND due_at IS NULL LIMIT 1000 FOR UPDATE
                    );
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
            """
        )
        op.execute("ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_due_after_created")
        # One that an interrupted build left behind is invalid.
        op.drop_index("ix_tasks_user_id_due_at", "tasks", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_tasks_user_id_due_at",
            "tasks",
            ["user_id", "due_at"],
            postgresql_where=sa.text("deleted_at IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_tasks_user_id_due_at", "tasks", if_exists=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ck_tasks_due_after_created")
