"""Children that are left to a database which does nothing with them."""

import pytest
from sqlalchemy.exc import IntegrityError

from cascades import NULLABLE, after_deleting_a_book, declarative, linked, sqlmodel
from schemalint.rules.schema.passive_deletes_without_ondelete import passive_deletes_without_ondelete as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def test_no_on_delete_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("passive_deletes=True"), "Book~loans")
    assert problem.message == (
        "Book.loans leaves loans to the database, but loans.book_id has no ON DELETE: "
        "deleting a row of books fails unless they happen to be loaded"
    )
    assert problem.remedy == 'ondelete="CASCADE" on loans.book_id, or no passive_deletes'


def test_a_delete_cascade_over_a_restricting_key_is_found() -> None:
    (problem,) = check_found(
        rule, declarative('cascade="all, delete", passive_deletes=True', 'ondelete="RESTRICT"'), "Book~loans"
    )
    assert "loans.book_id is ON DELETE RESTRICT" in problem.message


def test_a_foreign_key_that_may_be_null_is_found() -> None:
    check_found(rule, declarative("passive_deletes=True", "", NULLABLE), "Book~loans")


def test_the_rows_of_a_link_table_are_found() -> None:
    (problem,) = check_found(rule, linked("passive_deletes=True"), "Book~tags")
    assert problem.message.startswith("Book.tags leaves links to the database, but links.book_id has no ON DELETE")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel("passive_deletes=True", 'ondelete="CASCADE"'), id="CASCADE"),
        pytest.param(declarative("passive_deletes=True", 'ondelete="SET NULL"', NULLABLE), id="SET NULL"),
        pytest.param(declarative("passive_deletes=True", 'ondelete="SET DEFAULT"'), id="SET DEFAULT"),
        pytest.param(declarative('passive_deletes="all"'), id="all lets the database refuse"),
        pytest.param(declarative("passive_deletes=True", 'ondelete="RESTRICT"'), id="RESTRICT is a decision"),
        pytest.param(declarative("passive_deletes=True", 'ondelete="NO ACTION"'), id="NO ACTION is a decision"),
        pytest.param(declarative('cascade="all"'), id="the business of cascade-without-ondelete"),
        pytest.param(declarative(""), id="nothing said"),
        pytest.param(linked("passive_deletes=True", 'ondelete="CASCADE"'), id="a link table that cascades"),
        pytest.param(linked(""), id="a link table whose rows SQLAlchemy deletes"),
        pytest.param(linked('passive_deletes="all"'), id="a link table that is meant to refuse"),
        pytest.param(
            declarative('passive_deletes=True, primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 5)"'),
            id="a join of your own",
        ),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_passive_deletes_on_the_many_side_says_nothing() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = relationship(passive_deletes=True)
        """,
    )


@pytest.mark.parametrize("relationship", ["passive_deletes=True", 'passive_deletes=True, cascade="all, delete"'])
def test_postgresql_refuses_to_delete_the_parent(relationship: str, database: Database) -> None:
    with pytest.raises(IntegrityError, match="violates foreign key constraint"):
        after_deleting_a_book(declarative(relationship), database)
