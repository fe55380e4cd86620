"""Keys that run out of numbers, and keys that do not or are not numbered."""

from textwrap import dedent

import psycopg
import pytest

from fixes import fixed
from schemalint.fix import SetType
from schemalint.rules.schema.small_primary_key import small_primary_key as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def table(columns: str, more: str = "") -> str:
    return dedent(f"""
        metadata = MetaData()
        Table("books", metadata, {columns})
        {more}
        """)


LOANS = (
    'Table("loans", metadata, Column("id", sa.BigInteger, primary_key=True), Column("book_id", ForeignKey("books.id")))'
)


def test_an_integer_of_sqlmodel_is_found_and_widened_with_all_that_refers_to_it() -> None:
    (problem,) = check_found(
        rule,
        """
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="loans.id")

        class Fee(SQLModel, table=True):
            __tablename__ = "fees"
            loan_id: int = Field(foreign_key="loans.id", primary_key=True)

        class Payment(SQLModel, table=True):
            __tablename__ = "payments"
            id: UUID = Field(default_factory=uuid4, primary_key=True)
            fee_id: int = Field(foreign_key="fees.loan_id")
        """,
        "loans.id",
        every=True,
    )
    assert problem.message == "loans takes no further row after number 2,147,483,647: id is INTEGER"
    assert problem.remedy == "BigInteger for it and for fees.loan_id, loans.parent_id, payments.fee_id"
    assert problem.fix is not None
    assert problem.fix.kind == "schema"
    assert all(isinstance(edit, SetType) and edit.code == "BigInteger" for edit in problem.fix.edits)
    assert [str(edit.part) for edit in problem.fix.edits if isinstance(edit, SetType)] == [
        "loans.id",
        "fees.loan_id",
        "loans.parent_id",
        "payments.fee_id",
    ]
    assert problem.fix.due.startswith('op.alter_column("loans", "id", type_=sa.BigInteger())\nop.alter_column("fees", ')


@pytest.mark.parametrize(
    ("columns", "largest"),
    [
        ('Column("id", sa.Integer, primary_key=True)', "2,147,483,647"),
        ('Column("id", sa.Integer, sa.Identity(), primary_key=True)', "2,147,483,647"),
        ('Column("id", sa.Integer, sa.Sequence("numbers"), primary_key=True)', "2,147,483,647"),
        ('Column("id", sa.SmallInteger, primary_key=True)', "32,767"),
        ('Column("id", sa.BigInteger().with_variant(sa.Integer, "postgresql"), primary_key=True)', "2,147,483,647"),
    ],
)
def test_whatever_numbers_an_integer_is_found(columns: str, largest: str) -> None:
    (problem,) = check_found(rule, table(columns), "books.id", every=True)
    assert largest in problem.message


def test_a_column_without_a_type_of_its_own_follows_its_target() -> None:
    (problem,) = check_found(rule, table('Column("id", sa.Integer, primary_key=True)', LOANS), "books.id", every=True)
    assert problem.fix is not None
    assert len(problem.fix.edits) == 1


def test_a_referring_column_of_the_projects_own_type_is_not_touched() -> None:
    own = """
        class Number(sa.TypeDecorator):
            impl = sa.Integer
            cache_ok = True

        Table("loans", metadata, Column("id", sa.Uuid, primary_key=True), Column("book_id", Number, ForeignKey("books.id")))
        """
    (problem,) = check_found(rule, table('Column("id", sa.Integer, primary_key=True)', own), "books.id", every=True)
    assert problem.fix is None


def test_many_referring_columns_are_counted() -> None:
    columns = ", ".join(f'Column("x{number}", ForeignKey("books.id"))' for number in range(4))
    more = f'Table("loans", metadata, Column("id", sa.Uuid, primary_key=True), {columns})'
    (problem,) = check_found(rule, table('Column("id", sa.Integer, primary_key=True)', more), "books.id", every=True)
    assert problem.remedy == "BigInteger for it and for the 4 columns that refer to it"


NAME = 'Column("name", sa.String(20), unique=True)'


def test_a_list_of_names_that_nothing_refers_to_is_found() -> None:
    check_found(rule, table(f'Column("id", sa.Integer, primary_key=True), {NAME}'), "books.id", every=True)


