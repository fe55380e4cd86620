"""Conversations with the chatbot, and their messages."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlmodel import Field, Relationship

from reference_models.base import Timestamps, UUIDKey, closed_set

if TYPE_CHECKING:
    from reference_models.user import User


class MessageRole(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


class Conversation(Timestamps, UUIDKey, table=True):
    """One talk of a user with the chatbot."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="ended_after_started"),
        Index("ix_conversations_active", "user_id", "started_at", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_conversations_context", "context", postgresql_using="gin", postgresql_ops={"context": "jsonb_path_ops"}
        ),
        {"comment": "Talks of users with the chatbot"},
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    title: str | None = Field(default=None, max_length=200)
    started_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.now()})
    ended_at: datetime | None = Field(default=None, sa_column_kwargs={"comment": "Null while the talk goes on"})
    context: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=MutableDict.as_mutable(JSONB),
        sa_column_kwargs={"server_default": "{}", "comment": "What the chatbot remembers between messages"},
    )

    user: "User" = Relationship(back_populates="conversations")
    messages: list["Message"] = Relationship(
        back_populates="conversation",
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"order_by": "(Message.created_at, Message.id)"},
    )


class Message(UUIDKey, table=True):
    """What one side said; never changed."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("content <> ''", name="content_not_empty"),
        Index("ix_messages_conversation_id_created_at_id", "conversation_id", "created_at", "id"),
        Index(
            "ix_messages_entities", "entities", postgresql_using="gin", postgresql_ops={"entities": "jsonb_path_ops"}
        ),
        {"comment": "What users and the chatbot said"},
    )

    conversation_id: UUID = Field(foreign_key="conversations.id", ondelete="CASCADE")
    user_id: UUID = Field(
        foreign_key="users.id",
        ondelete="CASCADE",
        index=True,
        sa_column_kwargs={"comment": "Whose conversation it is, whoever speaks"},
    )
    role: MessageRole = Field(
        sa_type=closed_set(MessageRole, name="role", length=20), sa_column_kwargs={"comment": "Who speaks"}
    )
    content: str = Field(max_length=10_000)
    intent: str | None = Field(
        default=None, max_length=100, sa_column_kwargs={"comment": "What the chatbot took the message for"}
    )
    entities: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=MutableDict.as_mutable(JSONB),
        sa_column_kwargs={"server_default": "{}", "comment": "What the chatbot found in the message, by kind"},
    )
    # clock_timestamp(), not now(): the messages of one transaction keep their order.
    created_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.clock_timestamp()})

    conversation: Conversation = Relationship(back_populates="messages")
    user: "User" = Relationship(back_populates="messages")
