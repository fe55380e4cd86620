"""Indexes that hold a column twice, and indexes that only name it twice."""

import pytest

from schemalint.rules.schema.duplicate_index_column import duplicate_index_column as rule
from snippets import check_clean, check_found


def users(args: str) -> str:
    return f"""
        t = Table("users", MetaData(), Column("id", sa.Integer, primary_key=True), Column("first", sa.String(50)),
            Column("last", sa.String(50)), {args})
        """


@pytest.mark.parametrize(
    ("args", "found", "message"),
    [
        (
            'Index("ix", "last", "last")',
            "last, last",
            "ix (last, last) of users stores last twice in every entry, and answers nothing more for it",
        ),
        (
            'Index("ix", "last", "first", "last", unique=True)',
            "last, first, last",
            "ix (last, first, last) of users stores last twice in every entry, and answers nothing more for it",
        ),
        (
            'Index("ix", "last", postgresql_include=["first", "last"])',
            "last",
            "ix (last) of users stores last twice in every entry, and answers nothing more for it",
        ),
    ],
)
def test_found(args: str, found: str, message: str) -> None:
    (problem,) = check_found(rule, users(args), f"users :index {found}")
    assert problem.message == message


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "last", "first")',
        'Index("ix", "last", postgresql_include=["first"])',
        'Index("ix", "last", text("lower(last)"))',
        'Index("ix", text("lower(last)"), postgresql_include=["last"])',
        'Index("ix", "last", text("last text_pattern_ops"))',
        'Index("ix", "last", postgresql_include=["last"], postgresql_using="gist", postgresql_ops={"last": "gist_trgm_ops"})',
        'Index("ix", "last", "first", postgresql_where=text("last > first"))',
        'UniqueConstraint("last", "last")',
        'UniqueConstraint("last", "first")',
        'Index("a", "last"), Index("b", "last", "first")',
        'Index("ix", "last", "last").ddl_if(dialect="sqlite")',
    ],
)
def test_clean(args: str) -> None:
    check_clean(rule, users(args))
