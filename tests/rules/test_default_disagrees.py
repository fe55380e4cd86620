"""Defaults in Python and in PostgreSQL that are different values."""

import pytest

from schemalint.rules.schema.default_disagrees import default_disagrees
from snippets import check_clean, check_found

TABLE = """
    class Color(Enum):
        RED = "red"
        BLUE = "blue"

    class Shade(Enum):
        RED = "red"
        CRIMSON = "red"
        BLUE = "blue"

    class Size(StrEnum):
        SMALL = "small"
        LARGE = "large"

    class Level(IntEnum):
        LOW = 1

    def values(members):
        return [one.value for one in members]

    class Custom(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    t = Table("tasks", MetaData(), Column("c", {kind}, default={here}, server_default={there}))
"""


def tasks(kind: str, here: str, there: str) -> str:
    return TABLE.format(kind=kind, here=here, there=there)


@pytest.mark.parametrize(
    ("kind", "here", "there", "said"),
    [
        ("sa.Boolean", "True", '"false"', "starts with true in rows that Python makes, and with false in all others"),
        ("sa.Boolean", "False", "sa.true()", "with false in rows that Python makes, and with true"),
        ("sa.Boolean", "False", '"1"', "with false in rows that Python makes, and with true"),
        ("sa.Integer", "1", '"0"', "with 1 in rows that Python makes, and with 0"),
        ("sa.Integer", "1", 'text("0")', "with 1 in rows that Python makes, and with 0"),
        ("sa.Numeric(10, 2)", "Decimal('1.50')", '"1.05"', "with 1.50 in rows that Python makes, and with 1.05"),
        ("sa.Float", "0.5", "text(\"'0.25'::float8\")", "with 0.5 in rows that Python makes, and with 0.25"),
        ("sa.String", "'draft'", '"new"', "with 'draft' in rows that Python makes, and with 'new'"),
        ("sa.String", "'draft'", "text(\"'new'::varchar\")", "with 'draft' in rows that Python makes, and with 'new'"),
        ("sa.String", "''", "sa.literal('x')", "with '' in rows that Python makes, and with 'x'"),
        ("sa.String(20)", "Size.SMALL", '"large"', "with 'small' in rows that Python makes, and with 'large'"),
        ("sa.Enum(Color)", "Color.RED", '"BLUE"', "with 'RED' in rows that Python makes, and with 'BLUE'"),
        ("sa.Enum(Color)", "Color.RED", '"red"', "with 'RED' in rows that Python makes, and with 'red'"),
        ("sa.Enum(Color, values_callable=values)", "Color.RED", '"blue"', "with 'red' in rows that Python makes"),
        ("pg.JSONB", "dict", '"[]"', "with '{}' in rows that Python makes, and with '[]'"),
        ("pg.JSONB", "{'a': 1}", '"{}"', "with '{\"a\": 1}' in rows that Python makes, and with '{}'"),
        ("pg.ARRAY(sa.Integer)", "list", '"{1}"', "with '{}' in rows that Python makes, and with '{1}'"),
    ],
)
def test_two_values_are_found(kind: str, here: str, there: str, said: str) -> None:
    (problem,) = check_found(default_disagrees, tasks(kind, here, there), "tasks.c")
    assert said in problem.message
    assert problem.fix is None


@pytest.mark.parametrize(
    "field",
    [
        "position: int = Field(default=1, sa_column_kwargs={'server_default': '0'})",
        "position: int = Field(default=1, sa_column=Column(sa.Integer, server_default='0', nullable=False))",
        "position: list[str] = Field(default_factory=list, sa_column=Column(pg.JSONB, server_default='{}', nullable=False))",
    ],
)
def test_fields_of_models_are_found(field: str) -> None:
    check_found(
        default_disagrees,
        f"""
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            {field}
        """,
        "tasks.position",
    )


