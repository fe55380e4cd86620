"""Indexes that look into nothing or cannot be made, and indexes that only look so."""

import psycopg
import pytest

from schemalint.fix import AddTableArgument, DropArgument, SetArgument
from schemalint.rules.schema.index_method_mismatch import UNKNOWN
from schemalint.rules.schema.index_method_mismatch import index_method_mismatch as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def books(args: str) -> str:
    return f"""
        metadata = MetaData()
        books = Table(
            "books",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("title", sa.String(50)),
            Column("isbn", sa.Uuid),
            Column("data", sa.JSON().with_variant(pg.JSONB(), "postgresql")),
            Column("old", sa.JSON),
            Column("tags", pg.ARRAY(sa.Text)),
            Column("path", sa.ARRAY(sa.Integer)),
            Column("words", pg.TSVECTOR),
            Column("extra", pg.HSTORE),
            Column("lent", pg.TSTZRANGE),
            {args}
        )
        """


FOUND = {
    "btree on JSONB": ('Index("ix", "data"),', "data"),
    "btree on an array": ('Index("ix", "tags"),', "tags"),
    "btree on a tsvector": ('Index("ix", "words"),', "words"),
    "btree on hstore": ('Index("ix", "extra"),', "extra"),
    "btree on a range": ('Index("ix", "lent"),', "lent"),
    "btree on several of which one is an array": ('Index("ix", "title", "tags"),', "title, tags"),
    "btree that is written": ('Index("ix", "tags", postgresql_using="btree"),', "tags"),
    "btree on JSON": ('Index("ix", "old"),', "old"),
    "GIN on JSON": ('Index("ix", "old", postgresql_using="GIN"),', "old"),
    "unique index on JSON": ('Index("ix", "old", unique=True),', "old"),
    "GiST on JSONB": ('Index("ix", "data", postgresql_using="gist"),', "data"),
    "GIN on a range": ('Index("ix", "lent", postgresql_using="gin"),', "lent"),
    "hash on a tsvector": ('Index("ix", "words", postgresql_using="hash"),', "words"),
    "GIN on a text": ('Index("ix", "title", postgresql_using="gin"),', "title"),
    "GIN on a UUID": ('Index("ix", "isbn", postgresql_using="gin"),', "isbn"),
}


@pytest.mark.parametrize(("args", "columns"), FOUND.values(), ids=FOUND)
def test_found(args: str, columns: str) -> None:
    check_found(rule, books(args), f"books :index {columns}")


CLEAN = {
    "btree on scalars": 'Index("ix", "title", "isbn"),',
    "hash on a scalar": 'Index("ix", "title", postgresql_using="hash"),',
    "GIN on JSONB": 'Index("ix", "data", postgresql_using="gin"),',
    "GIN on JSONB with an operator class": 'Index("ix", "data", postgresql_using="gin", postgresql_ops={"data": "jsonb_path_ops"}),',
    "GIN on an array": 'Index("ix", "tags", postgresql_using="gin"),',
    "GIN on a tsvector": 'Index("ix", "words", postgresql_using="gin"),',
    "GiST on a tsvector": 'Index("ix", "words", postgresql_using="gist"),',
    "GiST on an array, which intarray brings": 'Index("ix", "tags", postgresql_using="gist"),',
    "GiST on a range": 'Index("ix", "lent", postgresql_using="gist"),',
    "SP-GiST on a range": 'Index("ix", "lent", postgresql_using="spgist"),',
    "GIN on a text with trigrams": 'Index("ix", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),',
    "GIN on a text with trigrams, in SQL": 'Index("ix", text("title gin_trgm_ops"), postgresql_using="gin"),',
    "GIN on a number beside a document, as btree_gin allows": 'Index("ix", "id", "data", postgresql_using="gin"),',
    "hash on a whole document": 'Index("ix", "data", postgresql_using="hash"),',
    "a unique index on an array": 'Index("ix", "tags", unique=True),',
    "a unique constraint on an array": 'UniqueConstraint("tags"),',
    "a btree with an operator class": 'Index("ix", "data", postgresql_ops={"data": "jsonb_ops"}),',
    "a btree with a direction": 'Index("ix", text("tags DESC")),',
    "a materialised path": 'Index("ix", "path"),',
    "a key of a document": 'Index("ix", text("(data ->> \'color\')")),',
    "a vector": 'Index("ix", text("to_tsvector(\'english\', title)"), postgresql_using="gin"),',
    "an included array": 'Index("ix", "title", postgresql_include=["tags"]),',
    "a condition that is decided later": 'Index("ix", "tags").ddl_if(dialect="sqlite"),',
}


