"""SQL given as a Python string, which becomes a quoted text."""

import psycopg
import pytest

from schemalint.fix import DropArgument, Fix, SetArgument
from schemalint.rules.schema.server_default_is_literal import server_default_is_literal
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

TABLE = """
    class Color(Enum):
        red = 1
        blue = 2

    class Upper(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    t = Table("tasks", MetaData(), Column("c", {kind}, server_default={default}))
"""
STAMP = "sa.DateTime(timezone=True)"


def tasks(kind: str, default: str) -> str:
    return TABLE.format(kind=kind, default=default)


def test_frozen_clock_is_found_and_fixed() -> None:
    (problem,) = check_found(server_default_is_literal, tasks(STAMP, '"now()"'), "tasks.c")
    assert problem.message == (
        "tasks.c is the time at which the table was made, in every row that does not bring its own: DEFAULT 'now()' is read once"
    )
    assert problem.remedy == "server_default=func.now()"
    assert problem.at == "server_default"
    assert problem.fix == Fix(
        "schema",
        (SetArgument(problem.part, "server_default", "func.now()", imports=("sqlalchemy.func",)),),
        'op.alter_column("tasks", "c", server_default=sa.func.now())',
    )


FROZEN = "is the time at which the table was made"
KEPT = "holds the text"
REFUSED = "CREATE TABLE tasks fails"
CASES = [
    # type, default, what happens, what to write
    (STAMP, "NOW()", FROZEN, "func.now()"),
    ("sa.TIMESTAMP", "now", FROZEN, "func.now()"),
    ("sa.Date", "today", FROZEN, 'text("CURRENT_DATE")'),
    ("sa.Time", "now()", FROZEN, "func.now()"),
    (STAMP, "CURRENT_TIMESTAMP", REFUSED, "func.now()"),
    (STAMP, "clock_timestamp()", REFUSED, 'text("clock_timestamp()")'),
    (STAMP, "timezone('utc', now())", REFUSED, "text(\"timezone('utc', now())\")"),
    ("sa.Date", "CURRENT_DATE", REFUSED, 'text("CURRENT_DATE")'),
    (STAMP, "now()::timestamp", REFUSED, 'text("now()::timestamp")'),
    ("sa.Uuid", "gen_random_uuid()", REFUSED, "func.gen_random_uuid()"),
    ("pg.UUID(as_uuid=True)", "uuid_generate_v4()", REFUSED, 'text("uuid_generate_v4()")'),
    ("sa.Integer", "nextval('numbers'::regclass)", REFUSED, "text(\"nextval('numbers'::regclass)\")"),
    ("sa.Integer", "'0'", REFUSED, '"0"'),
    ("sa.Boolean", "'true'", REFUSED, '"true"'),
    ("sa.Boolean", "NULL", REFUSED, ""),
    ("pg.JSONB", "'{}'::jsonb", REFUSED, '"{}"'),
    ("pg.JSONB", "'[]'", REFUSED, '"[]"'),
    ("sa.JSON", "jsonb_build_object()", REFUSED, 'text("jsonb_build_object()")'),
    ("pg.ARRAY(sa.String)", "ARRAY[]::varchar[]", REFUSED, 'text("ARRAY[]::varchar[]")'),
    ("pg.ARRAY(sa.String)", "'{}'", REFUSED, '"{}"'),
    ("sa.Enum(Color)", "'red'", REFUSED, '"red"'),
    ("sa.String", "'draft'", KEPT, '"draft"'),
    ("sa.Text", "''", KEPT, '""'),
    ("sa.String", "'it''s'::text", KEPT, '"it\'s"'),
    ("sa.String", "NULL", KEPT, ""),
    ("sa.String(36)", "gen_random_uuid()", KEPT, "func.gen_random_uuid()"),
    ("sa.String", "now()::text", KEPT, 'text("now()::text")'),
    ("sa.Text", "CURRENT_TIMESTAMP", KEPT, "func.now()"),
    ("Upper", "'draft'", KEPT, '"draft"'),
]


