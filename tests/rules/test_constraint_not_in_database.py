"""What Python says about values, PostgreSQL says, too."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from schemalint.fix import AddTableArgument, Fix
from schemalint.rules.schema.constraint_not_in_database import constraint_not_in_database as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, loaded

HEADER = """
    from pydantic import PositiveInt, StringConstraints, conint, constr

    class Status(StrEnum):
        OPEN = "open"
        DONE = "done"

    class Own(sa.TypeDecorator):
        impl = sa.Integer
        cache_ok = True
"""


def model(line: str, args: str = "", before: str = "") -> str:
    return (
        HEADER
        + f"""
    {before}
    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        {args}
        id: int | None = Field(default=None, primary_key=True)
        {line}
    """
    )


def declarative(line: str) -> str:
    return (
        HEADER
        + f"""
    class Base(DeclarativeBase): ...

    class Task(Base):
        __tablename__ = "tasks"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
    """
    )


@pytest.mark.parametrize(
    ("line", "said", "condition"),
    [
        ("x: int = Field(ge=1)", "ge=1", "x >= 1"),
        ("x: int = Field(gt=0, le=5)", "gt=0 and le=5", "x > 0 AND x <= 5"),
        ("x: PositiveInt", "gt=0", "x > 0"),
        ("x: conint(lt=9)", "lt=9", "x < 9"),
        ("x: Optional[Annotated[int, Field(ge=1)]] = None", "ge=1", "x >= 1"),
        ("x: Decimal = Field(ge=0, max_digits=9, decimal_places=2)", "ge=0", "x >= 0"),
        ("x: float = Field(ge=0.5)", "ge=0.5", "x >= 0.5"),
        ("x: int = Field(multiple_of=5)", "multiple_of=5", "x % 5 = 0"),
        ("x: str = Field(min_length=3)", "min_length=3", "char_length(x) >= 3"),
        ("x: Literal['a', 'b'] = Field(sa_type=sa.String)", "one of 2 values", "x IN ('a', 'b')"),
        ("x: Literal['a', 'b'] | None = Field(default=None, sa_type=sa.Text)", "one of 2 values", "x IN ('a', 'b')"),
        ("x: Status = Field(sa_type=sa.Enum(Status, native_enum=False))", "one of 2 values", "x IN ('OPEN', 'DONE')"),
        ("x: int = Field(ge=1, sa_column=Column('Order', sa.Integer))", "ge=1", '"Order" >= 1'),
    ],
)  # fmt: skip
def test_a_rule_of_python_is_found_with_its_check(line: str, said: str, condition: str) -> None:
    (problem,) = check_found(rule, model(line), "tasks.Order" if "Order" in line else "tasks.x")
    name = "tasks.Order" if "Order" in line else "tasks.x"
    assert problem.message == f"{said}: Python's rule for {name}, of which PostgreSQL knows nothing"
    assert problem.remedy.replace("\\", "") == f'CheckConstraint("{condition}")'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x: constr(pattern='^a')", "pattern='^a'"),
        ("x: Annotated[str, StringConstraints(pattern='^a')]", "pattern='^a'"),
        ("x: float = Field(multiple_of=0.5)", "multiple_of=0.5"),
    ],
)
def test_what_sql_says_in_another_way_is_found_without_a_fix(line: str, said: str) -> None:
    (problem,) = check_found(rule, model(line), "tasks.x")
    assert problem.message.startswith(said)
    assert problem.remedy == "a CHECK that names the column"
    assert problem.fix is None


@pytest.mark.parametrize(
    "line",
    [
        "x: Mapped[Literal['a', 'b']]",
        "x: Mapped[Status] = mapped_column(sa.Enum(Status, native_enum=False))",
        "x = Column(sa.Enum('a', 'b', native_enum=False))",
    ],
)
def test_a_declarative_class_is_judged(line: str) -> None:
    check_found(rule, declarative(line), "tasks.x")


@pytest.mark.parametrize(
    "line",
    [
        "x: int",
        "x: int = Field(description='at least 1')",
        "x: int = Field(le=2147483647, ge=-2147483648)",
        "x: int = Field(le=9223372036854775807, sa_type=sa.BigInteger)",
        "x: int = Field(lt=32768, sa_type=sa.SmallInteger)",
        "x: float = Field(le=float('inf'))",
        "x: str = Field(max_length=9)",
        "x: str = Field(min_length=0)",
        "x: Status",
        "x: Status = Field(sa_type=sa.Enum(Status, native_enum=False, create_constraint=True, name='x'))",
        "x: Status = Field(sa_type=sa.Enum(Status, native_enum=False).with_variant(pg.ENUM(Status, name='s'), 'postgresql'))",
        "x: str | Literal['a'] = Field(sa_type=sa.String)",
        "x: Literal[1, 2] = Field(sa_type=sa.String)",
        "x: int = Field(ge=1, sa_type=Own)",
        "x: int = Field(ge=1, sa_type=pg.DOMAIN('positive', sa.Integer))",
        "x: list[int] = Field(min_length=1, sa_type=pg.ARRAY(sa.Integer))",
        "x: dict = Field(min_length=1, sa_type=pg.JSONB)",
        "x: date = Field(ge=date(2000, 1, 1))",
        "x: int = Field(ge=1, sa_column=Column(sa.Integer, sa.Computed('id + 1')))",
        "x: int = Field(ge=1, foreign_key='tasks.id')",
        "x: int = Field(ge=1, sa_column_args=[CheckConstraint('x > 0')])",
    ],
)
def test_what_the_type_has_or_a_key_or_no_rule_is_fine(line: str) -> None:
    check_clean(rule, model(line))


@pytest.mark.parametrize(
    "check", ['"x > 0"', '"x BETWEEN 1 AND 5 OR x IS NULL"', 'sa.column("x") >= 1', '"X IN (1, 2)"']
)
def test_any_check_that_names_the_column_counts(check: str) -> None:
    check_clean(rule, model("x: int = Field(ge=1, le=5)", f"__table_args__ = (CheckConstraint({check}),)"))


def test_a_check_of_an_element_that_only_postgresql_prints_counts() -> None:
    before = """
    from sqlalchemy.ext.compiler import compiles

    class Odd(sa.sql.expression.ColumnElement):
        inherit_cache = True

    @compiles(Odd, "postgresql")
    def odd(element, compiler, **kw):
        return "x > 0"
    """
    check_clean(rule, model("x: int = Field(ge=1)", "__table_args__ = (CheckConstraint(Odd()),)", before))


def test_a_core_table_says_nothing_in_python() -> None:
    check_clean(rule, 't = Table("tasks", MetaData(), Column("x", sa.Integer), Column("y", sa.String(9)))')


def test_the_fix_adds_the_check_under_a_name_that_fits_the_convention() -> None:
    (problem,) = check_found(rule, model("x: int = Field(ge=1)"), "tasks.x")
    table = problem.part.table  # type: ignore[attr-defined]
    assert problem.fix == Fix(
        "schema",
        (AddTableArgument(table, 'CheckConstraint("x >= 1", name="ck_tasks_x")', ("sqlalchemy.CheckConstraint",)),),
        'op.create_check_constraint("ck_tasks_x", "tasks", "x >= 1")',
    )
    source = """
        class Base(DeclarativeBase):
            metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}, schema="app")

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            x: Mapped[Literal["it's", "b"]]
        """
    (problem,) = check_found(rule, source, "app.tasks.x")
    assert problem.fix is not None
    assert problem.fix.due == ("""op.create_check_constraint("x", "tasks", "x IN ('it''s', 'b')", schema="app")""")


def test_a_condition_that_sqlalchemys_text_reads_otherwise_has_no_fix() -> None:
    (problem,) = check_found(rule, model("x: Literal['a:b', 'c'] = Field(sa_type=sa.String)"), "tasks.x")
    assert problem.fix is None


def test_the_checks_are_ones_that_postgresql_takes(database: Database) -> None:
    source = model(
        "a: int = 1\n        b: str = ''",
        """__table_args__ = (CheckConstraint("a >= 1 AND a % 5 = 0"), CheckConstraint("char_length(b) >= 3"), CheckConstraint("b IN ('abc')"))""",
    )
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with loaded(source) as schema, engine.connect() as connection:
        schema.metadata[0].create_all(connection)
        connection.commit()
        connection.execute(text("INSERT INTO tasks (a, b) VALUES (5, 'abc')"))
        for values in ("(0, 'abc')", "(6, 'abc')", "(5, 'ab')"):
            with pytest.raises(IntegrityError), connection.begin_nested():
                connection.execute(text(f"INSERT INTO tasks (a, b) VALUES {values}"))
