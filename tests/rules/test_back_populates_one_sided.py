"""Relationships that are named and do not name back."""

from textwrap import dedent

import pytest
import sqlalchemy

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.back_populates_one_sided import back_populates_one_sided as rule
from snippets import check_clean, check_found


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


def test_the_side_that_says_nothing_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel('back_populates="book"', ""), "Loan~book")
    assert problem.message == (
        "Book.loans names Loan.book, which does not name it back: what is set on Loan.book is missing on Book.loans until it is loaded again"
    )
    assert problem.remedy == 'back_populates="loans"'
    assert problem.fix == Fix("behaviour", (SetArgument(problem.part, "back_populates", '"loans"'),))


def test_the_other_direction_is_found() -> None:
    check_found(rule, sqlmodel("", 'back_populates="loans"'), "Book~loans")


def test_plain_sqlalchemy_is_found() -> None:
    check_found(rule, declarative('back_populates="book"', ""), "Loan~book")


def test_a_link_model_with_one_silent_side_is_found() -> None:
    check_found(
        rule,
        """
        class Link(SQLModel, table=True):
            __tablename__ = "links"
            tag_id: int = Field(foreign_key="tags.id", primary_key=True)
            book_id: int = Field(foreign_key="books.id", primary_key=True)

        class Tag(SQLModel, table=True):
            __tablename__ = "tags"
            id: int | None = Field(default=None, primary_key=True)
            books: list["Book"] = Relationship(back_populates="tags", link_model=Link)

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            tags: list[Tag] = Relationship(link_model=Link)
        """,
        "Book~tags",
    )


def test_a_self_reference_with_one_silent_side_is_found() -> None:
    check_found(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
            parent: Optional["Node"] = Relationship(sa_relationship_kwargs={"remote_side": "Node.id"})
            children: list["Node"] = Relationship(back_populates="parent")
        """,
        "Node~parent",
    )


def test_both_sides_are_fine() -> None:
    check_clean(rule, sqlmodel('back_populates="book"', 'back_populates="loans"'))
    check_clean(rule, declarative('back_populates="book"', 'back_populates="loans"'))


def test_neither_side_is_the_business_of_another_rule() -> None:
    check_clean(rule, declarative('overlaps="book"', 'overlaps="loans"'))


def test_a_relationship_that_nothing_leads_back_from_is_fine() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: Book = Relationship()
        """,
    )


def test_a_backref_names_both_sides() -> None:
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
            again: Mapped[Book] = relationship(backref=orm.backref("others", lazy="dynamic"), overlaps="book,loans")
        """,
    )


def test_a_viewonly_side_cannot_keep_in_step() -> None:
    check_clean(rule, declarative('back_populates="book", sync_backref=False', "viewonly=True"))
    check_clean(rule, declarative('viewonly=True, back_populates="book"', ""))


def test_a_second_relationship_beside_a_pair_is_fine() -> None:
    check_clean(
        rule,
        declarative('back_populates="book"', 'back_populates="loans"')
        + dedent("""
            Book.late = relationship(Loan, viewonly=True, primaryjoin=Book.id == Loan.book_id)
            """),
    )


def test_a_relationship_that_the_target_inherits_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Company(Base):
            __tablename__ = "companies"
            id: Mapped[int] = mapped_column(primary_key=True)
            managers: Mapped[list["Manager"]] = relationship(back_populates="company")

        class Employee(Base):
            __tablename__ = "employees"
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
            company: Mapped[Company] = relationship()

        class Manager(Employee):
            __mapper_args__ = {"polymorphic_identity": "manager"}
        """,
    )


@pytest.mark.skipif(sqlalchemy.__version__.startswith("2.0"), reason="taken since SQLAlchemy 2.1")
def test_attributes_and_functions_are_taken_for_names() -> None:
    check_clean(rule, declarative('back_populates="book"', "back_populates=Book.loans"))
    check_clean(rule, declarative("back_populates=lambda: Loan.book", "back_populates=lambda: Book.loans"))


def test_a_one_to_one_pair_is_fine() -> None:
    check_clean(
        rule,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            profile: Optional["Profile"] = Relationship(back_populates="user", sa_relationship_kwargs={"uselist": False})

        class Profile(SQLModel, table=True):
            __tablename__ = "profiles"
            user_id: int = Field(foreign_key="users.id", primary_key=True)
            user: User = Relationship(back_populates="profile")
        """,
    )


def test_an_sa_relationship_is_read_like_any_other() -> None:
    source = sqlmodel('sa_relationship=relationship(back_populates="book")', "sa_relationship=relationship({})")
    check_clean(rule, source.replace("{}", 'back_populates="loans"'))
    check_found(rule, source.replace("{}", ""), "Loan~book")


def test_a_relationship_inside_a_relationship_has_no_fix() -> None:
    (problem,) = check_found(
        rule, sqlmodel('back_populates="book"', 'sa_relationship=relationship("Book")'), "Loan~book"
    )
    assert problem.fix is None


def test_what_a_mixin_declares_for_several_classes_has_no_fix() -> None:
    (problem,) = check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans: Mapped[list["Loan"]] = relationship(back_populates="book")

        class OfABook:
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))

            @declared_attr
            def book(cls) -> Mapped[Book]:
                return relationship(Book)

        class Loan(OfABook, Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "Loan~book",
    )
    assert problem.fix is None
