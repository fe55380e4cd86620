"""Tags, reminders, and time blocks that never overlap.

Revision: 0003_tags_reminders_time_blocks
Revises: 0002_chat
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003_tags_reminders_time_blocks"
down_revision: str | None = "0002_chat"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # The exclusion constraint compares user_id in a GiST index.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "name",
            sa.String(50),
            nullable=False,
            comment="As the user wrote it; unique per user without regard to case",
        ),
        sa.Column("color", sa.String(7), server_default="#808080", nullable=False, comment="#rrggbb"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_tags_name_not_blank")),
        sa.CheckConstraint("color ~ '^#[0-9a-fA-F]{6}$'", name=op.f("ck_tags_color_rrggbb")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tags_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        comment="Each user's own tags",
    )
    op.create_index(op.f("uq_tags_user_id_name_lower"), "tags", ["user_id", sa.text("lower(name)")], unique=True)
    op.create_table(
        "task_tags",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_tags_task_id_tasks"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_task_tags_tag_id_tags"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "tag_id", name=op.f("pk_task_tags")),
        comment="Which tasks carry which tags",
    )
    op.create_index(op.f("ix_task_tags_tag_id"), "task_tags", ["tag_id"])
    op.create_table(
        "task_reminders",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="Null while pending"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_reminders_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reminders")),
        comment="Moments at which users are told about their tasks",
    )
    op.create_index(op.f("ix_task_reminders_task_id"), "task_reminders", ["task_id"])
    op.create_index(
        op.f("ix_task_reminders_pending"),
        "task_reminders",
        ["remind_at"],
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "task_time_blocks",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "during", postgresql.TSTZRANGE(), nullable=False, comment="From the start up to, and without, the end"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "NOT (isempty(during) OR lower_inf(during) OR upper_inf(during))",
            name=op.f("ck_task_time_blocks_during_bounded"),
        ),
        postgresql.ExcludeConstraint(
            ("user_id", "="),
            ("during", "&&"),
            name=op.f("ex_task_time_blocks_user_id_during"),
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_task_time_blocks_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_time_blocks_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_time_blocks")),
        comment="Time that users keep for tasks",
    )
    op.create_index(op.f("ix_task_time_blocks_user_id"), "task_time_blocks", ["user_id"])
    op.create_index(op.f("ix_task_time_blocks_task_id"), "task_time_blocks", ["task_id"])


def downgrade() -> None:
    op.drop_table("task_time_blocks")
    op.drop_table("task_reminders")
    op.drop_table("task_tags")
    op.drop_table("tags")
    op.execute("DROP EXTENSION btree_gist")
