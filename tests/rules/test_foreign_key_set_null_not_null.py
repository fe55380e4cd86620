"""ON DELETE SET NULL over columns that may be NULL, and over columns that may not."""

from textwrap import dedent

import pytest

from schemalint.rules.schema.foreign_key_set_null_not_null import foreign_key_set_null_not_null as rule
from snippets import check_clean, check_found, marked_by
from sources import check_found as found_in_source
from sources import marked as marked_in_source

BASE = """
class Base(DeclarativeBase): ...

class Shelf(Base):
    __tablename__ = "shelves"
    room: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def loan(column: str) -> str:
    return BASE + dedent(f"""
        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            {column}
        """)


def box(ondelete: str, room: str = "int", number: str = "int", primary_key: str = "") -> str:
    return BASE + dedent(f"""
        class Box(Base):
            __tablename__ = "boxes"
            __table_args__ = (
                ForeignKeyConstraint(["room", "number"], ["shelves.room", "shelves.number"], ondelete="{ondelete}"),
            )
            id: Mapped[int] = mapped_column(primary_key=True)
            room: Mapped[{room}] = mapped_column({primary_key})
            number: Mapped[{number}]
        """)


def sqlmodel(field: str) -> str:
    return (
        dedent("""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
        """)
        + f"    {field}\n"
    )


def test_lower_case_on_a_required_field_of_sqlmodel_is_found() -> None:
    (problem,) = check_found(
        rule, sqlmodel('book_id: int = Field(foreign_key="books.id", ondelete="set null")'), "loans.book_id"
    )
    assert problem.message == (
        "deleting a row of books fails while loans refers to it: ON DELETE SET NULL empties book_id, which is NOT NULL"
    )
    assert problem.remedy == 'nullable (`| None` in the annotation), or ondelete="CASCADE" or "RESTRICT"'


def test_upper_case_on_a_required_mapped_column_is_found() -> None:
    check_found(
        rule, loan('book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="SET NULL"))'), "loans.book_id"
    )


def test_optional_with_nullable_false_is_found() -> None:
    check_found(
        rule,
        sqlmodel(
            "book_id: int | None = Field(default=None, "
            'sa_column=Column(ForeignKey("books.id", ondelete="SET NULL"), nullable=False))'
        ),
        "loans.book_id",
    )


def test_a_primary_key_is_not_null_and_cannot_be_made_nullable() -> None:
    (problem,) = check_found(
        rule,
        BASE
        + dedent("""
            class Loan(Base):
                __tablename__ = "loans"
                book_id: Mapped[int | None] = mapped_column(
                    ForeignKey("books.id", ondelete="SET NULL"), primary_key=True, nullable=True
                )
            """),
        "loans.book_id",
    )
    assert problem.remedy == 'ondelete="CASCADE" or "RESTRICT"'


def test_one_not_null_column_of_a_composite_key_is_found_and_the_list_of_the_others_offered() -> None:
    (problem,) = check_found(rule, box("SET NULL", number="int | None"), "boxes.room, number")
    assert problem.message.endswith("ON DELETE SET NULL empties room, which is NOT NULL")
    assert problem.remedy == 'ondelete="SET NULL (number)" (PostgreSQL 15), "CASCADE" or "RESTRICT"'


def test_a_column_list_that_names_the_not_null_column_is_found() -> None:
    check_found(rule, box("SET NULL (room)", number="int | None"), "boxes.room, number")


def test_a_core_column_is_found() -> None:
    check_found(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table(
            "loans",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("book_id", ForeignKey("books.id", ondelete="Set Null"), nullable=False),
        )
        """,
        "loans.book_id",
    )


def test_a_nullable_column_is_fine_in_any_case() -> None:
    for action in ("SET NULL", "set null", "Set  Null"):
        check_clean(
            rule, loan(f'book_id: Mapped[int | None] = mapped_column(ForeignKey("books.id", ondelete="{action}"))')
        )


def test_an_optional_field_of_sqlmodel_is_fine() -> None:
    check_clean(
        rule, sqlmodel('book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="SET NULL")')
    )


