"""Tables and columns without a comment, where comments are the custom or are asked for."""

import pytest

from schemalint.fix import SetArgument
from schemalint.rules.schema.comment_missing import comment_missing as rule
from snippets import check_clean, check_found

SOME = """
    metadata = MetaData()
    books = Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("shelf", sa.Integer, comment="Where it stands"),
        Column("pages", sa.Integer), comment="What can be lent")
    loans = Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("days", sa.Integer))
"""
NONE = """
    metadata = MetaData()
    books = Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("pages", sa.Integer))
"""
ALL = """
    metadata = MetaData()
    books = Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("pages", sa.Integer, comment="x"), comment="y")
"""


def test_what_was_begun_must_be_complete() -> None:
    check_found(rule, SOME, "loans", "books.pages")


def test_everything_is_asked_for_where_the_project_wants_it() -> None:
    check_found(rule, SOME, "loans", "books.pages", "loans.days", all_or_nothing=False)
    check_found(rule, NONE, "books", "books.pages", all_or_nothing=False)


@pytest.mark.parametrize("source", [NONE, ALL])
def test_all_or_nothing(source: str) -> None:
    check_clean(rule, source)


def test_everything_is_there() -> None:
    check_clean(rule, ALL, all_or_nothing=False)


def test_tables_or_columns_alone_may_be_asked_for() -> None:
    check_found(rule, SOME, "loans", columns=False)
    check_found(rule, SOME, "books.pages", tables=False)
    check_clean(rule, SOME, tables=False, columns=False)


def test_names_that_say_enough_are_fine() -> None:
    check_clean(rule, SOME, tables=False, also_fine=("id", "pages"))
    check_found(rule, SOME, "books.pages", "books.id", tables=False, also_fine=())


def test_an_empty_comment_is_none() -> None:
    check_found(rule, SOME.replace("Where it stands", "").replace("What can be lent", ""), all_or_nothing=True)


def test_a_description_becomes_the_comment() -> None:
    (problem,) = check_found(
        rule,
        """
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            days: int = Field(description='How "long"')
        """,
        "loans.days",
        tables=False,
        all_or_nothing=False,
    )
    assert problem.remedy == 'sa_column_kwargs={"comment": "..."}'
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (edit.name, edit.code) == ("comment", r'"How \"long\""')
    assert problem.fix.due == r'op.alter_column("loans", "days", comment="How \"long\"")'


def test_nobody_but_the_author_knows_the_rest() -> None:
    found = check_found(rule, SOME, "loans", "books.pages")
    assert [problem.fix for problem in found] == [None, None]
