"""What users prefer, and what they switched on.

Revision: 0004_user_preferences
Revises: 0003_tags_reminders_time_blocks
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004_user_preferences"
down_revision: str | None = "0003_tags_reminders_time_blocks"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "user_preferences",
        sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(35), server_default="en", nullable=False, comment="BCP 47 language tag"),
        sa.Column("timezone", sa.String(64), server_default="UTC", nullable=False, comment="IANA time zone name"),
        sa.Column("theme", sa.String(10), server_default="system", nullable=False),
        sa.Column(
            "context",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What the chatbot should know about the user",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("theme IN ('light', 'dark', 'system')", name=op.f("ck_user_preferences_theme")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_preferences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_preferences")),
        sa.UniqueConstraint("user_id", name=op.f("uq_user_preferences_user_id")),
        comment="One row a user at most; defaults hold where there is none",
    )
    op.create_index(
        op.f("ix_user_preferences_context"),
        "user_preferences",
        ["context"],
        postgresql_using="gin",
        postgresql_ops={"context": "jsonb_path_ops"},
    )
    # A constant default is kept in the catalog: no row is rewritten.
    op.add_column(
        "users",
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What the user switched on or off, by feature",
        ),
    )


def downgrade() -> None:
    op.drop_column("users", "settings")
    op.drop_table("user_preferences")