@pytest.mark.parametrize(("kind", "default", "effect", "code"), CASES)
def test_sql_in_a_string_is_found(kind: str, default: str, effect: str, code: str) -> None:
    (problem,) = check_found(server_default_is_literal, tasks(kind, repr(default)), "tasks.c")
    assert effect in problem.message
    assert problem.remedy == (f"server_default={code}" if code else "no server_default")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    if code:
        assert isinstance(edit, SetArgument)
        assert edit.code == code
        check_clean(server_default_is_literal, tasks(kind, code))
    else:
        assert edit == DropArgument(problem.part, "server_default")


def test_fields_of_models_are_found() -> None:
    (problem,) = check_found(
        server_default_is_literal,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            __table_args__ = {"schema": "work"}
            id: int | None = Field(default=None, primary_key=True)
            state: str = Field(default="draft", sa_column_kwargs={"server_default": "'draft'"})
        """,
        "work.tasks.state",
    )
    assert problem.remedy == 'sa_column_kwargs={"server_default": "draft"}'
    assert problem.fix is not None
    assert problem.fix.due == 'op.alter_column("tasks", "state", server_default="draft", schema="work")'


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (STAMP, "func.now()"),
        (STAMP, 'text("now()")'),
        (STAMP, "sa.FetchedValue()"),
        (STAMP, '"2024-01-01"'),
        (STAMP, "\"'2024-01-01'\""),
        (STAMP, '"infinity"'),
        (STAMP, '"epoch"'),
        ("sa.Boolean", '"true"'),
        ("sa.Boolean", '"FALSE"'),
        ("sa.Boolean", '"0"'),
        ("sa.Boolean", "sa.true()"),
        ("sa.Integer", '"0"'),
        ("sa.Integer", '" 1 "'),
        ("sa.Numeric", '"0.00"'),
        ("sa.Float", '"1e3"'),
        ("pg.JSONB", '"{}"'),
        ("pg.JSONB", '"null"'),
        ("pg.JSONB", "'\"now()\"'"),
        ("sa.JSON", '\'{"a": "b(c)"}\''),
        ("pg.ARRAY(sa.String)", '"{}"'),
        ("sa.Uuid", '"00000000-0000-0000-0000-000000000000"'),
        ("sa.Interval", '"1 day"'),
        ("sa.Enum(Color)", '"red"'),
        ("sa.Enum(\"now()\", \"'a'\", name='odd')", '"now()"'),
        ("sa.Enum(\"now()\", \"'a'\", name='odd')", "\"'a'\""),
        ("sa.String", '"draft"'),
        ("sa.String", '""'),
        ("sa.String", '"now"'),
        ("sa.String", '"null"'),
        ("sa.String", '"rgb(0, 0, 0)"'),
        ("sa.String", '"N/A (unknown)"'),
        ("sa.String", '"now() and then"'),
        ("sa.String", '"it\'s"'),
        ("sa.String", "\"'a' or 'b'\""),
        ("sa.String", '"std::string"'),
        ("sa.String", "'\"draft\"'"),
        ("sa.Text", "text(\"'draft'\")"),
        ("Upper", '"draft"'),
        ("pg.INET", '"0.0.0.0"'),
        ("pg.TSTZRANGE", '"[,)"'),
    ],
)
def test_constants_and_expressions_are_fine(kind: str, default: str) -> None:
    check_clean(server_default_is_literal, tasks(kind, default))


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        *(("uuid", text) for text in ("gen_random_uuid()", "uuid_generate_v4()")),
        *(("timestamptz", text) for text in ("CURRENT_TIMESTAMP", "clock_timestamp()", "now()::timestamp")),
        *(("jsonb", text) for text in ("'{}'", "'{}'::jsonb", "NULL")),
        *(("boolean", text) for text in ("'true'", "NULL")),
        *(("text[]", text) for text in ("'{}'", "ARRAY[]::text[]")),
        *(("int", text) for text in ("'0'", "nextval('numbers')")),
    ],
)
def test_postgresql_refuses_what_we_say_it_refuses(database: Database, kind: str, default: str) -> None:
    quoted = default.replace("'", "''")
    with psycopg.connect(database.url) as connection, pytest.raises(psycopg.Error):
        connection.execute(f"CREATE TABLE t (c {kind} DEFAULT '{quoted}')".encode())


def test_postgresql_reads_a_quoted_now_once(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE t (id int, c timestamptz DEFAULT 'now()')")
        connection.commit()
        connection.execute("INSERT INTO t VALUES (1)")
        assert connection.execute("SELECT c < now() FROM t").fetchone() == (True,)
