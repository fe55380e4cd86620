"""Fixes are performed on text: what is changed, what is kept, what is left alone."""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemalint.finding import Finding
from schemalint.fix import (
    AddTableArgument,
    DropArgument,
    Edit,
    Fix,
    Remove,
    Replace,
    SetAnnotation,
    SetArgument,
    SetAttribute,
    SetText,
    SetType,
)
from schemalint.fixing.editing import edited
from schemalint.subjects.schema import Schema
from schemalint.subjects.targets import with_targets
from snippets import USUAL, loaded

SQLMODEL = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="books.id")
    {line}
"""

DECLARATIVE = """
class Base(DeclarativeBase):
    pass

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    {line}
"""


def perform(source: str, *edits: Edit) -> str:
    """Return a snippet after edits whose parts are written as identities (`books.title`, `Book~loans`), without the usual imports.

    A foreign key's identity begins with `foreign key`, where it would be its column's. What is left alone is the reason, after a #.
    """
    with loaded(source) as schema:
        (path,) = schema.files
        parts = dict(parts_of(schema))
        fix = Fix(
            "schema",
            tuple(one if isinstance(one, Replace) else replace(one, part=parts[str(one.part)]) for one in edits),
        )
        content = Path(path).read_bytes()
        finding = Finding("some-rule", "something", None, "", "", (), with_targets(fix, schema))
    result = edited([finding], lambda _: content)
    if result.left:
        return f"# {result.left[0][1]}"
    assert result.made == (finding,)
    (new,) = result.contents.values()
    return new.decode().replace(USUAL, "", 1)


def parts_of(schema: Schema) -> Iterator[tuple[str, object]]:
    for table in schema.tables:
        for constraint in table.constraints:
            yield schema.place(constraint).object, constraint
        for index in table.indexes:
            yield schema.place(index).object, index
        yield schema.place(table).object, table
    for key in schema.foreign_keys:
        yield f"foreign key {schema.place(key).object}", key
    for part in (*schema.columns, *schema.relationships):
        yield schema.place(part).object, part
    for mapper in schema.mappers:
        yield f"class {schema.place(mapper).object}", mapper


def line_in(template: str, line: str, edit: Edit) -> str:
    """Return what a line becomes in a class."""
    source = textwrap.dedent(template).format(line=textwrap.dedent(line).replace("\n", "\n    "))
    new = perform(source, edit)
    if new.startswith("#"):
        return new
    before = source.partition("    " + textwrap.dedent(line).splitlines()[0])[0]
    assert new.startswith(before), "only the line was changed"
    return textwrap.dedent(new.removeprefix(before)).strip("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str", "title: str = Field(max_length=9)"),
        ("title: str  # short", "title: str = Field(max_length=9)  # short"),
        ('title: str = "x"', 'title: str = Field(default="x", max_length=9)'),
        ("title: str = Field()", "title: str = Field(max_length=9)"),
        ('title: str = Field("x")', 'title: str = Field("x", max_length=9)'),
        ("title: str = Field(index=True)", "title: str = Field(index=True, max_length=9)"),
        ("title: str = Field(index=True,)", "title: str = Field(index=True, max_length=9,)"),
        ("title: str = Field( index = True )", "title: str = Field( index = True, max_length=9 )"),
        ("title: str = Field(max_length=5, index=True)", "title: str = Field(max_length=9, index=True)"),
        ("title: str = Field(index=True)  # found", "title: str = Field(index=True, max_length=9)  # found"),
        ("title: Annotated[str, Field(index=True)]", "title: Annotated[str, Field(index=True, max_length=9)]"),
        (
            "title: Annotated[str | None, Field(index=True)] = None",
            "title: Annotated[str | None, Field(index=True, max_length=9)] = None",
        ),
        (
            "title: str = Field(\n    index=True,\n)",
            "title: str = Field(\n    index=True,\n    max_length=9,\n)",
        ),
        (
            "title: str = Field(\n    index=True\n)",
            "title: str = Field(\n    index=True,\n    max_length=9\n)",
        ),
        (
            "title: str = Field(\n    index=True,  # found by it\n    # nothing more\n)",
            "title: str = Field(\n    index=True,  # found by it\n    max_length=9,\n    # nothing more\n)",
        ),
        (
            "title: str = Field(\n    index=True  # found by it\n)",
            "title: str = Field(\n    index=True,  # found by it\n    max_length=9\n)",
        ),
        (
            "title: str = Field(default=None,\n              index=True)",
            "title: str = Field(default=None,\n              index=True,\n              max_length=9)",
        ),
        (
            "title: str = Field(  # said\n    index=True, unique=True\n)",
            "title: str = Field(  # said\n    index=True, unique=True, max_length=9\n)",
        ),
        (
            "title: str = Field(sa_column=Column(sa.String))",
            "title: str = Field(sa_column=Column(sa.String), max_length=9)",
        ),
        ("title: str; pages: int", "title: str = Field(max_length=9); pages: int"),
        (
            "tïtle: str = Field(description='übel'); title: str",
            "tïtle: str = Field(description='übel'); title: str = Field(max_length=9)",
        ),
    ],
)
def test_an_argument_of_a_field_keeps_the_layout(before: str, after: str) -> None:
    assert line_in(SQLMODEL, before, SetArgument("books.title", "max_length", "9")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str", 'title: str = Field(sa_column_kwargs={"comment": "said"})'),
        (
            'title: str = Field(sa_column_kwargs={"server_default": ""})',
            'title: str = Field(sa_column_kwargs={"server_default": "", "comment": "said"})',
        ),
        (
            'title: str = Field(\n    sa_column_kwargs={\n        "server_default": "",  # why\n    },\n)',
            'title: str = Field(\n    sa_column_kwargs={\n        "server_default": "",  # why\n        "comment": "said",\n    },\n)',
        ),
        (
            'title: str = Field(sa_column_kwargs={"comment": "x"})',
            'title: str = Field(sa_column_kwargs={"comment": "said"})',
        ),
        (
            'title: str = Field(sa_column_kwargs=dict(comment="x"))',
            'title: str = Field(sa_column_kwargs=dict(comment="said"))',
        ),
        (
            "title: str = Field(sa_column=Column(sa.String))",
            'title: str = Field(sa_column=Column(sa.String, comment="said"))',
        ),
        (
            "title: str = Field(\n    sa_column=sa.Column(\n        sa.String,\n    ),\n)",
            'title: str = Field(\n    sa_column=sa.Column(\n        sa.String,\n        comment="said",\n    ),\n)',
        ),
    ],
)
def test_what_a_field_does_not_know_goes_where_sqlalchemy_gets_it(before: str, after: str) -> None:
    assert line_in(SQLMODEL, before, SetArgument("books.title", "comment", '"said"')) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: Mapped[str]", "title: Mapped[str] = mapped_column(index=True)"),
        (
            "title: Mapped[str] = mapped_column(sa.String(9))",
            "title: Mapped[str] = mapped_column(sa.String(9), index=True)",
        ),
        (
            "title: Mapped[Annotated[str, mapped_column(sa.Text)]]",
            "title: Mapped[Annotated[str, mapped_column(sa.Text, index=True)]]",
        ),
        ("title = Column(sa.String)", "title = Column(sa.String, index=True)"),
        ("title = orm.deferred(Column(sa.String))", "title = orm.deferred(Column(sa.String, index=True))"),
        (
            "@declared_attr\ndef title(cls):\n    return Column(sa.String)",
            "@declared_attr\ndef title(cls):\n    return Column(sa.String, index=True)",
        ),
    ],
)
def test_an_argument_of_a_declarative_column(before: str, after: str) -> None:
    assert line_in(DECLARATIVE, before, SetArgument("books.title", "index", "True")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str = Field(default=uuid4())", "title: str = Field(default_factory=uuid4)"),
        ("title: str = Field(uuid4(), index=True)", "title: str = Field(default_factory=uuid4, index=True)"),
        (
            "title: str = Field(  # new\n    default=uuid4(),  # made\n)",
            "title: str = Field(  # new\n    default_factory=uuid4,  # made\n)",
        ),
        (
            "title: str = uuid4()",
            "# `uuid4(...)` declares it, which is neither Field, Column nor mapped_column under a name that can be followed",
        ),
    ],
)
def test_an_argument_in_the_place_of_another(before: str, after: str) -> None:
    edit = SetArgument("books.title", "default_factory", "uuid4", instead_of="default", imports=("uuid.uuid4",))
    assert line_in(SQLMODEL, before, edit) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str", "title: str = Field(sa_type=pg.CITEXT)"),
        ("title: str = Field(sa_type=sa.Text)", "title: str = Field(sa_type=pg.CITEXT)"),
        (
            "title: str = Field(sa_column=Column(sa.Text(), index=True))",
            "title: str = Field(sa_column=Column(pg.CITEXT, index=True))",
        ),
        (
            "title: str = Field(sa_column=Column(index=True))",
            "title: str = Field(sa_column=Column(pg.CITEXT, index=True))",
        ),
        ("title: str = Field(sa_type=sa.String)", "# its type is not written there as Text"),
    ],
)
def test_a_type_in_the_place_of_another(before: str, after: str) -> None:
    edit = SetType("books.title", "CITEXT", "Text", ("sqlalchemy.dialects.postgresql.CITEXT",))
    assert line_in(SQLMODEL, before, edit) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title = Column("title", sa.String)', 'title = Column("title", sa.BigInteger)'),
        (
            'title = Column("title", ForeignKey("books.id"))',
            'title = Column("title", sa.BigInteger, ForeignKey("books.id"))',
        ),
        (
            'title: Mapped[int] = mapped_column(ForeignKey("books.id"))',
            'title: Mapped[int] = mapped_column(sa.BigInteger, ForeignKey("books.id"))',
        ),
        (
            "title: Mapped[int] = mapped_column(type_=sa.Integer)",
            "title: Mapped[int] = mapped_column(type_=sa.BigInteger)",
        ),
        ("title: Mapped[int]", "title: Mapped[int] = mapped_column(sa.BigInteger)"),
    ],
)
def test_a_type_that_is_said_as_an_argument(before: str, after: str) -> None:
    edit = SetArgument("books.title", "type_", "BigInteger", imports=("sqlalchemy.BigInteger",))
    assert line_in(DECLARATIVE, before, edit) == after


@pytest.mark.parametrize(
    ("template", "before", "after"),
    [
        (
            SQLMODEL,
            'up: int = Field(foreign_key="books.id")',
            'up: int = Field(foreign_key="books.id", ondelete="CASCADE")',
        ),
        (
            SQLMODEL,
            'up: int = Field(foreign_key="books.id", ondelete="RESTRICT")',
            'up: int = Field(foreign_key="books.id", ondelete="CASCADE")',
        ),
        (
            SQLMODEL,
            'up: int = Field(sa_column=Column(sa.Integer, ForeignKey("books.id"), index=True))',
            'up: int = Field(sa_column=Column(sa.Integer, ForeignKey("books.id", ondelete="CASCADE"), index=True))',
        ),
        (
            SQLMODEL,
            'up: int = Field(sa_column_args=[ForeignKey("books.id")])',
            'up: int = Field(sa_column_args=[ForeignKey("books.id", ondelete="CASCADE")])',
        ),
        (
            DECLARATIVE,
            'up: Mapped[int] = mapped_column(ForeignKey("books.id"))',
            'up: Mapped[int] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"))',
        ),
        (
            DECLARATIVE,
            "up: Mapped[int] = mapped_column(ForeignKey(id))",
            'up: Mapped[int] = mapped_column(ForeignKey(id, ondelete="CASCADE"))',
        ),
        (
            DECLARATIVE,
            'up: Mapped[int]\n__table_args__ = (ForeignKeyConstraint(["up"], ["books.id"]),)',
            'up: Mapped[int]\n__table_args__ = (ForeignKeyConstraint(["up"], ["books.id"], ondelete="CASCADE"),)',
        ),
        (
            DECLARATIVE,
            'KEY = ForeignKey("books.id")\nup: Mapped[int] = mapped_column(KEY)',
            "# its foreign key is not written there as one `ForeignKey(...)`",
        ),
    ],
)
def test_what_a_foreign_key_does_goes_into_the_foreign_key(template: str, before: str, after: str) -> None:
    assert line_in(template, before, SetArgument("foreign key books.up", "ondelete", '"CASCADE"')) == after


def test_an_onupdate_of_a_foreign_key_is_not_its_columns() -> None:
    edit = SetArgument("foreign key books.up", "onupdate", '"CASCADE"')
    line = 'up: Mapped[int] = mapped_column(ForeignKey("books.id"))'
    assert (
        line_in(DECLARATIVE, line, edit)
        == 'up: Mapped[int] = mapped_column(ForeignKey("books.id", onupdate="CASCADE"))'
    )
    line = 'up: int = Field(foreign_key="books.id")'
    assert (
        line_in(SQLMODEL, line, edit) == "# Field takes no onupdate of a foreign key: that needs sa_column=Column(...)"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("up: Optional['Book'] = Relationship()", "up: Optional['Book'] = Relationship({})"),
        (
            "up: Optional['Book'] = Relationship(back_populates=None)",
            "up: Optional['Book'] = Relationship(back_populates=None, {})",
        ),
    ],
)
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (SetArgument("Book~up", "passive_deletes", "True"), "passive_deletes=True"),
        (SetArgument("Book~up", "lazy", '"raise"'), 'sa_relationship_kwargs={"lazy": "raise"}'),
    ],
)
def test_an_argument_of_a_relationship(before: str, after: str, edit: Edit, said: str) -> None:
    template = SQLMODEL.replace("{line}", "{line}\n    pages: int")
    before = before.replace("Relationship(", "Relationship(sa_relationship_kwargs=dict(remote_side='Book.id'), ", 1)
    after = after.replace("Relationship(", "Relationship(sa_relationship_kwargs=dict(remote_side='Book.id'), ", 1)
    before = before.replace(", )", ")")
    after = after.format(said)
    if "lazy" in said:
        after = after.replace(f", {said}", "").replace("'Book.id')", "'Book.id', lazy=\"raise\")")
    assert line_in(template, before, edit) == f"{after}\npages: int"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'up: Mapped["Book"] = relationship(remote_side=id)',
            'up: Mapped["Book"] = relationship(remote_side=id, lazy="raise")',
        ),
        (
            'up: Mapped["Book"] = relationship(remote_side=id, lazy="joined")',
            'up: Mapped["Book"] = relationship(remote_side=id, lazy="raise")',
        ),
    ],
)
def test_an_argument_of_sqlalchemys_relationship(before: str, after: str) -> None:
    template = DECLARATIVE.replace("{line}", 'up_id: Mapped[int] = mapped_column(ForeignKey("books.id"))\n    {line}')
    assert line_in(template, before, SetArgument("Book~up", "lazy", '"raise"')) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str = Field(index=True)", "title: str"),
        ("title: str = Field(index=True, max_length=9)", "title: str = Field(max_length=9)"),
        ("title: str = Field(max_length=9, index=True)", "title: str = Field(max_length=9)"),
        ("title: str = Field(max_length=9, index=True,)", "title: str = Field(max_length=9,)"),
        ("title: str = Field(\n    index=True,\n    max_length=9,\n)", "title: str = Field(\n    max_length=9,\n)"),
        (
            "title: str = Field(\n    max_length=9,  # short\n    index=True,\n)",
            "title: str = Field(\n    max_length=9,  # short\n)",
        ),
        (
            "title: str = Field(\n    index=True,  # for the search\n)",
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title: str = Field(\n    # for the search\n    index=True,\n    max_length=9,\n)",
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title: str = Field(sa_column=Column(sa.String, index=True))",
            "title: str = Field(sa_column=Column(sa.String))",
        ),
        ('title: str = Field(sa_column_kwargs={"index": True})', "title: str"),
        (
            'title: str = Field(sa_column_kwargs={"index": True, "key": "t"})',
            'title: str = Field(sa_column_kwargs={"key": "t"})',
        ),
    ],
)
def test_an_argument_is_taken_out(before: str, after: str) -> None:
    found = line_in(SQLMODEL, before, DropArgument("books.title", "index"))
    assert found == after
    if '"key"' not in before:
        assert line_in(SQLMODEL, before, Remove("books :index title")) == after


def test_an_index_that_is_unique_is_taken_out_with_both_arguments() -> None:
    line = "title: str = Field(index=True, unique=True, max_length=9)"
    assert line_in(SQLMODEL, line, Remove("books :index title")) == "title: str = Field(max_length=9)"


def test_a_foreign_key_is_taken_out() -> None:
    line = 'up: int = Field(foreign_key="books.id", ondelete="CASCADE")'
    assert line_in(SQLMODEL, line, Remove("foreign key books.up")) == "up: int"
    line = 'up: Mapped[int] = mapped_column(sa.Integer, ForeignKey("books.id"))'
    assert line_in(DECLARATIVE, line, Remove("foreign key books.up")) == "up: Mapped[int] = mapped_column(sa.Integer)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: str = Field(index=True)", "title: bytes = Field(index=True)"),
        ("title: Annotated[str, Field(index=True)]", "title: Annotated[bytes, Field(index=True)]"),
        ("title: str = 'x'  # said", "title: bytes = 'x'  # said"),
    ],
)
def test_an_annotation(before: str, after: str) -> None:
    assert line_in(SQLMODEL, before, SetAnnotation("books.title", "bytes")) == after


def test_an_annotation_inside_mapped() -> None:
    assert (
        line_in(DECLARATIVE, "title: Mapped[str]", SetAnnotation("books.title", "str | None"))
        == "title: Mapped[str | None]"
    )
    assert (
        line_in(DECLARATIVE, "title = Column(sa.String)", SetAnnotation("books.title", "str"))
        == "# it has no annotation"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('up: int = Field(foreign_key="books.id")', 'up: int = Field(foreign_key="shelves.id")'),
        ("up: int = Field(foreign_key='books.id')", "up: int = Field(foreign_key='shelves.id')"),
        (
            'up: int = Field(sa_column=Column(ForeignKey("books.id"), key="books.id"))',
            '# "books.id" is written several times in its declaration',
        ),
        ('up: int = Field(foreign_key="books" ".id")', '# "books.id" is written nowhere in its declaration'),
    ],
)
def test_a_text(before: str, after: str) -> None:
    assert line_in(SQLMODEL, before, SetText("foreign key books.up", "books.id", "shelves.id")) == after


TABLE = """
class Book(SQLModel, table=True):
    {before}id: int = Field(primary_key=True)
    a: int
    b: int{after}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '__table_args__ = (Index("ix", "a"),)\n    '),
        ('__tablename__ = "books"\n    ', '__tablename__ = "books"\n    __table_args__ = (Index("ix", "a"),)\n    '),
        ('"""Read."""\n\n    ', '"""Read."""\n\n    __table_args__ = (Index("ix", "a"),)\n\n    '),
        ("__table_args__ = ()\n    ", '__table_args__ = (Index("ix", "a"),)\n    '),
        ('__table_args__ = (Index("b", "b"),)\n    ', '__table_args__ = (Index("b", "b"), Index("ix", "a"),)\n    '),
        ('__table_args__ = Index("b", "b"),\n    ', '__table_args__ = (Index("b", "b"), Index("ix", "a"),)\n    '),
        ('__table_args__ = {"comment": "x"}\n    ', '__table_args__ = (Index("ix", "a"), {"comment": "x"})\n    '),
        (
            '__table_args__ = (Index("b", "b"), {"comment": "x"})\n    ',
            '__table_args__ = (Index("b", "b"), Index("ix", "a"), {"comment": "x"})\n    ',
        ),
        (
            '__table_args__ = (\n        Index("b", "b"),  # sorted\n        # shown\n        {"comment": "x"},\n    )\n    ',
            '__table_args__ = (\n        Index("b", "b"),  # sorted\n        Index("ix", "a"),\n        # shown\n        {"comment": "x"},\n    )\n    ',
        ),
        (
            '__table_args__ = (Index("b", "b"),) + ({"comment": "x"},)\n    ',
            '__table_args__ = (Index("b", "b"),) + (Index("ix", "a"), {"comment": "x"},)\n    ',
        ),
        (
            '@declared_attr.directive\n    def __table_args__(cls):\n        return (Index("b", "b"),)\n\n    ',
            '@declared_attr.directive\n    def __table_args__(cls):\n        return (Index("b", "b"), Index("ix", "a"),)\n\n    ',
        ),
    ],
)
def test_an_argument_of_a_table(before: str, after: str) -> None:
    edit = AddTableArgument("class Book", 'Index("ix", "a")', ("sqlalchemy.Index",))
    source = TABLE.format(before=before, after="")
    assert perform(source, edit) == TABLE.format(before=after, after="")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '__table_args__ = {"comment": "y"}\n    '),
        ('__table_args__ = {"comment": "x"}\n    ', '__table_args__ = {"comment": "y"}\n    '),
        ('__table_args__ = (Index("b", "b"),)\n    ', '__table_args__ = (Index("b", "b"), {"comment": "y"},)\n    '),
        (
            '__table_args__ = (Index("b", "b"), {"schema": "x"})\n    ',
            '__table_args__ = (Index("b", "b"), {"schema": "x", "comment": "y"})\n    ',
        ),
    ],
)
def test_a_keyword_of_a_table(before: str, after: str) -> None:
    with_schema = "x.book" if "schema" in before else "book"
    found = perform(TABLE.format(before=before, after=""), SetArgument(with_schema, "comment", '"y"'))
    assert found == TABLE.format(before=after, after="")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('__table_args__ = (Index("x", "a"), Index("y", "b"))\n    ', '__table_args__ = (Index("x", "a"),)\n    '),
        ('__table_args__ = (Index("y", "b"), Index("x", "a"))\n    ', '__table_args__ = (Index("x", "a"),)\n    '),
        ('__table_args__ = (Index("y", "b"), {"comment": "x"})\n    ', '__table_args__ = ({"comment": "x"},)\n    '),
        ('__table_args__ = (Index("y", "b"),)\n    ', ""),
        (
            '__table_args__ = (\n        Index("x", "a"),\n        Index("y", "b"),\n    )\n    ',
            '__table_args__ = (\n        Index("x", "a"),\n    )\n    ',
        ),
    ],
)
def test_an_element_is_taken_out(before: str, after: str) -> None:
    assert perform(TABLE.format(before=before, after=""), Remove("book :index b")) == TABLE.format(
        before=after, after=""
    )


