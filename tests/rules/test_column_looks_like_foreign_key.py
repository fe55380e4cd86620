"""Columns called after another table, and those that only look so."""

from textwrap import dedent

import pytest

from schemalint.rules.schema.column_looks_like_foreign_key import column_looks_like_foreign_key as rule
from snippets import ask, check_clean, check_found, loaded


def core(*columns: str, books: str = "books", table: str = "loans", key: str = "sa.Integer", more: str = "") -> str:
    """A table `books` with a key of type `key`, and `loans` with `columns` beside its id, both of Core."""
    return dedent(f"""
        metadata = MetaData()
        Table("{books}", metadata, Column("id", {key}, primary_key=True))
        Table("{table}", metadata, Column("id", sa.Integer, primary_key=True), {", ".join(columns)})
        {more}
        """)


BOOK_ID = 'Column("book_id", sa.Integer)'


def test_a_field_of_sqlmodel_is_found() -> None:
    (problem,) = check_found(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: UUID = Field(default_factory=uuid4, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: UUID
        """,
        "loans.book_id",
    )
    assert (
        problem.message == "loans.book_id can hold what is no id of books: it is called like a foreign key and is none"
    )
    assert problem.remedy == 'foreign_key="books.id"'


@pytest.mark.parametrize(
    ("books", "column"),
    [
        ("books", "book_id"),
        ("book", "book_id"),
        ("books", "books_id"),
        ("library_books", "library_book_id"),
        ("categories", "category_id"),
        ("Book", "bookId"),
    ],
)
def test_a_name_in_the_singular_or_the_plural_is_found(books: str, column: str) -> None:
    (problem,) = check_found(rule, core(f'Column("{column}", sa.Integer)', books=books), f"loans.{column}")
    assert problem.remedy == f'ForeignKey("{books}.id")'


@pytest.mark.parametrize(
    ("own", "key"), [("sa.BigInteger", "sa.Integer"), ("sa.Integer", "sa.BigInteger"), ("sa.Text", "sa.String(20)")]
)
def test_a_comparable_type_is_found(own: str, key: str) -> None:
    check_found(rule, core(f'Column("book_id", {own})', key=key), "loans.book_id")


@pytest.mark.parametrize(
    "columns",
    [
        ('Column("book_id", ForeignKey("books.id"))',),
        (
            BOOK_ID,
            'Column("tenant", sa.Integer)',
            'ForeignKeyConstraint(["book_id", "tenant"], ["books.id", "books.id"])',
        ),
        ('Column("stripe_book_id", sa.Integer)',),
        ('Column("external_id", sa.Integer)',),
        ('Column("bookid", sa.Integer)',),
        ('Column("paid", sa.Integer)',),
        ('Column("book", sa.Integer)',),
        ('Column("book_ids", sa.ARRAY(sa.Integer))',),
        ('Column("book_id", sa.ARRAY(sa.Integer))',),
        ('Column("book_id", sa.String(20))',),
        ('Column("book_id", sa.Uuid)',),
        ('Column("book_id", pg.CITEXT)',),
        (BOOK_ID, 'Column("book_type", sa.String(20))'),
        (BOOK_ID, 'Column("BOOK_KIND", sa.String(20))'),
        (BOOK_ID, 'Column("book_provider", sa.String(20))'),
        ('Column("bookId", sa.Integer)', 'Column("bookType", sa.String(20))'),
    ],
)
def test_what_is_a_key_or_cannot_be_one_or_is_told_apart_is_fine(columns: tuple[str, ...]) -> None:
    check_clean(rule, core(*columns))


@pytest.mark.parametrize(
    "table", ["audit_logs", "book_events", "loans_archive", "loan_history", "tmp_loans", "staging_loans"]
)
def test_a_table_that_keeps_what_is_gone_is_fine(table: str) -> None:
    check_clean(rule, core(BOOK_ID, table=table))


def test_a_tables_own_number_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("book_id", sa.Integer, primary_key=True))
        Table("users", metadata, Column("id", sa.Integer, primary_key=True), Column("user_id", sa.Integer))
        """,
    )


def test_two_tables_that_may_be_meant_are_no_hint() -> None:
    check_clean(rule, core(BOOK_ID, more='Table("book", metadata, Column("id", sa.Integer, primary_key=True))'))


def test_a_table_of_another_schema_or_metadata_is_not_meant() -> None:
    books = 'Table("books", metadata, Column("id", sa.Integer, primary_key=True))'
    check_clean(rule, core(BOOK_ID).replace(books, books[:-1] + ', schema="shop")'))
    check_clean(rule, core(BOOK_ID).replace(books, books.replace("metadata", "MetaData()")))


def test_a_table_whose_key_has_two_columns_or_none_is_not_meant() -> None:
    check_clean(
        rule,
        core(BOOK_ID).replace(
            "primary_key=True))", 'primary_key=True), Column("shop", sa.Integer, primary_key=True))', 1
        ),
    )
    check_clean(rule, core(BOOK_ID).replace("primary_key=True))", "))", 1))


def test_a_table_that_another_system_owns_is_not_meant() -> None:
    with loaded(core(BOOK_ID), external_tables=("books",)) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_view_is_neither_asked_nor_meant() -> None:
    check_clean(rule, core(BOOK_ID, 'info={"is_view": True}'))
    check_clean(rule, core(BOOK_ID).replace("primary_key=True))", 'primary_key=True), info={"is_view": True})', 1))


BY_HAND = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    loans: Mapped[list["Loan"]] = relationship(primaryjoin="Book.id == foreign(Loan.book_id)", viewonly=True)

class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int]
"""


def test_a_column_that_a_relationship_joins_without_a_key_is_fine() -> None:
    check_clean(rule, BY_HAND)


def test_a_column_behind_a_mapper_that_cannot_be_configured_is_no_obstacle() -> None:
    with loaded(BY_HAND.replace("foreign(Loan.book_id)", "foreign(Loan.nothing)")) as schema:
        assert schema.failures
        assert len(list(ask(rule, schema, {}))) == 1
