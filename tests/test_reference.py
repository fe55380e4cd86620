"""The reference project is what it claims to be: clean under our own rules, importable in any order, held to its word by PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from reference_models import (
    Conversation,
    Message,
    MessageRole,
    Tag,
    Task,
    TaskEvent,
    TaskEventKind,
    TaskReminder,
    TaskStatus,
    TaskTag,
    TaskTimeBlock,
    Theme,
    User,
    UserPreference,
)
from sqlalchemy import Engine, NullPool, create_engine, func, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session, SQLModel, select

from reference_project import ROOT, needs_zones, upgrade, with_psycopg
from schemalint.check import check
from schemalint.config import load_config
from schemalint.throwaway.server import Database, Server

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@needs_zones
def test_our_own_rules_find_nothing() -> None:
    config = load_config(ROOT)
    assert config.profile == "strict"
    report = check(config)
    assert [str(finding) for finding in report.findings] == []
    assert [str(missing) for missing in report.unasked] == []


def test_modules_are_imported_in_any_order() -> None:
    modules = sorted(f"reference_models.{path.stem}" for path in Path(ROOT, "reference_models").glob("[!_]*.py"))
    program = f"""
import sys
from importlib import import_module
from sqlalchemy.orm import configure_mappers

for module in {modules}:
    for loaded in [name for name in sys.modules if name.startswith("reference_models")]:
        del sys.modules[loaded]
    import_module(module)
    configure_mappers()
    assert len(import_module("reference_models").Base.metadata.tables) == 10
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_sqlmodel_has_none_of_our_tables_in_its_own_metadata() -> None:
    assert "tasks" not in SQLModel.metadata.tables


@pytest.fixture(scope="module")
def migrated(server: Server) -> Iterator[Database]:
    with server.database() as database:
        upgrade(database.url)
        yield database


@pytest.fixture
def engine(server: Server, migrated: Database) -> Iterator[Engine]:
    with server.database(template=migrated.name) as database:
        yield create_engine(with_psycopg(database.url), poolclass=NullPool)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        session.add(a_user())
        session.commit()
        yield session


@pytest.fixture
def user(session: Session) -> User:
    return session.exec(select(User)).one()


def a_user(**values: Any) -> User:
    return User(**{"email": "Ada@Example.com", "hashed_password": "x", "full_name": "Ada"} | values)


def refused(session: Session, row: SQLModel, constraint: str) -> None:
    """Assert that PostgreSQL refuses a row because of a constraint, index or type."""
    session.add(row)
    with pytest.raises(DBAPIError, match=constraint):
        session.flush()
    session.rollback()


def test_an_email_address_is_taken_in_any_case(session: Session) -> None:
    refused(session, a_user(email="ada@example.COM"), "uq_users_email_lower")


def test_a_deleted_user_gives_the_address_free(session: Session, user: User) -> None:
    user.deleted_at = NOON
    session.add(a_user(email="ada@example.com"))
    session.commit()
    assert session.exec(select(func.count()).select_from(User)).one() == 2


def test_a_tag_name_is_taken_in_any_case_by_the_same_user_alone(session: Session, user: User) -> None:
    other = a_user(email="ben@example.com")
    session.add_all([other, Tag(user_id=user.id, name="Home"), Tag(user_id=other.id, name="home")])
    session.commit()
    refused(session, Tag(user_id=user.id, name="HOME"), "uq_tags_user_id_name_lower")


@pytest.mark.parametrize("color", ["#12345", "#1234567", "red", "#gggggg"])
def test_a_color_is_rrggbb(session: Session, user: User, color: str) -> None:
    refused(session, Tag(user_id=user.id, name="Home", color=color), "ck_tags_color_rrggbb|value too long")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"title": "  "}, "ck_tasks_title_not_blank"),
        ({"title": "x" * 201}, "value too long"),
        ({"description": "x" * 2001}, "value too long"),
        ({"labels": ["home", "x" * 51]}, "ck_tasks_labels_short"),
        ({"due_at": NOON - timedelta(days=9999)}, "ck_tasks_due_after_created"),
        ({"status": TaskStatus.COMPLETED}, "ck_tasks_completed_at_when_completed"),
        ({"completed_at": NOON}, "ck_tasks_completed_at_when_completed"),
        ({"is_recurring": True}, "ck_tasks_recurrence_rule_when_recurring"),
        ({"recurrence_rule": "FREQ=DAILY"}, "ck_tasks_recurrence_rule_when_recurring"),
    ],
)
def test_a_task_that_contradicts_itself_is_refused(
    session: Session, user: User, values: dict[str, Any], constraint: str
) -> None:
    given: dict[str, Any] = {"user_id": user.id, "title": "Call", **values}
    refused(session, Task(**given), constraint)


def test_labels_of_fifty_characters_are_short_enough(session: Session, user: User) -> None:
    session.add(Task(user_id=user.id, title="Call", labels=["x" * 50] * 3))
    session.commit()


