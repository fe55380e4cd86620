"""PostgreSQL answers each common query of the reference project through its index, on a database of some size."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from reference_models.queries import (
    COMMON_QUERIES,
    EXAMPLE_CONVERSATION,
    EXAMPLE_USER,
    Position,
    messages_in_order,
    tasks_by_status,
)
from reference_models.task import Task, TaskStatus
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlmodel import Session

from reference_project import rows, upgrade, with_psycopg
from schemalint.throwaway.server import Server

EXPECTED: Mapping[str, tuple[set[str], set[str]]] = {
    "tasks_by_status": ({"ix_tasks_user_id_status_created_at_id"}, set()),
    "tasks_due_between": ({"ix_tasks_user_id_due_at"}, set()),
    "tasks_matching": ({"ix_tasks_user_id_search_vector"}, set()),
    "tasks_with_label": ({"ix_tasks_user_id_labels"}, set()),
    # Tasks are found by their key: no index could know beforehand which of them are deleted.
    "tasks_with_tag": ({"uq_tags_user_id_name_lower", "ix_task_tags_tag_id", "pk_tasks"}, {"(deleted_at IS NULL)"}),
    "pending_reminders": ({"ix_task_reminders_pending"}, set()),
    "task_counts_by_status": ({"ix_tasks_user_id_status_created_at_id"}, set()),
    "active_conversations": ({"ix_conversations_active"}, set()),
    "messages_in_order": ({"ix_messages_conversation_id_created_at_id"}, set()),
    "user_by_email": ({"uq_users_email_lower"}, set()),
}
"""The indexes that answer each query, and the conditions that are left to look at in the rows found."""

SEED = f"""
-- VACUUM takes no row for visible to all before its commit is written, and the throwaway server would not wait for that.
SET synchronous_commit = on;

INSERT INTO users (id, email, hashed_password, full_name, deleted_at)
SELECT CASE n WHEN 1 THEN '{EXAMPLE_USER}'::uuid ELSE gen_random_uuid() END,
    CASE n WHEN 1 THEN 'ada@example.com' ELSE format('user%s@example.com', n) END, 'x', 'User ' || n,
    CASE WHEN n % 10 = 0 THEN now() END
FROM generate_series(1, 2000) n;

CREATE TEMPORARY TABLE busy AS
SELECT id, row_number() OVER (ORDER BY id) AS number FROM users ORDER BY id LIMIT 100;

INSERT INTO tasks (user_id, title, status, completed_at, labels, created_at, due_at, deleted_at)
SELECT busy.id, format('Call the %s about %s', (ARRAY['dentist', 'plumber', 'school', 'bank'])[1 + n % 4], n),
    (ARRAY['pending', 'in_progress', 'completed', 'cancelled'])[1 + n % 4]::task_status,
    CASE n % 4 WHEN 2 THEN '2026-07-01'::timestamptz END,
    ARRAY[(ARRAY['home', 'work', 'garden', 'travel', 'money'])[1 + n % 5]],
    '2026-01-01'::timestamptz + n * interval '8 hours', '2026-01-02'::timestamptz + n * interval '8 hours',
    CASE WHEN n % 7 = 0 THEN '2026-07-01'::timestamptz END
FROM busy, generate_series(1, 300) n;

INSERT INTO tags (user_id, name)
SELECT id, name FROM busy, unnest(ARRAY['errands', 'family', 'sports', 'someday']) name;

INSERT INTO task_tags (task_id, tag_id)
SELECT tasks.id, tags.id FROM tasks JOIN tags USING (user_id) WHERE hashtext(tasks.id::text || tags.id) % 3 = 0;

INSERT INTO task_reminders (task_id, remind_at, sent_at)
SELECT id, due_at - interval '1 hour', CASE WHEN hashtext(id::text) % 20 <> 0 THEN due_at END FROM tasks;

