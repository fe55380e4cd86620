"""Tasks with their reminders, time blocks and history."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Text, false, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, TSVECTOR, ExcludeConstraint, Range
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlmodel import Field, Relationship

from reference_models.base import Audit, SoftDelete, Timestamps, UUIDKey, native_enum
from reference_models.tag import TaskTag

if TYPE_CHECKING:
    from reference_models.tag import Tag
    from reference_models.user import User


class TaskStatus(StrEnum):
    """How far a task is."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskPriority(StrEnum):
    """How much a task matters; PostgreSQL sorts them in this order."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class TaskEventKind(StrEnum):
    """What happened to a task."""

    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    REOPENED = "reopened"
    DELETED = "deleted"
    RESTORED = "restored"


class Task(Audit, SoftDelete, Timestamps, UUIDKey, table=True):
    """Something a user means to do."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title_not_blank"),
        CheckConstraint("due_at > created_at", name="due_after_created"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_at_when_completed"),
        CheckConstraint("is_recurring = (recurrence_rule IS NOT NULL)", name="recurrence_rule_when_recurring"),
        # Not VARCHAR(50)[]: SQLAlchemy casts the arrays that it sends, and a cast cuts off what is too long in silence.
        CheckConstraint(r"array_to_string(labels, chr(10)) !~ '[^\n]{51}'", name="labels_short"),
        Index(
            "ix_tasks_user_id_status_created_at_id",
            "user_id",
            "status",
            "created_at",
            "id",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_tasks_user_id_due_at", "user_id", "due_at", postgresql_where=text("deleted_at IS NULL")),
        # btree_gin lets the owner stand in the same index as the words: no other user's rows are looked at.
        Index(
            "ix_tasks_user_id_labels",
            "user_id",
            "labels",
            postgresql_using="gin",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_tasks_user_id_search_vector",
            "user_id",
            "search_vector",
            postgresql_using="gin",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        {"comment": "What users mean to do"},
    )

    user_id: UUID = Field(
        foreign_key="users.id", ondelete="CASCADE", index=True, sa_column_kwargs={"comment": "Whose task it is"}
    )
    title: str = Field(max_length=200)
    description: str | None = Field(default=None, max_length=2000)
    status: TaskStatus = Field(
        default=TaskStatus.PENDING,
        sa_type=native_enum(TaskStatus, name="task_status"),
        sa_column_kwargs={"server_default": "pending"},
    )
    priority: TaskPriority = Field(
        default=TaskPriority.MEDIUM,
        sa_type=native_enum(TaskPriority, name="task_priority"),
        sa_column_kwargs={"server_default": "medium"},
    )
    due_at: datetime | None = None
    completed_at: datetime | None = Field(
        default=None, sa_column_kwargs={"comment": "Set exactly while the status is completed"}
    )
    labels: list[str] = Field(
        default_factory=list,
        sa_type=MutableList.as_mutable(ARRAY(Text())),
        sa_column_kwargs={"server_default": "{}", "comment": "Free words; tags are the managed ones"},
    )
    is_recurring: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    recurrence_rule: str | None = Field(
        default=None, max_length=255, sa_column_kwargs={"comment": "RFC 5545 RRULE; set exactly while recurring"}
    )
    parent_task_id: UUID | None = Field(
        default=None,
        foreign_key="tasks.id",
        ondelete="SET NULL",
        index=True,
        sa_column_kwargs={"comment": "Recurring task that this one is an occurrence of"},
    )
    search_vector: str | None = Field(
        default=None,
        exclude=True,
        repr=False,
        sa_type=TSVECTOR,
        sa_column_args=[
            Computed(
                "setweight(to_tsvector('english', title), 'A')"
                " || setweight(to_tsvector('english', coalesce(description, '')), 'B')",
                persisted=True,
            )
        ],
        sa_column_kwargs={"comment": "Words of title and description, made by PostgreSQL"},
    )

    user: "User" = Relationship(back_populates="tasks", sa_relationship_kwargs={"foreign_keys": "Task.user_id"})
    parent_task: Optional["Task"] = Relationship(
        back_populates="occurrences", sa_relationship_kwargs={"remote_side": "Task.id"}
    )
    occurrences: list["Task"] = Relationship(back_populates="parent_task", passive_deletes=True)
    tags: list["Tag"] = Relationship(back_populates="tasks", link_model=TaskTag, passive_deletes=True)
    reminders: list["TaskReminder"] = Relationship(back_populates="task", cascade_delete=True, passive_deletes=True)
    time_blocks: list["TaskTimeBlock"] = Relationship(back_populates="task", cascade_delete=True, passive_deletes=True)
    events: list["TaskEvent"] = Relationship(back_populates="task", cascade_delete=True, passive_deletes=True)


class TaskReminder(Timestamps, UUIDKey, table=True):
    """A moment at which the user is told about a task."""

    __tablename__ = "task_reminders"
    __table_args__ = (
        Index("ix_task_reminders_pending", "remind_at", postgresql_where=text("sent_at IS NULL")),
        {"comment": "Moments at which users are told about their tasks"},
    )

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE", index=True)
    remind_at: datetime
    sent_at: datetime | None = Field(default=None, sa_column_kwargs={"comment": "Null while pending"})

    task: Task = Relationship(back_populates="reminders")


class TaskTimeBlock(Timestamps, UUIDKey, table=True):
    """Time that a user keeps for a task; the blocks of one user never overlap."""

    __tablename__ = "task_time_blocks"
    __table_args__ = (
        # Deferrable, so that one transaction can move several blocks past each other.
        ExcludeConstraint(
            ("user_id", "="),
            ("during", "&&"),
            name="ex_task_time_blocks_user_id_during",
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        CheckConstraint("NOT (isempty(during) OR lower_inf(during) OR upper_inf(during))", name="during_bounded"),
        {"comment": "Time that users keep for tasks"},
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE", index=True)
    during: Range[datetime] = Field(
        sa_type=TSTZRANGE, sa_column_kwargs={"comment": "From the start up to, and without, the end"}
    )

    user: "User" = Relationship(back_populates="time_blocks")
    task: Task = Relationship(back_populates="time_blocks")


class TaskEvent(UUIDKey, table=True):
    """One entry of a task's history; never changed."""

    __tablename__ = "task_events"
    __table_args__ = (
        Index("ix_task_events_task_id_created_at", "task_id", "created_at"),
        # Rows arrive in the order of time: a block range index finds a period and costs next to nothing.
        Index("ix_task_events_created_at", "created_at", postgresql_using="brin"),
        Index(
            "ix_task_events_changes", "changes", postgresql_using="gin", postgresql_ops={"changes": "jsonb_path_ops"}
        ),
        {"comment": "What happened to tasks, and by whom: history and audit trail"},
    )

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE")
    actor_id: UUID | None = Field(
        default=None,
        foreign_key="users.id",
        ondelete="SET NULL",
        index=True,
        sa_column_kwargs={"comment": "User who did it; null for the system or a user who is gone"},
    )
    kind: TaskEventKind = Field(sa_type=native_enum(TaskEventKind, name="task_event_kind"))
    changes: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=MutableDict.as_mutable(JSONB),
        sa_column_kwargs={"server_default": "{}", "comment": "New values by column name"},
    )
    # clock_timestamp(), not now(): the events of one transaction keep their order.
    created_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.clock_timestamp()})

    task: Task = Relationship(back_populates="events")
    actor: Optional["User"] = Relationship(back_populates="task_events")
