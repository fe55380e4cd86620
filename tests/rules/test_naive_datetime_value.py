"""What fills an aware timestamp is aware."""

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.naive_datetime_value import naive_datetime_value
from snippets import check_clean, check_found, marked_by

MODEL = """
    from functools import partial

    class UTC(sa.TypeDecorator):
        impl = sa.DateTime(timezone=True)
        cache_ok = True

    class Pendulum(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(timezone.utc)

    def utcnow():
        raise RuntimeError("schemalint called a default")

    AWARE = sa.DateTime(timezone=True)

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


@pytest.mark.parametrize("clock", ["utcnow", "now", "today"])
def test_naive_clock_as_default_factory_is_found(clock: str) -> None:
    (problem,) = check_found(
        naive_datetime_value,
        MODEL.format(line=f"at: datetime = Field(default_factory=datetime.{clock}, sa_type=AWARE)"),
        "tasks.at",
    )
    assert (
        problem.message
        == f"datetime.{clock} gives no time zone: tasks.at takes such a value for a time in the session's time zone"
    )


@pytest.mark.parametrize(
    "line",
    [
        "at: datetime = Field(sa_type=AWARE, sa_column_kwargs={'default': datetime.utcnow})",
        "at: datetime = Field(sa_column=Column(AWARE, default=datetime.utcnow))",
        "at: datetime = Field(default_factory=datetime.utcnow, sa_column=Column(AWARE))",
        "at: datetime | None = Field(default=None, sa_type=AWARE, sa_column_kwargs={'onupdate': datetime.utcnow})",
        "at: datetime | None = Field(default=None, sa_column=Column(AWARE, onupdate=datetime.utcnow))",
        "at: dt.datetime = Field(default_factory=dt.datetime.utcnow, sa_type=sa.TIMESTAMP(timezone=True))",
    ],
)
def test_naive_clock_is_found_wherever_it_is_given(line: str) -> None:
    check_found(naive_datetime_value, MODEL.format(line=line), "tasks.at")


@pytest.mark.parametrize(
    "line",
    [
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=datetime.utcnow)",
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), insert_default=datetime.now)",
        "at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True), onupdate=datetime.now)",
        "at = Column(sa.DateTime(timezone=True), default=datetime.now)",
    ],
)
def test_naive_clock_of_a_mapped_column_is_found(line: str) -> None:
    check_found(naive_datetime_value, DECLARATIVE.format(line=line), "tasks.at")


def test_naive_clock_of_a_core_column_is_found() -> None:
    check_found(
        naive_datetime_value,
        't = Table("tasks", MetaData(), Column("at", sa.DateTime(timezone=True), default=datetime.utcnow))',
        "tasks.at",
    )


def test_naive_clock_of_a_mapped_dataclass_is_found() -> None:
    check_found(
        naive_datetime_value,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default_factory=datetime.utcnow)
            due_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)
        """,
        "tasks.at",
    )


def test_default_and_onupdate_are_one_problem() -> None:
    (problem,) = check_found(
        naive_datetime_value,
        MODEL.format(
            line="at: datetime = Field(default_factory=datetime.now, sa_type=AWARE, sa_column_kwargs={'onupdate': datetime.utcnow})"
        ),
        "tasks.at",
    )
    assert problem.message.startswith("datetime.now and datetime.utcnow give no time zone")


def test_type_of_sqlmodel_refuses_the_value() -> None:
    sqltypes = pytest.importorskip("sqlmodel.sql.sqltypes")
    if not hasattr(sqltypes, "UTCDateTime"):
        pytest.skip("this SQLModel makes a plain datetime naive")
    (problem,) = check_found(
        naive_datetime_value, MODEL.format(line="at: datetime = Field(default_factory=datetime.utcnow)"), "tasks.at"
    )
    assert problem.message == (
        "datetime.utcnow gives no time zone: SQLModel refuses such a value for tasks.at since 0.0.45, so every statement that needs it fails"
    )


@pytest.mark.parametrize(
    "line",
    [
        "at: datetime",
        "at: datetime = Field(sa_type=AWARE)",
        "at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc), sa_type=AWARE)",
        # What is not known is not called.
        "at: datetime = Field(default_factory=utcnow, sa_type=AWARE)",
        "at: datetime = Field(default_factory=lambda: datetime.utcnow(), sa_type=AWARE)",
        "at: datetime = Field(default_factory=partial(datetime.now, timezone.utc), sa_type=AWARE)",
        "at: datetime = Field(default_factory=Pendulum.now, sa_type=AWARE)",
        "at: datetime = Field(sa_type=AWARE, sa_column_kwargs={'server_default': func.now(), 'onupdate': func.now()})",
        "at: datetime = Field(default=datetime(2024, 1, 1, tzinfo=timezone.utc), sa_type=AWARE)",
        # The column is the problem of another rule, or converts by itself.
        "at: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime)",
        "at: datetime = Field(default_factory=datetime.utcnow, sa_type=UTC)",
        "at: date = Field(default_factory=date.today)",
        "at: date = Field(default_factory=datetime.today, sa_type=sa.Date)",
        "at: str = Field(default_factory=datetime.utcnow, max_length=40)",
    ],
)
def test_aware_unknown_and_other_values_are_fine(line: str) -> None:
    check_clean(naive_datetime_value, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=lambda: datetime.now(timezone.utc))",
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=func.now(), onupdate=func.now())",
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=func.now())",
        "at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=sa.Sequence('s'))",
        "at: Mapped[datetime] = mapped_column(default=datetime.utcnow)",
        "at: Mapped[date] = mapped_column(default=date.today)",
    ],
)
def test_mapped_aware_and_server_values_are_fine(line: str) -> None:
    check_clean(naive_datetime_value, DECLARATIVE.format(line=line))


