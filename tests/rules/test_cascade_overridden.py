"""Delete cascades that are written and do not take effect."""

from textwrap import dedent

import pytest

from schemalint.rule import Problem
from schemalint.rules.schema.cascade_overridden import cascade_overridden as rule
from snippets import ask, check_clean, check_found, loaded


def found(source: str, *objects: str) -> list[Problem]:
    """Assert that exactly `objects` are found in models whose mappers cannot be configured; return the problems."""
    with loaded(source) as schema:
        assert schema.failures
        problems = list(ask(rule, schema, {}))
        assert sorted(schema.place(problem.part).object for problem in problems) == sorted(objects)
        return problems


def sqlmodel(loans: str = "", book: str = "") -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship({", ".join(filter(None, ['back_populates="book"', loans]))})

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            book: Book = Relationship({", ".join(filter(None, ['back_populates="loans"', book]))})
        """)


def declarative(book: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        links = Table(
            "links",
            Base.metadata,
            Column("loan_id", ForeignKey("loans.id"), primary_key=True),
            Column("book_id", ForeignKey("books.id"), primary_key=True),
        )

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            book = relationship({book})
        """)


@pytest.mark.parametrize(
    ("cascade", "lost"),
    [
        ("save-update, merge", "nothing is deleted with its parent"),
        ("", "nothing is deleted with its parent"),
        ("all", "what is taken out of the list is not deleted"),
        ("all, delete", "what is taken out of the list is not deleted"),
    ],
)
def test_a_cascade_given_twice_is_found(cascade: str, lost: str) -> None:
    (problem,) = check_found(
        rule, sqlmodel(f'cascade_delete=True, sa_relationship_kwargs={{"cascade": "{cascade}"}}'), "Book~loans"
    )
    assert problem.message == f"Book.loans has cascade_delete=True, but sa_relationship_kwargs takes its place: {lost}"
    assert problem.remedy == "one of the two: cascade_delete=True, or the cascade in sa_relationship_kwargs"
    assert problem.at == "cascade_delete"


def test_a_whole_relationship_in_its_place_is_found() -> None:
    (problem,) = check_found(
        rule,
        sqlmodel('cascade_delete=True, sa_relationship=relationship("Loan", back_populates="book")').replace(
            'Relationship(back_populates="book", ', "Relationship("
        ),
        "Book~loans",
    )
    assert "but sa_relationship takes its place" in problem.message


@pytest.mark.parametrize(
    ("book", "at"),
    [
        ("cascade_delete=True", "cascade_delete"),
        ('sa_relationship_kwargs={"cascade": "all, delete-orphan"}', "cascade"),
    ],
)
def test_a_cascade_on_the_side_of_the_foreign_key_is_found(book: str, at: str) -> None:
    (problem,) = found(sqlmodel(book=book), "Loan~book")
    assert problem.message == (
        "Loan.book deletes orphans on the side that has the foreign key: the mappers cannot be configured, so every query fails"
    )
    assert problem.remedy == "the cascade on the relationship of Book that leads back, or none"
    assert problem.at == at


def test_a_cascade_through_a_link_table_is_found() -> None:
    (problem,) = found(declarative('"Book", secondary=links, cascade="all, delete-orphan"'), "Loan~book")
    assert "Loan.book deletes orphans on the way through a link table" in problem.message
    assert problem.remedy == "no delete cascade: SQLAlchemy deletes the rows of a link table by itself"


def test_it_stands_where_the_mapper_fails() -> None:
    with loaded(sqlmodel(book="cascade_delete=True")) as schema:
        (failure,), (problem,) = schema.failures, ask(rule, schema, {})
        location = schema.place(problem.part, problem.at).location
        assert failure.at
        assert location
        assert (failure.at.path, failure.at.line) == (location.path, location.line)


