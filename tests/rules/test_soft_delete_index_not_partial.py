"""Indexes that hold deleted rows, and indexes that must or do not."""

import pytest

from schemalint.rules.schema.soft_delete_index_not_partial import soft_delete_index_not_partial as rule
from snippets import check_clean, check_found


def tasks(args: str, mark: str = 'Column("deleted_at", sa.DateTime(timezone=True))') -> str:
    return f"""
        metadata = MetaData()
        Table("users", metadata, Column("id", sa.Integer, primary_key=True))
        tasks = Table("tasks", metadata, Column("id", sa.Integer, primary_key=True), Column("title", sa.String(50)),
            Column("tags", pg.JSONB), Column("user_id", ForeignKey("users.id")), {mark}, {args})
        """


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ('Index("ix", "title")', "title"),
        ('Index("ix", "tags", postgresql_using="gin")', "tags"),
        ('Index("ix", "title", postgresql_where=text("title IS NOT NULL"))', "title"),
        ('Index("ix", "title", "user_id")', "title, user_id"),
    ],
)
def test_found(args: str, found: str) -> None:
    (problem,) = check_found(rule, tasks(args), f"tasks :index {found}")
    assert problem.remedy == 'postgresql_where=text("deleted_at IS NULL")'


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "title", postgresql_where=text("deleted_at IS NULL"))',
        'Index("ix", "title", postgresql_where=text("title > \'a\' AND deleted_at IS NULL"))',
        'Index("ix", "title", postgresql_where=sa.column("deleted_at").is_(None))',
        'Index("ix", "deleted_at")',
        'Index("ix", "title", "deleted_at")',
        'Index("ix", text("(deleted_at IS NULL)"), "title")',
        'Index("ix", "title", postgresql_include=["deleted_at"])',
        'Index("ix", "user_id")',
        'Index("ix", "user_id", "title")',
        'Index("ix", "title", unique=True)',
        'UniqueConstraint("title")',
    ],
)
def test_clean(args: str) -> None:
    check_clean(rule, tasks(args))


def test_table_without_a_mark_is_fine() -> None:
    check_clean(rule, tasks('Index("ix", "title")', 'Column("removed", sa.Boolean)'))


def test_a_flag_is_a_mark_as_well() -> None:
    (problem,) = check_found(
        rule, tasks('Index("ix", "title")', 'Column("is_deleted", sa.Boolean)'), "tasks :index title"
    )
    assert problem.remedy == 'postgresql_where=text("NOT is_deleted")'
    assert problem.message == "ix (title) holds the rows of tasks that is_deleted marks as well"


def test_flags_of_the_project_replace_ours() -> None:
    source = tasks('Index("ix", "title")', 'Column("is_sent", sa.Boolean)')
    check_clean(rule, source)
    check_found(rule, source, "tasks :index title", columns=("is_sent",))
    check_clean(rule, tasks('Index("ix", "title")'), columns=("is_sent",))
