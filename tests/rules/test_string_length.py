"""Strings have a length in the database, or are TEXT on purpose."""

import secrets

import psycopg
import pytest

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rules.schema.string_length import string_length
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

MODEL = """
    import ipaddress, pathlib
    from typing import NewType
    from pydantic import StringConstraints
    from sqlmodel import AutoString
    Slug = NewType("Slug", str)

    class Color(str, Enum):
        RED = "red"

    class Base(SQLModel):
        id: int | None = Field(default=None, primary_key=True)

    class Task(Base, table=True):
        __tablename__ = "tasks"
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class Task(Base):
        __tablename__ = "tasks"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "title: str",
        "title: str | None = None",
        "title: str = Field(min_length=1)",
        "title: str = Field(sa_type=sa.String)",
        "title: str = Field(sa_type=AutoString)",
        "title: str = Field(sa_column=Column(sa.String, nullable=False))",
        "title: Slug = Field(sa_type=sa.String)",
        "title: str\n__table_args__ = (Index('ix_digest', text('md5(title)')), Index('ix_hash', 'title', postgresql_using='hash'))",
    ],
)
def test_str_without_a_length_is_found(line: str) -> None:
    (problem,) = check_found(string_length, MODEL.format(line=line.replace("\n", "\n        ")), "tasks.title")
    assert problem.message == "tasks.title is VARCHAR without a length: it takes strings of up to 1 GB"


@pytest.mark.parametrize(
    ("line", "index"),
    [
        ("title: Optional[str] = Field(default=None, index=True)", "ix_tasks_title (title)"),
        ("title: str = Field(unique=True)", "the unique constraint (title)"),
        ("title: str\n__table_args__ = (UniqueConstraint('id', 'title', name='uq'),)", "uq (id, title)"),
        ("title: str\n__table_args__ = (Index('ix_long', text('title')),)", "ix_long (title)"),
        (
            "title: str\n__table_args__ = (Index('ix_b', 'title'), Index('ix_a', 'title'), Index('ix_0', 'title', 'id'), Index('ix_c', 'title'))",
            "ix_a (title)",
        ),
    ],
)
def test_an_index_is_named_that_has_no_room_for_a_long_string(line: str, index: str) -> None:
    (problem,) = check_found(string_length, MODEL.format(line=line.replace("\n", "\n        ")), "tasks.title")
    assert problem.message == (
        f"tasks.title is VARCHAR without a length: a string that is too long for {index}, 2704 bytes a row, fails at the insert"
    )
    assert problem.remedy == "Field(max_length=...)"


def test_an_index_has_room_for_2704_bytes(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE tasks (title varchar UNIQUE)")
        long = secrets.token_hex(4000)
        with pytest.raises(psycopg.errors.ProgramLimitExceeded, match="exceeds btree version 4 maximum 2704"):
            connection.execute("INSERT INTO tasks VALUES (%s)", [long])


@pytest.mark.parametrize(
    "line",
    [
        "title: Mapped[str]",
        "title: Mapped[str | None]",
        "title: Mapped[str] = mapped_column(sa.String)",
        "title: Mapped[str] = mapped_column(sa.VARCHAR())",
        "title: Mapped[str] = mapped_column(sa.Unicode)",
        "title = mapped_column(sa.String)",
        "title = Column(sa.String)",
        'title: Mapped[str] = mapped_column(sa.String(collation="C"))',
        'title: Mapped[str] = mapped_column(sa.String().with_variant(sa.String(30), "mysql"))',
    ],
)
def test_mapped_str_without_a_length_is_found(line: str) -> None:
    (problem,) = check_found(string_length, DECLARATIVE.format(line=line), "tasks.title")
    assert problem.remedy == "String(...) with a length, or Text if any length is meant"


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("title: str", "Field(max_length=...), or sa_type=Text if any length is meant"),
        (
            "title: str = Field(sa_column=Column(sa.String))",
            "String(...) with a length, or Text if any length is meant",
        ),
    ],
)
def test_remedy_is_what_reaches_the_column(line: str, remedy: str) -> None:
    (problem,) = check_found(string_length, MODEL.format(line=line), "tasks.title")
    assert problem.remedy == remedy


def test_core_column_without_a_length_is_found() -> None:
    check_found(
        string_length,
        't = Table("tasks", MetaData(), Column("id", sa.Integer), Column("title", sa.String))',
        "tasks.title",
    )


def test_mapped_dataclass_is_judged() -> None:
    check_found(
        string_length,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            title: Mapped[str] = mapped_column(default="")
            note: Mapped[str] = mapped_column(sa.String(40), default="")
        """,
        "tasks.title",
    )


