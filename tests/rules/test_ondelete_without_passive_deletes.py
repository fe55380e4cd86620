"""Parents that the ORM cannot delete, as it nulls what must not be null."""

from textwrap import dedent

import pytest
from sqlalchemy.exc import IntegrityError

from cascades import NULLABLE, after_deleting_a_book, declarative, linked, sqlmodel
from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.ondelete_without_passive_deletes import ondelete_without_passive_deletes as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

CASCADE = 'ondelete="CASCADE"'


def test_children_that_are_nulled_first_are_found() -> None:
    (problem,) = check_found(rule, sqlmodel("", CASCADE), "Book~loans")
    assert problem.message == (
        "deleting a row of books through a session fails while it has loans: Book.loans sets loans.book_id to NULL first, which is NOT NULL"
    )
    assert problem.remedy == 'passive_deletes="all", which leaves the children to ON DELETE CASCADE'


def test_the_fix_leaves_the_children_to_the_database() -> None:
    (problem,) = check_found(rule, declarative("", CASCADE), "Book~loans")
    assert problem.fix
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert problem.fix == Fix("behaviour", (SetArgument(problem.part, "passive_deletes", '"all"'),))


@pytest.mark.parametrize(
    "relationship",
    [
        'lazy="dynamic"',
        'lazy="raise"',
        'lazy="write_only"',
        "uselist=False",
        "passive_deletes=False",
        'cascade="save-update, merge"',
        'order_by="Loan.id"',
    ],
)
def test_what_the_orm_does_is_the_same_with(relationship: str) -> None:
    check_found(rule, declarative(relationship, CASCADE), "Book~loans")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel('passive_deletes="all"', CASCADE), id="all"),
        pytest.param(sqlmodel("passive_deletes=True", CASCADE), id="True"),
        pytest.param(sqlmodel("cascade_delete=True", CASCADE), id="the ORM deletes them"),
        pytest.param(
            sqlmodel('sa_relationship_kwargs={"passive_deletes": "all"}', CASCADE), id="SQLAlchemy's own argument"
        ),
        pytest.param(declarative("", CASCADE, NULLABLE), id="a foreign key that may be NULL"),
        pytest.param(declarative("", 'ondelete="RESTRICT"'), id="RESTRICT is meant to fail"),
        pytest.param(declarative(""), id="no ON DELETE"),
        pytest.param(declarative('lazy="noload"', CASCADE), id="children that are never loaded"),
        pytest.param(declarative("viewonly=True", CASCADE), id="viewonly"),
        pytest.param(linked("", CASCADE), id="a link table"),
        pytest.param(
            declarative('primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 5)"', CASCADE), id="a join of your own"
        ),
        pytest.param(
            declarative('cascade="all, delete"', CASCADE)
            + dedent("""
                Book.recent = relationship(Loan, order_by=Loan.id, overlaps="loans")
                """),
            id="another relationship over the key that deletes them",
        ),
        pytest.param(
            """
            class Base(DeclarativeBase): ...

            class Book(Base):
                __tablename__ = "books"
                id: Mapped[int] = mapped_column(primary_key=True)

            class Loan(Base):
                __tablename__ = "loans"
                id: Mapped[int] = mapped_column(primary_key=True)
                book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"))
                book: Mapped[Book] = relationship()
            """,
            id="no relationship to the many",
        ),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_a_backref_has_no_place_for_the_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"))
            book: Mapped[Book] = relationship(backref="loans")
        """,
        "Book~loans",
    )
    assert problem.fix is None


def test_a_value_that_wins_over_sqlmodels_own_has_no_fix() -> None:
    (problem,) = check_found(rule, sqlmodel('sa_relationship_kwargs={"passive_deletes": False}', CASCADE), "Book~loans")
    assert problem.fix is None


def test_a_relationship_inside_a_relationship_has_no_fix() -> None:
    (problem,) = check_found(rule, sqlmodel('sa_relationship=relationship("Loan")', CASCADE), "Book~loans")
    assert problem.fix is None


def test_postgresql_refuses_a_null_where_the_rule_speaks_only(database: Database) -> None:
    with pytest.raises(IntegrityError, match="violates not-null constraint"):
        after_deleting_a_book(sqlmodel("", CASCADE), database)
    for relationship in ('passive_deletes="all"', "passive_deletes=True", "cascade_delete=True"):
        assert after_deleting_a_book(sqlmodel(relationship, CASCADE), database) == []
    assert after_deleting_a_book(declarative('lazy="noload"', CASCADE), database) == []
    assert after_deleting_a_book(declarative("", CASCADE, NULLABLE), database) == [None, None]
