"""Timestamps have a time zone."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from schemalint.fix import Fix, SetArgument, SetType
from schemalint.rules.schema.naive_datetime_column import naive_datetime_column
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

MODEL = """
    class UTC(sa.TypeDecorator):
        impl = sa.DateTime
        cache_ok = True

    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
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
        "due_at: datetime = Field(sa_type=sa.DateTime)",
        "due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=False))",
        "due_at: datetime = Field(sa_column=Column(sa.DateTime, nullable=False))",
        "due_at: datetime = Field(sa_type=sa.TIMESTAMP)",
        "due_at: datetime = Field(sa_type=pg.TIMESTAMP)",
        "due_at: datetime = Field(sa_type=sa.DateTime, sa_column_kwargs={'server_default': func.now()})",
    ],
)
def test_timestamp_without_time_zone_is_found(line: str) -> None:
    (problem,) = check_found(naive_datetime_column, MODEL.format(line=line), "tasks.due_at")
    assert (
        problem.message
        == "tasks.due_at has no time zone: beside now() or an aware datetime it means another moment in each session's time zone"
    )
    assert problem.remedy.removeprefix("sa_type=") == "DateTime(timezone=True)"
    assert problem.remedy.startswith("sa_type=") is ("sa_column=" not in line)


@pytest.mark.parametrize(
    "line",
    [
        "due_at: Mapped[datetime]",
        "due_at: Mapped[datetime | None]",
        "due_at: Mapped[datetime] = mapped_column(sa.DateTime)",
        "due_at = Column(sa.DateTime)",
        'due_at: Mapped[datetime] = mapped_column(sa.DateTime().with_variant(sa.String(30), "sqlite"))',
    ],
)
def test_mapped_timestamp_without_time_zone_is_found(line: str) -> None:
    check_found(naive_datetime_column, DECLARATIVE.format(line=line), "tasks.due_at")


def test_core_timestamp_without_time_zone_is_found() -> None:
    check_found(naive_datetime_column, 't = Table("tasks", MetaData(), Column("due_at", sa.DateTime))', "tasks.due_at")


