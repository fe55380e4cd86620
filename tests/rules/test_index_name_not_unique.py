"""Names that two relations of one schema claim, and names that only look so."""

import psycopg
import pytest

from schemalint.rules.schema.index_name_not_unique import index_name_not_unique as rule
from schemalint.throwaway.server import Database
from snippets import ask, check_clean, check_found, loaded


def two(first: str, second: str, more: str = "") -> str:
    """Two tables with the further arguments `first` and `second`."""
    return f"""
        metadata = MetaData({more})
        a = Table("authors", metadata, Column("id", sa.Integer, primary_key=True), Column("name", sa.String(50)), {first})
        b = Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("name", sa.String(50)), {second})
        """


FOUND = {
    "two indexes": ('Index("ix", "name")', 'Index("ix", "name")', "books :index name"),
    "a unique constraint and an index": (
        'UniqueConstraint("name", name="x")',
        'Index("x", "name")',
        "books :index name",
    ),
    "an index and a unique constraint": (
        'Index("x", "name")',
        'UniqueConstraint("name", name="x")',
        "books :unique name",
    ),
    "a primary key and an index": (
        "",
        'Index("pk_books", "name"), sa.PrimaryKeyConstraint("id", name="pk_books")',
        "books :index name",
    ),
    "an index called as a table": ('Index("books", "name")', "", "authors :index name"),
    "an index called as its own table": ('Index("authors", "name")', "", "authors :index name"),
    "an exclusion constraint": (
        'Index("x", "name")',
        'pg.ExcludeConstraint(("name", "="), name="x", using="btree")',
        "books :exclude x",
    ),
}


@pytest.mark.parametrize(("first", "second", "found"), FOUND.values(), ids=FOUND)
def test_found(first: str, second: str, found: str) -> None:
    check_found(rule, two(first, second), found)


CLEAN = {
    "two names": ('Index("ix_a", "name")', 'Index("ix_b", "name")'),
    "no names": ("UniqueConstraint('name')", "UniqueConstraint('name')"),
    "names of index=True": ('Column("x", sa.Integer, index=True)', 'Column("x", sa.Integer, index=True)'),
    "checks, whose names are their tables'": (
        'CheckConstraint("id > 0", name="x")',
        'CheckConstraint("id > 0", name="x")',
    ),
    "a check and an index": ('CheckConstraint("id > 0", name="x")', 'Index("x", "name")'),
    "foreign keys, whose names are their tables'": (
        'ForeignKeyConstraint(["id"], ["books.id"], name="x")',
        'ForeignKeyConstraint(["id"], ["authors.id"], name="x", use_alter=True)',
    ),
    "two schemas": ('Index("ix", "name"), schema="a"', 'Index("ix", "name"), schema="b"'),
    "a schema and the default one": ('Index("ix", "name"), schema="a"', 'Index("ix", "name")'),
    "capitals": ('Index("IX", "name")', 'Index("ix", "name")'),
    "another database": ('Index("ix", "name").ddl_if(dialect="sqlite")', 'Index("ix", "name")'),
}


@pytest.mark.parametrize(("first", "second"), CLEAN.values(), ids=CLEAN)
def test_clean(first: str, second: str) -> None:
    check_clean(rule, two(first, second))


def test_two_metadata_may_be_two_databases() -> None:
    check_clean(
        rule,
        """
        a = Table("a", MetaData(), Column("id", sa.Integer, primary_key=True), Index("ix", "id"))
        b = Table("b", MetaData(), Column("id", sa.Integer, primary_key=True), Index("ix", "id"))
        """,
    )


def test_names_that_sqlalchemy_makes_may_meet() -> None:
    (problem,) = check_found(
        rule,
        """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("b_c", sa.Integer, index=True))
        Table("a_b", metadata, Column("id", sa.Integer, primary_key=True), Column("c", sa.Integer, index=True))
        """,
        "a_b :index c",
    )
    assert problem.message == (
        'making the index ix_a_b_c of a_b fails: relation "ix_a_b_c" already exists, as the index ix_a_b_c of a'
    )


@pytest.mark.parametrize(
    ("index", "remedy"),
    [
        ('Index("ix_books_shelf", "shelf")', "leave one of the two out"),
        ('Index("ix_books_shelf", "shelf", unique=True)', "a name of its own, such as ix_books_books_shelf"),
        ('Index("ix_books_shelf", "slot")', "a name of its own, such as ix_books_books_shelf"),
        ('UniqueConstraint("shelf", name="ix_books_shelf")', "a name of its own, such as ix_books_books_shelf"),
    ],
)
def test_one_index_that_stands_twice_needs_no_second_name(index: str, remedy: str) -> None:
    source = f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            __table_args__ = ({index},)

            id: int | None = Field(default=None, primary_key=True)
            shelf: int = Field(index=True)
            slot: int
        """
    with loaded(source) as schema:
        (problem,) = ask(rule, schema, {})
    assert problem.remedy == remedy


def test_a_naming_convention_without_the_table_names_all_alike() -> None:
    check_found(
        rule,
        two('UniqueConstraint("name")', 'UniqueConstraint("name")', 'naming_convention={"uq": "uq_%(column_0_name)s"}'),
        "books :unique name",
    )


def test_a_mixins_name_is_one_for_all_its_tables() -> None:
    check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Named:
            name: Mapped[str]
            @declared_attr.directive
            def __table_args__(cls): return (Index("ix_name", "name"),)

        class A(Named, Base):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)

        class B(Named, Base):
            __tablename__ = "b"
            id: Mapped[int] = mapped_column(primary_key=True)

        class C(Named, Base):
            __tablename__ = "c"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "b :index name",
        "c :index name",
    )


def test_a_table_of_another_system_may_have_the_name_already() -> None:
    source = two('Index("ix", "name")', 'Index("ix", "name")')
    with loaded(source, external_tables=("authors",)) as schema:
        assert [schema.place(one.part).object for one in ask(rule, schema, {})] == ["books :index name"]
    with loaded(source, external_tables=("books",)) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_proposal_holds_the_tables_name() -> None:
    (problem,) = check_found(rule, two('Index("ix_name", "name")', 'Index("ix_name", "name")'), "books :index name")
    assert problem.remedy == "a name of its own, such as ix_books_name"


@pytest.mark.parametrize(
    "second",
    ["CREATE INDEX x ON b (id)", "ALTER TABLE b ADD CONSTRAINT x UNIQUE (id)", "CREATE TABLE x (id int)"],
)
def test_postgresql_has_one_name_for_all_of_them(database: Database, second: str) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE a (id int); CREATE INDEX x ON a (id); CREATE TABLE b (id int)")
        with pytest.raises(psycopg.errors.DuplicateTable):
            connection.execute(second)
