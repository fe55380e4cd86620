"""Contracts: tasks.due_date goes; no release reads or writes it any more.

Revision: 0011_due_at_contract
Revises: 0010_due_at_backfilled
"""

from alembic import op

revision: str = "0011_due_at_contract"
down_revision: str | None = "0010_due_at_backfilled"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("DROP TRIGGER tasks_sync_due ON tasks")
    op.execute("DROP FUNCTION tasks_sync_due()")
    op.drop_constraint(op.f("ck_tasks_due_date_after_created"), "tasks", type_="check")
    op.drop_column("tasks", "due_date")


def downgrade() -> None:
    # Everything can be repeated: an interrupted downgrade is simply run again.
    op.execute("ALTER TABLE tasks ADD COLUMN IF NOT EXISTS due_date date")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION tasks_sync_due() RETURNS trigger LANGUAGE plpgsql AS $$
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
        "CREATE OR REPLACE TRIGGER tasks_sync_due BEFORE INSERT OR UPDATE ON tasks"
        " FOR EACH ROW EXECUTE FUNCTION tasks_sync_due()"
    )
    with op.get_context().autocommit_block():
        op.execute(
            """
            DO $$
            BEGIN
                LOOP
                    UPDATE tasks SET due_date = ((due_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date
                    WHERE id IN (
                        SELECT id FROM tasks WHERE due_at IS NOT NULL AND due_date IS NULL LIMIT 1000 FOR UPDATE
                    );
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
            """
        )
        op.execute("ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ck_tasks_due_date_after_created")
        op.execute(
            "ALTER TABLE tasks ADD CONSTRAINT ck_tasks_due_date_after_created"
            " CHECK (due_date >= (created_at AT TIME ZONE 'UTC')::date) NOT VALID"
        )
        op.execute("ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_due_date_after_created")
