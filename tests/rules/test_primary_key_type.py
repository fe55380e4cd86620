"""Keys of the project's own kind, and keys of another."""

import pytest

from schemalint.rules.schema.primary_key_type import primary_key_type as rule
from snippets import check_clean, check_found

KINDS = {
    "int": "sa.Integer",
    "big": "sa.BigInteger",
    "identity": "sa.BigInteger, sa.Identity()",
    "uuid": "sa.Uuid",
    "text": "sa.String(3)",
    "date": "sa.Date",
    "citext": "pg.CITEXT",
}


def keys(*kinds: str) -> str:
    """Tables a, b, c, ... of Core with keys of these kinds."""
    tables = (
        f'Table("{name}", metadata, Column("id", {KINDS[kind]}, primary_key=True))'
        for name, kind in zip("abcdefg", kinds, strict=False)
    )
    return "\n".join(["metadata = MetaData()", *tables])


def test_the_few_are_found_among_the_many() -> None:
    (problem,) = check_found(rule, keys("uuid", "uuid", "int"), "c.id")
    assert problem.message == "c.id is INTEGER, where this project's keys are UUID"
    assert problem.remedy == "a UUID with a default"
    check_found(rule, keys("int", "uuid", "big", "identity", "text"), "b.id", "e.id")


@pytest.mark.parametrize(
    "kinds", [("uuid", "int"), ("uuid", "uuid", "int", "big"), ("int", "uuid", "text"), ("int",), (), ("date",)]
)
def test_without_a_majority_nothing_is_found(kinds: tuple[str, ...]) -> None:
    check_clean(rule, keys(*kinds))


def test_integers_of_every_size_are_of_one_kind() -> None:
    check_clean(rule, keys("int", "big", "identity"))


def test_text_keys_can_be_accepted() -> None:
    check_found(rule, keys("uuid", "uuid", "text"), "c.id")
    check_clean(rule, keys("uuid", "uuid", "text"), string_keys=True)
    check_clean(rule, keys("uuid", "text", "text"), string_keys=True)
    check_clean(rule, keys("uuid", "text"), style="uuid", string_keys=True)


@pytest.mark.parametrize(
    ("style", "fine"), [("uuid", ("uuid",)), ("bigint", ("big", "identity")), ("identity", ("identity",))]
)
@pytest.mark.parametrize("kind", ["int", "big", "identity", "uuid", "text", "date"])
def test_each_style_accepts_its_own_only(style: str, fine: tuple[str, ...], kind: str) -> None:
    if kind in fine:
        check_clean(rule, keys(kind), style=style)
    else:
        check_found(rule, keys(kind), "a.id", style=style)


def test_a_small_identity_is_an_identity() -> None:
    check_clean(rule, keys("identity").replace("BigInteger", "Integer"), style="identity")
    (problem,) = check_found(rule, keys("identity"), "a.id", style="uuid")
    assert problem.message == "a.id is BIGINT GENERATED AS IDENTITY, where this project's keys are UUID"


def test_a_type_of_an_extension_is_not_judged() -> None:
    check_clean(rule, keys("citext"), style="uuid")


FREE = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)

class Novel(Book):
    __tablename__ = "novels"
    id: Mapped[str] = mapped_column(sa.String(32), ForeignKey("books.id"), primary_key=True)

class Author(Base):
    __tablename__ = "authors"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)

class BookAuthor(Base):
    __tablename__ = "book_authors"
    book_id: Mapped[UUID] = mapped_column(ForeignKey("books.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("authors.id"), primary_key=True)

class Rate(Base):
    __tablename__ = "rates"
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize("style", ["uniform", "uuid"])
def test_subclasses_link_tables_and_keys_of_several_columns_are_free(style: str) -> None:
    check_clean(rule, FREE, style=style)
