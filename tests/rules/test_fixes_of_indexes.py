"""The fixes of the rules about indexes and names, performed on models of every style."""

from textwrap import dedent

import pytest

from fixes import fixed
from schemalint.rule import Rule
from schemalint.rules.schema.column_name_case import column_name_case
from schemalint.rules.schema.comment_missing import comment_missing
from schemalint.rules.schema.gin_missing import gin_missing
from schemalint.rules.schema.index_method_mismatch import index_method_mismatch
from schemalint.rules.schema.low_cardinality_index import low_cardinality_index
from schemalint.rules.schema.predicate_on_not_null import predicate_on_not_null
from schemalint.rules.schema.redundant_index import redundant_index
from schemalint.rules.schema.required_index import required_index
from schemalint.rules.schema.reserved_word_name import reserved_word_name
from schemalint.rules.schema.table_name_case import table_name_case
from schemalint.rules.schema.table_name_implicit import table_name_implicit
from schemalint.rules.schema.table_name_number import table_name_number

SQLMODEL = """
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    {}
"""
DECLARATIVE = """
class Base(DeclarativeBase): ...

class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    {}
"""
CORE = """
books = Table(
    "books",
    MetaData(),
    Column("id", sa.Integer, primary_key=True),
    {},
)
"""
WITH_INDEX = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = ({},)

    id: int | None = Field(default=None, primary_key=True)
    {}
"""

TAGS = "tags: list[str] = Field(sa_type=pg.ARRAY(sa.Text)"

FIXES: list[tuple[Rule, str, str]] = [
    (
        index_method_mismatch,
        SQLMODEL.format(f"{TAGS}, index=True)"),
        WITH_INDEX.format('Index(None, "tags", postgresql_using="gin")', f"{TAGS})"),
    ),
    (
        index_method_mismatch,
        WITH_INDEX.format('Index("ix", "tags")', f"{TAGS})"),
        WITH_INDEX.format('Index("ix", "tags", postgresql_using="gin")', f"{TAGS})"),
    ),
    (
        index_method_mismatch,
        DECLARATIVE.format("tags: Mapped[list[str]] = mapped_column(pg.ARRAY(sa.Text), index=True)"),
        DECLARATIVE.replace(
            '"books"\n', '"books"\n    __table_args__ = (Index(None, "tags", postgresql_using="gin"),)\n'
        ).format("tags: Mapped[list[str]] = mapped_column(pg.ARRAY(sa.Text))"),
    ),
    (
        index_method_mismatch,
        CORE.format('Column("tags", pg.ARRAY(sa.Text), index=True)'),
        CORE.format('Column("tags", pg.ARRAY(sa.Text)),\n    Index(None, "tags", postgresql_using="gin")'),
    ),
    (
        gin_missing,
        SQLMODEL.format(f"{TAGS})"),
        WITH_INDEX.format('Index(None, "tags", postgresql_using="gin")', f"{TAGS})"),
    ),
    (
        gin_missing,
        CORE.format('Column("words", pg.TSVECTOR)'),
        CORE.format('Column("words", pg.TSVECTOR),\n    Index(None, "words", postgresql_using="gin")'),
    ),
    (
        low_cardinality_index,
        SQLMODEL.format("lent: bool = Field(default=False, index=True)"),
        SQLMODEL.format("lent: bool = Field(default=False)"),
    ),
    (
        low_cardinality_index,
        CORE.format('Column("lent", sa.Boolean, index=True)'),
        CORE.format('Column("lent", sa.Boolean)'),
    ),
    (
        low_cardinality_index,
        CORE.format('Column("lent", sa.Boolean),\n    Index("ix", "lent")'),
        CORE.format('Column("lent", sa.Boolean)'),
    ),
    (required_index, SQLMODEL.format("slug: str"), SQLMODEL.format("slug: str = Field(index=True)")),
    (
        required_index,
        DECLARATIVE.format("slug: Mapped[str]"),
        DECLARATIVE.format("slug: Mapped[str] = mapped_column(index=True)"),
    ),
    (
        required_index,
        CORE.format('Column("slug", sa.String(50))'),
        CORE.format('Column("slug", sa.String(50), index=True)'),
    ),
    (
        predicate_on_not_null,
        WITH_INDEX.format('Index("ix", "shelf", postgresql_where=text("shelf IS NOT NULL"))', "shelf: int"),
        WITH_INDEX.format('Index("ix", "shelf")', "shelf: int"),
    ),
    (
        column_name_case,
        SQLMODEL.format("shelfNumber: int"),
        SQLMODEL.format('shelfNumber: int = Field(sa_column_kwargs={"name": "shelf_number"})'),
    ),
    (
        column_name_case,
        SQLMODEL.format('shelfNumber: int = Field(sa_column_kwargs={"comment": "x"})'),
        SQLMODEL.format('shelfNumber: int = Field(sa_column_kwargs={"comment": "x", "name": "shelf_number"})'),
    ),
    (
        comment_missing,
        SQLMODEL.format(
            'shelf: int = Field(sa_column_kwargs={"comment": "x"})\n    slot: int = Field(description="From the left")'
        ),
        SQLMODEL.format(
            'shelf: int = Field(sa_column_kwargs={"comment": "x"})\n'
            '    slot: int = Field(description="From the left", sa_column_kwargs={"comment": "From the left"})'
        ),
    ),
    (
        redundant_index,
        WITH_INDEX.format('Index("ix", "shelf", "id")', "shelf: int = Field(index=True)"),
        WITH_INDEX.format('Index("ix", "shelf", "id")', "shelf: int"),
    ),
    (
        redundant_index,
        CORE.format('Column("shelf", sa.Integer),\n    Index("a", "shelf"),\n    Index("b", "shelf", "id")'),
        CORE.format('Column("shelf", sa.Integer),\n    Index("b", "shelf", "id")'),
    ),
    (
        redundant_index,
        CORE.format('Column("shelf", sa.Integer),\n    UniqueConstraint("id", "shelf")'),
        CORE.format('Column("shelf", sa.Integer)'),
    ),
    (
        table_name_implicit,
        """
