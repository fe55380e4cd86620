"""The fixes of the rules about relationships, performed and proved."""

import pytest

from cascades import NULLABLE, declarative, sqlmodel
from fixes import fixed
from schemalint.rules import get_rule


@pytest.mark.parametrize("source", [sqlmodel("cascade_delete=True"), declarative('cascade="all, delete-orphan"')])
def test_cascade_without_ondelete_lets_the_database_cascade(source: str) -> None:
    assert 'ondelete="CASCADE"' in fixed(get_rule("cascade-without-ondelete"), source)


def test_cascade_without_ondelete_takes_the_place_of_what_keeps_the_children() -> None:
    source = declarative('cascade="all"', 'ondelete="SET NULL"', NULLABLE)
    assert 'ForeignKey("books.id", ondelete="CASCADE")' in fixed(get_rule("cascade-without-ondelete"), source)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (sqlmodel("", 'ondelete="CASCADE"'), 'Relationship(passive_deletes="all")'),
        (declarative("", 'ondelete="CASCADE"'), 'relationship("Loan", passive_deletes="all")'),
        (
            declarative("passive_deletes=False, uselist=True", 'ondelete="CASCADE"'),
            'relationship("Loan", passive_deletes="all", uselist=True)',
        ),
    ],
)
def test_ondelete_without_passive_deletes_leaves_the_children_to_the_database(source: str, written: str) -> None:
    assert written in fixed(get_rule("ondelete-without-passive-deletes"), source)


PAIR = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship({})

class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id")
    book: Book = Relationship({})
"""

PLAIN_PAIR = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    loans: Mapped[list["Loan"]] = relationship({})

class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    book: Mapped[Book] = relationship({})
"""


@pytest.mark.parametrize("pair", [PAIR, PLAIN_PAIR])
def test_back_populates_one_sided_names_the_other_side(pair: str) -> None:
    source = fixed(get_rule("back-populates-one-sided"), pair.format('back_populates="book"', ""))
    assert source == pair.format('back_populates="book"', 'back_populates="loans"')


@pytest.mark.parametrize("pair", [PAIR, PLAIN_PAIR])
def test_relationship_without_back_populates_makes_a_pair(pair: str) -> None:
    source = fixed(get_rule("relationship-without-back-populates"), pair.format("", ""))
    assert source == pair.format('back_populates="book"', 'back_populates="loans"')


def test_backref_used_says_both_sides() -> None:
    source = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)

class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    book = relationship("Book", {})
"""
    for backref in ('backref="loans"', 'backref=orm.backref("loans", passive_deletes="all")'):
        found = fixed(get_rule("backref-used"), source.format(backref))
        assert 'book = relationship("Book", back_populates="loans")' in found
        assert 'loans = relationship("Loan", back_populates="book"' in found


@pytest.mark.parametrize("index", ["", ", index=True"])
def test_one_to_one_not_unique_makes_the_key_unique(index: str) -> None:
    source = f"""
class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    profile: Optional["Profile"] = Relationship()

class Profile(SQLModel, table=True):
    __tablename__ = "profiles"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id"{index})
"""
    assert f'Field(foreign_key="users.id"{index}, unique=True)' in fixed(get_rule("one-to-one-not-unique"), source)


@pytest.mark.parametrize("pair", [PAIR, PLAIN_PAIR])
def test_relationship_annotation_says_that_it_may_be_missing(pair: str) -> None:
    nullable = pair.replace("book_id: int", "book_id: int | None").replace(
        "Mapped[int] = mapped_column(F", "Mapped[int | None] = mapped_column(F"
    )
    source = fixed(
        get_rule("relationship-annotation"), nullable.format('back_populates="book"', 'back_populates="loans"')
    )
    assert 'Optional["Book"]' in source


@pytest.mark.parametrize(
    ("annotation", "code"), [('"Book | None"', 'Optional["Book"]'), ('"Optional[Book]"', 'Optional["Book"]')]
)
def test_relationship_annotation_quotes_the_name_only(annotation: str, code: str) -> None:
    source = PAIR.replace("book: Book", f"book: {annotation}").format('back_populates="book"', 'back_populates="loans"')
    assert f"book: {code} = " in fixed(get_rule("relationship-annotation"), source)
