"""Predicates that ask a NOT NULL column whether it is NULL, and predicates that ask something."""

import psycopg
import pytest

from schemalint.fix import DropArgument
from schemalint.rules.schema.predicate_on_not_null import predicate_on_not_null as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def loans(where: str, more: str = "") -> str:
    return f"""
        metadata = MetaData()
        book = Column("book_id", sa.Integer, nullable=False)
        due = Column("due_on", sa.Date)
        t = Table("loans", metadata, Column("id", sa.Integer, primary_key=True), book, due,
            Index("ix", "book_id", postgresql_where={where}, {more}))
        """


@pytest.mark.parametrize(
    "where",
    [
        'text("book_id IS NOT NULL")',
        'text("book_id is not null")',
        'text(" (  book_id IS  NOT NULL )")',
        "text('\"book_id\" IS NOT NULL')",
        'text("loans.book_id IS NOT NULL")',
        '"book_id IS NOT NULL"',
        "book.is_not(None)",
        "book != None",
        "book.isnot(sa.null())",
        'text("id IS NOT NULL")',
        'sa.column("book_id").is_not(None)',
        "sa.and_(book.is_not(None))",
    ],
)
def test_found(where: str) -> None:
    (problem,) = check_found(rule, loans(where), "loans :index book_id")
    assert problem.at == "postgresql_where"
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, DropArgument)
    assert edit.name == "postgresql_where"
    assert problem.fix.due == 'op.drop_index("ix", table_name="loans"); make it again without its predicate'


@pytest.mark.parametrize("where", ['text("book_id IS NULL")', "book.is_(None)", "book == None"])
def test_an_index_that_is_always_empty_is_found(where: str) -> None:
    (problem,) = check_found(rule, loans(where), "loans :index book_id")
    assert problem.message == "ix is always empty: loans.book_id is NOT NULL, so no row satisfies its predicate"
    assert problem.fix is None


@pytest.mark.parametrize(
    "where",
    [
        'text("due_on IS NOT NULL")',
        "due.is_not(None)",
        "due.is_(None)",
        'text("due_on IS NULL")',
        'text("book_id > 3")',
        "book > 3",
        'text("book_id IS NOT NULL AND due_on IS NULL")',
        'text("due_on IS NULL AND book_id IS NOT NULL")',
        "sa.and_(book.is_not(None), due.is_(None))",
        "sa.or_(book.is_(None), due.is_(None))",
        "~book.in_([1, 2])",
        'text("(due_on) IS NOT NULL")',
        'text("loans.due_on IS NULL AND loans.book_id IS NOT NULL")',
        'text("(loans.due_on IS NULL) OR (loans.book_id IS NULL)")',
        'text("coalesce(book_id, 1) IS NOT NULL")',
        'text("other IS NOT NULL")',
        "sa.func.f(book).is_not(None)",
        "sa.false()",
    ],
)
def test_clean(where: str) -> None:
    check_clean(rule, loans(where))


def test_full_index_is_fine() -> None:
    check_clean(rule, loans("None"))


def test_predicate_over_an_attribute_of_the_class_is_found() -> None:
    check_found(
        rule,
        """
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int
            due_on: date | None = None

        Index("a", Loan.book_id, postgresql_where=Loan.book_id.is_not(None))
        Index("b", Loan.due_on, postgresql_where=Loan.due_on.is_not(None))
        """,
        "loans :index book_id",
    )


def test_unique_partial_index_is_found() -> None:
    check_found(rule, loans("book.is_not(None)", "unique=True"), "loans :index book_id")


def test_index_of_a_mixin_has_no_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Lent:
            book_id: Mapped[int]
            @declared_attr.directive
            def __table_args__(cls): return (Index(None, "book_id", postgresql_where=text("book_id IS NOT NULL")),)

        class Loan(Lent, Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "loans :index book_id",
    )
    assert problem.fix is None


def test_on_conflict_does_not_find_such_an_index(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE t (c int NOT NULL); CREATE UNIQUE INDEX ON t (c) WHERE c IS NOT NULL")
        with pytest.raises(psycopg.errors.InvalidColumnReference):
            connection.execute("INSERT INTO t VALUES (1) ON CONFLICT (c) DO NOTHING")
