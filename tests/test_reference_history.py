"""The reference project's history leads to its models, is safe to go back on, and keeps what users wrote."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic.script import ScriptDirectory
from reference_models import Base
from sqlalchemy import NullPool, create_engine

from reference_project import ROOT, alembic_config, downgrade, facts, needs_zones, rows, upgrade, with_psycopg
from schemalint.throwaway.server import Database, Server, Wish, throwaway_server

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
]


@needs_zones
def test_models_and_migrations_make_the_same_schema(server: Server, database: Database) -> None:
    upgrade(database.url)
    with server.database() as of_models:
        create_all(of_models.url)
        assert facts(database.url) == facts(of_models.url)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE tasks ALTER recurrence_rule TYPE varchar(100)",
        "ALTER TABLE tasks ALTER is_recurring DROP DEFAULT",
        "ALTER TABLE tasks ALTER title DROP NOT NULL",
        'ALTER TABLE tags ALTER name TYPE varchar(50) COLLATE "C"',
        "ALTER TABLE tasks ALTER search_vector DROP EXPRESSION",
        "ALTER TABLE tags RENAME CONSTRAINT ck_tags_color_rrggbb TO ck_tags_color",
        "ALTER TABLE tasks ALTER CONSTRAINT fk_tasks_user_id_users DEFERRABLE",
        "ALTER TYPE task_status ADD VALUE 'later' BEFORE 'completed'",
        "DROP INDEX ix_tasks_user_id_due_at",
        "COMMENT ON COLUMN tags.name IS NULL",
        "COMMENT ON TABLE tags IS 'Words'",
    ],
)
def test_the_comparison_sees_what_alembic_may_not(server: Server, change: str, migrated: Database) -> None:
    with server.database(template=migrated.name) as changed:
        rows(changed.url, change)
        assert facts(changed.url) != facts(migrated.url)


@pytest.fixture(scope="module")
def migrated(server: Server) -> Iterator[Database]:
    with server.database() as database:
        upgrade(database.url)
        yield database


@needs_zones
def test_alembic_sees_no_difference_either(database: Database) -> None:
    assert run_alembic(database, "upgrade", "head").returncode == 0
    checked = run_alembic(database, "check")
    assert checked.returncode == 0, checked.stderr
    assert "No new upgrade operations detected" in checked.stdout


def test_every_revision_goes_up_down_and_up_again_without_a_trace(database: Database) -> None:
    go_up_and_down(database.url)


@pytest.mark.container
def test_every_revision_goes_up_down_and_up_again_in_a_container() -> None:
    wish = Wish("container", image="postgres:15-bookworm")
    with throwaway_server(wish) as starting, starting.ready().database() as database:
        go_up_and_down(database.url)


@needs_zones
def test_the_whole_history_goes_down_to_nothing_and_up_again(database: Database) -> None:
    empty = facts(database.url, beyond_models=True)
    upgrade(database.url)
    made = facts(database.url, beyond_models=True)
    downgrade(database.url, "base")
    assert facts(database.url, beyond_models=True) == empty
    upgrade(database.url)
    assert facts(database.url, beyond_models=True) == made


def test_sql_is_printed_without_a_database() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head", "--sql"],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.index("SET lock_timeout") < printed.stdout.index("CREATE TABLE users")


def test_revision_ids_fit_the_version_table() -> None:
    assert REVISIONS[0] == "0001_users_and_tasks"
    assert max(map(len, REVISIONS)) <= 32


@pytest.fixture
def todo_application(database: Database) -> str:
    """A database at the time of the todo application, with more rows than one batch takes."""
    upgrade(database.url, "0006_indexes")
    rows(
        database.url,
        """
        INSERT INTO users (email, hashed_password, full_name, created_at)
        SELECT format('user%s@example.com', n), 'x', CASE WHEN n % 2 = 0 THEN 'User ' || n END, '2026-01-05 10:00+00'
        FROM generate_series(1, 2500) n
        """,
        """
        INSERT INTO tasks (user_id, title, created_at, due_date)
        SELECT id, email, created_at, CASE WHEN email <> 'user7@example.com' THEN date '2026-01-05' END FROM users
        """,
    )
    return database.url


def test_backfill_names_every_user_and_keeps_the_names_there_are(todo_application: str) -> None:
    upgrade(todo_application, "0008_full_name_not_null")
    names = dict(rows(todo_application, "SELECT email, full_name FROM users"))
    assert len(names) == 2500
    assert names["user7@example.com"] == "user7"
    assert names["user8@example.com"] == "User 8"


def test_due_days_become_their_ends_and_are_days_again_after_the_downgrade(todo_application: str) -> None:
    upgrade(todo_application)
    due = dict(rows(todo_application, "SELECT title, due_at FROM tasks"))
    assert due.pop("user7@example.com") is None
    assert set(due.values()) == {datetime(2026, 1, 6, tzinfo=UTC)}
    rows(
        todo_application,
        "UPDATE tasks SET due_at = '2026-01-07 12:30+00' WHERE title = 'user9@example.com'",
    )

    downgrade(todo_application, "0009_due_at_expand")
    days = dict(rows(todo_application, "SELECT title, due_date FROM tasks"))
    assert days.pop("user7@example.com") is None
    assert days.pop("user9@example.com") == date(2026, 1, 7)
    assert set(days.values()) == {date(2026, 1, 5)}
    kept = rows(todo_application, "SELECT due_at FROM tasks WHERE title = 'user9@example.com'")
    assert kept == [(datetime(2026, 1, 7, 12, 30, tzinfo=UTC),)]


def test_between_expand_and_contract_either_release_sees_what_the_other_wrote(todo_application: str) -> None:
    upgrade(todo_application, "0009_due_at_expand")

    def written(statement: str) -> list[tuple[str | None, ...]]:
        return rows(todo_application, f"{statement} RETURNING due_date::text, (due_at AT TIME ZONE 'UTC')::text")

    insert = "INSERT INTO tasks (user_id, title, created_at, {}) SELECT id, '{}', '2026-01-05', '{}' FROM users LIMIT 1"
    assert written(insert.format("due_date", "old", "2026-02-01")) == [("2026-02-01", "2026-02-02 00:00:00")]
    assert written(insert.format("due_at", "new", "2026-02-01 12:00+00")) == [("2026-02-01", "2026-02-01 12:00:00")]

    update = "UPDATE tasks SET {} WHERE title = 'new'"
    assert written(update.format("due_date = '2026-02-01'")) == [("2026-02-01", "2026-02-01 12:00:00")]
    assert written(update.format("due_date = '2026-02-03'")) == [("2026-02-03", "2026-02-04 00:00:00")]
    assert written(update.format("due_at = NULL")) == [(None, None)]


@pytest.mark.parametrize("revision", ["0006_indexes", "0007_full_name_backfilled", "0010_due_at_backfilled"])
def test_an_interrupted_revision_is_simply_run_again(database: Database, revision: str) -> None:
    before = REVISIONS[REVISIONS.index(revision) - 1]
    upgrade(database.url, revision)
    made = facts(database.url, beyond_models=True)
    rows(database.url, f"UPDATE alembic_version SET version_num = '{before}'")
    upgrade(database.url, revision)
    assert facts(database.url, beyond_models=True) == made


@pytest.mark.parametrize("revision", ["0008_full_name_not_null", "0011_due_at_contract"])
def test_an_interrupted_downgrade_is_simply_run_again(database: Database, revision: str) -> None:
    before = REVISIONS[REVISIONS.index(revision) - 1]
    upgrade(database.url, revision)
    downgrade(database.url, before)
    made = facts(database.url, beyond_models=True)
    rows(database.url, f"UPDATE alembic_version SET version_num = '{revision}'")
    downgrade(database.url, before)
    assert facts(database.url, beyond_models=True) == made


def go_up_and_down(url: str) -> None:
    for before, revision in zip(["base", *REVISIONS], REVISIONS, strict=False):
        found = facts(url, beyond_models=True)
        upgrade(url, revision)
        made = facts(url, beyond_models=True)
        assert made != found, revision
        downgrade(url, before)
        assert facts(url, beyond_models=True) == found, revision
        upgrade(url, revision)
        assert facts(url, beyond_models=True) == made, revision


def create_all(url: str) -> None:
    rows(url, "CREATE EXTENSION btree_gin", "CREATE EXTENSION btree_gist")
    engine = create_engine(with_psycopg(url), poolclass=NullPool)
    Base.metadata.create_all(engine)


def run_alembic(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=ROOT,
        env={"PATH": "", "DATABASE_URL": database.url},
        capture_output=True,
        text=True,
        check=False,
    )