@needs_zones
def test_a_time_without_a_zone_is_refused(session: Session, user: User) -> None:
    session.add(Task(user_id=user.id, title="Call", due_at=NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="must have timezone information"):
        session.flush()


def test_an_empty_message_and_an_unknown_role_are_refused(session: Session, user: User) -> None:
    talk = Conversation(user_id=user.id)
    session.add(talk)
    session.commit()
    talk_id, user_id = talk.id, user.id
    silence = Message(conversation_id=talk_id, user_id=user_id, role=MessageRole.USER, content="")
    refused(session, silence, "ck_messages_content_not_empty")
    with pytest.raises(DBAPIError, match="ck_messages_role"):
        session.connection().execute(
            text("INSERT INTO messages (conversation_id, user_id, role, content) VALUES (:c, :u, 'nobody', 'Hm')"),
            {"c": talk_id, "u": user_id},
        )


def test_python_and_the_server_agree_on_defaults(session: Session, user: User) -> None:
    task, tag, preference = (
        Task(user_id=user.id, title="Call"),
        Tag(user_id=user.id, name="a"),
        UserPreference(user_id=user.id),
    )
    session.add_all([task, tag, preference])
    session.commit()
    other = a_user(email="ben@example.com")
    session.add(other)
    session.commit()
    connection = session.connection()
    for statement in (
        "INSERT INTO tasks (user_id, title) VALUES (:id, 'Call')",
        "INSERT INTO tags (user_id, name) VALUES (:id, 'a')",
        "INSERT INTO user_preferences (user_id) VALUES (:id)",
    ):
        connection.execute(text(statement), {"id": other.id})
    for model, row in ((Task, task), (Tag, tag), (UserPreference, preference)):
        session.refresh(row)
        made = session.exec(select(model).where(model.user_id == other.id)).one()
        ours = {"id", "user_id", "created_at", "updated_at"}
        assert made.model_dump(exclude=ours) == row.model_dump(exclude=ours)
    assert preference.theme is Theme.SYSTEM


def test_values_of_enums_are_stored_not_their_names(session: Session, user: User) -> None:
    session.add(Task(user_id=user.id, title="Call", status=TaskStatus.IN_PROGRESS))
    session.flush()
    assert session.connection().scalar(text("SELECT status::text FROM tasks")) == "in_progress"


def test_an_update_is_dated_and_known_without_another_query(session: Session, user: User) -> None:
    user.full_name = "Ada Lovelace"
    session.flush()
    assert user.__dict__["updated_at"] > user.created_at


def test_time_blocks_of_one_user_never_overlap_but_may_swap_in_one_transaction(session: Session, user: User) -> None:
    task = Task(user_id=user.id, title="Call")
    hour = timedelta(hours=1)
    first = TaskTimeBlock(user_id=user.id, task_id=task.id, during=Range(NOON, NOON + hour))
    second = TaskTimeBlock(user_id=user.id, task_id=task.id, during=Range(NOON + hour, NOON + 2 * hour))
    session.add_all([task, first, second])
    session.commit()
    overlapping = Range(NOON + hour / 2, NOON + hour)
    clash = TaskTimeBlock(user_id=user.id, task_id=task.id, during=overlapping)
    refused(session, clash, "ex_task_time_blocks_user_id_during")
    endless = TaskTimeBlock(user_id=user.id, task_id=task.id, during=Range(NOON + 9 * hour, None))
    refused(session, endless, "ck_task_time_blocks_during_bounded")

    session.connection().execute(text("SET CONSTRAINTS ex_task_time_blocks_user_id_during DEFERRED"))
    first.during, second.during = second.during, first.during
    session.commit()
    assert first.during.lower == NOON + hour


def test_messages_of_one_transaction_keep_their_order(session: Session, user: User) -> None:
    talk = Conversation(user_id=user.id)
    session.add(talk)
    for number in range(5):
        session.add(Message(conversation_id=talk.id, user_id=user.id, role=MessageRole.USER, content=str(number)))
        session.flush()
    session.commit()
    assert [message.content for message in talk.messages] == list("01234")


def test_the_server_deletes_what_belongs_to_a_user_and_keeps_what_others_need(session: Session, user: User) -> None:
    other = a_user(email="ben@example.com")
    task = Task(user_id=user.id, title="Ada's")
    kept = Task(user_id=other.id, title="Ben's", created_by=user.id, updated_by=other.id)
    event = TaskEvent(task_id=kept.id, actor_id=user.id, kind=TaskEventKind.CREATED)
    talk = Conversation(user_id=user.id)
    session.add_all(
        [
            other,
            task,
            kept,
            event,
            talk,
            UserPreference(user_id=user.id),
            TaskReminder(task_id=task.id, remind_at=NOON),
            TaskTimeBlock(user_id=user.id, task_id=task.id, during=Range(NOON, NOON + timedelta(hours=1))),
            Message(conversation_id=talk.id, user_id=user.id, role=MessageRole.USER, content="Hello"),
        ]
    )
    task.tags.append(Tag(user_id=user.id, name="Home"))
    session.commit()

    session.delete(user)
    session.commit()
    for model in (UserPreference, TaskReminder, TaskTimeBlock, Tag, TaskTag, Conversation, Message):
        assert session.exec(select(func.count()).select_from(model)).one() == 0, model
    assert session.exec(select(Task)).all() == [kept]
    assert (kept.created_by, kept.updated_by, event.actor_id) == (None, other.id, None)


def test_a_recurring_task_leaves_its_occurrences_behind(session: Session, user: User) -> None:
    weekly = Task(user_id=user.id, title="Weekly", is_recurring=True, recurrence_rule="FREQ=WEEKLY")
    once = Task(user_id=user.id, title="Once", parent_task_id=weekly.id)
    session.add_all([weekly, once])
    session.commit()
    assert weekly.occurrences == [once]
    session.delete(weekly)
    session.commit()
    assert once.parent_task is None
