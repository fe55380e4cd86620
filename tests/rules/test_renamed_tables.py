"""A table's new name goes to its class and to the foreign keys that name it, or nowhere."""

from dataclasses import replace

import pytest

from schemalint.errors import SchemalintError
from schemalint.fix import SetAttribute, SetText
from schemalint.rule import Problem
from schemalint.rules.schema.table_name_case import table_name_case
from schemalint.rules.schema.table_name_number import table_name_number
from snippets import ask, check_found, loaded


def edits_of(problem: Problem) -> list[str]:
    assert problem.fix is not None
    assert problem.fix.kind == "schema"
    return [written(edit) for edit in problem.fix.edits]


def written(edit: object) -> str:
    match edit:
        case SetAttribute(name="__tablename__", code=code):
            return code
        case SetText(old=old, new=new):
            return f"{old} -> {new}"
        case _:
            raise AssertionError(edit)


CATEGORY = """
    class Category(SQLModel, table=True):
        __tablename__ = "category"
        {args}
        id: int | None = Field(default=None, primary_key=True)
        part: int = Field(default=0, unique=True)
"""


@pytest.mark.parametrize(
    ("more", "edits"),
    [
        ("", []),
        (
            """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        category_id: int = Field(foreign_key="category.id")
        second_id: int = Field(sa_column=Column(ForeignKey("category.id")))
        third_id: int = Field(foreign_key="books.id")
""",
            ["category.id -> categories.id", "category.id -> categories.id"],
        ),
        (
            """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        category_id: int = Field(sa_column=Column(ForeignKey(Category.id)))
""",
            [],
        ),
        (
            """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        __table_args__ = (ForeignKeyConstraint(["a", "b"], ["category.id", "category.part"]),)
        id: int | None = Field(default=None, primary_key=True)
        a: int
        b: int
""",
            ["category.id -> categories.id", "category.part -> categories.part"],
        ),
        (
            """
    books = Table("books", SQLModel.metadata, Column("id", sa.Integer, primary_key=True), Column("c", ForeignKey("category.id")))
""",
            ["category.id -> categories.id"],
        ),
        (
            """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        category_id: int = Field(foreign_key="nowhere.id")
""",
            [],
        ),
    ],
)
def test_renamed(more: str, edits: list[str]) -> None:
    with loaded(CATEGORY.format(args="") + more) as schema:
        (problem,) = ask(table_name_number, schema, {})
        assert edits_of(problem) == ['"categories"', *edits]
        assert problem.fix is not None
        assert problem.fix.due == (
            'op.rename_table("category", "categories"), and new names for its indexes and constraints that bear the old one'
        )


def test_a_table_in_a_schema_is_renamed_there() -> None:
    source = (
        CATEGORY.format(args='__table_args__ = {"schema": "library"}')
        + """
    class Book(SQLModel, table=True):
        __tablename__ = "books"
        id: int | None = Field(default=None, primary_key=True)
        category_id: int = Field(foreign_key="library.category.id")
        other: int = Field(foreign_key="category.id")
"""
    )
    with loaded(source) as schema:
        (problem,) = ask(table_name_number, schema, {})
        assert edits_of(problem) == ['"categories"', "library.category.id -> library.categories.id"]
        assert problem.fix is not None
        assert problem.fix.due.startswith('op.rename_table("category", "categories", schema="library")')


def test_a_name_with_capitals_is_mended() -> None:
    (problem,) = check_found(
        table_name_case,
        """
        class Base(DeclarativeBase): ...

        class UserProfile(Base):
            __tablename__ = "UserProfiles"
            id: Mapped[int] = mapped_column(primary_key=True)
            parent_id: Mapped[int] = mapped_column(ForeignKey("UserProfiles.id"))
        """,
        "UserProfiles",
    )
    assert edits_of(problem) == ['"user_profiles"', "UserProfiles.id -> user_profiles.id"]


NO_FIX = {
    "a Core table": 't = Table("category", MetaData(), Column("id", sa.Integer, primary_key=True))',
    "a class that is given its table": """
    class Base(DeclarativeBase): ...

    class Kind(Base):
        __table__ = Table("category", Base.metadata, Column("id", sa.Integer, primary_key=True))
""",
    "a name that is taken": CATEGORY.format(args="")
    + """
    other = Table("categories", SQLModel.metadata, Column("id", sa.Integer, primary_key=True))
""",
    "a name that is taken in another schema": CATEGORY.format(args="")
    + """
    other = Table("categories", SQLModel.metadata, Column("id", sa.Integer, primary_key=True), schema="other")
""",
    "a check that names the table": CATEGORY.format(args='__table_args__ = (CheckConstraint("category.part > 0"),)'),
    "an index that names the table": CATEGORY.format(
        args="__table_args__ = (Index('ix', 'part', postgresql_where=text('\"category\".part > 0')),)"
    ),
    "a foreign key without a column": CATEGORY.format(args="")
    + """
    books = Table("books", SQLModel.metadata, Column("id", ForeignKey("category"), primary_key=True))
""",
}


@pytest.mark.parametrize("source", NO_FIX.values(), ids=NO_FIX)
def test_what_may_be_named_elsewhere_has_no_fix(source: str) -> None:
    with loaded(source) as schema:
        (problem,) = ask(table_name_number, schema, {})
        assert problem.fix is None


def test_a_table_that_a_text_calls_secondary_has_no_fix() -> None:
    source = """
        class Base(DeclarativeBase): ...

        class Membership(Base):
            __tablename__ = "Membership"
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
            club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id"), primary_key=True)

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            clubs: Mapped[list["Club"]] = relationship(secondary="Membership")

        class Club(Base):
            __tablename__ = "clubs"
            id: Mapped[int] = mapped_column(primary_key=True)
    """
    (problem,) = check_found(table_name_case, source, "Membership")
    assert problem.fix is None
    with loaded(source.replace('["Club"]', '["Nothing"]')) as schema:
        assert schema.failures
        (problem,) = ask(table_name_case, schema, {})
        assert problem.fix is None


def test_a_foreign_key_of_another_systems_table_has_no_fix() -> None:
    source = (
        CATEGORY.format(args="")
        + """
    books = Table("books", SQLModel.metadata, Column("id", ForeignKey("category.id"), primary_key=True))
"""
    )
    with loaded(source, external_tables=("books",)) as schema:
        (problem,) = ask(table_name_number, schema, {})
        assert problem.fix is None


def test_models_that_did_not_import_may_name_it() -> None:
    with loaded(CATEGORY.format(args="")) as schema:
        (problem,) = ask(
            table_name_number, replace(schema, failures=(SchemalintError("importing app.loans fails"),)), {}
        )
        assert problem.fix is None
