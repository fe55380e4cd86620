"""`updated_at` changes when its row does."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Mapper

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.updated_at_never_updated import updated_at_never_updated
from snippets import check_clean, check_found

MODEL = """
    NOW = lambda: datetime.now(timezone.utc)
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


@pytest.mark.parametrize(
    "line",
    [
        "updated_at: datetime = Field(default_factory=NOW, sa_type=AWARE)",
        "updated_at: datetime | None = Field(default_factory=NOW, sa_type=AWARE)",
        "updated_at: datetime = Field(default=None, sa_type=AWARE, sa_column_kwargs={'server_default': func.now()})",
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=func.now(), nullable=False))",
        "updated_at: datetime = Field(default_factory=NOW, sa_column=Column(AWARE, nullable=False))",
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=text('now()')))",
        # Nothing in PostgreSQL does what this seems to say.
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=func.now(), server_onupdate=func.now()))",
    ],
)
def test_default_without_onupdate_is_found(line: str) -> None:
    (problem,) = check_found(updated_at_never_updated, MODEL.format(line=line), "tasks.updated_at")
    assert (
        problem.message
        == "tasks.updated_at has a default but no onupdate: an UPDATE that does not bring a new time keeps the old one"
    )
    assert problem.fix == Fix(
        "behaviour", (SetArgument(problem.part, "onupdate", "func.now()", imports=("sqlalchemy.func",)),)
    )


def test_no_fix_is_offered_where_the_time_zone_is_in_question() -> None:
    source = DECLARATIVE.format(line="updated_at = Column(sa.DateTime, default=datetime.utcnow)")
    (problem,) = check_found(updated_at_never_updated, source, "tasks.updated_at")
    assert problem.fix is None


def test_modified_at_is_found() -> None:
    check_found(
        updated_at_never_updated,
        MODEL.format(line="modified_at: datetime = Field(default_factory=NOW)"),
        "tasks.modified_at",
    )


@pytest.mark.parametrize(
    "line",
    [
        "updated_at: Mapped[datetime] = mapped_column(server_default=func.now())",
        "updated_at: Mapped[datetime] = mapped_column(default=func.now())",
        "updated_at = Column(sa.DateTime, default=datetime.utcnow)",
    ],
)
def test_mapped_default_without_onupdate_is_found(line: str) -> None:
    check_found(updated_at_never_updated, DECLARATIVE.format(line=line), "tasks.updated_at")


def test_core_column_is_found() -> None:
    check_found(
        updated_at_never_updated,
        't = Table("tasks", MetaData(), Column("updated_at", sa.DateTime, server_default=func.now()))',
        "tasks.updated_at",
    )


def test_mapped_dataclass_is_judged() -> None:
    check_found(
        updated_at_never_updated,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            updated_at: Mapped[datetime] = mapped_column(default_factory=datetime.now)
        """,
        "tasks.updated_at",
    )


def test_field_of_a_mixin_is_found_in_each_table() -> None:
    check_found(
        updated_at_never_updated,
        """
        class Dated(SQLModel):
            updated_at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))

        class Task(Dated, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)

        class Note(Dated, table=True):
            __tablename__ = "notes"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks.updated_at",
        "notes.updated_at",
    )


@pytest.mark.parametrize(
    "line",
    [
        "updated_at: datetime = Field(default_factory=NOW, sa_column_kwargs={'onupdate': NOW})",
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=func.now(), onupdate=func.now()))",
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=func.now(), server_onupdate=sa.FetchedValue()))",
        # A trigger fills it, and says so.
        "updated_at: datetime = Field(sa_column=Column(AWARE, server_default=sa.FetchedValue()))",
        # Nothing automatic was promised.
        "updated_at: datetime | None = None",
        "updated_at: datetime",
        # Other columns.
        "created_at: datetime = Field(default_factory=NOW)",
        "due_at: datetime = Field(default_factory=NOW)",
        "updated_at: int = 0",
        "updated_at: str = ''",
        "updated_at: date = Field(default_factory=date.today)",
        "updated_at: datetime = Field(sa_column=Column(AWARE, sa.Computed('created_at')))",
    ],
)
def test_updated_unpromised_and_other_columns_are_fine(line: str) -> None:
    check_clean(updated_at_never_updated, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())",
        "updated_at: Mapped[datetime] = mapped_column(default=datetime.utcnow, onupdate=datetime.utcnow)",
        "updated_at: Mapped[datetime | None] = mapped_column(onupdate=func.now())",
        "updated_at: Mapped[datetime | None]",
        "updated_at = Column(sa.DateTime)",
    ],
)
def test_mapped_columns_that_are_updated_are_fine(line: str) -> None:
    check_clean(updated_at_never_updated, DECLARATIVE.format(line=line))


@pytest.mark.parametrize("target", ["Task", "Base, propagate=True"])
def test_listener_that_runs_before_an_update_counts(target: str) -> None:
    target, comma, propagate = target.partition(",")
    check_clean(
        updated_at_never_updated,
        f"""
        class Base(DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            updated_at: Mapped[datetime] = mapped_column(default=datetime.now)

        @sa.event.listens_for({target}, "before_update"{comma}{propagate})
        def touch(mapper, connection, task): ...
        """,
    )


def test_listener_of_all_mappers_counts() -> None:
    def touch(*_: object) -> None: ...

    event.listen(Mapper, "before_update", touch)
    try:
        check_clean(updated_at_never_updated, MODEL.format(line="updated_at: datetime = Field(default_factory=NOW)"))
    finally:
        event.remove(Mapper, "before_update", touch)


def test_version_that_the_mapper_counts_is_fine() -> None:
    check_clean(
        updated_at_never_updated,
        """
        class Base(DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
            __mapper_args__ = {"version_id_col": updated_at, "version_id_generator": lambda version: datetime.now()}
        """,
    )


def test_names_are_an_option() -> None:
    source = MODEL.format(line="touched: datetime = Field(default_factory=NOW)")
    check_clean(updated_at_never_updated, source)
    check_found(updated_at_never_updated, source, "tasks.touched", names=("touched",))
