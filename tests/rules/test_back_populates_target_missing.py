"""What `back_populates` may name, and what it may not."""

from textwrap import dedent

import pytest
import sqlalchemy

from schemalint.rule import Problem
from schemalint.rules.schema.back_populates_target_missing import back_populates_target_missing as rule
from snippets import ask, check_clean, check_found, loaded


def found(source: str, *objects: str) -> list[Problem]:
    """Assert that exactly `objects` are found in models whose mappers cannot be configured; return the problems."""
    with loaded(source) as schema:
        assert schema.failures
        problems = list(ask(rule, schema, {}))
        assert sorted(schema.place(problem.part).object for problem in problems) == sorted(objects)
        return problems


def sqlmodel(loans: str, book: str) -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship({loans})

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: Book = Relationship({book})
        """)


def declarative(loans: str, book: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans: Mapped[list["Loan"]] = relationship({loans})

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = relationship({book})
        """)


def test_an_attribute_that_does_not_exist_is_found_and_the_one_that_was_meant_is_offered() -> None:
    (problem,) = found(sqlmodel('back_populates="borrowed"', 'back_populates="loans"'), "Book~loans")
    assert problem.message == (
        'Book.loans has back_populates="borrowed", but Loan has no attribute borrowed: '
        "the mappers cannot be configured, so every query fails"
    )
    assert problem.remedy == 'back_populates="book"'


def test_both_sides_may_be_wrong() -> None:
    found(sqlmodel('back_populates="boook"', 'back_populates="loan"'), "Book~loans", "Loan~book")


def test_plain_sqlalchemy_is_found() -> None:
    found(declarative('back_populates="borrowed"', 'back_populates="loans"'), "Book~loans")


def test_a_column_is_found() -> None:
    (problem,) = found(sqlmodel('back_populates="book_id"', 'back_populates="loans"'), "Book~loans")
    assert "but Loan.book_id is no relationship: " in problem.message


def test_without_any_way_back_the_remedy_is_to_write_one() -> None:
    (problem,) = found(
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: Book = Relationship(back_populates="loans")
        """,
        "Loan~book",
    )
    assert problem.remedy == 'a relationship on Book with back_populates="book", and its name here'


def test_with_several_ways_back_all_are_offered() -> None:
    (problem,) = found(
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship(sa_relationship_kwargs={"foreign_keys": "Loan.book_id"})
            orders: list["Loan"] = Relationship(sa_relationship_kwargs={"foreign_keys": "Loan.next_id"})

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            next_id: int = Field(foreign_key="books.id")
            book: Book = Relationship(
                back_populates="borrowed", sa_relationship_kwargs={"foreign_keys": "Loan.book_id"}
            )
        """,
        "Loan~book",
    )
    assert problem.remedy == "one of loans, orders, the relationships of Book that lead here"


def test_a_relationship_that_leads_elsewhere_is_found() -> None:
    (problem,) = found(
        """
        class Base(DeclarativeBase): ...

        class Reader(Base):
            __tablename__ = "readers"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans: Mapped[list["Loan"]] = relationship(back_populates="reader")

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"))
            reader: Mapped[Reader] = relationship()
        """,
        "Book~loans",
    )
    assert "but Loan.reader leads to Reader, not to Book: " in problem.message


def test_a_second_relationship_that_names_a_paired_one_is_found() -> None:
    (problem,) = check_found(
        rule,
        declarative('back_populates="book"', 'back_populates="loans"')
        + dedent("""
            Book.again = relationship(Loan, back_populates="book")
            """),
        "Book~again",
    )
    assert problem.message == (
        'Book.again has back_populates="book", but Loan.book is paired with Book.loans: '
        "both write the same rows without knowing each other"
    )


def test_a_pair_is_fine() -> None:
    check_clean(rule, sqlmodel('back_populates="book"', 'back_populates="loans"'))
    check_clean(rule, declarative('back_populates="book"', 'back_populates="loans"'))


def test_no_back_populates_is_fine_here() -> None:
    check_clean(rule, declarative('overlaps="book"', 'overlaps="loans"'))


def test_one_side_is_fine_here() -> None:
    check_clean(rule, sqlmodel('back_populates="book"', ""))


def test_a_viewonly_relationship_may_name_a_paired_one() -> None:
    check_clean(
        rule,
        declarative('back_populates="book"', 'back_populates="loans"')
        + dedent("""
            Book.again = relationship(Loan, back_populates="book", viewonly=True)
            """),
    )


def test_a_pair_may_name_a_viewonly_relationship() -> None:
    check_clean(rule, declarative('back_populates="book", sync_backref=False', 'back_populates="loans", viewonly=True'))


