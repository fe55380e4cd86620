"""Relationships that another class makes."""

from textwrap import dedent

import pytest

from schemalint.fix import Fix, SetArgument, SetAttribute
from schemalint.rules.schema.backref_used import backref_used as rule
from snippets import check_clean, check_found, loaded


def declarative(book: str, more: str = "", base: str = "DeclarativeBase") -> str:
    return dedent(f"""
        class Base({base}): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
            {more}
            book = relationship("Book", {book})
        """)


def test_a_backref_is_found_on_the_class_that_says_it() -> None:
    (problem,) = check_found(rule, declarative('backref="loans"'), "Loan~book")
    assert problem.message == "Book.loans is made by Loan.book, and Book does not say so"
    assert problem.remedy == 'back_populates="loans", and loans on Book with back_populates="book"'
    assert problem.at == "backref"


@pytest.mark.parametrize(
    ("book", "said"),
    [
        ('backref="loans"', ""),
        ('backref=orm.backref("loans")', ""),
        ('backref=orm.backref("loans", lazy="dynamic")', ', lazy="dynamic"'),
        (
            'backref=orm.backref("loans", cascade="all, delete", passive_deletes=True)',
            ', cascade="all, delete", passive_deletes=True',
        ),
        ('backref=orm.backref("loan", uselist=False)', ", uselist=False"),
    ],
)
def test_the_fix_says_both_sides(book: str, said: str) -> None:
    name = "loan" if "uselist" in said else "loans"
    with loaded(declarative(book)) as schema:
        (problem,) = rule.ask(schema, rule.options)
        target = next(one for one in schema.mappers if one.class_.__name__ == "Book")
        assert problem.fix == Fix(
            "behaviour",
            (
                SetArgument(problem.part, "back_populates", f'"{name}"', instead_of="backref"),
                SetAttribute(
                    target,
                    name,
                    f'relationship("Loan", back_populates="book"{said})',
                    imports=("sqlalchemy.orm.relationship",),
                ),
            ),
        )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            declarative('backref=orm.backref("loans", order_by=lambda: Loan.id)'), id="a value that is no text"
        ),
        pytest.param(
            declarative('backref=orm.backref("loans", primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 0)")'),
            id="a join",
        ),
        pytest.param(
            declarative('backref="loans", foreign_keys="Loan.book_id"'), id="foreign keys, which the backref takes over"
        ),
        pytest.param(declarative('backref="loans", post_update=True'), id="post_update, which the backref takes over"),
        pytest.param(
            declarative('primaryjoin="and_(Book.id == Loan.book_id, Loan.id > 0)", backref="loans"'),
            id="a join of your own",
        ),
        pytest.param(declarative('backref="loans", viewonly=True, sync_backref=False'), id="viewonly"),
        pytest.param(
            declarative('init=False, backref="loans"', base="MappedAsDataclass, DeclarativeBase"), id="a dataclass"
        ),
        pytest.param(
            """
            class Book(SQLModel, table=True):
                __tablename__ = "books"
                id: int | None = Field(default=None, primary_key=True)

            class Loan(SQLModel, table=True):
                __tablename__ = "loans"
                id: int | None = Field(default=None, primary_key=True)
                book_id: int = Field(foreign_key="books.id")
                book: Book = Relationship(sa_relationship_kwargs={"backref": "loans"})
            """,
            id="SQLModel, which wants an annotation",
        ),
    ],
)
def test_there_is_no_fix_for(source: str) -> None:
    (problem,) = check_found(rule, source, "Loan~book")
    assert problem.fix is None


def test_a_class_of_another_system_is_not_written_to() -> None:
    with loaded(declarative('backref="loans"'), external_tables=("books",)) as schema:
        (problem,) = rule.ask(schema, rule.options)
        assert problem.fix is None


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(declarative(""), id="none"),
        pytest.param(
            declarative('back_populates="loans"')
            + dedent("""
                Book.loans = relationship(Loan, back_populates="book")
                """),
            id="back_populates",
        ),
        pytest.param(declarative("backref=None"), id="None"),
        pytest.param(declarative('overlaps="loans"'), id="overlaps"),
        pytest.param(declarative("viewonly=True"), id="viewonly"),
    ],
)
def test_nothing_is_said_about(source: str) -> None:
    check_clean(rule, source)


def test_what_the_backref_makes_is_not_told_again() -> None:
    with loaded(declarative('backref="loans"')) as schema:
        assert {one.key for one in schema.relationships} == {"book", "loans"}
        assert [problem.part.key for problem in rule.ask(schema, rule.options)] == ["book"]  # type: ignore[attr-defined]
