"""Tags, and which tasks carry them."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Relationship

from reference_models.base import Created, Timestamps, UUIDKey

if TYPE_CHECKING:
    from reference_models.task import Task
    from reference_models.user import User


class TaskTag(Created, table=True):
    """That a task carries a tag."""

    __tablename__ = "task_tags"
    __table_args__ = ({"comment": "Which tasks carry which tags"},)

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE", primary_key=True)
    tag_id: UUID = Field(foreign_key="tags.id", ondelete="CASCADE", primary_key=True, index=True)


class Tag(Timestamps, UUIDKey, table=True):
    """A user's own word for tasks that belong together."""

    __tablename__ = "tags"
    __table_args__ = (
        CheckConstraint("btrim(name) <> ''", name="name_not_blank"),
        CheckConstraint("color ~ '^#[0-9a-fA-F]{6}$'", name="color_rrggbb"),
        Index("uq_tags_user_id_name_lower", "user_id", text("lower(name)"), unique=True),
        {"comment": "Each user's own tags"},
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(
        max_length=50, sa_column_kwargs={"comment": "As the user wrote it; unique per user without regard to case"}
    )
    color: str = Field(
        default="#808080", max_length=7, sa_column_kwargs={"server_default": "#808080", "comment": "#rrggbb"}
    )

    user: "User" = Relationship(back_populates="tags")
    tasks: list["Task"] = Relationship(back_populates="tags", link_model=TaskTag, passive_deletes=True)
