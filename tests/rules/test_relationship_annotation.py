"""Annotations of relationships that say something else than what is there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from schemalint.config import Config
from schemalint.fix import Fix, SetAnnotation
from schemalint.loaders.models import load_schema
from schemalint.rule import Problem
from schemalint.rules.schema.relationship_annotation import relationship_annotation as rule
from schemalint.rules.schema.relationship_annotation import with_the_name_quoted
from schemalint.subjects.schema import Schema
from snippets import USUAL, ask, check_clean, check_found, empty_sqlmodel, loaded
from sources import check_found as found_in_source
from sources import marked as marked_in_source


def found(source: str, *objects: str) -> list[Problem]:
    """Assert that exactly `objects` are found in models whose mappers cannot be configured; return the problems."""
    with loaded(source) as schema:
        assert schema.failures
        problems = list(ask(rule, schema, {}))
        assert sorted(schema.place(problem.part).object for problem in problems) == sorted(objects)
        return problems


@contextmanager
def loaded_with_postponed_annotations(source: str) -> Iterator[Schema]:
    """Load `source` as `loaded` does, in a module that has the names it uses and `from __future__ import annotations` at its top."""
    name = "postponed_models"
    with TemporaryDirectory() as root, empty_sqlmodel():
        (Path(root) / f"{name}.py").write_text(f"from __future__ import annotations\n{USUAL}{source}", encoding="utf-8")
        try:
            yield load_schema(Config(root=Path(root), models=(name,)))
        finally:
            sys.modules.pop(name, None)


def sqlmodel(book: str, key: str = "int", loans: str = 'list["Loan"]') -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: {loans} = Relationship(back_populates="book")

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: {key} = Field(foreign_key="books.id")
            book: {book} = Relationship(back_populates="loans")
        """)


def declarative(book: str, column: str = 'Mapped[int] = mapped_column(ForeignKey("books.id"))', loans: str = "") -> str:
    return dedent(f"""
        class Base(DeclarativeBase):
            __allow_unmapped__ = True

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            {loans}

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: {column}
            book{book}
        """)


NULLABLE = 'Mapped[int | None] = mapped_column(ForeignKey("books.id"))'


@pytest.mark.parametrize(
    ("annotation", "code"),
    [
        ('"Book | None"', 'Optional["Book"]'),
        ('"None | Book"', 'Optional["Book"]'),
        ('"Optional[Book]"', 'Optional["Book"]'),
        ("\"Optional['Book']\"", 'Optional["Book"]'),
        ('"list[Book]"', 'list["Book"]'),
        ('"List[Book]"', 'list["Book"]'),
        ('"typing.List[Book]"', 'list["Book"]'),
    ],
)
def test_a_type_as_one_string_is_found(annotation: str, code: str) -> None:
    (problem,) = found(sqlmodel(annotation), "Loan~book")
    assert problem.message.endswith(": the mappers cannot be configured, so every query fails")
    assert problem.remedy == code
    assert problem.at == "annotation"
    imports = ("typing.Optional",) if code.startswith("Optional") else ()
    assert problem.fix == Fix("safe", (SetAnnotation(problem.part, code, imports),))


@pytest.mark.parametrize(
    "annotation", ['"Book | Loan"', '"dict[str, Book]"', '"list[Book] | None"', '"list[Book | None]"']
)
def test_a_string_that_cannot_be_taken_apart_has_no_fix(annotation: str) -> None:
    (problem,) = found(sqlmodel(annotation), "Loan~book")
    assert problem.fix is None
    assert problem.remedy == "quotes around the name of the class only"


@pytest.mark.parametrize("argument", ["list[Book]", "Book |"])
def test_an_argument_that_is_no_name_is_found_in_plain_sqlalchemy(argument: str) -> None:
    (problem,) = found(declarative(f' = relationship("{argument}")'), "Loan~book")
    assert problem.remedy == "the name of the class and nothing else"
    assert problem.fix is None


def test_what_does_not_parse_is_not_taken_apart() -> None:
    assert with_the_name_quoted("Book |") == ""


