"""The limit that pydantic knows is the column's length, too."""

import pytest

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rules.schema.max_length_not_in_database import max_length_not_in_database
from snippets import check_clean, check_found

MODEL = """
    from pydantic import StringConstraints, constr
    from sqlmodel import AutoString

    class Encrypted(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "title: constr(max_length=8)",
        "title: Annotated[str, StringConstraints(max_length=8)]",
        "title: Annotated[str, StringConstraints(max_length=8)] | None = None",
        "title: Optional[Annotated[str, Field(max_length=8)]] = None",
        "title: str = Field(max_length=8, sa_type=sa.Text)",
        "title: str = Field(max_length=8, sa_type=sa.String)",
        "title: str = Field(max_length=8, sa_type=AutoString)",
        "title: str = Field(max_length=8, sa_column=Column(sa.String))",
        "title: str = Field(max_length=8, sa_column=Column(sa.Text, nullable=False))",
    ],
)
def test_limit_of_pydantic_alone_is_found(line: str) -> None:
    (problem,) = check_found(max_length_not_in_database, MODEL.format(line=line), "tasks.title")
    assert problem.message == (
        "Task.title is at most 8 long for pydantic, tasks.title has no length in the database: it takes any text"
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("title: str = Field(max_length=8, sa_type=sa.String(5))", "holds 5: longer values fail at the insert"),
        ("title: str = Field(max_length=8, sa_type=sa.CHAR(5))", "holds 5: longer values fail at the insert"),
        ("title: str = Field(max_length=8, sa_column=Column(sa.String(20)))", "takes up to 20"),
    ],
)
def test_other_length_is_found(line: str, what: str) -> None:
    (problem,) = check_found(max_length_not_in_database, MODEL.format(line=line), "tasks.title")
    assert problem.message == f"Task.title is at most 8 long for pydantic, tasks.title {what}"


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("title: constr(max_length=8)", "Field(max_length=8), which reaches the column"),
        (
            "title: str = Field(max_length=8, sa_type=sa.Text)",
            "Field(max_length=8) without sa_type, or sa_type=String(8)",
        ),
        ("title: str = Field(max_length=8, sa_column=Column(sa.String))", "String(8) in the sa_column"),
    ],
)
def test_remedy_is_what_reaches_the_column(line: str, remedy: str) -> None:
    (problem,) = check_found(max_length_not_in_database, MODEL.format(line=line), "tasks.title")
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    "line",
    [
        "title: str",
        "title: str = Field(max_length=8)",
        "title: str | None = Field(default=None, max_length=8)",
        "title: Annotated[str, Field(max_length=8)]",
        "title: str = Field(max_length=8, sa_type=sa.String(8))",
        "title: str = Field(max_length=8, sa_type=AutoString(8))",
        "title: str = Field(max_length=8, sa_column=Column(sa.String(8)))",
        'title: str = Field(max_length=8, sa_type=sa.Text().with_variant(sa.String(8), "postgresql"))',
        "title: str = Field(sa_type=sa.String(8))",
        "title: str = Field(sa_type=sa.Text)",
        "title: str = Field(min_length=8, sa_type=sa.Text)",
        "title: str = Field(max_length=8, sa_type=Encrypted)",
        "title: str = Field(max_length=8, sa_type=pg.CITEXT)",
        "title: str = Field(max_length=8, sa_type=sa.Enum('a', 'b', name='title'))",
        "title: list[str] = Field(max_length=8, sa_type=pg.ARRAY(sa.String))",
        "title: list[str] = Field(max_length=8, sa_type=pg.JSONB)",
        "title: list[Annotated[str, StringConstraints(max_length=8)]] = Field(sa_type=pg.ARRAY(sa.String))",
        "title: bytes = Field(max_length=8)",
        'title: str = Field(max_length=8, sa_column=Column(sa.Text, sa.Computed("id::text")))',
    ],
)
def test_same_length_or_no_limit_is_fine(line: str) -> None:
    check_clean(max_length_not_in_database, MODEL.format(line=line))


def test_check_that_bounds_the_column_counts() -> None:
    check_clean(
        max_length_not_in_database,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            __table_args__ = (CheckConstraint("char_length(content) <= 10000"),)
            id: int | None = Field(default=None, primary_key=True)
            content: str = Field(max_length=10000, sa_type=sa.Text)
        """,
    )


def test_foreign_key_is_bounded_by_the_key_it_refers_to() -> None:
    check_clean(
        max_length_not_in_database,
        """
        class Country(SQLModel, table=True):
            __tablename__ = "countries"
            code: str = Field(max_length=2, primary_key=True)

        class City(SQLModel, table=True):
            __tablename__ = "cities"
            id: int | None = Field(default=None, primary_key=True)
            country_code: str = Field(max_length=2, sa_column=Column(sa.String, ForeignKey("countries.code")))
        """,
    )


def test_limit_of_a_base_that_is_no_table_counts_where_it_becomes_a_column() -> None:
    check_found(
        max_length_not_in_database,
        """
        from pydantic import constr

        class TaskBase(SQLModel):
            title: constr(max_length=8)

        class TaskCreate(TaskBase):
            pass

        class Task(TaskBase, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks.title",
    )


def test_plain_sqlalchemy_knows_no_pydantic() -> None:
    check_clean(
        max_length_not_in_database,
        """
        class Base(DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            title: Mapped[str]

        class Note(MappedAsDataclass, Base):
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            body: Mapped[str] = mapped_column(sa.Text, default="")

        Table("logs", Base.metadata, Column("line", sa.String))
        """,
    )


@pytest.mark.parametrize(
    ("line", "edit"),
    [
        ("title: constr(max_length=8)", ("max_length", "8", "")),
        ("title: Optional[Annotated[str, Field(max_length=8)]] = None", ("max_length", "8", "")),
        ("title: str = Field(max_length=8, sa_type=sa.Text)", ("String(8)", "Text", "sqlalchemy.String")),
        ("title: str = Field(max_length=8, sa_type=sa.String)", ("String(8)", "String", "sqlalchemy.String")),
        ("title: str = Field(max_length=8, sa_column=Column(sa.TEXT))", ("String(8)", "TEXT", "sqlalchemy.String")),
    ],
)
def test_the_fix_gives_the_column_the_limit(line: str, edit: tuple[str, str, str]) -> None:
    (problem,) = check_found(max_length_not_in_database, MODEL.format(line=line), "tasks.title")
    code, other, imported = edit
    column = problem.part
    expected = SetType(column, code, other, (imported,)) if imported else SetArgument(column, code, other)
    assert problem.fix == Fix("schema", (expected,), 'op.alter_column("tasks", "title", type_=sa.String(8))')


@pytest.mark.parametrize(
    "line",
    [
        "title: str = Field(max_length=8, sa_type=sa.String(5))",
        "title: str = Field(max_length=8, sa_type=sa.String(20))",
        "title: str = Field(max_length=8, sa_type=AutoString)",
        "title: str = Field(max_length=8, sa_type=sa.String(collation='C'))",
        "title: str = Field(max_length=8, sa_type=sa.Text().with_variant(sa.String(), 'sqlite'))",
    ],
)
def test_of_two_lengths_and_other_types_the_author_knows_which_is_right(line: str) -> None:
    (problem,) = check_found(max_length_not_in_database, MODEL.format(line=line), "tasks.title")
    assert problem.fix is None
