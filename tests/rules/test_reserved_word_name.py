"""Names that PostgreSQL reserves, asked of PostgreSQL itself, and names that it does not."""

import psycopg
import pytest

from schemalint.fix import SetAttribute, SetText
from schemalint.rules.schema._keywords import RESERVED
from schemalint.rules.schema.reserved_word_name import EXAMPLES
from schemalint.rules.schema.reserved_word_name import reserved_word_name as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, marked_by

SINCE_16 = {"system_user"}


def test_the_words_are_those_of_postgresql(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        rows = connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')").fetchall()
    assert {word for (word,) in rows} | SINCE_16 == RESERVED


def test_a_column_of_each_word_must_be_quoted(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        for word in sorted(RESERVED - SINCE_16):
            # CREATE TABLE t (like int) means the columns of a table called int.
            with pytest.raises((psycopg.errors.SyntaxError, psycopg.errors.UndefinedTable)), connection.transaction():
                connection.execute(f"CREATE TABLE t ({word} int)")
            connection.execute(f'CREATE TEMPORARY TABLE "{word}" ("{word}" int)')


def table(name: str, *columns: str) -> str:
    written = ", ".join(f'Column("{column}", sa.Integer)' for column in columns)
    return f't = Table("{name}", MetaData(), Column("id", sa.Integer, primary_key=True), {written})'


@pytest.mark.parametrize("word", ["user", "order", "group", "default", "end", "limit", "desc", "left", "ilike"])
def test_found_as_a_column_and_as_a_table(word: str) -> None:
    check_found(rule, table("tasks", word), f"tasks.{word}")
    check_found(rule, table(word), word)


@pytest.mark.parametrize(
    "name",
    [
        "users",
        "orders",
        "value",
        "date",
        "name",
        "type",
        "position",
        "key",
        "role",
        "status",
        "User",
        "timestamp",
        "level",
        "count",
    ],
)
def test_clean(name: str) -> None:
    check_clean(rule, table("tasks", name))
    check_clean(rule, table(name))


def test_words_that_the_project_accepts_are_fine() -> None:
    check_clean(rule, table("order", "order"), also_fine=("order",))
    check_found(rule, table("order", "user"), "order.user", also_fine=("order",))


def test_user_is_worse_than_a_syntax_error() -> None:
    (problem,) = check_found(rule, table("user"), "user")
    assert problem.message == (
        'user is a reserved word: without quotes it is the role that is logged in, so all SQL must write "user" to mean this one'
    )


def test_user_without_quotes_is_the_role(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute('CREATE TABLE "user" (id int)')
        assert (
            connection.execute("SELECT * FROM user").fetchall() == connection.execute("SELECT current_user").fetchall()
        )


def test_words_that_sqlalchemy_does_not_quote_fail_at_once() -> None:
    (problem,) = check_found(rule, table("tasks", "lateral"), "tasks.lateral")
    assert problem.message.endswith("SQLAlchemy does not quote it, and CREATE TABLE is a syntax error")


def test_a_word_that_the_author_quotes_is_quoted() -> None:
    source = 't = Table("tasks", MetaData(), Column(sa.sql.quoted_name("lateral", quote=True), sa.Integer, primary_key=True))'
    (problem,) = check_found(rule, source, "tasks.lateral")
    assert problem.message.endswith('all SQL must write it quoted, "lateral"')


def test_every_example_is_for_a_reserved_word() -> None:
    assert EXAMPLES.keys() <= RESERVED
    for names in EXAMPLES.values():
        assert RESERVED.isdisjoint(names.split(", "))


def test_a_table_is_renamed_with_the_foreign_keys_that_name_it() -> None:
    (problem,) = check_found(
        rule,
        """
        class User(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            owner_id: int = Field(foreign_key="user.id")
        """,
        "user",
    )
    assert problem.remedy == '"users", or another name'
    assert problem.fix is not None
    named, key = problem.fix.edits
    assert isinstance(named, SetAttribute)
    assert (named.name, named.code) == ("__tablename__", '"users"')
    assert isinstance(key, SetText)
    assert (key.old, key.new) == ("user.id", "users.id")
    assert problem.fix.due == (
        'op.rename_table("user", "users"), and new names for its indexes and constraints that bear the old one'
    )


def test_a_word_whose_plural_is_the_word_has_no_proposal() -> None:
    (problem,) = check_found(rule, table("references"), "references")
    assert problem.remedy == "another name"
    assert problem.fix is None


def test_the_name_of_a_table_is_marked() -> None:
    source = """
        class User(SQLModel, table=True):
            __tablename__ = "user"
            id: int = Field(primary_key=True)
    """
    assert marked_by(rule, source) == ['"user"']
