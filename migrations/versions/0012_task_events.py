"""The history of tasks; updated_at kept by a trigger; users see only their own tasks.

Revision: 0012_task_events
Revises: 0011_due_at_contract
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012_task_events"
down_revision: str | None = "0011_due_at_contract"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute(
        "CREATE TYPE task_event_kind AS ENUM ('created', 'updated', 'completed', 'reopened', 'deleted', 'restored')"
    )
    op.create_table(
        "task_events",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "actor_id",
            sa.Uuid(),
            nullable=True,
            comment="User who did it; null for the system or a user who is gone",
        ),
        sa.Column("kind", postgresql.ENUM(name="task_event_kind", create_type=False), nullable=False),
        sa.Column(
            "changes", postgresql.JSONB(), server_default="{}", nullable=False, comment="New values by column name"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_events_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_task_events_actor_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_events")),
        comment="What happened to tasks, and by whom: history and audit trail",
    )
    op.create_index(op.f("ix_task_events_actor_id"), "task_events", ["actor_id"])
    op.create_index(op.f("ix_task_events_task_id_created_at"), "task_events", ["task_id", "created_at"])
    op.create_index(op.f("ix_task_events_created_at"), "task_events", ["created_at"], postgresql_using="brin")
    op.create_index(
        op.f("ix_task_events_changes"),
        "task_events",
        ["changes"],
        postgresql_using="gin",
        postgresql_ops={"changes": "jsonb_path_ops"},
    )
    op.execute(
        """
        CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER tasks_set_updated_at BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION set_updated_at()"
    )
    # The release before this revision says whose transaction it is (reference_models.database.act_as).
    op.execute(
        "CREATE POLICY tasks_of_their_user ON tasks"
        " USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)"
    )
    op.execute("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE tasks DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY tasks_of_their_user ON tasks")
    op.execute("DROP TRIGGER tasks_set_updated_at ON tasks")
    op.execute("DROP FUNCTION set_updated_at()")
    op.drop_table("task_events")
    op.execute("DROP TYPE task_event_kind")
