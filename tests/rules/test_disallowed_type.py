"""Types that do not do what they seem to do, and types that a project does not want."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from schemalint.rules.schema.disallowed_type import disallowed_type as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def table(kind: str, name: str = "nickname", more: str = "") -> str:
    return f"""
        class Own(sa.TypeDecorator):
            impl = sa.Integer
            cache_ok = True

        class Xml(sa.types.UserDefinedType):
            def get_col_spec(self, **kw):
                return "XML"

        t = Table("members", MetaData(), Column("number", sa.Integer, primary_key=True), Column("{name}", {kind}){more})
        """


@pytest.mark.parametrize(
    ("kind", "message", "remedy"),
    [
        (
            "sa.CHAR(30)",
            "is CHAR(30), which PostgreSQL pads with blanks that vanish again in casts and comparisons",
            "String(n), or Text",
        ),
        (
            "pg.MONEY",
            "is MONEY, whose digits depend on the server's lc_monetary",
            "Numeric(12, 2), and a column for the currency",
        ),
        (
            "sa.Time(timezone=True)",
            "is TIME WITH TIME ZONE, whose offset means nothing without a date",
            "DateTime(timezone=True) for a moment, Time for a time of the day",
        ),
        (
            "pg.TIMESTAMP(precision=0)",
            "is TIMESTAMP(0) WITHOUT TIME ZONE, which rounds: what happened just now lies up to half a second in the future",
            "no precision, and date_trunc('second', ...) where it is shown",
        ),
    ],
)
def test_types_that_do_not_do_what_they_seem_to_do_are_found(kind: str, message: str, remedy: str) -> None:
    (problem,) = check_found(rule, table(kind), "members.nickname")
    assert problem.message == f"members.nickname {message}"
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    "kind",
    [
        "sa.CHAR(10)",
        "sa.CHAR(30, collation='C')",
        "sa.NCHAR(30).with_variant(sa.CHAR(30), 'postgresql')",
        "sa.String(30).with_variant(sa.CHAR(30), 'postgresql')",
        "pg.ARRAY(sa.CHAR(30))",
        "pg.TIME(timezone=True, precision=0)",
        "pg.TIMESTAMP(timezone=True, precision=0)",
    ],
)
def test_they_are_found_in_every_spelling(kind: str) -> None:
    check_found(rule, table(kind), "members.nickname")


def test_fields_of_models_are_found() -> None:
    check_found(
        rule,
        """
        class Member(SQLModel, table=True):
            __tablename__ = "members"
            id: int | None = Field(default=None, primary_key=True)
            name: str = Field(sa_type=sa.CHAR(30))

        class Base(DeclarativeBase): ...

        class Shop(Base):
            __tablename__ = "shops"
            id: Mapped[int] = mapped_column(primary_key=True)
            opens: Mapped[time] = mapped_column(sa.Time(timezone=True))
        """,
        "members.name",
        "shops.opens",
    )


@pytest.mark.parametrize(
    "kind",
    [
        "sa.CHAR", "sa.CHAR(1)", "sa.CHAR(2)", "sa.CHAR(3)", "sa.CHAR(26)", "sa.CHAR(32)", "sa.CHAR(36)", "sa.CHAR(40)", "sa.CHAR(64)", "sa.Uuid(native_uuid=False)",
        "sa.String(30)", "sa.Text", "sa.Time", "sa.DateTime", "sa.DateTime(timezone=True)", "pg.TIMESTAMP(precision=3)", "pg.TIMESTAMP(timezone=True, precision=6)",
        "sa.Enum('a', name='money')", "pg.DOMAIN('money', sa.Numeric(12, 2))", "sa.Numeric(12, 2)", "Own", "Xml", "sa.types.NullType()",
        "sa.CHAR(30).with_variant(sa.String(30), 'postgresql')", "pg.MONEY().with_variant(sa.Numeric(12, 2), 'postgresql')", "pg.HSTORE",
    ],
)  # fmt: skip
def test_other_types_and_values_of_one_length_are_fine(kind: str) -> None:
    check_clean(rule, table(kind))


@pytest.mark.parametrize("name", ["country_code", "token_hash", "iban", "external_id", "sha256", "zip", "vin"])
def test_char_for_what_is_called_a_code_or_a_hash_is_fine(name: str) -> None:
    check_clean(rule, table("sa.CHAR(17)", name))


@pytest.mark.parametrize(
    "more",
    [
        ', UniqueConstraint("nickname")',
        ', Index("uq", "nickname", unique=True)',
        ', ForeignKeyConstraint(["nickname"], ["others.nickname"])',
        ', CheckConstraint("length(nickname) = 30")',
    ],
)
def test_char_that_is_a_key_or_has_a_check_is_fine(more: str) -> None:
    check_clean(rule, table("sa.CHAR(30)", more=more))


def test_char_that_is_a_primary_key_is_fine() -> None:
    check_clean(rule, 't = Table("members", MetaData(), Column("nickname", sa.CHAR(30), primary_key=True))')


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("xml", "Xml"), ("XML", "Xml"), ("hstore", "pg.HSTORE"), ("json", "sa.JSON"), ("char(2)", "sa.CHAR(2)"), ("character(2)", "sa.CHAR(2)"), ("numeric(12,2)", "sa.Numeric(12, 2)"),
        ("numeric", "sa.Numeric(12, 2)"), ("decimal", "sa.Numeric"), ("timestamp", "sa.DateTime"), ("timestamp", "sa.DateTime(timezone=True)"),
        ("timestamptz", "sa.DateTime(timezone=True)"), ("timestamp without time zone", "pg.TIMESTAMP(precision=3)"), ("timestamp(3)", "pg.TIMESTAMP(precision=3)"),
        ("double precision", "sa.Float"), ("float8", "sa.Double"), ("varchar", "sa.String"), ("character varying", "sa.String(20)"), ("text", "pg.ARRAY(sa.Text)"), ("text[]", "pg.ARRAY(sa.Text)"),
        ("int8", "sa.BigInteger"), ("integer", "Own"), ("varchar", "sa.String(20, collation='C')"),
    ],
)  # fmt: skip
def test_a_type_of_the_list_is_found(named: str, kind: str) -> None:
    found = check_found(
        rule, table(kind).replace('"number", sa.Integer', '"number", sa.Uuid'), "members.nickname", types=(named,)
    )
    assert "which the project does not use" in found[0].message or named.startswith(("char", "timestamp"))


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("numeric(10, 2)", "sa.Numeric(12, 2)"), ("timestamp with time zone", "sa.DateTime"), ("timestamp(0)", "pg.TIMESTAMP(precision=3)"), ("text[]", "sa.Text"),
        ("json", "pg.JSONB"), ("char", "sa.String(20)"), ("xml", "sa.Enum('a', name='xml')"), ("time", "sa.DateTime"), ("int", "sa.BigInteger"), ("", "sa.types.NullType()"),
    ],
)  # fmt: skip
def test_a_type_that_is_not_in_the_list_is_fine(named: str, kind: str) -> None:
    check_clean(rule, table(kind).replace('"number", sa.Integer', '"number", sa.Uuid'), types=(named,))


@pytest.mark.parametrize(
    ("named", "column"),
    [
        ("serial", 'Column("id", sa.Integer, primary_key=True)'),
        ("bigserial", 'Column("id", sa.BigInteger, primary_key=True)'),
        ("smallserial", 'Column("id", sa.SmallInteger, primary_key=True)'),
        ("serial4", 'Column("id", sa.Integer, sa.Sequence("s", optional=True), primary_key=True)'),
    ],
)
def test_serial_is_what_sqlalchemy_makes_of_an_integer_key(named: str, column: str) -> None:
    check_found(rule, f't = Table("members", MetaData(), {column})', "members.id", types=(named,))


@pytest.mark.parametrize(
    "column",
    [
        'Column("id", sa.Integer, sa.Identity(), primary_key=True)',
        'Column("id", sa.Integer, sa.Sequence("s"), primary_key=True)',
        'Column("id", sa.Integer, primary_key=True, autoincrement=False)',
        'Column("id", sa.Integer, primary_key=True, server_default=text("1"))',
        'Column("id", sa.Uuid, primary_key=True)',
        'Column("id", sa.Integer, ForeignKey("others.id"), primary_key=True)',
        'Column("id", sa.Integer)',
    ],
)
def test_identity_and_other_keys_are_no_serial(column: str) -> None:
    check_clean(rule, f't = Table("members", MetaData(), {column})', types=("serial", "bigserial"))


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        (blanks, vanished, rounded) = connection.execute(
            text("""SELECT octet_length('ab'::char(5)), length('ab'::char(5)::text),
                           '2024-01-01 00:00:00.6'::timestamp::timestamp(0) > '2024-01-01 00:00:00.6'::timestamp""")
        ).one()
    assert (blanks, vanished, rounded) == (5, 2, True)


def test_a_type_of_the_project_that_raises_is_left_alone() -> None:
    check_clean(
        rule,
        """
        class Broken(sa.types.UserDefinedType):
            def get_col_spec(self, **kw):
                raise ValueError("no dimension is given")

        t = Table("members", MetaData(), Column("number", sa.Integer, primary_key=True), Column("shape", Broken))
        """,
    )
