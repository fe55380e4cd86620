"""The todo application: users and their tasks.

Revision: 0001_users_and_tasks
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001_users_and_tasks"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("CREATE TYPE task_status AS ENUM ('pending', 'in_progress', 'completed', 'cancelled')")
    op.execute("CREATE TYPE task_priority AS ENUM ('low', 'medium', 'high', 'urgent')")
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column(
            "email", sa.String(254), nullable=False, comment="As the user wrote it; unique without regard to case"
        ),
        sa.Column(
            "hashed_password",
            sa.String(255),
            nullable=False,
            comment="Salted hash with its parameters, never the password",
        ),
        sa.Column("full_name", sa.String(200), nullable=True),
        sa.Column(
            "is_active", sa.Boolean(), server_default=sa.true(), nullable=False, comment="False: may not sign in"
        ),
        sa.Column(
            "is_verified",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="True: the email address was confirmed",
        ),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the user deleted it; null while it is in use",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        comment="People who can sign in",
    )
    op.create_index(
        op.f("uq_users_email_lower"),
        "users",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Whose task it is"),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.String(2000), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM(name="task_status", create_type=False),
            server_default="pending",
            nullable=False,
        ),
        sa.Column(
            "priority",
            postgresql.ENUM(name="task_priority", create_type=False),
            server_default="medium",
            nullable=False,
        ),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column(
            "completed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Set exactly while the status is completed",
        ),
        sa.Column("is_recurring", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "recurrence_rule",
            sa.String(255),
            nullable=True,
            comment="RFC 5545 RRULE; set exactly while recurring",
        ),
        sa.Column(
            "parent_task_id",
            sa.Uuid(),
            nullable=True,
            comment="Recurring task that this one is an occurrence of",
        ),
        # Made while the table is new: later it would rewrite the table while nobody can read it.
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english', title), 'A')"
                " || setweight(to_tsvector('english', coalesce(description, '')), 'B')",
                persisted=True,
            ),
            nullable=True,
            comment="Words of title and description, made by PostgreSQL",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the user deleted it; null while it is in use",
        ),
        sa.Column(
            "created_by",
            sa.Uuid(),
            nullable=True,
            comment="User who made the row; null for the system or a user who is gone",
        ),
        sa.Column(
            "updated_by",
            sa.Uuid(),
            nullable=True,
            comment="User who changed the row last; null for the system or a user who is gone",
        ),
        sa.CheckConstraint("btrim(title) <> ''", name=op.f("ck_tasks_title_not_blank")),
        sa.CheckConstraint(
            "due_date >= (created_at AT TIME ZONE 'UTC')::date", name=op.f("ck_tasks_due_date_after_created")
        ),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)",
            name=op.f("ck_tasks_completed_at_when_completed"),
        ),
        sa.CheckConstraint(
            "is_recurring = (recurrence_rule IS NOT NULL)", name=op.f("ck_tasks_recurrence_rule_when_recurring")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tasks_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["parent_task_id"], ["tasks.id"], name=op.f("fk_tasks_parent_task_id_tasks"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_tasks_created_by_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["users.id"], name=op.f("fk_tasks_updated_by_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        comment="What users mean to do",
    )
    op.create_index(op.f("ix_tasks_user_id"), "tasks", ["user_id"])
    op.create_index(op.f("ix_tasks_parent_task_id"), "tasks", ["parent_task_id"])
    op.create_index(op.f("ix_tasks_created_by"), "tasks", ["created_by"])
    op.create_index(op.f("ix_tasks_updated_by"), "tasks", ["updated_by"])


def downgrade() -> None:
    op.drop_table("tasks")
    op.drop_table("users")
    op.execute("DROP TYPE task_priority")
    op.execute("DROP TYPE task_status")
