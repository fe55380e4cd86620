"""Users and their preferences."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Optional
from uuid import UUID

from sqlalchemy import Index, false, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlmodel import Field, Relationship

from reference_models.base import SoftDelete, Timestamps, UUIDKey, closed_set

if TYPE_CHECKING:
    from reference_models.chat import Conversation, Message
    from reference_models.tag import Tag
    from reference_models.task import Task, TaskEvent, TaskTimeBlock


class Theme(StrEnum):
    """How the application looks."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class User(SoftDelete, Timestamps, UUIDKey, table=True):
    """Someone who can sign in."""

    __tablename__ = "users"
    __table_args__ = (
        # A deleted account gives its address free.
        Index("uq_users_email_lower", text("lower(email)"), unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("ix_users_settings", "settings", postgresql_using="gin", postgresql_ops={"settings": "jsonb_path_ops"}),
        {"comment": "People who can sign in"},
    )

    email: str = Field(
        max_length=254, sa_column_kwargs={"comment": "As the user wrote it; unique without regard to case"}
    )
    hashed_password: str = Field(
        max_length=255, repr=False, sa_column_kwargs={"comment": "Salted hash with its parameters, never the password"}
    )
    full_name: str = Field(max_length=200)
    is_active: bool = Field(
        default=True, sa_column_kwargs={"server_default": true(), "comment": "False: may not sign in"}
    )
    is_verified: bool = Field(
        default=False, sa_column_kwargs={"server_default": false(), "comment": "True: the email address was confirmed"}
    )
    last_login_at: datetime | None = None
    settings: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=MutableDict.as_mutable(JSONB),
        sa_column_kwargs={"server_default": "{}", "comment": "What the user switched on or off, by feature"},
    )

    preference: Optional["UserPreference"] = Relationship(
        back_populates="user", cascade_delete=True, passive_deletes=True
    )
    tasks: list["Task"] = Relationship(
        back_populates="user",
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"foreign_keys": "Task.user_id"},
    )
    task_events: list["TaskEvent"] = Relationship(back_populates="actor", passive_deletes=True)
    time_blocks: list["TaskTimeBlock"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)
    tags: list["Tag"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)
    conversations: list["Conversation"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)
    messages: list["Message"] = Relationship(back_populates="user", cascade_delete=True, passive_deletes=True)


class UserPreference(Timestamps, UUIDKey, table=True):
    """How one user wants the application, and the chatbot, to behave."""

    __tablename__ = "user_preferences"
    __table_args__ = (
        Index(
            "ix_user_preferences_context",
            "context",
            postgresql_using="gin",
            postgresql_ops={"context": "jsonb_path_ops"},
        ),
        {"comment": "One row a user at most; defaults hold where there is none"},
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    locale: str = Field(
        default="en", max_length=35, sa_column_kwargs={"server_default": "en", "comment": "BCP 47 language tag"}
    )
    timezone: str = Field(
        default="UTC", max_length=64, sa_column_kwargs={"server_default": "UTC", "comment": "IANA time zone name"}
    )
    theme: Theme = Field(
        default=Theme.SYSTEM,
        sa_type=closed_set(Theme, name="theme", length=10),
        sa_column_kwargs={"server_default": "system"},
    )
    context: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=MutableDict.as_mutable(JSONB),
        sa_column_kwargs={"server_default": "{}", "comment": "What the chatbot should know about the user"},
    )

    user: User = Relationship(back_populates="preference")