def test_field_of_a_mixin_is_found_in_each_table() -> None:
    check_found(
        string_length,
        """
        class Named(SQLModel):
            name: str

        class Task(Named, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)

        class Tag(Named, table=True):
            __tablename__ = "tags"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks.name",
        "tags.name",
    )


@pytest.mark.parametrize(
    "line",
    [
        "title: str = Field(max_length=200)",
        "title: str | None = Field(default=None, max_length=200)",
        "title: str = Field(sa_type=sa.String(200))",
        "title: str = Field(sa_type=AutoString(200))",
        "title: str = Field(sa_type=sa.Text)",
        "title: str = Field(sa_column=Column(sa.Text))",
        "title: str = Field(sa_column=Column(sa.String(20)))",
        "title: Color",
        "title: Color = Field(sa_type=sa.String)",
        "title: Literal['a', 'b'] = Field(sa_type=sa.String)",
        "title: Optional[Literal['a', 'b']] = Field(default=None, sa_type=sa.String)",
        "title: UUID",
        "title: bytes",
        "title: list[str] = Field(sa_type=pg.ARRAY(sa.String))",
        "title: dict[str, str] = Field(sa_type=pg.JSONB)",
        "title: ipaddress.IPv4Address",
        "title: pathlib.Path",
        "title: str = Field(sa_type=pg.CITEXT)",
        "title: str = Field(sa_type=pg.INET)",
        "title: str = Field(sa_type=pg.TSVECTOR)",
        "title: str = Field(sa_type=sa.CHAR)",
        'title: str = Field(sa_type=pg.DOMAIN("title", sa.String))',
        # pydantic's limit does not reach these columns: max-length-not-in-database says so.
        "title: Annotated[str, StringConstraints(max_length=6)]",
        "title: Optional[Annotated[str, Field(max_length=6)]] = None",
        "title: str = Field(max_length=6, sa_type=sa.String)",
    ],
)
def test_field_with_a_length_or_another_type_is_fine(line: str) -> None:
    check_clean(string_length, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "title: Mapped[str] = mapped_column(sa.String(200))",
        "title: Mapped[Annotated[str, mapped_column(sa.String(200))]]",
        "title: Mapped[str] = mapped_column(sa.Text)",
        "title: Mapped[str] = mapped_column(sa.UnicodeText)",
        "title: Mapped[Literal['a', 'b']]",
        "title: Mapped[str] = mapped_column(sa.Enum('a', 'b', name='title'))",
        "title: Mapped[str] = mapped_column(sa.Enum('a', 'b', native_enum=False))",
        "title: Mapped[str] = mapped_column(sa.Computed('id::text'))",
        "title: Mapped[list[str]] = mapped_column(pg.ARRAY(sa.String))",
        "title: Mapped[bytes]",
        'title: Mapped[str] = mapped_column(sa.String().with_variant(sa.Text(), "postgresql"))',
        'title: Mapped[str] = mapped_column(sa.String().with_variant(sa.String(30), "postgresql"))',
    ],
)
def test_mapped_column_with_a_length_or_another_type_is_fine(line: str) -> None:
    check_clean(string_length, DECLARATIVE.format(line=line))


def test_length_of_the_type_annotation_map_counts() -> None:
    check_clean(
        string_length,
        """
        class Base(DeclarativeBase):
            type_annotation_map = {str: sa.String(255)}

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            title: Mapped[str]
        """,
    )


def test_types_of_the_project_are_their_own_business() -> None:
    check_clean(
        string_length,
        """
        class Encrypted(sa.TypeDecorator):
            impl = sa.String
            cache_ok = True

        class Name(sa.String): ...

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            secret: str = Field(sa_type=Encrypted)
            name: str = Field(sa_type=Name)
        """,
    )


def test_foreign_key_is_bounded_by_the_key_it_refers_to() -> None:
    check_found(
        string_length,
        """
        class Country(SQLModel, table=True):
            __tablename__ = "countries"
            code: str = Field(primary_key=True)

        class City(SQLModel, table=True):
            __tablename__ = "cities"
            id: int | None = Field(default=None, primary_key=True)
            country_code: str = Field(foreign_key="countries.code")
        """,
        "countries.code",
    )


@pytest.mark.parametrize(
    "check",
    [
        '"char_length(title) <= 200"',
        "\"title IN ('a', 'b')\"",
        "\"title = ANY (ARRAY['a', 'b'])\"",
        "\"title = 'a' OR title = 'b'\"",
        "\"title ~ '^[a-z]{1,20}$'\"",
        'func.length(sa.column("title")) <= 200',
        'sa.column("title").in_(["a", "b"])',
        '"LENGTH(Title) <= 200"',
    ],
)
def test_check_that_bounds_the_column_counts(check: str) -> None:
    check_clean(
        string_length,
        f"""
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            __table_args__ = (CheckConstraint({check}),)
            id: int | None = Field(default=None, primary_key=True)
            title: str
        """,
    )


def test_check_at_the_column_counts() -> None:
    check_clean(
        string_length,
        DECLARATIVE.format(line='title: Mapped[str] = mapped_column(CheckConstraint("length(title) < 9"))'),
    )


@pytest.mark.parametrize("check", ["\"title <> ''\"", '"length(subtitle) < 9"', '"priority IN (1, 2)"'])
def test_check_that_bounds_nothing_of_the_column_does_not_count(check: str) -> None:
    check_found(
        string_length,
        f"""
        t = Table("tasks", MetaData(), Column("title", sa.String), Column("subtitle", sa.String(9)), Column("priority", sa.Integer),
            CheckConstraint({check}))
        """,
        "tasks.title",
    )


STRINGS = """
    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        __table_args__ = (CheckConstraint("length(checked) < 9"),)
        id: int | None = Field(default=None, primary_key=True)
        bare: str
        sized: str = Field(max_length=20)
        text: str = Field(sa_type=sa.Text)
        checked: str = Field(sa_type=sa.Text)
"""


def test_policy_either_finds_text_that_no_check_bounds() -> None:
    check_found(string_length, STRINGS, "tasks.bare", "tasks.text", policy="either")


def test_policy_text_finds_varchar_with_a_length() -> None:
    (problem,) = check_found(string_length, STRINGS, "tasks.sized", policy="text")
    assert problem.message == "tasks.sized is VARCHAR(20), where strings are TEXT"


def test_policy_max_length_takes_text_for_a_decision() -> None:
    check_found(string_length, STRINGS, "tasks.bare")


@pytest.mark.parametrize(
    ("source", "edit"),
    [
        (MODEL.format(line="title: str"), ("max_length", "255", "")),
        (MODEL.format(line="title: str | None = None"), ("max_length", "255", "")),
        (MODEL.format(line="title: str = Field(sa_type=sa.String)"), ("String(255)", "String", "sqlalchemy.String")),
        (
            MODEL.format(line="title: str = Field(sa_type=sa.Unicode())"),
            ("Unicode(255)", "Unicode", "sqlalchemy.Unicode"),
        ),
        (
            MODEL.format(line="title: str = Field(sa_column=Column(sa.String))"),
            ("String(255)", "String", "sqlalchemy.String"),
        ),
        (DECLARATIVE.format(line="title: Mapped[str]"), ("String(255)", "String", "sqlalchemy.String")),
        (DECLARATIVE.format(line="title = Column(sa.VARCHAR)"), ("VARCHAR(255)", "VARCHAR", "sqlalchemy.VARCHAR")),
    ],
)
def test_the_fix_gives_the_length_of_the_option(source: str, edit: tuple[str, str, str]) -> None:
    for length in (255, 80):
        (problem,) = check_found(string_length, source, "tasks.title", max_length=length)
        code, other, imported = (one.replace("255", str(length)) for one in edit)
        column = problem.part
        expected = SetType(column, code, other, (imported,)) if imported else SetArgument(column, code, other)
        due = f'op.alter_column("tasks", "title", type_=sa.String({length}))'
        assert problem.fix == Fix("schema", (expected,), due)


@pytest.mark.parametrize(
    "line",
    [
        "title: str = Field(sa_type=AutoString)",
        "title: str = Field(sa_type=sa.String(collation='C'))",
        "title: str = Field(sa_type=sa.String().with_variant(sa.Text(), 'sqlite'))",
    ],
)
def test_a_type_with_other_arguments_is_left_to_its_author(line: str) -> None:
    model = MODEL.replace("class Task", "from sqlmodel import AutoString\n\n    class Task")
    (problem,) = check_found(string_length, model.format(line=line), "tasks.title")
    assert problem.fix is None


def test_text_is_left_to_its_author() -> None:
    (problem,) = check_found(
        string_length, MODEL.format(line="title: str = Field(sa_type=sa.Text)"), "tasks.title", policy="either"
    )
    assert problem.fix is None
