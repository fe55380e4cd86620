"""Timestamps of a row's life that nothing fills."""

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.timestamp_without_default import timestamp_without_default
from snippets import check_clean, check_found

MODEL = """
    class UTC(sa.TypeDecorator):
        impl = sa.DateTime(timezone=True)
        cache_ok = True

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


@pytest.mark.parametrize("name", ["created_at", "updated_at", "inserted_at", "modified_at"])
def test_not_null_without_a_default_is_found(name: str) -> None:
    source = MODEL.format(line=f"{name}: datetime = Field(sa_type=AWARE)")
    (problem,) = check_found(timestamp_without_default, source, f"tasks.{name}")
    assert (
        problem.message == f"tasks.{name} is NOT NULL and has no default: an insert that does not bring the time fails"
    )
    assert problem.remedy == 'sa_column_kwargs={"server_default": func.now()}'
    assert problem.fix == Fix(
        "schema",
        (SetArgument(problem.part, "server_default", "func.now()", imports=("sqlalchemy.func",)),),
        f'op.alter_column("tasks", "{name}", server_default=sa.func.now())',
    )


def test_no_fix_is_offered_where_the_time_zone_is_in_question() -> None:
    for line in ("created_at: datetime = Field(sa_type=sa.DateTime)", "created_at: datetime = Field(sa_type=UTC)"):
        (problem,) = check_found(timestamp_without_default, MODEL.format(line=line), "tasks.created_at")
        assert problem.fix is None


@pytest.mark.parametrize(
    "line",
    [
        "created_at: datetime = Field(sa_column=Column(AWARE, nullable=False))",
        "created_at: datetime = Field(default=None)",
        "created_at: datetime = Field(sa_type=UTC)",
        "created_at: datetime = Field(sa_column_kwargs={'onupdate': func.now()})",
    ],
)
def test_nothing_that_fills_an_insert_is_found(line: str) -> None:
    check_found(timestamp_without_default, MODEL.format(line=line), "tasks.created_at")


@pytest.mark.parametrize("line", ["created_at: Mapped[datetime]", "created_at = Column(sa.DateTime, nullable=False)"])
def test_mapped_column_is_found(line: str) -> None:
    check_found(timestamp_without_default, DECLARATIVE.format(line=line), "tasks.created_at")


def test_core_column_is_found() -> None:
    check_found(
        timestamp_without_default,
        't = Table("tasks", MetaData(), Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False))',
        "tasks.created_at",
    )


def test_field_of_a_mixin_is_found_in_each_table() -> None:
    check_found(
        timestamp_without_default,
        """
        class Dated(SQLModel):
            created_at: datetime

        class Task(Dated, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)

        class Note(Dated, table=True):
            __tablename__ = "notes"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks.created_at",
        "notes.created_at",
    )


@pytest.mark.parametrize(
    "line",
    [
        "created_at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))",
        "created_at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc), sa_column=Column(AWARE, nullable=False))",
        "created_at: datetime = Field(default=None, sa_column_kwargs={'server_default': func.now()})",
        "created_at: datetime = Field(sa_column=Column(AWARE, nullable=False, server_default=func.now()))",
        "created_at: datetime = Field(sa_column=Column(AWARE, nullable=False, default=func.now()))",
        "created_at: datetime = Field(sa_column_kwargs={'server_default': sa.FetchedValue()})",
        "created_at: datetime = Field(default=datetime(2024, 1, 1, tzinfo=timezone.utc))",
        "created_at: datetime | None = None",
        "created_at: datetime | None",
        "created_at: date",
        "created_at: int",
        "created_at: str",
        "due_at: datetime",
        "created: datetime",
        "created_at: datetime = Field(primary_key=True)",
        "created_at: datetime = Field(sa_column=Column(AWARE, sa.Computed('started_at'), nullable=False))",
    ],
)
def test_filled_nullable_and_other_columns_are_fine(line: str) -> None:
    check_clean(timestamp_without_default, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "created_at: Mapped[datetime] = mapped_column(server_default=func.now())",
        "created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(timezone.utc))",
        "created_at: Mapped[datetime] = mapped_column(insert_default=func.now())",
        "created_at: Mapped[datetime | None]",
        "created_at = Column(sa.DateTime)",
        "happened_at: Mapped[datetime]",
    ],
)
def test_mapped_columns_that_are_filled_are_fine(line: str) -> None:
    check_clean(timestamp_without_default, DECLARATIVE.format(line=line))


def test_default_factory_of_a_mapped_dataclass_is_fine() -> None:
    check_clean(
        timestamp_without_default,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(timezone.utc))
        """,
    )


def test_names_are_an_option() -> None:
    source = MODEL.format(line="createdAt: datetime")
    check_clean(timestamp_without_default, source)
    check_found(timestamp_without_default, source, "tasks.createdAt", names=("createdAt",))
    check_clean(timestamp_without_default, MODEL.format(line="created_at: datetime"), names=("createdAt",))
