"""Relationships that are each other's other side, and whether they say so."""

from textwrap import dedent

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.relationship_without_back_populates import relationship_without_back_populates as rule
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


def test_two_that_do_not_know_each_other_are_both_found() -> None:
    problems = check_found(
        rule, declarative("relationship()", 'loans: Mapped[list["Loan"]] = relationship()'), "Book~loans", "Loan~book"
    )
    assert {problem.remedy for problem in problems} == {'back_populates="book"', 'back_populates="loans"'}
    assert (
        "Loan.book and Book.loans write the same loans.book_id and do not know each other: "
        "what is set on one is missing on the other until it is loaded again"
    ) in {problem.message for problem in problems}


def test_the_fix_is_of_both_sides_and_the_same_for_both() -> None:
    loans, book = check_found(
        rule, declarative("relationship()", 'loans: Mapped[list["Loan"]] = relationship()'), "Book~loans", "Loan~book"
    )
    assert loans.fix == book.fix
    assert loans.fix == Fix(
        "behaviour",
        (
            SetArgument(loans.part, "back_populates", '"book"'),
            SetArgument(book.part, "back_populates", '"loans"'),
        ),
    )


def test_where_one_side_cannot_be_edited_there_is_no_fix() -> None:
    problems = check_found(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship(sa_relationship=relationship("Loan"))

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: Book = Relationship()
        """,
        "Book~loans",
        "Loan~book",
    )
    assert [problem.fix for problem in problems] == [None, None]


def test_where_several_lead_back_there_is_no_fix() -> None:
    problems = check_found(
        rule,
        declarative(
            "relationship()",
            'loans: Mapped[list["Loan"]] = relationship()\n            again: Mapped[list["Loan"]] = relationship()',
        ),
        "Book~loans",
        "Book~again",
        "Loan~book",
    )
    assert [problem.fix for problem in problems] == [None, None, None]


def test_two_of_sqlmodel_are_both_found() -> None:
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
            book: Book = Relationship()
        """,
        "Book~loans",
        "Loan~book",
    )


MANY = """
class Base(DeclarativeBase): ...

links = Table(
    "links",
    Base.metadata,
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    Column("book_id", ForeignKey("books.id"), primary_key=True),
)

class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(secondary=links{})

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship(secondary=links{})
"""


def test_two_over_one_link_table_are_both_found() -> None:
    problems = check_found(rule, MANY.replace("{}", ""), "Book~tags", "Tag~books")
    assert all("write the same links and do not know each other" in problem.message for problem in problems)


def test_two_over_one_link_table_that_know_each_other_are_fine() -> None:
    check_clean(rule, MANY.format(', back_populates="tags"', ', back_populates="books"'))


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


def test_two_self_references_that_do_not_know_each_other_are_found() -> None:
    attributes = """
    boss: Mapped["User | None"] = relationship(remote_side=id)
    reports: Mapped[list["User"]] = relationship()
    """
    check_found(rule, SELF.format(attributes.strip()), "User~boss", "User~reports")


def test_two_ways_through_a_link_to_itself_that_do_not_know_each_other_are_found() -> None:
    attributes = """
    following: Mapped[list["User"]] = relationship(
        secondary=follows, primaryjoin=id == follows.c.a_id, secondaryjoin=id == follows.c.b_id
    )
    followers: Mapped[list["User"]] = relationship(
        secondary=follows, primaryjoin=id == follows.c.b_id, secondaryjoin=id == follows.c.a_id
    )
    """
    check_found(rule, SELF.format(attributes.strip()), "User~following", "User~followers")


def test_one_way_through_a_link_to_itself_is_fine() -> None:
    attribute = """
    following: Mapped[list["User"]] = relationship(
        secondary=follows, primaryjoin=id == follows.c.a_id, secondaryjoin=id == follows.c.b_id
    )
    """
    check_clean(rule, SELF.format(attribute.strip()))


def test_a_relationship_that_nothing_leads_back_from_is_fine() -> None:
    check_clean(rule, declarative("relationship()", ""))


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


def test_a_writing_relationship_beside_a_viewonly_one_is_fine() -> None:
    check_clean(rule, declarative("relationship()", 'loans: Mapped[list["Loan"]] = relationship(viewonly=True)'))


def test_overlaps_says_that_it_is_meant() -> None:
    check_clean(
        rule,
        declarative('relationship(overlaps="loans")', 'loans: Mapped[list["Loan"]] = relationship(overlaps="book")'),
    )


def test_a_join_of_ones_own_is_fine() -> None:
    join = 'primaryjoin="and_(Book.id == Loan.book_id, Loan.late == True)"'
    check_clean(rule, declarative("relationship()", f'loans: Mapped[list["Loan"]] = relationship({join})'))
    check_clean(
        rule,
        declarative(
            "relationship()",
            'loans: Mapped[list["Loan"]] = relationship(primaryjoin="and_(Book.id == Loan.book_id, Loan.late)")',
        ),
    )


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


def test_two_over_two_foreign_keys_are_no_pair() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans: Mapped[list["Loan"]] = relationship(foreign_keys="Loan.next_id")

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            next_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book: Mapped[Book] = relationship(foreign_keys=book_id)
        """,
    )


def test_a_side_inherited_from_a_base_class_is_found_as_well() -> None:
    check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Asset(Base):
            __tablename__ = "assets"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
            owner: Mapped["Owner"] = relationship()

        class Car(Asset):
            __tablename__ = "cars"
            id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)

        class Owner(Base):
            __tablename__ = "owners"
            id: Mapped[int] = mapped_column(primary_key=True)
            assets: Mapped[list[Asset]] = relationship()
        """,
        "Asset~owner",
        "Owner~assets",
    )
