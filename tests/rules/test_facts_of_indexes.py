"""What the rules about keys and indexes take for granted, asked of PostgreSQL itself."""

from collections.abc import Iterator

import psycopg
import pytest

from schemalint.throwaway.server import Database


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url, autocommit=True) as connection:
        yield connection


def test_unique_constraints_that_repeat_a_key_of_the_same_create_table_are_merged(
    connection: psycopg.Connection,
) -> None:
    connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int, UNIQUE (id), CONSTRAINT a UNIQUE (n), CONSTRAINT b UNIQUE (n))"
    )
    rows = connection.execute("SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1").fetchall()
    assert rows == [("a",), ("t_pkey",)]


def test_a_partial_index_of_the_rows_that_have_a_parent_answers_the_foreign_keys_question(
    connection: psycopg.Connection,
) -> None:
    connection.execute("CREATE TABLE t (book_id int); CREATE INDEX ix ON t (book_id) WHERE book_id IS NOT NULL")
    assert "Index" in plan(connection, "SELECT 1 FROM ONLY t WHERE 1 = book_id FOR KEY SHARE")


def test_an_index_that_leads_with_another_column_of_the_key_answers_it_as_well(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (tenant_id int, book_id int); CREATE INDEX ix ON t (book_id)")
    assert "Index" in plan(connection, "SELECT 1 FROM ONLY t WHERE tenant_id = 1 AND book_id = 2 FOR KEY SHARE")


@pytest.mark.parametrize("method", ["btree", "hash"])
def test_equality_is_answered_in_whatever_direction_an_index_is_built(
    connection: psycopg.Connection, method: str
) -> None:
    direction = "DESC NULLS LAST" if method == "btree" else ""
    connection.execute(f"CREATE TABLE t (book_id int); CREATE INDEX ix ON t USING {method} (book_id {direction})")
    assert "Index" in plan(connection, "SELECT 1 FROM ONLY t WHERE book_id = 1 FOR KEY SHARE")


def test_set_null_on_a_not_null_column_refuses_to_delete_the_parent(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE books (id int PRIMARY KEY)")
    connection.execute("CREATE TABLE loans (book_id int NOT NULL REFERENCES books ON DELETE SET NULL)")
    connection.execute("INSERT INTO books VALUES (1); INSERT INTO loans VALUES (1)")
    with pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute("DELETE FROM books")


def plan(connection: psycopg.Connection, query: str) -> str:
    """Return PostgreSQL's plan, a sequential scan forbidden as far as another one is possible."""
    connection.execute("SET enable_seqscan = off")
    return "\n".join(line for (line,) in connection.execute(f"EXPLAIN {query}"))