def test_postponed_annotations_are_told_as_what_they_are() -> None:
    with loaded_with_postponed_annotations(sqlmodel("Book", loans="list[Loan]")) as schema:
        assert schema.failures
        (problem,) = ask(rule, schema, {})
        assert schema.place(problem.part).object == "Book~loans"
        assert problem.remedy.startswith("no `from __future__ import annotations` in this file")
        assert problem.fix is None


def test_postponed_annotations_of_plain_sqlalchemy_are_fine() -> None:
    source = declarative(": Mapped[Book | None] = relationship()", NULLABLE)
    with loaded_with_postponed_annotations(source) as schema:
        assert list(ask(rule, schema, {})) == []


def test_where_postponed_annotations_would_break_it_there_is_no_fix() -> None:
    with loaded_with_postponed_annotations(sqlmodel("Book", "int | None", loans="Loan")) as schema:
        (problem,) = ask(rule, schema, {})
        assert schema.place(problem.part).object == "Loan~book"
        assert problem.fix is None


def test_a_list_on_the_side_of_the_foreign_key_is_found() -> None:
    (problem,) = check_found(rule, declarative(": Mapped[list[Book]] = relationship()"), "Loan~book")
    assert (
        problem.message == "Loan.book is annotated as many, but a row of loans has one book_id: it is one Book or None"
    )
    assert problem.remedy == '"Book", or the foreign key on the other table, if there are several'
    assert problem.fix is None


def test_a_list_over_a_join_of_your_own_is_found() -> None:
    (problem,) = check_found(
        rule,
        declarative(': Mapped[list[Book]] = relationship(primaryjoin="and_(Book.id == Loan.book_id, Book.id > 0)")'),
        "Loan~book",
    )
    assert problem.message == "Loan.book is annotated as many, but a row of loans refers to one: it is one Book or None"


def test_a_set_of_one_is_found() -> None:
    (problem,) = check_found(
        rule,
        declarative(
            ": Mapped[Book] = relationship()", loans='loans: Mapped[set["Loan"]] = relationship(uselist=False)'
        ),
        "Book~loans",
    )
    assert "it is declared with uselist=False" in problem.message


def test_one_that_is_a_list_is_found() -> None:
    (problem,) = check_found(
        rule,
        declarative(
            ": Mapped[Book] = relationship()", loans='loans: Mapped["Loan"] = relationship(collection_class=list)'
        ),
        "Book~loans",
    )
    assert problem.message == "Book.loans is annotated as one Loan, but is a list of them"
    assert problem.remedy == 'list["Loan"], or uselist=False'


def test_never_none_over_a_foreign_key_that_may_be_null_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("Book", "int | None"), "Loan~book")
    assert problem.message == (
        "Loan.book is annotated as never None, but loans.book_id may be NULL: what the type checker passes fails on such a row"
    )
    assert problem.remedy == 'Optional["Book"], or nullable=False on loans.book_id'
    assert problem.fix == Fix("safe", (SetAnnotation(problem.part, 'Optional["Book"]', ("typing.Optional",)),))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel('"Book"', "int | None"), id="a string"),
        pytest.param(declarative(": Mapped[Book] = relationship()", NULLABLE), id="plain"),
        pytest.param(declarative(': Mapped["Book"] = relationship()', NULLABLE), id="a string in Mapped"),
        pytest.param(
            declarative(": Mapped[Book] = relationship()").replace(
                "book_id: Mapped[int] = mapped_column", "book_id = mapped_column"
            ),
            id="a column that says nothing",
        ),
    ],
)
def test_every_way_to_write_it_is_found(source: str) -> None:
    check_found(rule, source, "Loan~book")


