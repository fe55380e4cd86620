"""Actions that PostgreSQL has, in every spelling that it takes, and those that it has not."""

from textwrap import dedent

import psycopg
import pytest

from schemalint.rules.schema.foreign_key_invalid_action import foreign_key_invalid_action as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def loan(arguments: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int | None] = mapped_column(ForeignKey("books.id", {arguments}))
        """)


def test_a_word_that_is_no_action_is_found_and_the_usual_ones_offered() -> None:
    (problem,) = check_found(rule, loan('ondelete="DELETE"'), "loans.book_id")
    assert problem.message == "loans cannot be created: PostgreSQL has no ON DELETE DELETE for loans.book_id"
    assert problem.remedy == 'ondelete="CASCADE" or "SET NULL" or "RESTRICT"'
    assert problem.at == "ondelete"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("SETNULL", "SET NULL"), ("set_null", "SET NULL"), ("CASCADES", "CASCADE"), ("NO-ACTION", "NO ACTION")],
)
def test_a_slip_of_the_pen_is_found_and_corrected(written: str, meant: str) -> None:
    (problem,) = check_found(rule, loan(f'ondelete="{written}"'), "loans.book_id")
    assert problem.remedy == f'ondelete="{meant}"'


def test_an_action_on_update_is_asked_as_well() -> None:
    (problem,) = check_found(rule, loan('ondelete="CASCADE", onupdate="CASCADES"'), "loans.book_id")
    assert problem.at == "onupdate"
    assert problem.remedy == 'onupdate="CASCADE"'


@pytest.mark.parametrize("arguments", ['onupdate="SET NULL (book_id)"', 'ondelete="CASCADE (book_id)"'])
def test_a_list_of_columns_where_there_is_none_is_found(arguments: str) -> None:
    check_found(rule, loan(arguments), "loans.book_id")


def test_an_argument_of_sqlmodel_is_asked() -> None:
    check_found(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id", ondelete="NULL")
        """,
        "nodes.parent_id",
    )


@pytest.mark.parametrize("event", ["ondelete", "onupdate"])
@pytest.mark.parametrize(
    "phrase", ["CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT", "cascade", "Set Null", "no  action"]
)
def test_each_of_the_five_is_fine_in_any_case(event: str, phrase: str) -> None:
    check_clean(rule, loan(f'{event}="{phrase}"'))


@pytest.mark.parametrize("phrase", ["SET NULL (book_id)", "set default ( book_id )"])
def test_a_list_of_columns_on_a_deletion_is_fine(phrase: str) -> None:
    check_clean(rule, loan(f'ondelete="{phrase}"'))


def test_no_action_at_all_is_another_matter() -> None:
    check_clean(rule, loan(""))


def test_a_composite_key_is_fine() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("a", sa.Integer, primary_key=True), Column("b", sa.Integer, primary_key=True))
        Table(
            "loans", metadata, Column("a", sa.Integer, primary_key=True), Column("b", sa.Integer),
            ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"], ondelete="restrict", onupdate="cascade"),
        )
        """,
    )


def test_postgresql_takes_what_is_fine_and_no_more(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE books (id integer PRIMARY KEY)")
        for number, phrase in enumerate(("SET  NULL", "set null (id)", "No Action")):
            connection.execute(f"CREATE TABLE a{number} (id integer REFERENCES books ON DELETE {phrase})")
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.execute("CREATE TABLE b (id integer REFERENCES books ON DELETE DELETE)")
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            connection.execute("CREATE TABLE b (id integer REFERENCES books ON UPDATE SET NULL (id))")
