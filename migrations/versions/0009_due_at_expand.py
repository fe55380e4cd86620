"""Expands: tasks.due_at beside tasks.due_date, which the running release still reads and writes.

Revision: 0009_due_at_expand
Revises: 0008_full_name_not_null
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0009_due_at_expand"
down_revision: str | None = "0008_full_name_not_null"
branch_labels: str | None = None
depends_on: str | None = None

# A day is due when it ends, in UTC. Whichever of both a release writes, the trigger writes the other.


def upgrade() -> None:
    op.add_column("tasks", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        """
        CREATE FUNCTION tasks_sync_due() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.due_at IS DISTINCT FROM OLD.due_at THEN
                NEW.due_date := ((NEW.due_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date;
            ELSIF NEW.due_date IS DISTINCT FROM OLD.due_date
                AND NEW.due_date IS DISTINCT FROM ((NEW.due_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date
            THEN
                NEW.due_at := (NEW.due_date + time '24:00') AT TIME ZONE 'UTC';
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER tasks_sync_due BEFORE INSERT OR UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION tasks_sync_due()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER tasks_sync_due ON tasks")
    op.execute("DROP FUNCTION tasks_sync_due()")
    op.drop_column("tasks", "due_at")