class UserProfile(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
        """
class UserProfile(SQLModel, table=True):
    __tablename__ = "userprofile"
    id: int | None = Field(default=None, primary_key=True)
""",
    ),
]


@pytest.mark.parametrize(
    ("rule", "before", "after"), FIXES, ids=[f"{rule.name}-{number}" for number, (rule, *_) in enumerate(FIXES)]
)
def test_fixed(rule: Rule, before: str, after: str) -> None:
    assert fixed(rule, before).strip() == after.strip()


NAMED = """
class {model}(SQLModel, table=True):
    {name}id: int | None = Field(default=None, primary_key=True)
    part: int

class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (ForeignKeyConstraint(["a", "b"], ["{table}.id", "{table}.part"]),)

    id: int | None = Field(default=None, primary_key=True)
    one: int = Field(foreign_key="{table}.id")
    two: int = Field(sa_column=Column(sa.Integer, ForeignKey("{table}.id")))
    a: int
    b: int

loans = Table("loans", SQLModel.metadata, Column("id", ForeignKey("{table}.id"), primary_key=True))
"""


@pytest.mark.parametrize(
    ("rule", "model", "old", "new"),
    [
        (table_name_number, "Category", "category", "categories"),
        (reserved_word_name, "User", "user", "users"),
        (table_name_case, "Reader", "LibraryReaders", "library_readers"),
    ],
)
def test_a_table_is_renamed_in_its_class_and_in_every_foreign_key(rule: Rule, model: str, old: str, new: str) -> None:
    before = NAMED.format(model=model, name=f'__tablename__ = "{old}"\n    ', table=old)
    after = NAMED.format(model=model, name=f'__tablename__ = "{new}"\n    ', table=new)
    assert fixed(rule, before) == dedent(after)


def test_a_table_named_by_sqlmodel_is_given_its_new_name() -> None:
    before = NAMED.format(model="User", name="", table="user")
    after = NAMED.format(model="User", name='__tablename__ = "users"\n    ', table="users")
    assert fixed(reserved_word_name, before) == after
