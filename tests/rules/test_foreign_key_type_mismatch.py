"""Foreign keys whose type holds what they refer to, and those whose type does not."""

from textwrap import dedent

import psycopg
import pytest

from fixes import fixed
from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rules.schema.foreign_key_type_mismatch import foreign_key_type_mismatch as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def tables(own: str, other: str) -> str:
    """Tables `books` and `loans` of Core, whose `book` of type `own` refers to `books.key` of type `other`."""
    return dedent(f"""
        metadata = MetaData()

        class Cents(sa.TypeDecorator):
            impl = sa.Integer
            cache_ok = True

        class Guid(sa.TypeDecorator):
            impl = sa.CHAR(32)
            cache_ok = True

            def load_dialect_impl(self, dialect):
                return dialect.type_descriptor(pg.UUID() if dialect.name == "postgresql" else sa.CHAR(32))

        class Ltree(sa.types.UserDefinedType):
            def get_col_spec(self, **kw):
                return "ltree"

        class Broken(sa.types.UserDefinedType):
            def get_col_spec(self, **kw):
                raise RuntimeError

        Table("books", metadata, Column("key", {other}, primary_key=True))
        Table(
            "loans", metadata, Column("id", sa.Integer, primary_key=True), Column("book", {own}ForeignKey("books.key"))
        )
        """)


def sqlmodel(key: str, reference: str) -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            key: {key}

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book: {reference}
        """)


def test_an_integer_that_refers_to_a_bigint_is_found_and_widened() -> None:
    (problem,) = check_found(
        rule,
        sqlmodel("int = Field(primary_key=True, sa_type=sa.BigInteger)", 'int = Field(foreign_key="books.key")'),
        "loans.book",
    )
    assert problem.message == (
        "loans.book is INTEGER and books.key is BIGINT: rows of books beyond 2,147,483,647 cannot be referred to"
    )
    assert problem.remedy == "BIGINT for loans.book"
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetType)
    assert (edit.code, edit.instead_of, edit.imports) == ("BigInteger", "Integer", ("sqlalchemy.BigInteger",))
    assert problem.fix == Fix("schema", (edit,), due='op.alter_column("loans", "book", type_=sa.BigInteger())')


def test_a_shorter_text_of_sqlmodel_is_found_and_lengthened() -> None:
    (problem,) = check_found(
        rule,
        sqlmodel("str = Field(primary_key=True, max_length=20)", 'str = Field(foreign_key="books.key", max_length=10)'),
        "loans.book",
    )
    assert problem.message.endswith("rows of books whose key is longer than 10 cannot be referred to")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (edit.name, edit.code) == ("max_length", "20")
    assert problem.fix.due == 'op.alter_column("loans", "book", type_=sa.String(20))'


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("sa.SmallInteger, ", "sa.Integer"),
        ("sa.Integer, ", "sa.Integer().with_variant(sa.BigInteger, 'postgresql')"),
        ("Cents, ", "sa.BigInteger"),
        ("sa.String(10), ", "sa.String(20)"),
        ("sa.CHAR(10), ", "sa.String(20)"),
    ],
)
def test_a_type_that_holds_less_is_found(own: str, other: str) -> None:
    check_found(rule, tables(own, other), "loans.book")


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("sa.String, ", "sa.Integer"),
        ("sa.Integer, ", "sa.String(20)"),
        ("sa.Text, ", "sa.Uuid"),
        ("sa.String(36), ", "Guid"),
        ("sa.Uuid(native_uuid=False), ", "sa.Uuid"),
        ("sa.Numeric, ", "sa.Integer"),
        ("sa.Date, ", "sa.Integer"),
    ],
)
def test_a_type_that_does_not_compare_is_found(own: str, other: str) -> None:
    (problem,) = check_found(rule, tables(own, other), "loans.book")
    assert problem.message.endswith("PostgreSQL refuses the foreign key")
    assert problem.fix is None


@pytest.mark.parametrize(
    ("own", "other", "trouble"),
    [
        ("sa.String(9, collation='C'), ", "sa.String(9, collation='POSIX')", "a join of the two fails"),
        ("sa.Text, ", "sa.Text(collation='C')", "cannot use the index of the referring column"),
        ("sa.Text(collation='C'), ", "sa.Text", "cannot use the index of books"),
    ],
)
def test_another_collation_is_found(own: str, other: str, trouble: str) -> None:
    (problem,) = check_found(rule, tables(own, other), "loans.book")
    assert trouble in problem.message
    assert problem.fix is None


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("", "sa.BigInteger"),
        ("", "sa.String(20, collation='C')"),
        ("sa.Integer, ", "sa.Integer"),
        ("sa.INTEGER, ", "sa.Integer"),
        ("sa.BigInteger, ", "sa.Integer"),
        ("sa.Integer, ", "sa.BigInteger().with_variant(sa.Integer, 'postgresql')"),
        ("sa.BigInteger().with_variant(sa.Integer, 'sqlite'), ", "sa.BigInteger"),
        ("Cents, ", "sa.Integer"),
        ("sa.Integer, ", "sa.Numeric(10, 0)"),
        ("sa.Uuid, ", "pg.UUID(as_uuid=False)"),
        ("Guid, ", "sa.Uuid"),
        ("sa.String(20), ", "sa.String(20)"),
        ("sa.String(30), ", "sa.String(20)"),
        ("sa.Text, ", "sa.String(20)"),
        ("sa.String, ", "sa.Text"),
        ("sa.String(20), ", "sa.String"),
        ("sa.String(20), ", "sa.Text"),
        ("sa.String(20), ", "sa.CHAR(20)"),
        ("sa.DateTime(timezone=True), ", "sa.DateTime"),
        ("pg.CITEXT, ", "sa.String(20)"),
        ("sa.String(20), ", "pg.CITEXT"),
        ("pg.DOMAIN('code', sa.Integer), ", "sa.Integer"),
        ("sa.Enum('a', name='kind'), ", "sa.Enum('a', name='kind')"),
        ("Ltree, ", "sa.Text"),
        ("Broken, ", "sa.Integer"),
        ("sa.dialects.mysql.TINYINT, ", "sa.Integer"),
    ],
)
def test_a_type_that_holds_it_or_is_unknown_is_fine(own: str, other: str) -> None:
    check_clean(rule, "import sqlalchemy.dialects.mysql\n" + tables(own, other))


@pytest.mark.parametrize(
    ("key", "reference"),
    [
        ("int | None = Field(default=None, primary_key=True)", 'int = Field(foreign_key="books.key")'),
        (
            "int = Field(primary_key=True, sa_column_args=[sa.Identity()])",
            'int | None = Field(foreign_key="books.key")',
        ),
        ("UUID = Field(primary_key=True)", 'UUID = Field(foreign_key="books.key")'),
        ("str = Field(primary_key=True)", 'str = Field(foreign_key="books.key", max_length=36)'),
        ("str = Field(primary_key=True, max_length=9)", 'str = Field(foreign_key="books.key")'),
        (
            "int = Field(sa_column=Column(sa.BigInteger, primary_key=True))",
            'int = Field(sa_column=Column(ForeignKey("books.key")))',
        ),
    ],
)
def test_sqlmodels_types_of_one_kind_are_fine(key: str, reference: str) -> None:
    check_clean(rule, sqlmodel(key, reference))


def test_a_mapped_column_takes_the_type_of_its_target() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
        """,
    )