def test_core_column_with_a_server_default_is_fine() -> None:
    check_clean(
        naive_datetime_value,
        't = Table("tasks", MetaData(), Column("at", sa.DateTime(timezone=True), server_default=func.now(), onupdate=func.now()))',
    )


AWARE_CLOCK = "lambda: datetime.now(timezone.utc)"
IMPORTS = ("datetime.datetime", "datetime.timezone")


@pytest.mark.parametrize(
    ("line", "name", "instead_of"),
    [
        ("at: datetime = Field(default_factory=datetime.utcnow, sa_type=AWARE)", "default_factory", "default_factory"),
        (
            "at: datetime = Field(default_factory=datetime.utcnow, sa_column=Column(AWARE))",
            "default_factory",
            "default_factory",
        ),
        (
            "at: datetime | None = Field(default=None, sa_type=AWARE, sa_column_kwargs={'onupdate': datetime.now})",
            "onupdate",
            "onupdate",
        ),
    ],
)
def test_the_fix_of_a_field_is_an_aware_clock(line: str, name: str, instead_of: str) -> None:
    (problem,) = check_found(naive_datetime_value, MODEL.format(line=line), "tasks.at")
    edit = SetArgument(problem.part, name, AWARE_CLOCK, instead_of, IMPORTS)
    assert problem.fix == Fix("behaviour", (edit,))


def test_the_fix_is_safe_where_sqlmodel_refuses_the_value() -> None:
    sqltypes = pytest.importorskip("sqlmodel.sql.sqltypes")
    if not hasattr(sqltypes, "UTCDateTime"):
        pytest.skip("this SQLModel makes a plain datetime naive")
    (problem,) = check_found(
        naive_datetime_value, MODEL.format(line="at: datetime = Field(default_factory=datetime.utcnow)"), "tasks.at"
    )
    assert problem.fix is not None
    assert problem.fix.kind == "safe"


def test_default_and_onupdate_are_fixed_together() -> None:
    line = "at: datetime = Field(default_factory=datetime.now, sa_type=AWARE, sa_column_kwargs={'onupdate': datetime.utcnow})"
    (problem,) = check_found(naive_datetime_value, MODEL.format(line=line), "tasks.at")
    assert problem.fix is not None
    assert [edit.name for edit in problem.fix.edits if isinstance(edit, SetArgument)] == ["default_factory", "onupdate"]


@pytest.mark.parametrize(
    ("column", "name", "instead_of"),
    [
        ("mapped_column(sa.DateTime(timezone=True), default=datetime.utcnow)", "default", "insert_default"),
        ("mapped_column(sa.DateTime(timezone=True), insert_default=datetime.utcnow)", "default", "insert_default"),
        ("mapped_column(sa.DateTime(timezone=True), onupdate=datetime.utcnow)", "onupdate", "onupdate"),
    ],
)
def test_the_fix_of_a_mapped_column_is_an_aware_clock(column: str, name: str, instead_of: str) -> None:
    source = DECLARATIVE.format(line=f"at: Mapped[datetime] = {column}")
    (problem,) = check_found(naive_datetime_value, source, "tasks.at")
    assert problem.fix == Fix("behaviour", (SetArgument(problem.part, name, AWARE_CLOCK, instead_of, IMPORTS),))


@pytest.mark.parametrize("argument", ["default_factory", "insert_default"])
def test_the_fix_of_a_dataclass_keeps_the_keyword(argument: str) -> None:
    source = f"""
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), {argument}=datetime.utcnow, init=False)
        """
    (problem,) = check_found(naive_datetime_value, source, "tasks.at")
    assert problem.fix == Fix("behaviour", (SetArgument(problem.part, argument, AWARE_CLOCK, argument, IMPORTS),))


def test_the_fix_of_a_core_column_is_an_aware_clock() -> None:
    source = 't = Table("tasks", MetaData(), Column("at", sa.DateTime(timezone=True), default=datetime.utcnow))'
    (problem,) = check_found(naive_datetime_value, source, "tasks.at")
    assert problem.fix == Fix("behaviour", (SetArgument(problem.part, "default", AWARE_CLOCK, "default", IMPORTS),))


@pytest.mark.parametrize(
    "line",
    [
        "at: datetime = Field(sa_type=AWARE, sa_column_kwargs={'default': datetime.utcnow})",
        "at: datetime = Field(sa_column=Column(AWARE, default=datetime.utcnow))",
        "at: datetime = Field(default_factory=datetime.utcnow, sa_column=Column(AWARE, default=datetime.utcnow))",
    ],
)
def test_a_default_inside_another_argument_is_left_to_its_author(line: str) -> None:
    (problem,) = check_found(naive_datetime_value, MODEL.format(line=line), "tasks.at")
    assert problem.fix is None


AWARE = "sa_type=sa.DateTime(timezone=True)"
INSIDE = "Field(default=None, sa_column=Column(sa.DateTime(timezone=True), default=datetime.now))"
TWICE = f'Field({AWARE}, default_factory=datetime.now, sa_column_kwargs={{"onupdate": datetime.now}})'


@pytest.mark.parametrize(
    ("field", "marked"),
    [
        (f"Field({AWARE}, default_factory=datetime.utcnow)", "datetime.utcnow"),
        (f'Field({AWARE}, sa_column_kwargs={{"onupdate": datetime.now}})', "datetime.now"),
        (INSIDE, INSIDE),
        (TWICE, TWICE),
    ],
)
def test_the_clock_is_marked_where_there_is_one(field: str, marked: str) -> None:
    source = f"class Book(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    at: datetime = {field}"
    assert marked_by(naive_datetime_value, source) == [marked]
