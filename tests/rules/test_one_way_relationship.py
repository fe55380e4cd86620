"""Relationships that lead one way only, and whether the other way was forgotten."""

from textwrap import dedent

import pytest

from schemalint.rules.schema.one_way_relationship import one_way_relationship as rule
from snippets import ask, check_clean, check_found, loaded

BOOKS = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
"""

BASE = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def sqlmodel(book: str, fields: str = "") -> str:
    """A loan of SQLModel with one relationship to a book that knows nothing of it."""
    return BOOKS + dedent(f"""
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            {fields}
            book: Book = {book}
        """)


def declarative(book: str, loans: str) -> str:
    """A book and a loan of plain SQLAlchemy with `loans`, a whole attribute of the book."""
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            late: Mapped[bool]
            {loans}

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            late: Mapped[bool]
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = {book}
        """)


def test_two_that_do_not_know_each_other_are_the_business_of_another_rule() -> None:
    check_clean(rule, declarative("relationship()", 'loans: Mapped[list["Loan"]] = relationship()'))


def test_one_way_from_sqlmodel_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("Relationship()"), "Loan~book")
    assert problem.message == "Loan.book leads to Book, and nothing leads back"
    assert problem.remedy == 'a relationship on Book with back_populates="book", and its name here'


def test_a_one_way_collection_of_sqlmodel_is_found() -> None:
    check_found(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship()

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
        """,
        "Book~loans",
    )


def test_one_way_from_plain_sqlalchemy_is_found() -> None:
    check_found(rule, declarative("relationship()", ""), "Loan~book")


SELF = """
class Base(DeclarativeBase): ...

follows = Table(
    "follows",
    Base.metadata,
    Column("a_id", ForeignKey("users.id"), primary_key=True),
    Column("b_id", ForeignKey("users.id"), primary_key=True),
)

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    {}
"""


def test_a_way_through_a_link_to_itself_is_fine() -> None:
    attribute = """
    following: Mapped[list["User"]] = relationship(
        secondary=follows, primaryjoin=id == follows.c.a_id, secondaryjoin=id == follows.c.b_id
    )
    """
    check_clean(rule, SELF.format(attribute.strip()))


def test_a_pair_that_knows_each_other_is_fine() -> None:
    check_clean(
        rule,
        declarative(
            'relationship(back_populates="loans")', 'loans: Mapped[list["Loan"]] = relationship(back_populates="book")'
        ),
    )


def test_a_side_that_is_named_by_the_other_is_the_business_of_another_rule() -> None:
    check_clean(
        rule,
        declarative("relationship()", 'loans: Mapped[list["Loan"]] = relationship(back_populates="book")'),
    )


def test_a_name_that_leads_nowhere_is_the_business_of_another_rule() -> None:
    with loaded(sqlmodel('Relationship(back_populates="loans")')) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_backref_is_fine() -> None:
    check_clean(rule, declarative('relationship(backref="loans")', ""))
    check_clean(rule, sqlmodel('Relationship(sa_relationship_kwargs={"backref": "loans"})'))


def test_viewonly_is_fine() -> None:
    check_clean(
        rule,
        declarative("relationship(viewonly=True)", 'loans: Mapped[list["Loan"]] = relationship(viewonly=True)'),
    )
    check_clean(rule, sqlmodel('Relationship(sa_relationship_kwargs={"viewonly": True})'))


def test_overlaps_says_that_it_is_meant() -> None:
    check_clean(
        rule,
        declarative('relationship(overlaps="loans")', 'loans: Mapped[list["Loan"]] = relationship(overlaps="book")'),
    )


def test_a_join_of_ones_own_in_sqlmodel_is_fine() -> None:
    join = '{"primaryjoin": "and_(Book.id == Loan.book_id, Loan.id > 7)"}'
    check_clean(rule, sqlmodel(f"Relationship(sa_relationship_kwargs={join})"))


def test_a_second_relationship_beside_a_pair_is_fine() -> None:
    check_clean(
        rule,
        declarative(
            'relationship(back_populates="loans")', 'loans: Mapped[list["Loan"]] = relationship(back_populates="book")'
        )
        + dedent("""
            Book.others = relationship(Loan)
            """),
    )


def test_one_of_several_foreign_keys_to_a_table_is_fine() -> None:
    check_clean(
        rule,
        sqlmodel(
            'Relationship(sa_relationship_kwargs={"foreign_keys": "Loan.book_id"})',
            fields='next_id: int | None = Field(default=None, foreign_key="books.id")',
        ),
    )


def test_a_self_reference_may_lead_one_way() -> None:
    check_clean(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
            parent: Optional["Node"] = Relationship(sa_relationship_kwargs={"remote_side": "Node.id"})
        """,
    )


def test_a_link_table_may_lead_one_way() -> None:
    check_clean(
        rule,
        BOOKS
        + dedent("""
            class Tag(SQLModel, table=True):
                __tablename__ = "tags"
                id: int | None = Field(default=None, primary_key=True)

            class Link(SQLModel, table=True):
                __tablename__ = "links"
                tag_id: int = Field(foreign_key="tags.id", primary_key=True)
                book_id: int = Field(foreign_key="books.id", primary_key=True)
                book: Book = Relationship()
            """),
    )


@pytest.mark.parametrize("lazy", ["dynamic", "write_only", "noload"])
def test_a_collection_that_is_never_loaded_as_a_whole_is_fine(lazy: str) -> None:
    check_clean(
        rule,
        f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship(sa_relationship_kwargs={{"lazy": "{lazy}"}})

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
        """,
    )


def test_a_table_of_another_system_needs_no_way_back() -> None:
    with loaded(sqlmodel("Relationship()"), external_tables=("books",)) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_relationship_of_a_mixin_leads_one_way_by_nature() -> None:
    check_clean(
        rule,
        BASE
        + dedent("""
            class HasBook:
                book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))

                @declared_attr
                def book(cls) -> Mapped[Book]:
                    return relationship(Book)

            class Loan(HasBook, Base):
                __tablename__ = "loans"
                id: Mapped[int] = mapped_column(primary_key=True)

            class Order(HasBook, Base):
                __tablename__ = "orders"
                id: Mapped[int] = mapped_column(primary_key=True)
            """),
    )


def test_a_foreign_key_to_a_table_that_is_not_defined_is_no_obstacle() -> None:
    check_found(
        rule,
        sqlmodel("Relationship()", fields='shop_id: int | None = Field(default=None, foreign_key="shops.id")'),
        "Loan~book",
    )


def test_a_relationship_of_a_subclass_with_a_table_of_its_own_is_found() -> None:
    check_found(
        rule,
        BASE
        + dedent("""
            class Asset(Base):
                __tablename__ = "assets"
                id: Mapped[int] = mapped_column(primary_key=True)

            class Car(Asset):
                __tablename__ = "cars"
                id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
                manual_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
                manual: Mapped[Book] = relationship()
            """),
        "Car~manual",
    )


def test_a_way_through_a_link_table_that_nothing_leads_back_through_is_found() -> None:
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

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            tags: list[Tag] = Relationship(link_model=Link)
        """,
        "Book~tags",
    )