@pytest.mark.parametrize(
    "columns",
    [
        'Column("name", sa.String(20))',
        NAME + ', Column("a", sa.Integer), Column("b", sa.Integer), Column("c", sa.Integer)',
        NAME + ', Column("next_id", ForeignKey("books.id"))',
        'Column("number", sa.Integer, unique=True)',
    ],
)
def test_a_table_that_is_more_than_a_list_of_names_is_found(columns: str) -> None:
    check_found(rule, table(f'Column("id", sa.Integer, primary_key=True), {columns}', LOANS), "books.id", every=True)


@pytest.mark.parametrize("kind", ["sa.Integer", "sa.SmallInteger"])
def test_a_list_of_names_for_others_is_fine(kind: str) -> None:
    check_clean(rule, table(f'Column("id", {kind}, primary_key=True), {NAME}', LOANS), every=True)


@pytest.mark.parametrize(
    "columns",
    [
        'Column("id", sa.BigInteger, primary_key=True)',
        'Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)',
        'Column("id", sa.Uuid, primary_key=True)',
        'Column("id", sa.String(20), primary_key=True)',
        'Column("year", sa.Integer, primary_key=True, autoincrement=False)',
        'Column("year", sa.SmallInteger, primary_key=True, default=2000)',
        'Column("a", sa.Integer, primary_key=True), Column("b", sa.Integer, primary_key=True)',
        'Column("a", sa.Integer)',
        'Column("id", sa.Numeric(20, 0), primary_key=True)',
    ],
)
def test_a_wide_key_and_one_that_nobody_numbers_are_fine(columns: str) -> None:
    check_clean(rule, table(columns), every=True)


def test_a_key_that_is_a_foreign_key_is_told_at_its_target() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)

        class Novel(Book):
            __tablename__ = "novels"
            id: Mapped[int] = mapped_column(sa.Integer, ForeignKey("books.id"), primary_key=True)
        """,
        every=True,
    )


def test_the_sequence_of_an_integer_key_ends(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE books (id serial PRIMARY KEY)")
        connection.execute("SELECT setval('books_id_seq', 2147483647)")
        with pytest.raises(psycopg.errors.SequenceGeneratorLimitExceeded):
            connection.execute("INSERT INTO books DEFAULT VALUES")


INTEGER = 'Column("id", sa.Integer, primary_key=True)'


@pytest.mark.parametrize(
    "name", ["readings", "user_requests", "audit_log", "logs_2024", "AuditLogs", "order_histories"]
)
def test_a_table_that_machines_fill_is_found_by_its_name(name: str) -> None:
    check_found(rule, table(INTEGER).replace("books", name), f"{name}.id")


@pytest.mark.parametrize("name", ["books", "users", "events", "orders", "log_levels", "message_templates", "runners"])
def test_other_tables_are_asked_only_where_every_table_is(name: str) -> None:
    check_clean(rule, table(INTEGER).replace("books", name))
    check_found(rule, table(INTEGER).replace("books", name), f"{name}.id", every=True)


def test_the_words_are_an_option() -> None:
    check_found(rule, table(INTEGER), "books.id", growing=("book",))
    check_clean(rule, table(INTEGER).replace("books", "logs"), growing=("book",))


def test_the_fix_widens_the_key_and_what_refers_to_it() -> None:
    source = fixed(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Reading(Base):
            __tablename__ = "readings"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Note(Base):
            __tablename__ = "notes"
            id: Mapped[UUID] = mapped_column(primary_key=True)
            reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"))
            other_id: Mapped[int] = mapped_column(sa.Integer, ForeignKey("readings.id"))
        """,
    )
    assert source.count("sa.BigInteger") == 2
    assert 'reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"))' in source


def test_what_refers_to_a_key_on_two_ways_is_counted_once() -> None:
    more = """
        Table("novels", metadata, Column("id", sa.Integer, ForeignKey("books.id"), primary_key=True))
        Table("loans", metadata, Column("id", sa.Uuid, primary_key=True), Column("a", sa.Integer, ForeignKey("books.id"), ForeignKey("novels.id")))
        """
    (problem,) = check_found(rule, table(INTEGER, more), "books.id", every=True)
    assert problem.remedy == "BigInteger for it and for loans.a, novels.id"
