"""What PostgreSQL keeps of an enum is its values."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DataError
from sqlalchemy.pool import NullPool

from schemalint.fix import SetArgument, SetType
from schemalint.rules.schema.enum_stores_names import enum_stores_names as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, loaded

MODEL = """
    class Status(StrEnum):
        OPEN = "open"
        DONE = "done"

    class Old(str, Enum):
        OPEN = "open"

    class Plain(Enum):
        OPEN = "open"

    class Same(StrEnum):
        open = "open"

    class Shown(Enum):
        IN_PROGRESS = "In progress"
        DONE = "Done"

    class Number(IntEnum):
        ONE = 1

    class Rich(Enum):
        EARTH = (5.9, 6.3)

    def values(members):
        return [member.value for member in members]

    class Decorated(sa.TypeDecorator):
        impl = sa.String(20)
        cache_ok = True

    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Status(StrEnum):
        OPEN = "open"

    class Base(DeclarativeBase):
        type_annotation_map = {map}

    class Task(Base):
        __tablename__ = "tasks"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""
BY_VALUE = "{Enum: sa.Enum(Enum, values_callable=lambda members: [one.value for one in members])}"


@pytest.mark.parametrize(
    "source",
    [
        MODEL.format(line="status: Status"),
        MODEL.format(line="status: Status | None = None"),
        MODEL.format(line="status: Old"),
        MODEL.format(line="status: Plain"),
        MODEL.format(line="status: Status = Field(sa_type=sa.Enum(Status, name='s'))"),
        MODEL.format(line="status: Status = Field(sa_column=Column(sa.Enum(Status, native_enum=False)))"),
        MODEL.format(line="status: Status = Field(sa_type=pg.ENUM(Status, name='s'))"),
        MODEL.format(line="status: list[Status] = Field(sa_type=pg.ARRAY(sa.Enum(Status)))"),
        DECLARATIVE.format(map="{}", line="status: Mapped[Status]"),
        DECLARATIVE.format(map="{}", line="status = Column(sa.Enum(Status))"),
        """
        class Status(Enum):
            OPEN = "open"

        t = Table("tasks", MetaData(), Column("status", sa.Enum(Status)))
        """,
    ],
)
def test_names_that_are_not_the_values_are_found(source: str) -> None:
    (problem,) = check_found(rule, source, "tasks.status")
    assert problem.message.startswith('tasks.status keeps "OPEN" where ')
    assert problem.message.endswith(' says "open": SQL that uses the value fails or finds nothing')


@pytest.mark.parametrize(
    "line",
    [
        "status: Status = Field(sa_type=sa.Enum(Status, values_callable=values))",
        "status: Status = Field(sa_column=Column(pg.ENUM(Status, name='s', values_callable=values)))",
        "status: list[Status] = Field(sa_type=pg.ARRAY(sa.Enum(Status, values_callable=values)))",
        "status: Same",
        "status: Shown",
        "status: Number",
        "status: Rich",
        "status: str = Field(sa_type=sa.Enum('OPEN', 'DONE', name='s'))",
        "status: Status = Field(sa_type=sa.String(20))",
        "status: Status = Field(sa_type=Decorated)",
        "status: str = 'open'",
    ],
)
def test_values_same_names_and_other_kinds_of_values_are_fine(line: str) -> None:
    check_clean(rule, MODEL.format(line=line))


def test_values_callable_of_the_annotation_map_counts() -> None:
    check_clean(rule, DECLARATIVE.format(map=BY_VALUE, line="status: Mapped[Status]"))


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("status: Status", ""),
        ("status: Status = Field(sa_type=sa.Enum(Status))", ""),
        ("status: Status = Field(sa_type=sa.Enum(Status, name='state'))", 'name="state", '),
        (
            "status: Status = Field(sa_type=sa.Enum(Status, native_enum=False, length=9, create_constraint=True, validate_strings=True))",
            "native_enum=False, length=9, create_constraint=True, validate_strings=True, ",
        ),
    ],
)
def test_the_fix_adds_the_values_to_what_is_there(line: str, arguments: str) -> None:
    (problem,) = check_found(rule, MODEL.format(line=line), "tasks.status")
    code = f"Enum(Status, {arguments}values_callable=lambda members: [member.value for member in members])"
    assert problem.fix is not None
    assert problem.fix.kind == "schema"
    assert problem.fix.edits == (SetType(problem.part, code, "Enum", ("sqlalchemy.Enum",)),)