def test_two_elements_of_a_tuple_are_taken_out_together() -> None:
    source = TABLE.format(before='__table_args__ = (Index("x", "a"), Index("y", "b"))\n    ', after="")
    found = perform(source, Remove("book :index b"), Remove("book :index a"))
    assert found == TABLE.format(before="", after="")


def test_an_element_with_a_comment_stays() -> None:
    source = TABLE.format(before='__table_args__ = (\n        Index("y", "b"),  # sorted\n    )\n    ', after="")
    assert perform(source, Remove("book :index b")) == "# a comment inside the parentheses would be lost"


CORE = """
books = Table(
    "books", MetaData(),
    Column("id", sa.Integer, primary_key=True),
    Column("a", sa.Integer),  # first
    schema="library",
)
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (
            SetArgument("library.books.a", "nullable", "False"),
            "sa.Integer),  # first",
            "sa.Integer, nullable=False),  # first",
        ),
        (SetArgument("library.books", "comment", '"x"'), '"library",\n', '"library",\n    comment="x",\n'),
        (
            AddTableArgument("library.books", 'Index("ix", "a")', ("sqlalchemy.Index",)),
            "# first\n",
            '# first\n    Index("ix", "a"),\n',
        ),
    ],
)
def test_a_core_table(edit: Edit, old: str, new: str) -> None:
    assert perform(CORE, edit) == CORE.replace(old, new)


def test_a_class_is_given_an_attribute() -> None:
    source = TABLE.format(before='"""Read."""\n\n    # first\n    ', after="\n\n    def read(self): ...")
    assert perform(source, SetAttribute("class Book", "__tablename__", '"books"')) == TABLE.format(
        before='"""Read."""\n\n    __tablename__ = "books"\n\n    # first\n    ', after="\n\n    def read(self): ..."
    )
    found = perform(source, SetAttribute("class Book", "mark", "1"))
    assert found == source.replace("    b: int\n", "    b: int\n    mark = 1\n")
    source = source.replace("# first", '__tablename__ = "book"  # one')
    found = perform(source, SetAttribute("class Book", "__tablename__", '"books"'))
    assert found == source.replace('"book"', '"books"')


@pytest.mark.parametrize(
    ("source", "edit", "reason"),
    [
        (
            SQLMODEL.format(line="title: str = Field(**COMMON)").replace(
                "\nclass", "\nCOMMON = dict(index=True)\nclass"
            ),
            None,
            "`**COMMON` in its call says arguments that stand elsewhere",
        ),
        (
            SQLMODEL.format(line="title: str = short()").replace("\nclass", "\ndef short(): return Field()\nclass"),
            None,
            "`short(...)` declares it, which is neither Field, Column nor mapped_column under a name that can be followed",
        ),
        (
            SQLMODEL.format(line="title: str = Field(max_length=  # why\n   SHORT)").replace(
                "\nclass", "\nSHORT = 5\nclass"
            ),
            None,
            "`max_length=SHORT` is not written as a literal",
        ),
        (
            SQLMODEL.format(line="title: str = Field(sa_column=TITLE)").replace(
                "\nclass", "\nTITLE = Column(sa.String)\nclass"
            ),
            SetArgument("books.title", "index", "True"),
            "its column is `TITLE`, which is not written as `Column(...)` there",
        ),
        (
            SQLMODEL.format(line="title: str = Field(sa_column_kwargs=SAID)").replace("\nclass", "\nSAID = {}\nclass"),
            SetArgument("books.title", "comment", "''"),
            "`sa_column_kwargs` is not written as a dictionary",
        ),
        (
            SQLMODEL.format(line="title: str = Field(index=YES)").replace("\nclass", "\nYES = True\nclass"),
            Remove("books :index title"),
            "`index=YES` is not written as a literal",
        ),
        (
            SQLMODEL.format(line="title: str"),
            DropArgument("books.title", "index"),
            "its declaration has no call that could take the argument",
        ),
        (
            SQLMODEL.format(line="title: str = Field()"),
            DropArgument("books.title", "index"),
            "its index is not written at its declaration",
        ),
        (
            DECLARATIVE.format(line="title: Mapped[str] = mapped_column()"),
            SetArgument("books.title", "max_length", "9"),
            "`mapped_column(...)` takes no max_length",
        ),
        (
            "class Book(SQLModel, table=True): id: int = Field(primary_key=True)\n",
            SetAttribute("class Book", "__tablename__", '"books"'),
            "its class is written on one line",
        ),
        (
            TABLE.format(before="__table_args__ = ARGUMENTS\n    ", after="").replace(
                "\nclass", "\nARGUMENTS = ({'comment': ''},)\nclass"
            ),
            AddTableArgument("class Book", 'Index("ix", "a")'),
            "its `__table_args__` are `ARGUMENTS`, which is not written as a tuple",
        ),
        (
            DECLARATIVE.format(
                line="pass\n\nexec('class Shelf(Base):\\n  __tablename__ = \"shelves\"\\n  id = Column(sa.Integer, primary_key=True)')"
            ),
            SetArgument("shelves.id", "index", "True"),
            "no source file declares it",
        ),
    ],
)
def test_what_cannot_be_written_for_sure_is_left_alone(source: str, edit: Edit | None, reason: str) -> None:
    assert perform(source, edit or SetArgument("books.title", "max_length", "9")) == f"# {reason}"