def test_a_backref_makes_the_attribute_it_names() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = relationship(backref="loans")
        """,
    )


def test_a_backref_is_fine_too_when_another_mapper_cannot_be_configured() -> None:
    found(
        declarative('back_populates="borrowed"', "")
        + dedent("""
            class Note(Base):
                __tablename__ = "notes"
                id: Mapped[int] = mapped_column(primary_key=True)
                book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
                book: Mapped[Book] = relationship(backref=orm.backref("notes", lazy="raise"))
            """),
        "Book~loans",
    )


def test_a_class_that_does_not_exist_is_another_matter() -> None:
    found(
        """
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: "Book" = Relationship(back_populates="loans")
        """
    )


def test_a_named_relationship_to_a_class_that_does_not_exist_is_another_matter() -> None:
    found(declarative('back_populates="book"', "").replace("Mapped[Book]", 'Mapped["Bok"]'))


def test_a_relationship_that_the_target_inherits_may_be_named() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Company(Base):
            __tablename__ = "companies"
            id: Mapped[int] = mapped_column(primary_key=True)
            employees: Mapped[list["Employee"]] = relationship(back_populates="company")
            managers: Mapped[list["Manager"]] = relationship(back_populates="company", overlaps="employees")

        class Employee(Base):
            __tablename__ = "employees"
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
            company: Mapped[Company] = relationship(back_populates="employees")

        class Manager(Employee):
            __mapper_args__ = {"polymorphic_identity": "manager"}
        """,
    )


def test_a_relationship_of_a_base_class_may_be_named() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Asset(Base):
            __tablename__ = "assets"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
            owner: Mapped["Owner"] = relationship(back_populates="assets")

        class Car(Asset):
            __tablename__ = "cars"
            id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)

        class Owner(Base):
            __tablename__ = "owners"
            id: Mapped[int] = mapped_column(primary_key=True)
            assets: Mapped[list[Asset]] = relationship(back_populates="owner")
        """,
    )


@pytest.mark.skipif(sqlalchemy.__version__.startswith("2.0"), reason="taken since SQLAlchemy 2.1")
def test_attributes_and_functions_are_taken_for_names() -> None:
    check_clean(rule, declarative('back_populates="book"', "back_populates=Book.loans"))
    check_clean(rule, declarative("back_populates=lambda: Loan.book", "back_populates=lambda: Book.loans"))


def test_a_self_reference_is_fine() -> None:
    check_clean(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
            parent: Optional["Node"] = Relationship(
                back_populates="children", sa_relationship_kwargs={"remote_side": "Node.id"}
            )
            children: list["Node"] = Relationship(back_populates="parent")
        """,
    )


def test_a_synonym_of_a_relationship_is_no_relationship() -> None:
    found(
        declarative('back_populates="lent"', "")
        + dedent("""
            Loan.lent = orm.synonym("book")
            """),
        "Book~loans",
    )


def two_keys(loans: str, book: str, more: str = "") -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans = relationship("Loan", {loans})

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            wish_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book = relationship("Book", {book})
            {more}
        """)


def test_a_pair_over_two_foreign_keys_is_found_once() -> None:
    (problem,) = check_found(
        rule,
        two_keys(
            'back_populates="book", foreign_keys="Loan.wish_id"', 'back_populates="loans", foreign_keys="Loan.book_id"'
        ),
        "Book~loans",
    )
    assert problem.message == (
        'Book.loans has back_populates="book", but Book.loans goes over loans.wish_id and Loan.book over loans.book_id: '
        "what is set on one is not what the other loads"
    )
    assert problem.remedy == "one of the two on both sides"
    assert problem.at == "back_populates"


def test_the_relationship_over_the_same_key_is_offered() -> None:
    (problem,) = check_found(
        rule,
        two_keys(
            'back_populates="book", foreign_keys="Loan.wish_id"',
            'back_populates="loans", foreign_keys="Loan.book_id"',
            'wish = relationship("Book", foreign_keys="Loan.wish_id", overlaps="loans")',
        ),
        "Book~loans",
    )
    assert problem.remedy == 'one of the two on both sides, or back_populates="wish"'


def test_a_pair_over_two_link_tables_is_found_once() -> None:
    (problem,) = check_found(rule, two_links("first", "second"), "Book~tags")
    assert "Book.tags goes over first and Tag.books over second" in problem.message


def two_links(tags: str, books: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        first = Table("first", Base.metadata, Column("b", ForeignKey("books.id")), Column("t", ForeignKey("tags.id")))
        second = Table("second", Base.metadata, Column("b", ForeignKey("books.id")), Column("t", ForeignKey("tags.id")))

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            tags = relationship("Tag", secondary={tags}, back_populates="books")

        class Tag(Base):
            __tablename__ = "tags"
            id: Mapped[int] = mapped_column(primary_key=True)
            books = relationship("Book", secondary={books}, back_populates="tags")
        """)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(two_links("first", "first"), id="one link table"),
        pytest.param(
            two_keys(
                'back_populates="book", foreign_keys="Loan.book_id"',
                'back_populates="loans", foreign_keys="Loan.book_id"',
            ),
            id="one key of two",
        ),
        pytest.param(
            two_keys(
                'back_populates="book", foreign_keys="Loan.wish_id", sync_backref=False',
                'back_populates="loans", foreign_keys="Loan.book_id", viewonly=True',
            ),
            id="a side that writes nothing",
        ),
        pytest.param(
            two_keys(
                'back_populates="book", primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 0)"',
                'back_populates="loans", foreign_keys="Loan.book_id"',
            ),
            id="a join of your own",
        ),
    ],
)
def test_a_pair_that_walks_one_way_is_fine(source: str) -> None:
    check_clean(rule, source)