INSERT INTO conversations (id, user_id, started_at, ended_at)
SELECT CASE WHEN busy.id = '{EXAMPLE_USER}' AND n = 1 THEN '{EXAMPLE_CONVERSATION}'::uuid ELSE gen_random_uuid() END,
    busy.id, '2026-01-01'::timestamptz + n * interval '1 day', CASE WHEN n % 10 <> 0 THEN '2026-07-01'::timestamptz END
FROM busy, generate_series(1, 100) n;

INSERT INTO messages (conversation_id, user_id, role, content, created_at)
SELECT id, user_id, 'user', 'Word ' || n, '2026-02-28'::timestamptz + n * interval '1 hour'
FROM conversations, generate_series(1, 50) n WHERE started_at < '2026-01-12';
"""
"""A thousand and more rows for every hundred that a query wants."""


@pytest.fixture(scope="module")
def busy_database(server: Server) -> Iterator[str]:
    """A migrated database that has been in use for a while."""
    with server.database() as database:
        upgrade(database.url)
        rows(database.url, SEED, "VACUUM (ANALYZE)")
        yield database.url


@pytest.fixture
def engine(busy_database: str) -> Engine:
    return create_engine(with_psycopg(busy_database), poolclass=NullPool)


@pytest.mark.parametrize("name", COMMON_QUERIES)
def test_an_index_answers(name: str, engine: Engine) -> None:
    indexes, filters = EXPECTED[name]
    nodes = list(plan_of(name, engine))
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan"]
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
    assert {node["Filter"] for node in nodes if "Filter" in node} == filters


def test_counting_reads_the_index_alone(engine: Engine) -> None:
    (scan,) = (node for node in plan_of("task_counts_by_status", engine) if "Index Name" in node)
    assert scan["Node Type"] == "Index Only Scan"
    assert scan["Heap Fetches"] == 0


@pytest.mark.parametrize("name", ["tasks_by_status", "messages_in_order", "pending_reminders"])
def test_a_page_comes_out_of_the_index_in_order(name: str, engine: Engine) -> None:
    assert [node["Node Type"] for node in plan_of(name, engine, limit=10)] == ["Limit", "Index Scan"]


@pytest.mark.parametrize("name", COMMON_QUERIES)
def test_every_example_finds_something(name: str, engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(COMMON_QUERIES[name].statement).fetchone()


def test_pages_follow_each_other_until_every_task_was_seen_once(engine: Engine) -> None:
    seen: list[Task] = []
    after = None
    with Session(engine) as session:
        while page := session.exec(tasks_by_status(EXAMPLE_USER, TaskStatus.PENDING, after, limit=20)).all():
            seen += page
            after = Position(page[-1].created_at, page[-1].id)
    assert len(seen) == len({task.id for task in seen}) == 65
    assert [task.created_at for task in seen] == sorted((task.created_at for task in seen), reverse=True)
    assert {(task.user_id, task.status, task.deleted_at) for task in seen} == {(EXAMPLE_USER, TaskStatus.PENDING, None)}


def test_pages_of_messages_follow_each_other_in_order(engine: Engine) -> None:
    with Session(engine) as session:
        first = session.exec(messages_in_order(EXAMPLE_CONVERSATION, limit=30)).all()
        last = Position(first[-1].created_at, first[-1].id)
        second = session.exec(messages_in_order(EXAMPLE_CONVERSATION, after=last, limit=30)).all()
    assert [message.content for message in (*first, *second)] == [f"Word {number}" for number in range(1, 51)]


def plan_of(name: str, engine: Engine, **arguments: object) -> Iterator[dict[str, Any]]:
    """Yield the nodes of the plan that PostgreSQL makes, and performs, for the example of a query with other arguments."""
    query = COMMON_QUERIES[name]
    statement = query.build(**{**query.arguments, **arguments})

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def explain(
        _connection: Connection, _cursor: psycopg.Cursor, statement: str, parameters: object, *_: object
    ) -> tuple[str, object]:
        return f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters

    with engine.connect() as connection:
        ((explained,),) = connection.execute(statement).cursor.fetchall()
    event.remove(engine, "before_cursor_execute", explain)
    yield from nodes_of(explained[0]["Plan"])


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes_of(child)
