"""Tests of relationship-class-not-string."""

import pytest

from schemalint.fix import Replace
from schemalint.rules.source.relationship_class_not_string import relationship_class_not_string
from sources import BARE, check_clean, check_found, marked

PEOPLE = """
class Reader(SQLModel, table=True):
    __tablename__ = "readers"
    id: int | None = Field(default=None, primary_key=True)
"""


def library(relationship: str, start: str = "from library.people import Reader", **files: str) -> dict[str, str]:
    """Return two modules of models, of which the second has a relationship."""
    loans = f"""{start}
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="readers.id")
    {relationship}
"""
    return {
        "library/people.py": PEOPLE,
        "library/loans.py": loans,
        **{f"library/{name}.py": text for name, text in files.items()},
    }


def declarative(relationship: str) -> dict[str, str]:
    return {
        "library/base.py": "class Base(DeclarativeBase): pass\n",
        "library/people.py": """
from library.base import Base
class Reader(Base):
    __tablename__ = "readers"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
        "library/loans.py": f"""
from library.base import Base
from library.people import Reader
class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"))
    {relationship}
""",
    }


@pytest.mark.parametrize(
    "relationship",
    [
        "reader: Reader = Relationship()",
        "reader: Reader | None = Relationship()",
        "reader: Optional[Reader] = Relationship(back_populates='loans')",
        "reader: list[Reader] = Relationship()",
        "reader: Union[Reader, None] = Relationship()",
    ],
)
def test_a_class_of_another_module_is_found(relationship: str) -> None:
    check_found(relationship_class_not_string, library(relationship), "Loan~reader")


def test_the_annotation_is_marked() -> None:
    assert marked(relationship_class_not_string, library("reader: Reader | None = Relationship()")) == ["Reader | None"]


@pytest.mark.parametrize(
    "relationship",
    [
        "reader: Mapped[Reader] = relationship()",
        "reader: Mapped[Reader | None] = relationship()",
        "reader = relationship(Reader)",
        "readers: Mapped[list[Reader]] = relationship()",
    ],
)
def test_a_declarative_class_is_found_as_well(relationship: str) -> None:
    check_found(relationship_class_not_string, declarative(relationship), f"Loan~{relationship.split()[0].strip(':')}")


@pytest.mark.parametrize(
    "relationship",
    [
        'reader: Mapped["Reader"] = relationship()',
        'reader: "Mapped[Reader]" = relationship()',
        'reader: Mapped["Reader | None"] = relationship()',
        'reader = relationship("Reader")',
        "reader = relationship(lambda: Reader)",
        "@declared_attr\n    def reader(cls) -> Mapped[Reader]: return relationship(Reader)",
        "reader: Mapped[Reader] = relationship(foreign_keys=[Reader.id])",  # the class is needed anyway
    ],
)
def test_a_name_in_quotes_or_in_a_function_is_fine(relationship: str) -> None:
    check_clean(relationship_class_not_string, declarative(relationship))


@pytest.mark.parametrize(
    ("relationship", "start"),
    [
        ('reader: "Reader" = Relationship()', "from library.people import Reader"),
        ('reader: Optional["Reader"] = Relationship()', "from library.people import Reader"),
        ('readers: list["Reader"] = Relationship()', "from library.people import Reader"),
        (
            "reader: Reader = Relationship()",
            f"{BARE}\nfrom __future__ import annotations\nfrom sqlmodel import *\nfrom library.people import Reader",
        ),
        ("reader: Reader = Relationship()", PEOPLE),  # a class of the module itself
        ("reader: Loan = Relationship()", "from library.people import Reader"),
        ("reader: Reader = Relationship()", "from elsewhere import Reader"),
        ("reader: Reader = Field(sa_type=sa.Text)", "from library.people import Reader"),  # no relationship
    ],
)
def test_what_needs_no_other_model_is_fine(relationship: str, start: str) -> None:
    check_clean(relationship_class_not_string, library(relationship, start))


@pytest.mark.parametrize(
    "start",
    [
        "from library.people import Reader\nclass Guest(Reader): pass",
        "from library.people import Reader\nTHE_READERS = Reader.__table__",
        "from library.people import Reader\nif Reader.id: pass",
        "from library.people import Reader\ndef readers(): return select(Reader)",
        "from library.people import Reader\n@listens_for(Reader, 'init')\ndef f(): pass",
        "from library.people import Reader\nclass Other(SQLModel):\n    reader: Reader",
    ],
)
def test_an_import_that_is_needed_anyway_is_fine(start: str) -> None:
    check_clean(relationship_class_not_string, library("reader: Reader = Relationship()", start))


def test_a_link_model_needs_its_import() -> None:
    check_clean(relationship_class_not_string, library("readers: list['Reader'] = Relationship(link_model=Reader)"))


def test_an_import_for_type_checkers_is_no_class_at_run_time() -> None:
    start = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from library.people import Reader"
    check_clean(relationship_class_not_string, library("reader: Reader = Relationship()", start))


def test_a_class_that_is_no_table_is_another_mistake() -> None:
    files = library(
        "reader: Guest = Relationship()", "from library.guests import Guest", guests="class Guest(SQLModel): pass"
    )
    check_clean(relationship_class_not_string, files)


def fix_of(relationship: str, files: dict[str, str] | None = None) -> tuple[str, tuple[str, ...]] | None:
    """Return what the fix writes, and what it imports."""
    (problem,) = check_found(relationship_class_not_string, files or library(relationship), "Loan~reader")
    if problem.fix is None:
        return None
    (edit,) = problem.fix.edits
    assert isinstance(edit, Replace)
    return edit.code, edit.imports


@pytest.mark.parametrize(
    ("relationship", "code"),
    [
        ("reader: Reader = Relationship()", '"Reader"'),
        ("reader: list[Reader] = Relationship()", '"Reader"'),
        ("reader: Optional[Reader] = Relationship()", '"Reader"'),
        ("reader: Reader | None = Relationship()", 'Optional["Reader"]'),
        ("reader: None | Reader = Relationship()", 'Optional["Reader"]'),
    ],
)
def test_the_name_is_put_in_quotes(relationship: str, code: str) -> None:
    assert fix_of(relationship) == (code, ("typing.Optional",) if code.startswith("Optional") else ())


def test_of_a_path_the_class_is_left() -> None:
    files = library("reader: people.Reader = Relationship()", "from library import people")
    assert fix_of("", files) == ('"Reader"', ())


def test_the_argument_is_put_in_quotes() -> None:
    assert fix_of("", declarative("reader = relationship(Reader)")) == ('"Reader"', ())


def test_a_name_that_two_classes_have_stays() -> None:
    files = library("reader: Reader = Relationship()", others=PEOPLE.replace("readers", "others"))
    assert fix_of("", files) is None


def test_a_union_of_more_stays() -> None:
    assert fix_of("reader: Reader | int | None = Relationship()") is None
