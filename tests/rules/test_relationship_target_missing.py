"""Relationships to classes that are not there."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from schemalint.check import check
from schemalint.config import Config
from schemalint.rule import Problem
from schemalint.rules.schema.relationship_target_missing import relationship_target_missing as rule
from snippets import USUAL, ask, check_clean, empty_sqlmodel, loaded


def found(source: str, *objects: str) -> list[Problem]:
    """Assert that exactly `objects` are found in models whose mappers cannot be configured; return the problems."""
    with loaded(source) as schema:
        assert schema.failures
        problems = list(ask(rule, schema, {}))
        assert sorted(schema.place(problem.part).object for problem in problems) == sorted(objects)
        return problems


def sqlmodel(annotation: str, more: str = "") -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        {more}

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: {annotation} = Relationship()
        """)


def declarative(book: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book{book}
        """)


def test_a_class_that_was_never_declared_is_found() -> None:
    (problem,) = found(sqlmodel('"Publisher"'), "Loan~book")
    assert problem.message == (
        "Loan.book leads to Publisher, but no imported model has that name: the mappers cannot be configured, so every query fails"
    )
    assert problem.remedy == "an import of the module that declares Publisher, where the models are imported"


@pytest.mark.parametrize("annotation", ['"Books"', '"book"', '"Bok"', 'list["Boook"]', 'Optional["BOOK"]'])
def test_the_name_that_was_meant_is_offered(annotation: str) -> None:
    (problem,) = found(sqlmodel(annotation), "Loan~book")
    assert problem.remedy.startswith('"Book", or ')


def test_a_table_is_no_class() -> None:
    (problem,) = found(declarative(' = relationship("books")'), "Loan~book")
    assert problem.remedy == '"Book": a relationship names the class, not the table'


def test_a_class_without_a_table_is_found() -> None:
    (problem,) = found(sqlmodel('"Shelf"', "class Shelf(SQLModel): ..."), "Loan~book")
    assert problem.message.startswith("Loan.book leads to Shelf, which is no table: ")
    assert problem.remedy == "table=True at Shelf, or the class that has the table"


def test_a_class_that_is_not_mapped_is_found() -> None:
    (problem,) = found(declarative(" = relationship(Decimal)"), "Loan~book")
    assert problem.remedy == "a mapped class in place of Decimal"


@pytest.mark.parametrize(
    "book",
    [
        ': Mapped["Books"] = relationship()',
        ': Mapped[list["Books"]] = relationship()',
        ' = relationship("Books")',
        ' = relationship("models.Books")',
    ],
)
def test_plain_sqlalchemy_is_found(book: str) -> None:
    found(declarative(book), "Loan~book")


def test_every_missing_class_is_told_at_once() -> None:
    found(
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            shelf: "Shelf" = Relationship()
            house: "House" = Relationship()
        """,
        "Book~house",
        "Book~shelf",
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel('"Book"'), id="a string"),
        pytest.param(sqlmodel("Book"), id="the class"),
        pytest.param(sqlmodel('Optional["Book"]'), id="optional"),
        pytest.param(declarative(" = relationship(lambda: Book)"), id="a function"),
        pytest.param(declarative(" = relationship(Book)"), id="the class itself"),
        pytest.param(declarative(' = relationship("Book")'), id="plain"),
        pytest.param(declarative(": Mapped[Book] = relationship()"), id="annotated"),
    ],
)
def test_a_class_that_is_there_is_fine(source: str) -> None:
    check_clean(rule, source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel('"Book | None"'), id="the business of relationship-annotation"),
        pytest.param(sqlmodel('"list[Book]"'), id="a list as one string"),
        pytest.param(declarative(" = relationship(lambda: Books)"), id="a function that fails"),
        pytest.param(
            sqlmodel('"Book"')
            .replace("book_id: int = Field", "shelf_id: int = Field")
            .replace("books.id", "shelves.id"),
            id="another failure",
        ),
    ],
)
def test_other_failures_are_not_explained_here(source: str) -> None:
    found(source)


def test_a_class_that_two_modules_declare_is_not_missing() -> None:
    source = declarative(' = relationship("Book")') + dedent("""
        First = Book

        class Book(Base):
            __tablename__ = "other_books"
            id: Mapped[int] = mapped_column(primary_key=True)
        """)
    with loaded(source) as schema:
        assert list(ask(rule, schema, {})) == []


def test_where_a_module_does_not_import_nothing_is_missing() -> None:
    with loaded(sqlmodel('"Publisher"') + "\nraise RuntimeError\n") as schema:
        assert not schema.is_whole
        assert list(ask(rule, schema, {})) == []


@pytest.mark.parametrize(
    ("name", "type_", "arguments"),
    [
        ("relationship-target-missing", '"Missing"', ""),
        ("relationship-annotation", '"list[Book]"', ""),
        ("relationship-ambiguous", '"User"', ""),
        ("cascade-overridden", '"Book"', "\n    cascade_delete=True,"),
        ("back-populates-target-missing", '"Book"', '\n    back_populates="nothing",'),
    ],
)
def test_what_sqlalchemy_says_is_not_told_beside_what_a_rule_explains(name: str, type_: str, arguments: str) -> None:
    source = f"""
class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)

class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    one_id: int = Field(foreign_key="user.id")
    other_id: int = Field(foreign_key="user.id")

class Loan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    one_id: int = Field(foreign_key="user.id")
    other_id: int = Field(foreign_key="user.id")
    book_id: int = Field(foreign_key="book.id")
    wrong: (
        {type_}
    ) = Relationship({arguments}
    )
"""
    with TemporaryDirectory() as root, empty_sqlmodel():
        (Path(root) / "models_that_fail.py").write_text(USUAL + source, encoding="utf-8")
        try:
            report = check(Config(root=Path(root), models=("models_that_fail",), offline=True))
        finally:
            sys.modules.pop("models_that_fail", None)
    assert name in {finding.rule for finding in report.findings}
    assert [one for one in report.unasked if one.at] == []