@pytest.mark.parametrize("default", ["default=1", "default_factory=lambda: 1", "insert_default=1"])
def test_mapped_dataclasses_are_compared_where_they_hold_a_constant(default: str) -> None:
    source = f"""
        class Base(MappedAsDataclass, DeclarativeBase, kw_only=True): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            position: Mapped[int] = mapped_column({default}, server_default="0")
    """
    if "lambda" in default:
        check_clean(default_disagrees, source)
    else:
        check_found(default_disagrees, source, "tasks.position")


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("sa.Boolean", "False", '"false"'),
        ("sa.Boolean", "False", '"f"'),
        ("sa.Boolean", "False", '"0"'),
        ("sa.Boolean", "False", 'text("false")'),
        ("sa.Boolean", "False", "text(\"'f'::boolean\")"),
        ("sa.Boolean", "True", "sa.true()"),
        ("sa.Boolean", "0", "sa.false()"),
        ("sa.Integer", "0", '"0"'),
        ("sa.Integer", "Level.LOW", '"1"'),
        ("sa.Integer", "False", '"0"'),
        ("sa.Integer", "1", "text(\"nextval('s')\")"),
        ("sa.BigInteger", "0", 'text("0::bigint")'),
        ("sa.Numeric(10, 2)", "Decimal('0')", '"0.00"'),
        ("sa.Float", "0.1", '"0.1"'),
        ("sa.Float", "1.0", '"1"'),
        ("sa.Float", "float('inf')", '"0"'),
        ("sa.String", "'draft'", '"draft"'),
        ("sa.String", "'draft'", "text(\"'draft'::character varying\")"),
        ("sa.String", "'it\\'s'", "text(\"'it''s'\")"),
        ("sa.String", "'50%'", "text(\"'50%'\")"),
        ("sa.String", "'draft'", 'text("current_user")'),
        ("sa.String", "'draft'", "func.version()"),
        ("sa.String", "lambda: 'draft'", '"new"'),
        ("sa.String", "func.version()", '"new"'),
        ("sa.String", "None", '"new"'),
        ("sa.String", "'draft'", "None"),
        ("sa.String", "'draft'", "sa.FetchedValue()"),
        ("sa.String(20)", "Size.SMALL", '"small"'),
        ("sa.String(20)", "Color.RED", '"red"'),
        ("sa.Enum(Color)", "Color.RED", '"RED"'),
        ("sa.Enum(Color)", "'RED'", '"RED"'),
        ("sa.Enum(Color, values_callable=values)", "Color.RED", '"red"'),
        ("sa.Enum('a', 'b', name='ab')", "'a'", "text(\"'a'::ab\")"),
        ("pg.JSONB", "dict", '"{}"'),
        ("pg.JSONB", "dict", "text(\"'{}'::jsonb\")"),
        ("pg.JSONB", "{'a': 1, 'b': 2}", '\'{"b": 2, "a":1}\''),
        ("pg.JSONB", "list", 'text("jsonb_build_array()")'),
        ("pg.JSONB", "object()", '"{}"'),
        ("pg.JSONB", "{'a': object()}", '"{}"'),
        ("pg.JSONB", "dict", '"no json"'),
        ("sa.Integer", "1", '"one"'),
        ("sa.Integer", "1", "sa.literal(object())"),
        ("sa.Enum(Shade, omit_aliases=False)", "Shade.RED", '"BLUE"'),
        ("pg.ARRAY(sa.String)", "list", '"{}"'),
        ("pg.ARRAY(sa.String)", "['a']", '"{}"'),
        ("sa.DateTime", "datetime(2024, 1, 1)", '"2024-01-01"'),
        ("sa.Uuid", "uuid4", "func.gen_random_uuid()"),
        ("Custom", "'draft'", '"new"'),
        ("sa.Interval", "timedelta(days=1)", '"1 day"'),
        # server-default-is-literal says it.
        ("sa.String", "'draft'", "\"'draft'\""),
    ],
)
def test_equal_values_expressions_and_types_of_the_project_are_fine(kind: str, here: str, there: str) -> None:
    check_clean(default_disagrees, tasks(kind, here, there))


def test_none_of_a_model_leaves_the_default_to_the_server() -> None:
    check_clean(
        default_disagrees,
        """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            position: int | None = Field(default=None, sa_column_kwargs={"server_default": "0"})
            created_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.now()})
        """,
    )
