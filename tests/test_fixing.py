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
        ("title: str = Field(index=True,\n    max_length=9)", "title: str = Field(max_length=9)"),
        (
            "title: str = Field(index=True,\n    # short\n    max_length=9)",
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title: str = Field(description='', index=True,\n    # short\n    max_length=9)",
            "title: str = Field(description='',\n    # short\n    max_length=9)",
        ),
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


RELATED = """
class Shelf(SQLModel, table=True):
    id: int = Field(primary_key=True)
    books: list["Book"] = Relationship(back_populates="shelf")

class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    shelf_id: int = Field(foreign_key="shelf.id")
    {line}
"""


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (
            'shelf: Shelf = Relationship(back_populates="books")',
            SetArgument("Book~shelf", "passive_deletes", "True"),
            'shelf: Shelf = Relationship(back_populates="books", passive_deletes=True)',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"passive_deletes": False})',
            SetArgument("Book~shelf", "passive_deletes", "True"),
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"passive_deletes": True})',
        ),
        (
            'shelf: Shelf = Relationship(sa_relationship=relationship(back_populates="books"))',
            SetArgument("Book~shelf", "lazy", '"raise"'),
            'shelf: Shelf = Relationship(sa_relationship=relationship(back_populates="books", lazy="raise"))',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"viewonly": False, "lazy": "joined"})',
            SetArgument("Book~shelf", "overlaps", '"x"', instead_of="lazy"),
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"viewonly": False, "overlaps": "x"})',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"lazy": "joined"})',
            SetArgument("Book~shelf", "passive_deletes", "True", instead_of="lazy"),
            'shelf: Shelf = Relationship(back_populates="books", passive_deletes=True)',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", passive_deletes=False)',
            SetArgument("Book~shelf", "lazy", '"raise"', instead_of="passive_deletes"),
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs={"lazy": "raise"})',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", passive_deletes=True)',
            DropArgument("Book~shelf", "passive_deletes"),
            'shelf: Shelf = Relationship(back_populates="books")',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books", sa_relationship_kwargs=dict(lazy="joined"))',
            DropArgument("Book~shelf", "lazy"),
            'shelf: Shelf = Relationship(back_populates="books")',
        ),
        (
            'shelf: Shelf = Relationship(sa_relationship=relationship(back_populates="books", lazy="joined"))',
            DropArgument("Book~shelf", "lazy"),
            'shelf: Shelf = Relationship(sa_relationship=relationship(back_populates="books"))',
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books")',
            DropArgument("Book~shelf", "lazy"),
            "# its lazy is not written at its declaration",
        ),
        (
            'shelf: Shelf = Relationship(back_populates="books")',
            SetType("Book~shelf", "sa.Text"),
            "# it is a relationship",
        ),
        (
            'shelf: Shelf = Relationship(sa_relationship=relationship(back_populates="books"))',
            SetArgument("Book~shelf", "cascade_delete", "True"),
            "# `relationship(...)` takes no cascade_delete",
        ),
        (
            'shelf: Shelf = Relationship(sa_relationship=to("books"))',
            SetArgument("Book~shelf", "lazy", '"raise"'),
            '# its `sa_relationship` is `to("books")`, which is declared elsewhere',
        ),
    ],
)
def test_where_an_argument_of_a_relationship_stands(before: str, edit: Edit, after: str) -> None:
    template = RELATED.replace(
        "\nclass Shelf", "\ndef to(name):\n    return relationship(back_populates=name)\n\nclass Shelf"
    )
    assert line_in(template, before, edit) == after


def test_what_a_backref_makes_is_left_alone() -> None:
    source = """
        class Base(DeclarativeBase): ...

        class Shelf(Base):
            __tablename__ = "shelves"
            id: Mapped[int] = mapped_column(primary_key=True)
            books: Mapped[list["Book"]] = relationship(backref="shelf")

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))
    """
    assert perform(source, SetArgument("Book~shelf", "lazy", '"raise"')) == "# the other side's `backref` makes it"


