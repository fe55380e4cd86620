"""The common queries, declared once; tests prove that an index answers each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, func, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from reference_models.chat import Conversation, Message
from reference_models.tag import Tag, TaskTag
from reference_models.task import Task, TaskReminder, TaskStatus
from reference_models.user import User


class Position(NamedTuple):
    """The last row of a page, after which the next page begins (keyset pagination)."""

    created_at: datetime
    id: UUID


def tasks_by_status(
    user_id: UUID, status: TaskStatus, after: Position | None = None, limit: int = 50
) -> SelectOfScalar[Task]:
    """Select a page of a user's tasks of one status, newest first."""
    query = tasks_of(user_id).where(col(Task.status) == status)
    if after is not None:
        query = query.where(tuple_(col(Task.created_at), col(Task.id)) < after)
    return query.order_by(col(Task.created_at).desc(), col(Task.id).desc()).limit(limit)


def tasks_due_between(user_id: UUID, start: datetime, end: datetime) -> SelectOfScalar[Task]:
    """Select a user's tasks that are due from `start` up to, and without, `end`, the most urgent first."""
    due = col(Task.due_at)
    return tasks_of(user_id).where(due >= start, due < end).order_by(due)


def tasks_matching(user_id: UUID, words: str) -> SelectOfScalar[Task]:
    """Select a user's tasks by words of title and description, written as in a web search, the best match first."""
    query = func.websearch_to_tsquery("english", words)
    vector = col(Task.search_vector)
    return tasks_of(user_id).where(vector.op("@@")(query)).order_by(func.ts_rank(vector, query).desc())


def tasks_with_label(user_id: UUID, label: str) -> SelectOfScalar[Task]:
    """Select a user's tasks that carry a label."""
    return tasks_of(user_id).where(col(Task.labels).contains([label]))


def tasks_with_tag(user_id: UUID, name: str) -> SelectOfScalar[Task]:
    """Select a user's tasks that carry the user's tag of this name, in any case."""
    return (
        select(Task)
        .join(TaskTag, col(TaskTag.task_id) == col(Task.id))
        .join(Tag, col(Tag.id) == col(TaskTag.tag_id))
        .where(col(Tag.user_id) == user_id, func.lower(Tag.name) == func.lower(name), col(Task.deleted_at).is_(None))
    )


def pending_reminders(now: datetime, limit: int = 100) -> SelectOfScalar[TaskReminder]:
    """Select the reminders that should have been sent by `now`, the oldest first."""
    due = col(TaskReminder.remind_at)
    return select(TaskReminder).where(col(TaskReminder.sent_at).is_(None), due <= now).order_by(due).limit(limit)


def task_counts_by_status(user_id: UUID) -> "Select[TaskStatus, int]":
    """Select how many tasks of each status a user has."""
    return (
        select(col(Task.status), func.count())
        .where(col(Task.user_id) == user_id, col(Task.deleted_at).is_(None))
        .group_by(col(Task.status))
    )


def active_conversations(user_id: UUID) -> SelectOfScalar[Conversation]:
    """Select a user's conversations that have not ended, the newest first."""
    return (
        select(Conversation)
        .where(col(Conversation.user_id) == user_id, col(Conversation.ended_at).is_(None))
        .order_by(col(Conversation.started_at).desc())
    )


def messages_in_order(
    conversation_id: UUID, after: Position | None = None, limit: int = 100
) -> SelectOfScalar[Message]:
    """Select a page of a conversation's messages, the oldest first."""
    query = select(Message).where(col(Message.conversation_id) == conversation_id)
    if after is not None:
        query = query.where(tuple_(col(Message.created_at), col(Message.id)) > after)
    return query.order_by(col(Message.created_at), col(Message.id)).limit(limit)


def user_by_email(email: str) -> SelectOfScalar[User]:
    """Select the user with this email address, in any case."""
    return select(User).where(func.lower(User.email) == func.lower(email), col(User.deleted_at).is_(None))


def tasks_of(user_id: UUID) -> SelectOfScalar[Task]:
    """Select a user's tasks that are not deleted."""
    return select(Task).where(col(Task.user_id) == user_id, col(Task.deleted_at).is_(None))


@dataclass(frozen=True, slots=True)
class CommonQuery:
    """A function that builds a query, and arguments to build an example with."""

    build: Callable[..., Executable]
    arguments: Mapping[str, Any]

    @property
    def statement(self) -> Executable:
        """The example."""
        return self.build(**self.arguments)


EXAMPLE_USER = UUID("00000000-0000-4000-8000-000000000001")
EXAMPLE_CONVERSATION = UUID("00000000-0000-4000-8000-000000000002")
EXAMPLE_POSITION = Position(datetime(2026, 3, 1, tzinfo=UTC), EXAMPLE_USER)

COMMON_QUERIES: Mapping[str, CommonQuery] = {
    query.build.__name__: query
    for query in (
        CommonQuery(
            tasks_by_status, {"user_id": EXAMPLE_USER, "status": TaskStatus.PENDING, "after": EXAMPLE_POSITION}
        ),
        CommonQuery(
            tasks_due_between,
            {
                "user_id": EXAMPLE_USER,
                "start": datetime(2026, 3, 1, tzinfo=UTC),
                "end": datetime(2026, 3, 8, tzinfo=UTC),
            },
        ),
        CommonQuery(tasks_matching, {"user_id": EXAMPLE_USER, "words": "dentist"}),
        CommonQuery(tasks_with_label, {"user_id": EXAMPLE_USER, "label": "home"}),
        CommonQuery(tasks_with_tag, {"user_id": EXAMPLE_USER, "name": "Errands"}),
        CommonQuery(pending_reminders, {"now": datetime(2026, 3, 1, tzinfo=UTC)}),
        CommonQuery(task_counts_by_status, {"user_id": EXAMPLE_USER}),
        CommonQuery(active_conversations, {"user_id": EXAMPLE_USER}),
        CommonQuery(messages_in_order, {"conversation_id": EXAMPLE_CONVERSATION, "after": EXAMPLE_POSITION}),
        CommonQuery(user_by_email, {"email": "Ada@Example.com"}),
    )
}
"""Every common query by its name."""
