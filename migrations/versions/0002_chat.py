"""The chatbot: conversations and messages; tasks stay as they are.

Revision: 0002_chat
Revises: 0001_users_and_tasks
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002_chat"
down_revision: str | None = "0001_users_and_tasks"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="Null while the talk goes on"),
        sa.Column(
            "context",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What the chatbot remembers between messages",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_conversations_ended_after_started")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_conversations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        comment="Talks of users with the chatbot",
    )
    op.create_index(op.f("ix_conversations_user_id"), "conversations", ["user_id"])
    op.create_index(
        op.f("ix_conversations_active"),
        "conversations",
        ["user_id", "started_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Whose conversation it is, whoever speaks"),
        sa.Column("role", sa.String(20), nullable=False, comment="Who speaks"),
        sa.Column("content", sa.String(10_000), nullable=False),
        sa.Column("intent", sa.String(100), nullable=True, comment="What the chatbot took the message for"),
        sa.Column(
            "entities",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What the chatbot found in the message, by kind",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.CheckConstraint("content <> ''", name=op.f("ck_messages_content_not_empty")),
        sa.CheckConstraint("role IN ('user', 'assistant', 'system', 'tool')", name=op.f("ck_messages_role")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_messages_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        comment="What users and the chatbot said",
    )
    op.create_index(
        op.f("ix_messages_conversation_id_created_at_id"), "messages", ["conversation_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_messages_user_id"), "messages", ["user_id"])


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("conversations")
