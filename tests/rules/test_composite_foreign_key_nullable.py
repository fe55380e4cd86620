"""Composite foreign keys that go unchecked for a NULL, and those that are guarded or meant so."""

from textwrap import dedent

import psycopg
import pytest

from schemalint.rules.schema.composite_foreign_key_nullable import composite_foreign_key_nullable as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def loan(tenant_id: str, book_id: str, key: str = "", args: str = "", books: str = "") -> str:
    """A loan whose columns are annotated as given, with the composite key of (tenant_id, book_id) and `args` beside it."""
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            tenant_id: Mapped[int] = mapped_column(primary_key=True)
            id: Mapped[int] = mapped_column(primary_key=True, {books})

        class Loan(Base):
            __tablename__ = "loans"
            __table_args__ = (
                ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"], {key}),
                {args}
            )
            id: Mapped[int] = mapped_column(primary_key=True)
            tenant_id: Mapped[{tenant_id}]
            book_id: Mapped[{book_id}]
        """)


def test_two_nullable_columns_are_found() -> None:
    (problem,) = check_found(rule, loan("int | None", "int | None"), "loans.tenant_id, book_id")
    assert problem.message == (
        "loans.(tenant_id, book_id) is not checked while tenant_id or book_id is NULL: "
        "it can then refer to a row of books that does not exist"
    )
    assert problem.remedy == 'match="FULL" (all of (tenant_id, book_id) or none), or NOT NULL columns'


def test_a_nullable_column_beside_one_that_names_the_parent_is_found() -> None:
    (problem,) = check_found(rule, loan("int | None", "int", books="unique=True"), "loans.tenant_id, book_id")
    assert problem.message.startswith("loans.(tenant_id, book_id) is not checked while tenant_id is NULL")
    assert problem.remedy == "tenant_id NOT NULL, or a CHECK that says which of them may be NULL together"


def test_match_simple_said_is_found_as_well() -> None:
    check_found(rule, loan("int | None", "int | None", key='match="SIMPLE"'), "loans.tenant_id, book_id")


def test_a_check_of_something_else_does_not_guard() -> None:
    check_found(
        rule,
        loan("int | None", "int | None", args='CheckConstraint("tenant_id > 0 AND id > 0"),'),
        "loans.tenant_id, book_id",
    )


def test_not_null_columns_are_fine() -> None:
    check_clean(rule, loan("int", "int"))


def test_an_optional_book_of_a_given_tenant_is_fine() -> None:
    check_clean(rule, loan("int", "int | None"))
    check_clean(rule, loan("int", "int | None", books="unique=True"))


def test_one_nullable_column_beside_one_that_names_nothing_by_itself_is_fine() -> None:
    check_clean(rule, loan("int | None", "int"))


@pytest.mark.parametrize("match", ["FULL", "full"])
def test_match_full_is_fine(match: str) -> None:
    check_clean(rule, loan("int | None", "int | None", key=f'match="{match}"'))


@pytest.mark.parametrize(
    "check",
    [
        'CheckConstraint("num_nonnulls(tenant_id, book_id) IN (0, 2)"),',
        'CheckConstraint("(tenant_id IS NULL) = (book_id IS NULL)"),',
        'CheckConstraint(sa.column("tenant_id").is_(None) == sa.column("book_id").is_(None)),',
    ],
)
def test_a_check_over_both_columns_is_fine(check: str) -> None:
    check_clean(rule, loan("int | None", "int | None", args=check))


def test_a_further_key_of_one_column_to_the_same_table_is_fine() -> None:
    check_clean(
        rule,
        loan("int | None", "int | None", args='ForeignKeyConstraint(["book_id"], ["books.id"]),', books="unique=True"),
    )


def test_columns_of_the_primary_key_are_not_null() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("a", sa.Integer, primary_key=True), Column("b", sa.Integer, primary_key=True))
        Table(
            "loans",
            metadata,
            Column("a", sa.Integer, primary_key=True, nullable=True),
            Column("b", sa.Integer, primary_key=True, nullable=True),
            ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"]),
        )
        """,
    )


def test_a_key_of_one_nullable_column_is_fine() -> None:
    check_clean(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
        """,
    )


def test_one_nullable_column_of_a_key_to_a_table_that_is_not_defined_is_fine() -> None:
    check_clean(rule, loan("int", "int | None").replace('"books.', '"shelves.'))


def test_postgresql_checks_half_a_reference_under_match_full_only(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE books (a integer, b integer, PRIMARY KEY (a, b))")
        for match in ("SIMPLE", "FULL"):
            connection.execute(
                f"CREATE TABLE match_{match} (a integer, b integer, FOREIGN KEY (a, b) REFERENCES books MATCH {match})"
            )
        connection.execute("INSERT INTO match_simple VALUES (NULL, 7)")
        connection.execute("INSERT INTO match_full VALUES (NULL, NULL)")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("INSERT INTO match_full VALUES (NULL, 7)")


def test_a_check_that_cannot_be_read_may_guard() -> None:
    own = """
        class Opaque(sa.ColumnElement[bool]):
            __visit_name__ = "opaque"
            inherit_cache = False
        """
    check_clean(rule, dedent(own) + loan("int | None", "int | None", args="CheckConstraint(Opaque()),"))
