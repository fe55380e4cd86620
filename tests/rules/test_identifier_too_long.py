"""Names that PostgreSQL would cut, and names that fit or are shortened."""

import psycopg
import pytest

from schemalint.rules.schema.identifier_too_long import identifier_too_long as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, marked_by

LONG = "x" * 64
UMLAUTS = "ü" * 32
FITS = "x" * 63


def books(args: str, name: str = "books", metadata: str = "") -> str:
    return f't = Table("{name}", MetaData({metadata}), Column("id", sa.Integer, primary_key=True), Column("n", sa.Integer), {args})'


FOUND = {
    "a table": ("", LONG, LONG),
    "a table in bytes": ("", UMLAUTS, UMLAUTS),
    "a column": (f'Column("{LONG}", sa.Integer)', "books", f"books.{LONG}"),
    "a column in bytes": (f'Column("{UMLAUTS}", sa.Integer)', "books", f"books.{UMLAUTS}"),
    "an index": (f'Index("{LONG}", "n")', "books", "books :index n"),
    "a unique constraint": (f'UniqueConstraint("n", name="{LONG}")', "books", "books :unique n"),
    "a check": (f'CheckConstraint("n > 0", name="{LONG}")', "books", f"books :check {LONG}"),
    "a foreign key": (f'ForeignKeyConstraint(["n"], ["books.id"], name="{LONG}")', "books", "books.n"),
}


@pytest.mark.parametrize(("args", "table", "found"), FOUND.values(), ids=FOUND)
def test_found(args: str, table: str, found: str) -> None:
    check_found(rule, books(args, table), found)


@pytest.mark.parametrize(
    ("args", "table"),
    [
        ("", FITS),
        (f'Column("{FITS}", sa.Integer)', "books"),
        (f'Index("{FITS}", "n")', "books"),
        (f'UniqueConstraint("n", name="{FITS}")', "books"),
        (f'Column("{FITS}", sa.Integer, index=True)', FITS),
        (f'Column("{FITS}", sa.Integer, unique=True)', FITS),
        (f'Column("{UMLAUTS[:-1]}", sa.Integer)', "books"),
        (f'Index(sa.schema.conv("{LONG}"), "n")', "books"),
    ],
)
def test_clean(args: str, table: str) -> None:
    check_clean(rule, books(args, table))


def test_names_of_a_convention_are_shortened() -> None:
    convention = 'naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}'
    check_clean(rule, books('UniqueConstraint("n")', FITS, convention))


def test_names_of_a_convention_are_shortened_by_characters() -> None:
    check_found(
        rule,
        books('Column("größe", sa.Integer, index=True)', "ü" * 31),
        f"{'ü' * 31} :index größe",
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            f'Column("{LONG}", sa.Integer)',
            f"the column {LONG} of books has 64 bytes, and PostgreSQL calls it {FITS}",
        ),
        (
            f'Column("{UMLAUTS}", sa.Integer)',
            f"the column {UMLAUTS} of books has 64 bytes, and PostgreSQL calls it {'ü' * 31}",
        ),
        (
            f'Index("{LONG}", "n")',
            f"making the index {LONG} fails: its name has 64 characters, and SQLAlchemy raises IdentifierError",
        ),
        (
            f'UniqueConstraint("n", name="{UMLAUTS}")',
            f"the constraint {UMLAUTS} has a name of 64 bytes, and PostgreSQL calls it {'ü' * 31}",
        ),
    ],
)
def test_the_message_says_what_becomes_of_the_name(args: str, message: str) -> None:
    with_message = check_found(rule, books(args), *FOUND_OBJECTS[args])
    assert [problem.message for problem in with_message] == [message]


FOUND_OBJECTS = {
    f'Column("{LONG}", sa.Integer)': [f"books.{LONG}"],
    f'Column("{UMLAUTS}", sa.Integer)': [f"books.{UMLAUTS}"],
    f'Index("{LONG}", "n")': ["books :index n"],
    f'UniqueConstraint("n", name="{UMLAUTS}")': ["books :unique n"],
}


def test_postgresql_cuts_whole_characters(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute(f'CREATE TABLE t ("{UMLAUTS}" int)')
        rows = connection.execute("SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0")
        assert rows.fetchall() == [("ü" * 31,)]


def test_the_name_of_a_table_is_marked() -> None:
    source = f"""
        class Book(SQLModel, table=True):
            __tablename__ = "{"b" * 64}"
            id: int = Field(primary_key=True)
    """
    assert marked_by(rule, source) == [f'"{"b" * 64}"']