def test_all_are_told_at_once() -> None:
    found(
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)

        class Shelf(SQLModel, table=True):
            __tablename__ = "shelves"
            id: int | None = Field(default=None, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id")
            shelf_id: int = Field(foreign_key="shelves.id")
            book: Book = Relationship(cascade_delete=True)
            shelf: Shelf = Relationship(cascade_delete=True)
        """,
        "Loan~book",
        "Loan~shelf",
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(sqlmodel("cascade_delete=True"), id="given once"),
        pytest.param(sqlmodel('sa_relationship_kwargs={"cascade": "all"}'), id="given in SQLAlchemy's words"),
        pytest.param(
            sqlmodel('cascade_delete=True, sa_relationship_kwargs={"cascade": "all, delete-orphan"}'),
            id="twice the same",
        ),
        pytest.param(
            sqlmodel('cascade_delete=True, sa_relationship_kwargs={"lazy": "selectin"}'), id="other arguments"
        ),
        pytest.param(sqlmodel('cascade_delete=False, sa_relationship_kwargs={"cascade": "merge"}'), id="not promised"),
        pytest.param(sqlmodel(), id="nothing said"),
        pytest.param(declarative('"Book", cascade="all"'), id="no orphans"),
        pytest.param(declarative('"Book", cascade="all, delete-orphan", single_parent=True'), id="an only parent"),
        pytest.param(
            declarative('"Book", secondary=links, cascade="all, delete-orphan", single_parent=True'),
            id="a link, an only parent",
        ),
        pytest.param(declarative('"Book", viewonly=True'), id="viewonly"),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param('children: Mapped[list["Child"]] = relationship({})', id="the side of the many"),
        pytest.param('other: Mapped[list["Other"]] = relationship({})', id="keys in both directions"),
        pytest.param('unrelated: Mapped[list["Unrelated"]] = relationship({})', id="no key"),
        pytest.param('nodes: Mapped[list["Node"]] = relationship({})', id="the class itself"),
        pytest.param(
            'children: Mapped[list["Child"]] = relationship({}, foreign_keys="Child.node_id")', id="a join of your own"
        ),
    ],
)
def test_a_direction_that_is_not_clear_is_not_guessed(attributes: str) -> None:
    found(
        dedent(f"""
        class Base(DeclarativeBase): ...

        class Node(Base):
            __tablename__ = "nodes"
            id: Mapped[int] = mapped_column(primary_key=True)
            node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"))
            other_id: Mapped[int] = mapped_column(ForeignKey("others.id"))
            missing: Mapped["Missing"] = relationship("Missing")
            {attributes.format('cascade="all, delete-orphan"')}

        class Child(Base):
            __tablename__ = "children"
            id: Mapped[int] = mapped_column(primary_key=True)
            node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"))

        class Other(Base):
            __tablename__ = "others"
            id: Mapped[int] = mapped_column(primary_key=True)
            node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"))

        class Unrelated(Base):
            __tablename__ = "unrelated"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Missing: ...
        """)
    )


def test_the_side_of_the_foreign_key_is_found_behind_another_failure() -> None:
    found(
        """
        class Base(DeclarativeBase): ...

        links = Table("links", Base.metadata, Column("a", ForeignKey("nodes.id")), Column("b", ForeignKey("books.id")))

        class Missing: ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Node(Base):
            __tablename__ = "nodes"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            missing: Mapped["Missing"] = relationship("Missing")
            book: Mapped[Book] = relationship(cascade="all, delete-orphan")
            books: Mapped[list[Book]] = relationship(secondary=links, cascade="all, delete-orphan")
        """,
        "Node~book",
        "Node~books",
    )


def test_a_cascade_beside_another_failure_is_not_taken_for_one() -> None:
    found(sqlmodel("cascade_delete=True", 'sa_relationship_kwargs={"foreign_keys": "Loan.nothing"}'))
    found(sqlmodel("cascade_delete=True").replace('foreign_key="books.id"', "default=0"))