def test_a_name_that_means_another_class_there_has_no_fix() -> None:
    source = declarative(": Mapped[Book] = relationship()", NULLABLE) + "\nAnother, Book = Book, int\n"
    (problem,) = check_found(rule, source, "Loan~book")
    assert problem.fix is None


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel("Book"), id="never none over a NOT NULL key"),
        pytest.param(sqlmodel("Book | None", "int | None"), id="optional over a nullable key"),
        pytest.param(sqlmodel('Optional["Book"]', "int | None"), id="Optional"),
        pytest.param(sqlmodel('Optional["Book"]'), id="optional over a NOT NULL key: it is None until it is set"),
        pytest.param(
            sqlmodel("Any", "int | None").replace(
                "Any = Relationship(", 'Any = Relationship(sa_relationship=relationship("Book"), '
            ),
            id="Any",
        ),
        pytest.param(declarative(' = relationship("Book")', NULLABLE), id="no annotation"),
        pytest.param(declarative(': "Book | int" = relationship("Book")', NULLABLE), id="a union"),
        pytest.param(
            declarative(': "relationship" = relationship("Book")', NULLABLE), id="an annotation that is no type"
        ),
        pytest.param(declarative(': "Unknown" = relationship("Book")', NULLABLE), id="a name that nobody knows"),
        pytest.param(
            declarative(
                ": Mapped[Book] = relationship()", 'Mapped[int] = mapped_column(ForeignKey("books.id"), nullable=True)'
            ),
            id="the business of nullable-mismatch",
        ),
        pytest.param(
            declarative(
                ': Mapped[Book] = relationship(primaryjoin="and_(Book.id == Loan.book_id, Book.id > 0)")', NULLABLE
            ),
            id="a join of your own",
        ),
        pytest.param(
            declarative(": Mapped[Book] = relationship()", loans='loans: Mapped[list["Loan"]] = relationship()'),
            id="a list",
        ),
        pytest.param(
            declarative(": Mapped[Book] = relationship()", loans='loans: orm.DynamicMapped["Loan"] = relationship()'),
            id="a dynamic one",
        ),
        pytest.param(
            declarative(": Mapped[Book] = relationship()", loans='loans: orm.WriteOnlyMapped["Loan"] = relationship()'),
            id="a write-only one",
        ),
        pytest.param(
            declarative(
                ": Mapped[Book] = relationship()",
                loans='loans: "orm.RelationshipProperty[Loan]" = relationship("Loan", uselist=True)',
            ),
            id="a type of SQLAlchemy",
        ),
        pytest.param(
            declarative(": Mapped[Book] = relationship()", loans='loan: Mapped["Loan"] = relationship()'),
            id="one of the many: the business of one-to-one-not-unique",
        ),
        pytest.param(
            declarative(
                ": Mapped[Book] = relationship()",
                loans='loans: Mapped[dict[int, "Loan"]] = relationship(collection_class=orm.attribute_keyed_dict("id"))',
            ),
            id="a dictionary",
        ),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_a_subclass_in_its_parents_table_must_have_a_nullable_key() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Event(Base):
            __tablename__ = "events"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "event"}

        class Loan(Event):
            book_id: Mapped[int | None] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = relationship()
            __mapper_args__ = {"polymorphic_identity": "loan"}
        """,
    )


def test_a_model_that_is_a_container_is_one_row() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Box(Base):
            __tablename__ = "boxes"
            id: Mapped[int] = mapped_column(primary_key=True)
            def __len__(self): return 0
            def __iter__(self): return iter(())
            def __contains__(self, thing): return False

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            box_id: Mapped[int] = mapped_column(ForeignKey("boxes.id"))
            box: Mapped[Box] = relationship()
        """,
    )


WITHOUT = """
class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {0}
"""


def test_a_relationship_without_an_annotation_is_found_though_the_class_is_not_made() -> None:
    source = WITHOUT.format("loans = Relationship(back_populates='book')")
    (problem,) = found_in_source(rule, source, "Book~loans")
    assert problem.message == (
        "Book.loans has no annotation, which SQLModel takes the other class from: the module does not import"
    )
    assert problem.remedy == 'loans: list["..."], or Optional["..."], with the name of the class'
    assert marked_in_source(rule, source) == ["loans"]
    with loaded(source) as schema:
        assert "KeyError: 'loans'" in schema.failures[0].message


@pytest.mark.parametrize(
    "line",
    [
        "loans: list['Loan'] = Relationship()",
        "loans = Relationship(sa_relationship=orm.relationship('Loan'))",
        "loans = Relationship(**MORE)",
        "loans = orm.relationship('Loan')",
        "loans = other.Relationship()",
    ],
)
def test_what_needs_no_annotation_is_left_alone(line: str) -> None:
    assert found_in_source(rule, WITHOUT.format(line)) == []