def test_a_required_annotation_over_a_nullable_column_is_fine_here() -> None:
    check_clean(
        rule, loan('book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="SET NULL"), nullable=True)')
    )


def test_other_actions_on_a_not_null_column_are_fine() -> None:
    for action in ("CASCADE", "RESTRICT", "NO ACTION", "SET DEFAULT"):
        check_clean(rule, loan(f'book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="{action}"))'))


def test_no_action_at_all_is_fine_here() -> None:
    check_clean(rule, loan('book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))'))


def test_set_null_on_update_is_another_matter() -> None:
    check_clean(
        rule,
        loan('book_id: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE", onupdate="SET NULL"))'),
    )


def test_a_composite_key_whose_columns_are_all_nullable_is_fine() -> None:
    check_clean(rule, box("SET NULL", room="int | None", number="int | None"))


def test_a_column_list_without_the_not_null_column_is_fine() -> None:
    check_clean(rule, box("SET NULL (number)", number="int | None"))


def test_a_column_list_beside_the_primary_key_is_fine() -> None:
    check_clean(rule, box('SET NULL ( \\"number\\" )', number="int | None", primary_key="primary_key=True"))


def test_a_core_column_is_nullable_unless_it_says_otherwise() -> None:
    check_clean(
        rule,
        """
        metadata = MetaData()
        Table("books", metadata, Column("id", sa.Integer, primary_key=True))
        Table("loans", metadata, Column("book_id", ForeignKey("books.id", ondelete="SET NULL")))
        """,
    )


def test_the_action_is_marked() -> None:
    source = """
        class Book(SQLModel, table=True):
            id: int = Field(primary_key=True)

        class Loan(SQLModel, table=True):
            id: int = Field(primary_key=True)
            book_id: int = Field(foreign_key="book.id", ondelete="set null")
    """
    assert marked_by(rule, source) == ['"set null"']


@pytest.mark.parametrize(
    "field",
    [
        'book_id: int = Field(foreign_key="books.id", ondelete="SET NULL")',
        'book_id: UUID = Field(foreign_key="books.id", ondelete="SET NULL")',
        'book_id: "int" = Field(default=None, foreign_key="books.id", ondelete="set null")',
        'book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="SET NULL", nullable=False)',
        'book_id: int = Field(sa_column=Column(ForeignKey("books.id", ondelete="SET NULL"), nullable=False))',
        'book_id: int | None = Field(foreign_key="books.id", ondelete="SET NULL", primary_key=True)',
    ],
)
def test_a_class_that_was_not_imported_is_found(field: str) -> None:
    source = sqlmodel(field)
    (problem,) = found_in_source(rule, source, "loans.book_id")
    assert problem.message == (
        "deleting a row of books fails while loans refers to it: ON DELETE SET NULL empties book_id, which is NOT NULL"
    )
    assert marked_in_source(rule, source)[0].lower() == '"set null"'


@pytest.mark.parametrize(
    "field",
    [
        'book_id: int | None = Field(default=None, foreign_key="books.id", ondelete="SET NULL")',
        'book_id: Optional[int] = Field(default=None, foreign_key="books.id", ondelete="SET NULL")',
        'book_id: int = Field(default=None, foreign_key="books.id", ondelete="SET NULL", nullable=True)',
        'book_id: int = Field(default=None, foreign_key="books.id", ondelete="set null", sa_column_kwargs={"nullable": True})',
        'book_id: int = Field(sa_column=Column(ForeignKey("books.id", ondelete="SET NULL")))',
        'book_id: BookId = Field(foreign_key="books.id", ondelete="SET NULL")',
        'book_id: int = Field(foreign_key="books.id", ondelete="SET NULL", **MORE)',
        'book_id: int = Field(foreign_key="books.id", ondelete="CASCADE")',
        'book_id: int = Field(foreign_key="books.id", ondelete=ACTION)',
        'book_id: int = Field(foreign_key="books.id", ondelete="SET NULL (book_id)")',
        'book_id: int = Field(foreign_key="books.id")',
    ],
)
def test_a_class_that_was_not_imported_and_may_be_right_is_fine(field: str) -> None:
    assert found_in_source(rule, sqlmodel(field)) == []
