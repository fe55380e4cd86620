"""One type of PostgreSQL has one set of labels."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DataError
from sqlalchemy.pool import NullPool

from schemalint.fix import Fix, SetType
from schemalint.rules.schema.enum_type_name_clash import enum_type_name_clash as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found, loaded

MODEL = """
    class Color(StrEnum):
        RED = "red"

    class Paint:
        class Color(StrEnum):
            BLUE = "blue"

    Hue = StrEnum("Color", ["RED"])

    def values(members):
        return [member.value for member in members]

    meta = MetaData(schema="other")

    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        one: Color
        {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "two: Paint.Color",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='color'))",
        "two: str = Field(sa_type=pg.ENUM('BLUE', name='color'))",
        "two: Color = Field(sa_type=sa.Enum(Color, values_callable=values))",
        "two: list[str] = Field(sa_type=pg.ARRAY(sa.Enum('BLUE', name='color')))",
        "two: str = Field(sa_type=sa.Enum('BLUE', 'RED', name='color'))",
    ],
)
def test_two_sets_of_labels_for_one_type_are_found(line: str) -> None:
    (problem,) = check_found(rule, MODEL.format(line=line), "books.two")
    assert problem.message.startswith(
        "books.two asks for a type color with other labels than books.one: only one is created, and "
    )
    assert problem.remedy == 'another name for the type: Enum(..., name="books_two")'


def test_each_column_with_the_other_labels_is_found() -> None:
    check_found(rule, MODEL.format(line="two: Paint.Color\n        zwei: Paint.Color"), "books.two", "books.zwei")


@pytest.mark.parametrize(
    "line",
    [
        "two: Color",
        "two: Color | None = None",
        "two: list[Color] = Field(sa_type=pg.ARRAY(sa.Enum(Color)))",
        "two: Hue",
        "two: str = Field(sa_type=sa.Enum('RED', name='color'))",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='colour'))",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='color', schema='paint'))",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='color', metadata=meta))",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='color', native_enum=False))",
        "two: str = Field(sa_type=pg.ENUM('BLUE', name='color', create_type=False))",
        "two: str = Field(sa_type=sa.Enum('BLUE', name='color').with_variant(sa.String(20), 'postgresql'))",
        "two: str = Field(sa_type=sa.Enum('BLUE', native_enum=False))",
        "two: str = Field(max_length=20)",
    ],
)
def test_one_set_of_labels_or_another_name_or_no_type_is_fine(line: str) -> None:
    check_clean(rule, MODEL.format(line=line))


def test_the_same_name_in_two_schemas_is_fine() -> None:
    check_clean(
        rule,
        """
        one, two = MetaData(schema="one"), MetaData(schema="two")
        Table("a", one, Column("color", sa.Enum("RED", name="color", metadata=one)))
        Table("b", two, Column("color", sa.Enum("BLUE", name="color", metadata=two)))
        """,
    )


def test_the_fix_names_the_type_after_the_column() -> None:
    source = """
        class Color(StrEnum):
            RED = "red"

        class Other(StrEnum):
            BLUE = "blue"

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            one: Color
            two: Other = Field(sa_type=sa.Enum(Other, name="color"))
        """
    (problem,) = check_found(rule, source, "books.two")
    assert problem.fix == Fix(
        "schema",
        (SetType(problem.part, 'Enum(Other, name="books_two")', "Enum", ("sqlalchemy.Enum",)),),
        "the type books_two is created, and books.two is altered to it, USING two::text::books_two",
    )


def test_a_name_for_several_columns_is_left_to_their_author() -> None:
    source = MODEL.format(
        line="two: Color = Field(sa_type=sa.Enum(Paint.Color))\n        x: Color = Field(sa_type=sa.Enum(Paint.Color))"
    )
    assert [problem.fix for problem in check_found(rule, source, "books.two", "books.x")] == [None, None]


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    source = """
        class Base(DeclarativeBase): ...

        class A(Base):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)
            color: Mapped[str] = mapped_column(sa.Enum("RED", name="color"))

        class B(Base):
            __tablename__ = "b"
            id: Mapped[int] = mapped_column(primary_key=True)
            color: Mapped[str] = mapped_column(sa.Enum("BLUE", name="color"))
        """
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with loaded(source) as schema, engine.connect() as connection:
        schema.metadata[0].create_all(connection)
        connection.commit()
        with pytest.raises(DataError, match='invalid input value for enum color: "BLUE"'):
            connection.execute(text("INSERT INTO b (color) VALUES ('BLUE')"))
