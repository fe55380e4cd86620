"""The reference project: a todo application with a chatbot, as a careful team would model it."""

from reference_models.base import Base
from reference_models.chat import Conversation, Message, MessageRole
from reference_models.tag import Tag, TaskTag
from reference_models.task import (
    Task,
    TaskEvent,
    TaskEventKind,
    TaskPriority,
    TaskReminder,
    TaskStatus,
    TaskTimeBlock,
)
from reference_models.user import Theme, User, UserPreference

__all__ = [
    "Base",
    "Conversation",
    "Message",
    "MessageRole",
    "Tag",
    "Task",
    "TaskEvent",
    "TaskEventKind",
    "TaskPriority",
    "TaskReminder",
    "TaskStatus",
    "TaskTag",
    "TaskTimeBlock",
    "Theme",
    "User",
    "UserPreference",
]
