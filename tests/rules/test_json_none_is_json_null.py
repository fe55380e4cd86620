"""None in a JSON column is NULL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, Column, Engine, Integer, MetaData, Table, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel

from schemalint.fix import Fix, SetType
from schemalint.rules.schema.json_none_is_json_null import json_none_is_json_null as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

MODEL = """
    from sqlalchemy.ext.mutable import MutableDict

    class Own(sa.JSON): ...

    class Decorated(sa.TypeDecorator):
        impl = pg.JSONB
        cache_ok = True

    class Event(SQLModel, table=True):
        __tablename__ = "events"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class Event(Base):
        __tablename__ = "events"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "data: dict | None = Field(default=None, sa_type=pg.JSONB)",
        "data: dict | None = Field(sa_type=pg.JSONB)",
        "data: Optional[dict] = Field(default=None, sa_column=Column(pg.JSONB))",
        "data: dict | None = Field(default_factory=dict, sa_type=pg.JSONB)",
        "data: dict = Field(default=None, sa_type=pg.JSONB, nullable=True)",
        "data: Any = Field(default=None, sa_column=Column(sa.JSON))",
        "data: dict | None = Field(default=None, sa_type=MutableDict.as_mutable(pg.JSONB))",
        "data: dict | None = Field(default=None, sa_type=pg.JSONB, sa_column_kwargs={'server_default': '{}'})",
        'data: dict | None = Field(default=None, sa_type=sa.JSON().with_variant(pg.JSONB(), "postgresql"))',
        'data: dict | None = Field(default=None, sa_type=sa.JSON(none_as_null=True).with_variant(pg.JSONB(), "postgresql"))',
    ],
)
def test_a_nullable_field_is_found(line: str) -> None:
    (problem,) = check_found(rule, MODEL.format(line=line), "events.data")
    assert problem.message == "None in Event.data is stored as the JSON value null: events.data IS NULL is false for it"


@pytest.mark.parametrize(
    "line",
    [
        "data: dict | None = Field(default=None, sa_type=pg.JSONB(none_as_null=True))",
        "data: dict | None = Field(default=None, sa_column=Column(sa.JSON(none_as_null=True)))",
        'data: dict | None = Field(default=None, sa_type=sa.JSON().with_variant(pg.JSONB(none_as_null=True), "postgresql"))',
        "data: dict = Field(default_factory=dict, sa_type=pg.JSONB)",
        "data: dict = Field(sa_type=pg.JSONB)",
        "data: dict = Field(sa_column=Column(pg.JSONB))",
        "data: dict | None = Field(default=None, sa_column=Column(pg.JSONB, nullable=False))",
        "data: dict | None = Field(default=None, sa_type=Decorated)",
        "data: dict | None = Field(default=None, sa_type=Own)",
        "data: list[dict] | None = Field(default=None, sa_type=pg.ARRAY(pg.JSONB))",
        "data: dict | None = Field(default=None, sa_type=pg.HSTORE)",
        'data: dict | None = Field(default=None, sa_type=sa.JSON().with_variant(pg.HSTORE(), "postgresql"))',
        'data: dict | None = Field(default=None, sa_column=Column(pg.JSONB, sa.Computed("to_jsonb(id)")))',
        "data: str | None = None",
    ],
)
def test_null_of_sql_a_value_always_and_other_types_are_fine(line: str) -> None:
    check_clean(rule, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    ["data: Mapped[dict | None] = mapped_column(pg.JSONB)", "data: Mapped[Optional[dict]] = mapped_column(sa.JSON)"],
)
def test_a_declarative_class_is_judged_where_the_option_says_so(line: str) -> None:
    check_clean(rule, DECLARATIVE.format(line=line))
    (problem,) = check_found(rule, DECLARATIVE.format(line=line), "events.data", declarative=True)
    assert problem.message.startswith("a None that is assigned in Event.data is stored as the JSON value null")


@pytest.mark.parametrize(
    "source",
    [
        DECLARATIVE.format(line="data: Mapped[dict] = mapped_column(pg.JSONB)"),
        DECLARATIVE.format(line="data = Column(pg.JSONB)"),
        DECLARATIVE.format(line="data: Mapped[dict | None] = mapped_column(pg.JSONB(none_as_null=True))"),
        't = Table("events", MetaData(), Column("data", pg.JSONB))',
    ],
)
def test_the_option_adds_no_column_of_which_no_class_says_none(source: str) -> None:
    check_clean(rule, source, declarative=True)


@pytest.mark.parametrize(
    ("kind", "code", "of", "module"),
    [
        ("pg.JSONB", "JSONB(none_as_null=True)", "JSONB", "sqlalchemy.dialects.postgresql.JSONB"),
        ("pg.JSON", "JSON(none_as_null=True)", "JSON", "sqlalchemy.dialects.postgresql.JSON"),
        ("sa.JSON", "JSON(none_as_null=True)", "JSON", "sqlalchemy.JSON"),
        (
            'sa.JSON().with_variant(pg.JSONB(), "postgresql")',
            "JSONB(none_as_null=True)",
            "JSONB",
            "sqlalchemy.dialects.postgresql.JSONB",
        ),
    ],
)
def test_the_fix_says_none_as_null(kind: str, code: str, of: str, module: str) -> None:
    line = f"data: dict | None = Field(default=None, sa_type={kind})"
    (problem,) = check_found(rule, MODEL.format(line=line), "events.data")
    assert problem.fix == Fix("behaviour", (SetType(problem.part, code, of, (module,)),))


def test_a_type_with_arguments_of_its_own_is_left_to_its_author() -> None:
    line = "data: dict | None = Field(default=None, sa_type=pg.JSONB(astext_type=sa.String()))"
    (problem,) = check_found(rule, MODEL.format(line=line), "events.data")
    assert problem.fix is None


class Base(SQLModel, registry=registry(metadata=MetaData())): ...


class Document(Base, table=True):
    __tablename__ = "documents"
    id: int | None = Field(default=None, primary_key=True)
    as_json: dict[str, int] | None = Field(default=None, sa_type=JSONB)
    as_null: dict[str, int] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    despite_default: dict[str, int] | None = Field(
        default=None, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    outer_only: dict[str, int] | None = Field(
        default=None, sa_type=JSON(none_as_null=True).with_variant(JSONB(), "postgresql")
    )


class Plain: ...


mapping = registry()
mapping.map_imperatively(
    Plain, Table("plain", mapping.metadata, Column("id", Integer, primary_key=True), Column("data", JSONB))
)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


def test_what_the_page_says_of_sqlmodel(engine: Engine) -> None:
    with engine.connect() as connection, Session(connection) as session:
        Base.metadata.create_all(connection)
        mapping.metadata.create_all(connection)
        session.add(Document())
        session.add(Plain())
        session.flush()
        is_null = connection.execute(text("SELECT data IS NULL FROM plain")).scalar()
        texts = connection.execute(
            text("SELECT as_json::text, as_null::text, despite_default::text, outer_only::text FROM documents")
        ).one()
    assert is_null is True
    assert tuple(texts) == ("null", None, "null", "null")