def test_the_migration_renames_each_label() -> None:
    (problem,) = check_found(rule, MODEL.format(line="status: Status"), "tasks.status")
    assert problem.fix is not None
    assert problem.fix.due == (
        """op.execute("ALTER TYPE status RENAME VALUE 'OPEN' TO 'open'"); """
        """op.execute("ALTER TYPE status RENAME VALUE 'DONE' TO 'done'")"""
    )


@pytest.mark.parametrize(
    "line",
    [
        "status: Status = Field(sa_type=pg.ENUM(Status, name='s'))",
        "status: Status = Field(sa_type=sa.Enum(Status, metadata=MetaData()))",
        "status: Status = Field(sa_type=sa.Enum(Status, schema='s'))",
        "status: list[Status] = Field(sa_type=pg.ARRAY(sa.Enum(Status)))",
    ],
)
def test_a_type_that_cannot_be_said_again_is_left_to_its_author(line: str) -> None:
    (problem,) = check_found(rule, MODEL.format(line=line), "tasks.status")
    assert problem.fix is None


def test_values_that_do_not_fit_and_fields_that_tables_share_are_left_to_their_author() -> None:
    source = """
        class Status(StrEnum):
            NO = "a-longer-one"

        class Mixin(SQLModel):
            status: Status

        class Task(Mixin, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            other: Status = Field(sa_type=sa.Enum(Status, native_enum=False))
        """
    assert [problem.fix for problem in check_found(rule, source, "tasks.status", "tasks.other")] == [None, None]


def test_a_server_default_becomes_the_value() -> None:
    line = 'status: Status = Field(sa_column_kwargs={"server_default": "OPEN"})'
    (problem,) = check_found(rule, MODEL.format(line=line), "tasks.status")
    assert problem.fix is not None
    assert problem.fix.edits[1:] == (SetArgument(problem.part, "server_default", '"open"'),)


@pytest.mark.parametrize(
    "line",
    [
        """status: Status = Field(sa_column_kwargs={"server_default": text("'OPEN'")})""",
        """status: Status; __table_args__ = (Index("ix", "id", postgresql_where=text("status = 'OPEN'")),)""",
        """status: Status; __table_args__ = (CheckConstraint("status <> 'DONE'"),)""",
        """status: Status; again: Status = Field(sa_type=pg.ENUM(Status, name="status"))""",
    ],
)
def test_what_says_the_names_elsewhere_is_left_to_its_author(line: str) -> None:
    with loaded(MODEL.format(line=line)) as schema:
        assert {problem.fix for problem in rule.function(schema)} == {None}


def test_two_enums_that_ask_for_one_type_get_a_type_each_first() -> None:
    source = """
        class Status(StrEnum):
            OPEN = "open"

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            status: Status
            again: Status

        Status = StrEnum("Status", {"PAID": "paid"})

        class Bill(SQLModel, table=True):
            __tablename__ = "bills"
            id: int | None = Field(default=None, primary_key=True)
            status: Status = Field(sa_type=sa.Enum(Status, name="%s"))
        """
    names = ("tasks.status", "tasks.again", "bills.status")
    assert [one.fix for one in check_found(rule, source % "status", *names)] == [None, None, None]
    assert None not in [one.fix for one in check_found(rule, source % "bill_status", *names)]


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    source = MODEL.format(line="status: Status")
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with loaded(source) as schema, engine.connect() as connection:
        schema.metadata[0].create_all(connection)
        connection.commit()
        with pytest.raises(DataError, match='invalid input value for enum status: "open"'):
            connection.execute(text("INSERT INTO tasks (status) VALUES ('open')"))
        connection.rollback()
        connection.execute(text("ALTER TYPE status RENAME VALUE 'OPEN' TO 'open'"))
        connection.execute(text("INSERT INTO tasks (status) VALUES ('open')"))