@pytest.mark.parametrize("args", CLEAN.values(), ids=CLEAN)
def test_clean(args: str) -> None:
    check_clean(rule, books(args))


def test_type_of_the_project_is_nobodys_business() -> None:
    check_clean(
        rule,
        """
        class Vector(sa.types.UserDefinedType):
            cache_ok = True
            def get_col_spec(self, **kw): return "VECTOR(3)"

        t = Table("books", MetaData(), Column("id", sa.Integer, primary_key=True), Column("v", Vector, index=True),
            Column("w", Vector), Index("ix_w", "w", postgresql_using="gin"))
        """,
    )


def test_type_decorator_is_what_postgresql_makes_of_it() -> None:
    check_found(
        rule,
        """
        class Tags(sa.types.TypeDecorator):
            impl = sa.JSON
            cache_ok = True
            def load_dialect_impl(self, dialect): return dialect.type_descriptor(pg.ARRAY(sa.Text()))

        t = Table("books", MetaData(), Column("id", sa.Integer, primary_key=True), Column("tags", Tags, index=True))
        """,
        "books :index tags",
    )


TAGGED = """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        tags: list[str] = Field(sa_type=pg.ARRAY(sa.Text), index=True)
"""


def test_index_of_its_column_becomes_one_of_the_table() -> None:
    (problem,) = check_found(rule, TAGGED, "books :index tags")
    assert problem.message == (
        "ix_books_tags is a btree over whole values: it finds nothing inside tags, and refuses a long one"
    )
    assert problem.fix is not None
    dropped, added = problem.fix.edits
    assert isinstance(dropped, DropArgument)
    assert dropped.name == "index"
    assert isinstance(added, AddTableArgument)
    assert added.code == 'Index(None, "tags", postgresql_using="gin")'
    assert added.imports == ("sqlalchemy.Index",)
    assert problem.fix.due == (
        'op.drop_index("ix_books_tags", table_name="books"); '
        'op.create_index("ix_books_tags", "books", ["tags"], postgresql_using="gin")'
    )


def test_index_of_the_table_gets_another_method() -> None:
    (problem,) = check_found(rule, books('Index("ix", "lent"), schema="library",'), "library.books :index lent")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (edit.name, edit.code) == ("postgresql_using", '"gist"')
    assert 'schema="library"' in problem.fix.due


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "title", "tags"),',
        'Index("ix", "old"),',
        'Index("ix", "title", postgresql_using="gin"),',
    ],
)
def test_what_needs_a_decision_has_no_fix(args: str) -> None:
    with_problem = FOUND_BY_ARGS[args]
    (problem,) = check_found(rule, books(args), f"books :index {with_problem}")
    assert problem.remedy
    assert problem.fix is None


FOUND_BY_ARGS = dict(FOUND.values())


def test_index_of_a_mixin_has_no_fix() -> None:
    found = check_found(
        rule,
        """
        class Tagged(SQLModel):
            tags: list[str] = Field(sa_type=pg.ARRAY(sa.Text), index=True)

        class Book(Tagged, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "books :index tags",
    )
    assert [problem.fix for problem in found] == [None]


TYPES = {"JSON": "json", "JSONB": "jsonb", "TSVECTOR": "tsvector", "RANGE": "int4range"}


@pytest.mark.parametrize(("kind", "method"), sorted(UNKNOWN))
def test_postgresql_has_no_operator_class_for_these(database: Database, kind: str, method: str) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute(f"CREATE TABLE t (c {TYPES[kind]})")
        with pytest.raises(psycopg.errors.UndefinedObject, match="no default operator class"):
            connection.execute(f"CREATE INDEX ON t USING {method} (c)")


def test_a_btree_refuses_a_long_document(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE t (c jsonb); CREATE INDEX ON t (c)")
        with pytest.raises(psycopg.errors.ProgramLimitExceeded, match="maximum size is 8191"):
            connection.execute(
                "INSERT INTO t SELECT to_jsonb(string_agg(md5(i::text), '')) FROM generate_series(1, 300) i"
            )
