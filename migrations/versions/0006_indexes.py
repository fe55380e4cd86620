"""Indexes for lists, labels, full-text search and JSON, and a check on labels, made while everybody works on.

Revision: 0006_indexes
Revises: 0005_labels_and_search
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006_indexes"
down_revision: str | None = "0005_labels_and_search"
branch_labels: str | None = None
depends_on: str | None = None


IN_USE = sa.text("deleted_at IS NULL")

JSON_INDEXES = (
    ("ix_users_settings", "users", "settings"),
    ("ix_conversations_context", "conversations", "context"),
    ("ix_messages_entities", "messages", "entities"),
)

INDEXES = {
    "ix_tasks_user_id_status_created_at_id": "tasks",
    "ix_tasks_user_id_labels": "tasks",
    "ix_tasks_user_id_search_vector": "tasks",
    **{name: table for name, table, _ in JSON_INDEXES},
}


def upgrade() -> None:
    # Each statement is a transaction of its own and can be repeated: an interrupted upgrade is simply run again.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ck_tasks_labels_short")
        op.execute(
            "ALTER TABLE tasks ADD CONSTRAINT ck_tasks_labels_short"
            r" CHECK (array_to_string(labels, chr(10)) !~ '[^\n]{51}') NOT VALID"
        )
        op.execute("ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_labels_short")
        for name, table in INDEXES.items():
            # One that an interrupted build left behind is invalid.
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_tasks_user_id_status_created_at_id",
            "tasks",
            ["user_id", "status", "created_at", "id"],
            postgresql_where=IN_USE,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_tasks_user_id_labels",
            "tasks",
            ["user_id", "labels"],
            postgresql_using="gin",
            postgresql_where=IN_USE,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_tasks_user_id_search_vector",
            "tasks",
            ["user_id", "search_vector"],
            postgresql_using="gin",
            postgresql_where=IN_USE,
            postgresql_concurrently=True,
        )
        for name, table, column in JSON_INDEXES:
            op.create_index(
                name,
                table,
                [column],
                postgresql_using="gin",
                postgresql_ops={column: "jsonb_path_ops"},
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table in INDEXES.items():
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ck_tasks_labels_short")