def test_mapped_dataclass_is_judged() -> None:
    (problem,) = check_found(
        naive_datetime_column,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            due_at: Mapped[datetime] = mapped_column(default_factory=datetime.now)
        """,
        "tasks.due_at",
    )
    assert problem.remedy == "DateTime(timezone=True), and datetime.now(timezone.utc) in place of datetime.now"


def test_naive_default_of_the_column_is_named_in_the_remedy() -> None:
    (problem,) = check_found(
        naive_datetime_column,
        MODEL.format(line="due_at: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime)"),
        "tasks.due_at",
    )
    assert (
        problem.remedy == "sa_type=DateTime(timezone=True), and datetime.now(timezone.utc) in place of datetime.utcnow"
    )


@pytest.mark.parametrize(
    "line",
    [
        "due_at: datetime = Field(sa_type=sa.DateTime(timezone=True))",
        "due_at: datetime = Field(sa_column=Column(sa.DateTime(timezone=True)))",
        "due_at: datetime = Field(sa_type=sa.TIMESTAMP(timezone=True))",
        "due_at: datetime = Field(sa_type=pg.TIMESTAMP(timezone=True, precision=0))",
        "due_at: datetime = Field(sa_type=UTC)",
        "due_at: date",
        "due_at: time",
        "due_at: timedelta",
        "due_at: date = Field(sa_type=sa.Date)",
        "due_at: str = Field(max_length=30)",
        "due_at: int",
        "due_at: list[datetime] = Field(sa_type=pg.ARRAY(sa.DateTime(timezone=True)))",
        "due_at: datetime = Field(sa_column=Column(sa.DateTime, sa.Computed(\"other AT TIME ZONE 'UTC'\")))",
        'due_at: datetime = Field(sa_type=sa.DateTime().with_variant(pg.TIMESTAMP(timezone=True), "postgresql"))',
    ],
)
def test_aware_timestamps_and_other_types_are_fine(line: str) -> None:
    check_clean(naive_datetime_column, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "due_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))",
        "due_at: Mapped[Annotated[datetime, mapped_column(sa.DateTime(timezone=True))]]",
        "due_at: Mapped[date]",
        "due_at: Mapped[time]",
    ],
)
def test_mapped_aware_timestamps_and_other_types_are_fine(line: str) -> None:
    check_clean(naive_datetime_column, DECLARATIVE.format(line=line))


def test_time_zone_of_the_type_annotation_map_counts() -> None:
    check_clean(
        naive_datetime_column,
        """
        class Base(DeclarativeBase):
            type_annotation_map = {datetime: sa.DateTime(timezone=True)}

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            due_at: Mapped[datetime]
        """,
    )


def test_plain_datetime_of_sqlmodel_is_fine_where_sqlmodel_makes_it_aware() -> None:
    from sqlmodel.sql import sqltypes

    check = check_clean if hasattr(sqltypes, "UTCDateTime") else check_found
    objects = () if check is check_clean else ("tasks.due_at",)
    check(naive_datetime_column, MODEL.format(line="due_at: datetime"), *objects)


@pytest.mark.parametrize(
    "annotation", ["NaiveDatetime", "NaiveDatetime | None", "Annotated[datetime, NaiveDatetime()]"]
)
def test_naive_datetime_of_pydantic_is_on_purpose(annotation: str) -> None:
    check_clean(
        naive_datetime_column,
        f"""
        from pydantic import NaiveDatetime

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            due_at: {annotation} = Field(sa_type=sa.DateTime)
        """,
    )


def test_field_of_a_mixin_is_found_in_each_table() -> None:
    check_found(
        naive_datetime_column,
        """
        class Dated:
            due_at: Mapped[datetime]

        class Base(DeclarativeBase): ...

        class Task(Dated, Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Bill(Dated, Base):
            __tablename__ = "bills"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "tasks.due_at",
        "bills.due_at",
    )


DUE = """op.alter_column("tasks", "due_at", type_=sa.DateTime(timezone=True), postgresql_using="due_at AT TIME ZONE 'UTC'")"""


@pytest.mark.parametrize(
    ("source", "code", "instead_of", "imported"),
    [
        (
            MODEL.format(line="due_at: datetime = Field(sa_type=sa.DateTime)"),
            "DateTime(timezone=True)",
            "DateTime",
            "sqlalchemy.DateTime",
        ),
        (
            MODEL.format(line="due_at: datetime = Field(sa_type=sa.TIMESTAMP)"),
            "TIMESTAMP(timezone=True)",
            "TIMESTAMP",
            "sqlalchemy.TIMESTAMP",
        ),
        (
            MODEL.format(line="due_at: datetime = Field(sa_type=pg.TIMESTAMP(precision=3))"),
            "TIMESTAMP(timezone=True, precision=3)",
            "TIMESTAMP",
            "sqlalchemy.dialects.postgresql.TIMESTAMP",
        ),
        (
            MODEL.format(line="due_at: datetime = Field(sa_column=Column(sa.DateTime()))"),
            "DateTime(timezone=True)",
            "DateTime",
            "sqlalchemy.DateTime",
        ),
        (
            DECLARATIVE.format(line="due_at: Mapped[datetime]"),
            "DateTime(timezone=True)",
            "DateTime",
            "sqlalchemy.DateTime",
        ),
        (
            DECLARATIVE.format(line="due_at = Column(sa.DateTime)"),
            "DateTime(timezone=True)",
            "DateTime",
            "sqlalchemy.DateTime",
        ),
    ],
)
def test_the_fix_gives_the_type_a_time_zone(source: str, code: str, instead_of: str, imported: str) -> None:
    (problem,) = check_found(naive_datetime_column, source, "tasks.due_at")
    assert problem.fix == Fix("schema", (SetType(problem.part, code, instead_of, (imported,)),), DUE)


def test_the_fix_makes_the_clocks_aware_as_well() -> None:
    line = "due_at: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime)"
    (problem,) = check_found(naive_datetime_column, MODEL.format(line=line), "tasks.due_at")
    assert problem.fix is not None
    assert [type(edit) for edit in problem.fix.edits] == [SetType, SetArgument]


@pytest.mark.parametrize(
    "line",
    [
        "due_at: datetime = Field(sa_column=Column(sa.DateTime, default=datetime.utcnow))",
        'due_at: datetime = Field(sa_type=sa.DateTime().with_variant(sa.String(30), "sqlite"))',
        "due_at: datetime = Field(sa_type=Own)",
    ],
)
def test_a_clock_inside_another_argument_and_other_types_are_left_to_their_author(line: str) -> None:
    model = MODEL.replace("class Task", "class Own(sa.DateTime): ...\n\n    class Task")
    (problem,) = check_found(naive_datetime_column, model.format(line=line), "tasks.due_at")
    assert problem.fix is None


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("due_at: datetime = Field(default_factory=utc_now, sa_type=sa.DateTime)", "utc_now"),
        ("due_at: datetime = Field(default_factory=lambda: utc_now(), sa_type=sa.DateTime)", "its default"),
        ("due_at: datetime = Field(sa_column=Column(sa.DateTime, default=utc_now))", "utc_now"),
        ("due_at: datetime = Field(default=datetime(2020, 1, 1), sa_type=sa.DateTime)", "its default"),
        ("due_at: datetime = Field(sa_column=Column(sa.DateTime, onupdate=utc_now))", "utc_now"),
    ],
)
def test_a_function_of_the_project_that_may_give_no_time_zone_is_left_to_its_author(line: str, whose: str) -> None:
    model = MODEL.replace(
        "class Task", "def utc_now(): return datetime.now(UTC).replace(tzinfo=None)\n\n    class Task"
    )
    (problem,) = check_found(naive_datetime_column, model.format(line=line), "tasks.due_at")
    assert problem.remedy.endswith(f"DateTime(timezone=True), and a time zone in what {whose} gives")
    assert problem.fix is None


@pytest.mark.parametrize("value", ["func.now()", "text('now()')"])
def test_a_default_that_is_no_function_does_not_stop_the_fix(value: str) -> None:
    line = f"due_at: Mapped[datetime] = mapped_column(default={value}, onupdate={value})"
    (problem,) = check_found(naive_datetime_column, DECLARATIVE.format(line=line), "tasks.due_at")
    assert problem.fix is not None


def test_the_migration_keeps_the_moments(database: Database) -> None:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET TimeZone = 'America/New_York'"))
        connection.execute(text("CREATE TABLE tasks (due_at timestamp)"))
        connection.execute(text("INSERT INTO tasks VALUES ('2024-07-01 12:00')"))
        connection.execute(text("ALTER TABLE tasks ALTER due_at TYPE timestamptz USING due_at AT TIME ZONE 'UTC'"))
        assert connection.scalar(text("SELECT due_at = '2024-07-01 12:00+00' FROM tasks")) is True
