"""Tests of sa-column-drops-argument."""

import pytest
from sqlalchemy import create_engine, insert, select
from sqlalchemy.pool import NullPool

from fixes import fixed
from schemalint.rules.schema.sa_column_drops_argument import sa_column_drops_argument
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, loaded


def task(field: str) -> str:
    return f"""
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    {field}
"""


@pytest.mark.parametrize(
    ("field", "argument"),
    [
        ("x: int | None = Field(default=5, sa_column=Column(sa.Integer))", "default"),
        ("x: int = Field(5, sa_column=Column(sa.Integer))", "default"),
        ("x: bool | None = Field(default=False, sa_column=Column(sa.Boolean))", "default"),
        ("x: list[str] = Field(default_factory=list, sa_column=Column(pg.JSONB))", "default_factory"),
        ("x: str | None = Field(default='', sa_column=Column('x', sa.Text, index=True))", "default"),
        ("x: datetime | None = Field(default_factory=datetime.now, sa_column=Column(sa.DateTime))", "default_factory"),
        ("x: int | None = Field(default=5, sa_column=Column(sa.Integer, onupdate=6))", "default"),
    ],
)
def test_a_default_beside_a_column_that_takes_null_is_lost(field: str, argument: str) -> None:
    (problem,) = check_found(sa_column_drops_argument, task(field), "tasks.x")
    assert problem.message == (
        f"Task.x has a {argument}, which its sa_column does not get: an INSERT that does not come from an object stores NULL in tasks.x"
    )
    assert problem.at == argument


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with (
        loaded(task("x: int | None = Field(default=5, sa_column=Column(sa.Integer))")) as schema,
        engine.connect() as connection,
    ):
        (table,) = schema.tables
        table.create(connection)
        connection.execute(insert(table))
        assert connection.execute(select(table.c.x)).all() == [(None,)]


@pytest.mark.parametrize(
    "field",
    [
        "x: int | None = Field(default=5)",
        "x: int | None = Field(default=5, sa_type=sa.SmallInteger)",
        "x: int | None = Field(default=5, sa_column_kwargs={'comment': 'n'})",
        "x: int = Field(default=5, sa_column=Column(sa.Integer, nullable=False))",  # refuses NULL
        "x: int | None = Field(default=5, sa_column=Column(sa.Integer, default=5))",
        "x: int | None = Field(default=5, sa_column=Column(sa.Integer, default=lambda: 5))",
        "x: int | None = Field(default=5, sa_column=Column(sa.Integer, server_default='5'))",
        "x: int | None = Field(default=5, sa_column=Column(sa.Integer, sa.Computed('1 + 1')))",
        "x: int | None = Field(default=5, sa_column=Column(sa.Integer, sa.FetchedValue()))",
        "x: int | None = Field(default=None, sa_column=Column(sa.Integer))",
        "x: int | None = Field(sa_column=Column(sa.Integer))",
        "x: int | None = Field(default=5, sa_column=Column(ForeignKey('tasks.id')))",  # a row that may be missing
        "x: int | None = Field(default=None, sa_column=Column(sa.Integer, default=5))",
    ],
)
def test_what_the_column_has_or_does_not_need_is_fine(field: str) -> None:
    check_clean(sa_column_drops_argument, task(field))


def test_a_primary_key_is_fine() -> None:
    check_clean(
        sa_column_drops_argument,
        "class A(SQLModel, table=True):\n    id: UUID = Field(default_factory=uuid4, sa_column=Column(sa.Uuid, primary_key=True))\n",
    )


def test_declarative_and_core_columns_have_their_own_defaults() -> None:
    check_clean(
        sa_column_drops_argument,
        """
        class Base(DeclarativeBase): pass
        class A(Base):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)
            x: Mapped[int | None] = mapped_column(default=5)
        class D(MappedAsDataclass, Base):
            __tablename__ = "d"
            id: Mapped[int] = mapped_column(primary_key=True)
            x: Mapped[int | None] = mapped_column(default=5)
        Table("t", Base.metadata, Column("x", sa.Integer, default=5))
        """,
    )


def test_digits_beside_a_numeric_are_lost() -> None:
    field = "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(sa.Numeric, nullable=False))"
    (problem,) = check_found(sa_column_drops_argument, task(field), "tasks.x")
    assert (
        problem.message
        == "Task.x has at most 10 digits for pydantic, but tasks.x, of its sa_column, takes any number of them"
    )
    assert problem.remedy == "Numeric(10, 2) in the sa_column"


@pytest.mark.parametrize(
    "field",
    [
        "x: Decimal = Field(max_digits=10, decimal_places=2)",
        "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(sa.Numeric(10, 2), nullable=False))",
        "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(sa.Numeric(12, 4), nullable=False))",
        "x: Decimal = Field(max_digits=10, sa_column=Column(sa.Numeric, nullable=False))",
        "x: Decimal = Field(sa_column=Column(sa.Numeric, nullable=False))",
        "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(sa.Float, nullable=False))",
        "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(pg.MONEY, nullable=False))",
    ],
)
def test_digits_that_the_column_has_or_cannot_have_are_fine(field: str) -> None:
    check_clean(sa_column_drops_argument, task(field))


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (
            "x: int | None = Field(default=5, sa_column=Column(sa.Integer))",
            'sa_column=Column(sa.Integer, server_default="5")',
        ),
        (
            "x: bool | None = Field(default=False, sa_column=Column(sa.Boolean))",
            "sa_column=Column(sa.Boolean, server_default=sa.false())",
        ),
        (
            "x: list[str] = Field(default_factory=list, sa_column=Column(pg.JSONB))",
            'sa_column=Column(pg.JSONB, server_default="[]")',
        ),
        (
            "x: Decimal = Field(max_digits=10, decimal_places=2, sa_column=Column(sa.Numeric, nullable=False))",
            "sa_column=Column(sa.Numeric(10, 2), nullable=False)",
        ),
    ],
)
def test_the_fix_gives_the_column_what_it_lost(field: str, column: str) -> None:
    assert column in fixed(sa_column_drops_argument, task(field))


def test_a_default_beyond_postgresql_has_no_fix() -> None:
    field = "x: str | None = Field(default_factory=lambda: made(), sa_column=Column(sa.Text))"
    (problem,) = check_found(sa_column_drops_argument, task(field), "tasks.x")
    assert problem.fix is None


def test_the_fix_says_its_migration() -> None:
    (problem,) = check_found(
        sa_column_drops_argument, task("x: int | None = Field(default=5, sa_column=Column(sa.Integer))"), "tasks.x"
    )
    assert problem.fix is not None
    assert problem.fix.due == 'op.alter_column("tasks", "x", server_default="5")'
