"""JSON columns are JSONB."""

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from schemalint.fix import Fix, SetType
from schemalint.rules.schema.json_not_jsonb import json_not_jsonb as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

MODEL = """
    from sqlalchemy.ext.mutable import MutableDict

    class Stored(sa.TypeDecorator):
        impl = sa.JSON
        cache_ok = True

    class Either(sa.TypeDecorator):
        impl = sa.JSON
        cache_ok = True

        def load_dialect_impl(self, dialect):
            return dialect.type_descriptor(pg.JSONB() if dialect.name == "postgresql" else sa.JSON())

    class Event(SQLModel, table=True):
        __tablename__ = "events"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase):
        type_annotation_map = {{dict: sa.JSON, list: pg.JSONB}}

    class Event(Base):
        __tablename__ = "events"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""


@pytest.mark.parametrize(
    "source",
    [
        MODEL.format(line="data: dict = Field(sa_type=sa.JSON)"),
        MODEL.format(line="data: dict = Field(sa_type=pg.JSON)"),
        MODEL.format(line="data: dict = Field(sa_column=Column(sa.JSON))"),
        MODEL.format(line="data: dict = Field(sa_type=MutableDict.as_mutable(sa.JSON))"),
        MODEL.format(line="data: dict = Field(sa_type=Stored)"),
        MODEL.format(line='data: dict = Field(sa_type=sa.JSON().with_variant(sa.Text(), "sqlite"))'),
        MODEL.format(line='data: dict = Field(sa_type=sa.Text().with_variant(pg.JSON(), "postgresql"))'),
        DECLARATIVE.format(line="data: Mapped[dict]"),
        DECLARATIVE.format(line="data: Mapped[dict | None] = mapped_column(sa.JSON)"),
        DECLARATIVE.format(line="data = Column(sa.JSON)"),
        't = Table("events", MetaData(), Column("data", sa.JSON))',
    ],
)
def test_json_is_found(source: str) -> None:
    (problem,) = check_found(rule, source, "events.data")
    assert problem.message == (
        "events.data is JSON: parsed again on every access, without an index for what is inside, and SELECT DISTINCT over it fails"
    )


@pytest.mark.parametrize(
    "line",
    [
        "data: dict = Field(sa_type=pg.JSONB)",
        "data: dict = Field(sa_column=Column(pg.JSONB(none_as_null=True)))",
        "data: dict = Field(sa_type=MutableDict.as_mutable(pg.JSONB))",
        'data: dict = Field(sa_type=sa.JSON().with_variant(pg.JSONB(), "postgresql"))',
        "data: dict = Field(sa_type=Either)",
        "data: list[dict] = Field(sa_type=pg.ARRAY(pg.JSONB))",
        "data: str",
        "data: str = Field(sa_type=pg.JSONPATH)",
        "data: dict = Field(sa_type=pg.HSTORE)",
        'data: dict = Field(sa_type=pg.DOMAIN("json_object", pg.JSONB))',
    ],
)
def test_jsonb_and_other_types_are_fine(line: str) -> None:
    check_clean(rule, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line", ["data: Mapped[list]", "data: Mapped[dict] = mapped_column(pg.JSONB)", "data = Column()"]
)
def test_mapped_jsonb_or_no_type_at_all_is_fine(line: str) -> None:
    check_clean(rule, DECLARATIVE.format(line=line))


def test_the_fix_keeps_none_as_null_and_says_the_migration() -> None:
    (problem,) = check_found(
        rule, MODEL.format(line="data: dict = Field(sa_type=sa.JSON(none_as_null=True))"), "events.data"
    )
    imports = ("sqlalchemy.dialects.postgresql.JSONB",)
    assert problem.fix == Fix(
        "schema",
        (SetType(problem.part, "JSONB(none_as_null=True)", "JSON", imports),),
        'op.alter_column("events", "data", type_=postgresql.JSONB(), postgresql_using="data::jsonb")',
    )


@pytest.mark.parametrize(
    "line",
    [
        "data: dict = Field(sa_type=Stored)",
        'data: dict = Field(sa_type=sa.JSON().with_variant(sa.Text(), "sqlite"))',
        "data: dict = Field(sa_type=pg.JSON(astext_type=sa.String()))",
    ],
)
def test_there_is_no_fix_for_other_databases_and_types_of_the_project(line: str) -> None:
    (problem,) = check_found(rule, MODEL.format(line=line), "events.data")
    assert problem.fix is None


def test_the_fix_is_a_variant_where_other_columns_are_another_type_on_other_databases() -> None:
    lines = 'data: dict = Field(sa_type={})\n        note: str = Field(sa_type=sa.String().with_variant(sa.Text(), "mysql"))'
    (problem,) = check_found(rule, MODEL.format(line=lines.format("sa.JSON")), "events.data")
    assert problem.remedy == 'JSON().with_variant(JSONB(), "postgresql")'
    assert problem.fix is not None
    imports = ("sqlalchemy.JSON", "sqlalchemy.dialects.postgresql.JSONB")
    assert problem.fix.edits == (SetType(problem.part, problem.remedy, "JSON", imports),)
    (problem,) = check_found(rule, MODEL.format(line=lines.format("sa.JSON(none_as_null=True)")), "events.data")
    assert problem.fix is not None
    code = 'JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")'
    assert problem.fix.edits == (SetType(problem.part, code, "JSON", imports),)


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("""CREATE TABLE events (data json NOT NULL DEFAULT '{"a": 1}', "Data" json)"""))
        connection.execute(text("INSERT INTO events DEFAULT VALUES"))
        connection.commit()
        with pytest.raises(ProgrammingError, match="could not identify an equality operator for type json"):
            connection.execute(text("SELECT DISTINCT data FROM events"))
        connection.rollback()
        with pytest.raises(
            ProgrammingError, match='data type json has no default operator class for access method "gin"'
        ):
            connection.execute(text("CREATE INDEX ON events USING gin (data)"))
        connection.rollback()
        connection.execute(
            text(
                'ALTER TABLE events ALTER "Data" TYPE jsonb USING "Data"::jsonb, ALTER data TYPE jsonb USING data::jsonb'
            )
        )
        assert connection.execute(text("SELECT data @> '{\"a\": 1}' FROM events")).scalar() is True
