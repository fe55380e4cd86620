"""The facts of a database as PostgreSQL prints them."""

from collections.abc import Iterator

import psycopg
import pytest

from schemalint.loaders.catalog import read_catalog
from schemalint.subjects.catalog import (
    Catalog,
    ColumnFact,
    ConstraintFact,
    EnumFact,
    IndexColumn,
    IndexFact,
    Key,
    TableFact,
    identifier,
    quoted,
)
from schemalint.throwaway.server import Database

TABLE = Key("table", "public", "t")


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url, autocommit=True) as connection:
        yield connection


def read(
    connection: psycopg.Connection, sql: str = "", schema: str = "public", only: set[Key] | None = None
) -> Catalog:
    connection.execute(sql.encode())

    def ask(statement: str) -> str:
        row = connection.execute(statement.encode()).fetchone()
        assert row
        return str(row[0])

    return read_catalog(ask, connection.info.server_version // 10000, schema, only)


def column(catalog: Catalog, name: str) -> ColumnFact:
    fact = catalog.get(ColumnFact, Key("column", "public", "t", name))
    assert fact
    return fact


def test_empty_database_has_no_facts(connection: psycopg.Connection) -> None:
    assert list(read(connection)) == []


def test_same_tables_have_equal_facts_whatever_was_there_before(connection: psycopg.Connection) -> None:
    sql = "CREATE TABLE t (id serial PRIMARY KEY, a text DEFAULT 'x' CHECK (a <> ''), UNIQUE (a)); CREATE INDEX ON t (lower(a));"
    first = read(connection, sql)
    second = read(connection, f"DROP TABLE t; CREATE TABLE u (id int); DROP TABLE u; {sql}")
    assert first == second


def test_column_is_described_in_the_words_of_postgresql(connection: psycopg.Connection) -> None:
    catalog = read(
        connection,
        """CREATE TABLE t (a varchar(10) COLLATE "C" NOT NULL DEFAULT 'x', b int GENERATED ALWAYS AS IDENTITY,
        c int GENERATED ALWAYS AS (1 + 2) STORED, d serial); COMMENT ON COLUMN t.a IS 'said'""",
    )
    assert column(catalog, "a") == ColumnFact(
        "character varying(10)", '"C"', not_null=True, default="'x'::character varying", identity="", generated="", sequence=None, comment="said"
    )  # fmt: skip
    assert (column(catalog, "b").identity, column(catalog, "b").is_serial) == ("a", False)
    assert (column(catalog, "c").generated, column(catalog, "c").default) == ("s", "(1 + 2)")
    assert column(catalog, "d").is_serial


def test_index_is_described_column_by_column(connection: psycopg.Connection) -> None:
    catalog = read(
        connection,
        """CREATE TABLE t (a text, b int);
        CREATE INDEX ix ON t (a text_pattern_ops DESC, lower(a) COLLATE "C") INCLUDE (b) WITH (fillfactor=70) WHERE b > 1""",
    )
    index = catalog.get(IndexFact, Key("index", "public", "t", "ix"))
    assert index
    assert index.columns == (
        IndexColumn("a", operator_class="text_pattern_ops", descending=True, nulls_first=True),
        IndexColumn("lower(a)", collation='"C"'),
    )
    assert (index.include, index.options, index.predicate) == (("b",), ("fillfactor=70",), "(b > 1)")


def test_foreign_key_not_valid_is_a_fact_of_its_own(connection: psycopg.Connection) -> None:
    catalog = read(
        connection,
        "CREATE TABLE t (id int PRIMARY KEY, a int); ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES t NOT VALID",
    )
    key = catalog.get(ConstraintFact, Key("constraint", "public", "t", "fk"))
    assert key
    assert (key.definition, key.validated) == ("FOREIGN KEY (a) REFERENCES t(id)", False)


def test_labels_are_in_their_order(connection: psycopg.Connection) -> None:
    catalog = read(connection, "CREATE TYPE st AS ENUM ('b'); ALTER TYPE st ADD VALUE 'a' BEFORE 'b'")
    assert catalog.get(EnumFact, Key("enum", "public", "st")) == EnumFact(("a", "b"), is_used=False)


def test_what_an_extension_owns_is_left_out(connection: psycopg.Connection) -> None:
    assert list(read(connection, "CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm")) == []


def test_only_the_wanted_tables_are_read(connection: psycopg.Connection) -> None:
    catalog = read(connection, "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int)", only={TABLE})
    assert list(catalog.of(TableFact)) == [TABLE]
    assert {key.relation for key in catalog} == {"t"}


def test_search_path_is_put_back(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA app; SET search_path TO app, public")
    read(connection, schema="app")
    assert connection.execute("SHOW search_path").fetchone() == ("app, public",)


def test_names_of_the_default_schema_are_short_and_others_long(connection: psycopg.Connection) -> None:
    sql = 'CREATE SCHEMA "My app"; CREATE TABLE "My app".p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES "My app".p)'
    key = Key("constraint", "public", "t", "t_a_fkey")
    catalog = read(connection, sql)
    fact = catalog.get(ConstraintFact, key)
    assert fact
    assert fact.definition == 'FOREIGN KEY (a) REFERENCES "My app".p(id)'
    assert (catalog.full_name(TABLE), catalog.full_name(Key("table", "My app", "p"))) == ("t", "My app.p")
    inside = read(connection, schema="My app").get(ConstraintFact, key)
    assert inside
    assert inside.definition == "FOREIGN KEY (a) REFERENCES p(id)"


def test_names_with_quotes_and_percent_signs_are_read(connection: psycopg.Connection) -> None:
    name = """a"b'c%d:e"""
    connection.execute(f"CREATE TABLE {identifier(name)} (a int)".encode())
    key = Key("table", "public", name)
    assert list(read(connection, only={key}).of(TableFact)) == [key]
    assert connection.execute(f"SELECT {quoted(name)}".encode()).fetchone() == (name,)
