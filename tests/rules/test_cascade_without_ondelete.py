"""Relationships that delete their children where the database does not."""

import pytest
from sqlalchemy.exc import IntegrityError

from cascades import NULLABLE, after_deleting_a_book, declarative, linked, sqlmodel
from schemalint.fix import SetArgument
from schemalint.rules.schema.cascade_without_ondelete import cascade_without_ondelete as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, loaded


def test_a_cascade_of_the_orm_only_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("cascade_delete=True"), "Book~loans")
    assert problem.message == (
        "Book.loans deletes its loans in the ORM only: a DELETE of books that is not made through a session fails with a foreign key violation"
    )
    assert problem.remedy == 'ondelete="CASCADE" on loans.book_id'


def test_the_fix_is_of_the_foreign_key() -> None:
    (problem,) = check_found(rule, declarative('cascade="all, delete"'), "Book~loans")
    assert problem.fix
    assert problem.fix.kind == "schema"
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (str(edit.part.table), edit.name, edit.code) == ("loans", "ondelete", '"CASCADE"')  # type: ignore[attr-defined]
    assert problem.fix.due == "loans.book_id dropped and created again with ON DELETE CASCADE"


@pytest.mark.parametrize("cascade", ["all", "all, delete-orphan", "save-update, delete"])
def test_every_way_to_write_a_delete_cascade_is_found(cascade: str) -> None:
    check_found(rule, declarative(f'cascade="{cascade}"'), "Book~loans")


@pytest.mark.parametrize("passive", ["False", "True"])
def test_a_database_that_keeps_what_the_orm_deletes_is_found(passive: str) -> None:
    (problem,) = check_found(
        rule,
        declarative(f'cascade="all, delete", passive_deletes={passive}', 'ondelete="SET NULL"', NULLABLE),
        "Book~loans",
    )
    assert problem.message.endswith(
        "loans.book_id is ON DELETE SET NULL: a DELETE of books that is not made through a session keeps them"
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel("cascade_delete=True", 'ondelete="CASCADE"'), id="the database cascades"),
        pytest.param(declarative('cascade="all"', 'ondelete="cascade"'), id="in lower case"),
        pytest.param(declarative('cascade="all"', 'ondelete="RESTRICT"'), id="RESTRICT is a decision"),
        pytest.param(declarative('cascade="all"', 'ondelete="NO ACTION"'), id="NO ACTION is a decision"),
        pytest.param(declarative(""), id="no delete cascade"),
        pytest.param(declarative('cascade="save-update, merge"'), id="another cascade"),
        pytest.param(
            declarative('cascade="all", passive_deletes=True'), id="the business of passive-deletes-without-ondelete"
        ),
        pytest.param(declarative('viewonly=True, cascade="refresh-expire"'), id="viewonly"),
        pytest.param(linked('cascade="all, delete"'), id="the rows of a link table are deleted by SQLAlchemy"),
        pytest.param(
            declarative('cascade="all", primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 5)"'),
            id="a part of the children",
        ),
        pytest.param(
            declarative('cascade="all", primaryjoin="Book.id == foreign(Loan.id)", overlaps="x"'),
            id="a join over no foreign key",
        ),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_a_cascade_on_the_many_side_is_another_matter() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Address(Base):
            __tablename__ = "addresses"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Person(Base):
            __tablename__ = "people"
            id: Mapped[int] = mapped_column(primary_key=True)
            address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
            address = relationship("Address", cascade="all, delete-orphan", single_parent=True)
        """,
    )


def test_children_in_a_table_of_another_system_are_not_judged() -> None:
    with loaded(declarative('cascade="all"'), external_tables=("loans",)) as schema:
        assert list(rule.ask(schema, rule.options)) == []


def test_postgresql_refuses_the_statement_and_not_the_session(database: Database) -> None:
    assert after_deleting_a_book(sqlmodel("cascade_delete=True"), database) == []
    with pytest.raises(IntegrityError, match="violates foreign key constraint"):
        after_deleting_a_book(sqlmodel("cascade_delete=True"), database, by_statement=True)


def test_who_deletes_decides_what_is_left_under_set_null(database: Database) -> None:
    source = declarative('cascade="all"', 'ondelete="SET NULL"', NULLABLE)
    assert after_deleting_a_book(source, database) == []
    assert after_deleting_a_book(source, database, by_statement=True) == [None, None]


def test_an_alias_of_a_class_has_no_foreign_key_of_its_own() -> None:
    check_clean(
        rule,
        declarative("viewonly=True")
        + """
late = orm.aliased(Loan)
Book.late = relationship(late, cascade="all", primaryjoin=Book.id == late.book_id)
""",
    )