@pytest.mark.parametrize(
    ("line", "edit", "after"),
    [
        (
            'title = Column("old", sa.String)',
            SetArgument("books.old", "name", '"new"'),
            'title = Column("new", sa.String)',
        ),
        (
            "title = Column(sa.String)",
            SetArgument("books.title", "name", '"new"'),
            'title = Column(sa.String, name="new")',
        ),
        (
            "title = orm.deferred(Column(sa.String, index=True))",
            DropArgument("books.title", "index"),
            "title = orm.deferred(Column(sa.String))",
        ),
        (
            "title = orm.deferred(Column(sa.Text))",
            SetType("books.title", "sa.String", "Text"),
            "title = orm.deferred(Column(sa.String))",
        ),
        (
            "title = orm.deferred(Column(sa.Text))",
            SetType("books.title", "sa.String"),
            "# its type is not written there as one name",
        ),
        (
            "title = Column(sa.Text(  # long\n))",
            SetType("books.title", "sa.String", "Text"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title = Column(sa.ARRAY(sa.Text).with_variant(sa.ARRAY(sa.Text), 'mysql'))",
            SetType("books.title", "JSONB", "ARRAY"),
            "# its declaration names ARRAY several times",
        ),
        (
            'NAME = "title"\ntitle = Column(NAME, sa.Text)',
            SetArgument("books.title", "type_", "sa.String"),
            'NAME = "title"\ntitle = Column(NAME, sa.String)',
        ),
        (
            'title = Column(*["title", sa.Text])',
            SetArgument("books.title", "type_", "sa.String"),
            "# `*` in its call says arguments that stand elsewhere",
        ),
        (
            'title: Mapped[str] = mapped_column(ForeignKey("books.id", ondelete="CASCADE"))',
            DropArgument("foreign key books.title", "ondelete"),
            'title: Mapped[str] = mapped_column(ForeignKey("books.id"))',
        ),
        (
            "KEY = ForeignKey('books.id', ondelete='CASCADE')\ntitle: Mapped[str] = mapped_column(KEY)",
            DropArgument("foreign key books.title", "ondelete"),
            "# its ondelete is not written at its declaration",
        ),
        ("title: Mapped[  # said\n    str]", SetAnnotation("books.title", "int"), "title: Mapped[  # said\n    int]"),
        (
            "title: Mapped[str |  # said\n    None]",
            SetAnnotation("books.title", "int"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            'title: Mapped[bool] = mapped_column(sa.Boolean(create_constraint=True, name="c"))',
            Remove("books :check c"),
            "# it is written neither as an element of a tuple nor as an argument of its column",
        ),
        ("pass", SetType("class Book", "sa.Text"), "# no statement of its own declares it"),
        (
            "@declared_attr\ndef title(cls):\n    made = text_column()\n    return made",
            SetArgument("books.title", "index", "True"),
            "# a function that does more than return it declares it",
        ),
        (
            "@declared_attr\ndef title(cls):\n    return text_column()",
            SetArgument("books.title", "index", "True"),
            "# `text_column(...)` declares it, which is neither Field, Column nor mapped_column under a name that can be followed",
        ),
        (
            "title = text_column()",
            SetArgument("books.title", "index", "True"),
            "# `text_column(...)` declares it, which is neither Field, Column nor mapped_column under a name that can be followed",
        ),
        (
            "title = TEXT",
            SetArgument("books.title", "index", "True"),
            "# it is declared as `TEXT`, which is no call that could take the argument",
        ),
        (
            "T, K = sa.Text, ForeignKey('books.id')\ntitle = Column(str('title'), T, K)",
            SetArgument("books.title", "type_", "sa.String"),
            "# which of its arguments is the type cannot be told",
        ),
        ("title: Mapped[str]", Remove("books.title"), ""),
        ("title: Mapped[str]  # said", Remove("books.title"), "# a comment at its declaration would be lost"),
        ("title: Mapped[str]; pages: Mapped[int]", Remove("books.title"), "# several statements stand on its line"),
        (
            "title: Mapped[int] = mapped_column(primary_key=True)",
            Remove("books :primary key"),
            "# no statement of its own declares it",
        ),
        (
            "__table_args__ = (Index('a', 'id'), Index('b', 'id'))",
            SetArgument("class Book", "comment", "''"),
            "__table_args__ = (Index('a', 'id'), Index('b', 'id'), {\"comment\": ''})",
        ),
        (
            "__table_args__ = (*(),)",
            SetArgument("class Book", "comment", "''"),
            "# its `__table_args__` are not written as a tuple or dictionary",
        ),
        (
            "__table_args__ = ({'comment': ''},) + ()",
            AddTableArgument("class Book", "Index(None, 'id')"),
            "__table_args__ = ({'comment': ''},) + (Index(None, 'id'),)",
        ),
        (
            "__table_args__ = (Index(None, 'id'),) + tuple()",
            AddTableArgument("class Book", "Index('a', 'id')"),
            "__table_args__ = (Index(None, 'id'), Index('a', 'id'),) + tuple()",
        ),
        (
            "if True:\n    __table_args__ = ()\nelse:\n    __table_args__ = ()",
            AddTableArgument("class Book", "Index('a', 'id')"),
            "# its `__table_args__` depends on a condition",
        ),
        (
            "__table_args__: Any = (Index(None, 'id'),)",
            AddTableArgument("class Book", "Index('a', 'id')"),
            "__table_args__: Any = (Index(None, 'id'), Index('a', 'id'),)",
        ),
        (
            "@declared_attr.directive\ndef __table_args__(cls):\n    print()\n    return ()",
            AddTableArgument("class Book", "Index('a', 'id')"),
            "# its `__table_args__` are made by a function that does more than return a tuple",
        ),
        (
            "@declared_attr.directive\ndef __table_args__(cls):\n    return ()",
            SetAttribute("class Book", "__table_args__", "()"),
            "# its `__table_args__` is made by a function",
        ),
        (
            "__table_args__ = (  # none\n)",
            SetAttribute("class Book", "__table_args__", "()"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "__table_args__ = (  # none\n)",
            AddTableArgument("class Book", "Index('a', 'id')"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "__table_args__ = (Index('a', 'id'),)",
            SetArgument("books :index id", "name", "'b'"),
            "__table_args__ = (Index('b', 'id'),)",
        ),
        (
            "__table_args__ = (Index(str('a'), 'id'),)",
            SetArgument("books :index id", "name", "'b'"),
            "# its name is not written as a literal",
        ),
        (
            "__table_args__ = (UniqueConstraint('id'),)",
            SetArgument("books :unique id", "name", "'b'"),
            "__table_args__ = (UniqueConstraint('id', name='b'),)",
        ),
        (
            "__table_args__ = (CheckConstraint('id > 0', name='c'),)",
            DropArgument("books :check c", "name"),
            "__table_args__ = (CheckConstraint('id > 0'),)",
        ),
        (
            "__table_args__ = (CheckConstraint('id > 0', name='c'),)",
            DropArgument("books :check c", "info"),
            "# its info is not written at its declaration",
        ),
        (
            "__table_args__ = (Index('a',  # why\n    'id'),)",
            Remove("books :index id"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "__table_args__ = (Index('a', 'id'),)  # why",
            Remove("books :index id"),
            "# a comment at its declaration would be lost",
        ),
        (
            "@declared_attr.directive\ndef __table_args__(cls):\n    return (Index('a', 'id'), Index('b', sa.text('id + 1')))",
            Remove("books :index id"),
            "@declared_attr.directive\ndef __table_args__(cls):\n    return (Index('b', sa.text('id + 1')),)",
        ),
        (
            "@declared_attr\ndef title(cls):\n    print()\n    return Column(sa.Text)",
            SetArgument("books.title", "index", "True"),
            "@declared_attr\ndef title(cls):\n    print()\n    return Column(sa.Text, index=True)",
        ),
    ],
)
def test_declarative_classes_in_detail(line: str, edit: Edit, after: str) -> None:
    elsewhere = "def text_column(): return Column(sa.Text)\nTEXT = text_column()\n"
    assert line_in(elsewhere + DECLARATIVE, line, edit) == after


@pytest.mark.parametrize(
    ("line", "edit", "after"),
    [
        (
            "title: str = Field(  # said\n    'x'  # here\n)",
            SetArgument("books.title", "default", "'z'"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title: str = Field(*[None])",
            SetArgument("books.title", "default", "'z'"),
            "# `*[None]` is not written as a literal",
        ),
        ("title: str = Field('x')", SetArgument("books.title", "default", "'z'"), "title: str = Field('z')"),
        (
            "title: str = (  # said\n    'x' 'y')",
            SetArgument("books.title", "max_length", "9"),
            "# a comment inside the parentheses would be lost",
        ),
        (
            "title: str = Field(sa_column=Column(sa.String, ForeignKey('books.id')))",
            Remove("foreign key books.title"),
            "title: str = Field(sa_column=Column(sa.String))",
        ),
        (
            "title: str = Field(sa_column_kwargs={**{}})",
            SetArgument("books.title", "comment", "''"),
            "# `**{}` in `sa_column_kwargs` says what stands elsewhere",
        ),
        (
            "title: str = Field(sa_column_kwargs=dict(comment='x', key='t'))",
            DropArgument("books.title", "comment"),
            "title: str = Field(sa_column_kwargs=dict(key='t'))",
        ),
        (
            "title: str = Field(sa_column_kwargs={'server_onupdate': 'x'})",
            SetArgument("books.title", "onupdate", "str", instead_of="server_onupdate"),
            'title: str = Field(sa_column_kwargs={"onupdate": str})',
        ),
        (
            "title: str = Field(default=None, default_factory=None)",
            SetArgument("books.title", "default_factory", "str", instead_of="default"),
            "title: str = Field(default_factory=str)",
        ),
        ("title: str = Field(index=True)", SetText("books", "index", "x"), "# no statement of its own declares it"),
        ("title: str = Field(index=True)", SetAttribute("books.title", "x", "1"), "# no class statement declares it"),
        (
            "title: str = Field(index=True)",
            AddTableArgument("books.title", "x"),
            "# neither a class statement nor `Table(...)` declares its table",
        ),
        (
            "title: str = Field(max_length=(  # long\n    3))",
            SetArgument("books.title", "max_length", "9"),
            "# a comment inside the parentheses would be lost",
        ),
    ],
)
def test_sqlmodel_classes_in_detail(line: str, edit: Edit, after: str) -> None:
    assert line_in(SQLMODEL, line, edit) == after


def test_a_field_that_is_pydantics_takes_nothing_of_a_column() -> None:
    source = SQLMODEL.format(line="title: str = PField(max_length=3)").replace(
        "\nclass", "\nfrom pydantic import Field as PField\nclass"
    )
    assert (
        perform(source, SetArgument("books.title", "index", "True")) == "# `PField` is pydantic's, which takes no index"
    )
    assert "PField(max_length=9)" in perform(source, SetArgument("books.title", "max_length", "9"))


def test_an_element_of_an_unpacked_list_is_taken_out() -> None:
    source = CORE.replace('schema="library",', '*[Index("x", "a"), Index("y", "id")],')
    assert perform(source, Remove("books :index a")) == source.replace('Index("x", "a"), ', "")


def test_an_index_that_is_a_statement_is_taken_out() -> None:
    source = CORE + 'Index("x", books.c.a)\n'
    assert perform(source, Remove("library.books :index a")) == CORE
    source = CORE + 'ix = Index("x", books.c.a)\n'
    assert perform(source, Remove("library.books :index a")).startswith("# `Index(...)` declares it")


def test_an_element_of_a_table_is_taken_out() -> None:
    source = CORE.replace('schema="library",', 'Index("x", "a"),')
    assert perform(source, Remove("books :index a")) == CORE.replace('    schema="library",\n', "")


def test_columns_that_stand_in_a_dictionary() -> None:
    source = """
columns = {"a": Column("a", sa.Integer)}
books = Table("books", MetaData(), Column("id", sa.Integer, primary_key=True), *columns.values())
"""
    found = perform(source, SetArgument("books.a", "index", "True"))
    assert found == source.replace('"a", sa.Integer)', '"a", sa.Integer, index=True)')