def test_a_target_that_is_not_defined_is_another_rules_matter() -> None:
    check_clean(rule, tables("sa.Integer, ", "sa.BigInteger").replace('"books.key"', '"shelves.key"'))


def test_one_column_of_a_composite_key_is_found() -> None:
    check_found(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("a", sa.Integer, primary_key=True), Column("b", sa.BigInteger, primary_key=True))
        Table(
            "loans",
            metadata,
            Column("a", sa.Integer, primary_key=True),
            Column("b", sa.Integer),
            ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"]),
        )
        """,
        "loans.a, b",
    )


REFUSED = [("text", "integer"), ("integer", "text"), ("text", "uuid"), ("numeric", "integer"), ("date", "integer")]
ACCEPTED = [
    ("integer", "bigint"),
    ("bigint", "integer"),
    ("integer", "numeric"),
    ("text", "varchar(5)"),
    ("date", "timestamptz"),
]


def test_postgresql_refuses_and_accepts_as_the_page_says(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        for number, (own, other) in enumerate([*REFUSED, *ACCEPTED]):
            connection.execute(f"CREATE TABLE books{number} (key {other} PRIMARY KEY)")
            statement = f"CREATE TABLE loans{number} (book {own} REFERENCES books{number})"
            if (own, other) in REFUSED:
                with pytest.raises(psycopg.errors.DatatypeMismatch):
                    connection.execute(statement)
            else:
                connection.execute(statement)


def test_a_join_of_two_collations_fails(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute('CREATE TABLE books (key text COLLATE "C" PRIMARY KEY)')
        connection.execute('CREATE TABLE loans (book text COLLATE "POSIX" REFERENCES books)')
        connection.execute("INSERT INTO books VALUES ('a'); INSERT INTO loans VALUES ('a')")
        with pytest.raises(psycopg.errors.IndeterminateCollation):
            connection.execute("SELECT 1 FROM books JOIN loans ON book = key")


@pytest.mark.parametrize(
    ("own", "other", "widened"),
    [
        ("sa.Integer, ", "sa.BigInteger", 'Column("book", sa.BigInteger, ForeignKey("books.key"))'),
        ("sa.SmallInteger(), ", "sa.Integer", 'Column("book", sa.Integer, ForeignKey("books.key"))'),
        ("sa.String(10), ", "sa.String(20)", 'Column("book", sa.String(20), ForeignKey("books.key"))'),
    ],
)
def test_the_fix_widens_a_column_of_core(own: str, other: str, widened: str) -> None:
    assert widened in fixed(rule, tables(own, other))


def test_the_fix_widens_a_field_and_a_mapped_column() -> None:
    key = "int = Field(primary_key=True, sa_type=sa.BigInteger)"
    assert 'foreign_key="books.key", sa_type=sa.BigInteger)' in fixed(
        rule, sqlmodel(key, 'int = Field(foreign_key="books.key")')
    )
    assert "mapped_column(sa.BigInteger, ForeignKey" in fixed(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(sa.Integer, ForeignKey("books.id"))
        """,
    )


def test_a_text_of_sqlmodel_whose_length_is_not_pydantics_is_not_touched() -> None:
    (problem,) = check_found(
        rule,
        "import sqlmodel.sql.sqltypes\n"
        + sqlmodel(
            "str = Field(primary_key=True, max_length=20)",
            'str = Field(foreign_key="books.key", sa_type=sqlmodel.sql.sqltypes.AutoString(length=9))',
        ),
        "loans.book",
    )
    assert problem.fix is None
