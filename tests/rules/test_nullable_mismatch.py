"""Annotation and column agree about None."""

import textwrap

import pytest

from schemalint.fix import SetAnnotation
from schemalint.rules.schema.nullable_mismatch import nullable_mismatch
from snippets import check_clean, check_found, problems

MODEL = """
    from typing import TypeVar
    T = TypeVar("T")

    class Encrypted(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    class User(SQLModel, table=True):
        __tablename__ = "users"
        id: int | None = Field(default=None, primary_key=True)

    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Task(Base):
        __tablename__ = "tasks"
        __allow_unmapped__ = True
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""

NULL_WITHOUT_NONE = "tasks.title may hold NULL, but Task.title is annotated as never None"
NONE_WITHOUT_NULL = "Task.title may be None, but tasks.title is NOT NULL: the insert fails"


@pytest.mark.parametrize(
    "line",
    [
        "title: str = Field(sa_column=Column(sa.String))",
        "title: str = Field(nullable=True)",
        "title: str = Field(default='', nullable=True)",
        "title: str = Field(sa_column_kwargs={'nullable': True})",
        "title: list[str] = Field(sa_column=Column(pg.ARRAY(sa.String)))",
        "title: int = Field(foreign_key='users.id', nullable=True)",
        "title: Literal['a', 'b'] = Field(sa_column=Column(sa.String))",
    ],
)
def test_null_without_none_is_found(line: str) -> None:
    (problem,) = check_found(nullable_mismatch, MODEL.format(line=line), "tasks.title")
    assert problem.message == NULL_WITHOUT_NONE


@pytest.mark.parametrize(
    "line",
    [
        "title: Mapped[str] = mapped_column(nullable=True)",
        "title: Mapped[Annotated[str, 'x']] = mapped_column(nullable=True)",
        "title: Mapped[str] = mapped_column(sa.String, nullable=True)",
        "title: str = Column(sa.String)",
    ],
)
def test_mapped_null_without_none_is_found(line: str) -> None:
    (problem,) = check_found(nullable_mismatch, DECLARATIVE.format(line=line), "tasks.title")
    assert problem.message == NULL_WITHOUT_NONE


@pytest.mark.parametrize(
    "line",
    [
        "title: str | None = Field(default=None, sa_column=Column(sa.String, nullable=False))",
        "title: Optional[str] = Field(default=None, nullable=False)",
        "title: Optional[Annotated[str, 'x']] = Field(default=None, nullable=False)",
        "title: int | None = Field(default=None, foreign_key='users.id', nullable=False)",
    ],
)
def test_none_without_null_is_found(line: str) -> None:
    (problem,) = check_found(nullable_mismatch, MODEL.format(line=line), "tasks.title")
    assert problem.message == NONE_WITHOUT_NULL


@pytest.mark.parametrize(
    "line",
    [
        "title: Mapped[str | None] = mapped_column(nullable=False)",
        "title: Mapped[Optional[str]] = mapped_column(sa.String, nullable=False)",
        "title: Mapped[Union[str, None]] = mapped_column(sa.String, nullable=False)",
        "title: Mapped[Literal['a', None]] = mapped_column(sa.String, nullable=False)",
    ],
)
def test_mapped_none_without_null_is_found(line: str) -> None:
    (problem,) = check_found(nullable_mismatch, DECLARATIVE.format(line=line), "tasks.title")
    assert problem.message == NONE_WITHOUT_NULL


@pytest.mark.parametrize("line", ["title: str = None", "title: str = Field(default=None)"])
def test_default_none_of_a_column_that_is_not_null_is_found(line: str) -> None:
    (problem,) = check_found(nullable_mismatch, MODEL.format(line=line), "tasks.title")
    assert problem.message == "Task.title is None unless it is given, but tasks.title is NOT NULL: the insert fails"


@pytest.mark.parametrize(
    "line",
    [
        "title: str",
        "title: str = ''",
        "title: str | None",
        "title: str | None = None",
        "title: Optional[str] = Field(default=None)",
        "title: Union[None, str] = None",
        "title: Optional[Annotated[str, Field(max_length=3)]] = None",
        "title: str = Field(sa_column=Column(sa.String, nullable=False))",
        "title: str | None = Field(default=None, sa_column=Column(sa.String))",
        # The server or SQLAlchemy fills it.
        "title: datetime = Field(default=None, sa_column_kwargs={'server_default': func.now()})",
        "title: datetime | None = Field(default=None, nullable=False, sa_column_kwargs={'server_default': func.now()})",
        "title: datetime = Field(sa_column=Column(sa.DateTime, server_default=func.now()))",
        "title: datetime = Field(default=None, sa_column_kwargs={'default': func.now()})",
        "title: datetime | None = Field(default_factory=datetime.now, nullable=False)",
        "title: datetime | None = Field(default=None, nullable=False, sa_column_kwargs={'server_default': sa.FetchedValue()})",
        "title: int | None = Field(default=None, nullable=False, sa_column_args=[sa.Identity()])",
        "title: int = Field(default=None, sa_column_args=[sa.Identity()])",
        "title: int | None = Field(default=None, sa_column=Column(sa.Integer, sa.Computed('id + 1')))",
        "title: int = Field(default=None, sa_column=Column(sa.Integer, sa.Computed('id + 1')))",
        # The column's NULL is not the field's None, or the class says nothing.
        "title: dict = Field(default_factory=dict, sa_column=Column(sa.JSON))",
        "title: dict | None = Field(default=None, sa_column=Column(pg.JSONB, nullable=False))",
        "title: str = Field(sa_column=Column(Encrypted))",
        "title: Any = Field(sa_column=Column(sa.String))",
        "title: object = Field(sa_column=Column(sa.String))",
    ],
)
def test_agreement_and_accepted_idioms_are_fine(line: str) -> None:
    check_clean(nullable_mismatch, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "title: Mapped[str]",
        "title: Mapped[str | None]",
        "title: Mapped[Optional[str]]",
        "title: Mapped[str] = mapped_column(default='')",
        "title: Mapped[str | None] = mapped_column(nullable=True)",
        "title: Mapped[str | None] = mapped_column(nullable=False, default='')",
        "title: Mapped[str | None] = mapped_column(nullable=False, server_default='')",
        "title: Mapped[str] = mapped_column(nullable=True, server_default='')",
        "title: Mapped[dict[str, Any]] = mapped_column(sa.JSON, nullable=True)",
        "title: Mapped[Any] = mapped_column(sa.String, nullable=True)",
        "title = mapped_column(sa.String)",
        "title = Column(sa.String)",
        "title = Column(sa.String, nullable=False)",
        "title: Mapped[int] = mapped_column(sa.Computed('id + 1'))",
        "title: Mapped[int | None] = mapped_column(sa.Identity())",
    ],
)
def test_mapped_agreement_and_accepted_idioms_are_fine(line: str) -> None:
    check_clean(nullable_mismatch, DECLARATIVE.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "id: int | None = Field(default=None, primary_key=True)",
        "id: int = Field(default=None, primary_key=True)",
        "id: UUID = Field(primary_key=True)",
    ],
)
def test_primary_key_is_fine(line: str) -> None:
    check_clean(
        nullable_mismatch,
        f"""
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            {line}
        """,
    )


def test_type_alias_is_looked_into() -> None:
    check_found(
        nullable_mismatch,
        """
        from typing_extensions import TypeAliasType
        Maybe = TypeAliasType("Maybe", str | None)
        Name = TypeAliasType("Name", str)

        class Base(DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            fine: Mapped[Maybe] = mapped_column(sa.String, nullable=True)
            right: Mapped[Name] = mapped_column(sa.String, nullable=False)
            title: Mapped[Maybe] = mapped_column(sa.String, nullable=False)
        """,
        "tasks.title",
    )


def test_foreign_key_that_a_relationship_fills_may_be_none_before_the_insert() -> None:
    check_clean(
        nullable_mismatch,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int | None = Field(default=None, foreign_key="users.id", nullable=False)
            other_id: int = Field(default=None, foreign_key="users.id")
            user: User = Relationship(sa_relationship_kwargs={"foreign_keys": "Task.user_id"})
        """,
    )


def test_subclass_in_its_parents_table_is_fine() -> None:
    check_clean(
        nullable_mismatch,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Dog(Pet):
            tricks: Mapped[str] = mapped_column(nullable=True)
            __mapper_args__ = {"polymorphic_identity": "dog"}
        """,
    )


def test_parent_of_subclasses_in_one_table_is_judged() -> None:
    check_found(
        nullable_mismatch,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            name: Mapped[str] = mapped_column(nullable=True)
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Dog(Pet):
            __mapper_args__ = {"polymorphic_identity": "dog"}
        """,
        "pets.name",
    )


def test_what_the_mapper_fills_may_be_none_before_the_insert() -> None:
    check_clean(
        nullable_mismatch,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str | None] = mapped_column(nullable=False)
            version: Mapped[int | None] = mapped_column(nullable=False)
            __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}
        """,
    )


def test_mapped_dataclass_is_judged() -> None:
    check_found(
        nullable_mismatch,
        """
        class Base(MappedAsDataclass, DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
            title: Mapped[str | None] = mapped_column(nullable=False, init=False)
            tags: Mapped[list[str] | None] = mapped_column(pg.ARRAY(sa.String), default_factory=list, nullable=False)
            note: Mapped[str | None] = mapped_column(default=None)
        """,
        "tasks.title",
    )


def test_field_of_a_mixin_is_judged_in_each_table() -> None:
    check_found(
        nullable_mismatch,
        """
        class Titled(SQLModel):
            title: str = Field(nullable=True)

        class Task(Titled, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)

        class Note(Titled, table=True):
            __tablename__ = "notes"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "tasks.title",
        "notes.title",
    )


def test_core_tables_say_nothing_about_none() -> None:
    check_clean(
        nullable_mismatch,
        't = Table("tasks", MetaData(), Column("id", sa.Integer), Column("title", sa.String), Column("note", sa.String, nullable=False))',
    )


def test_class_without_annotations_over_a_table_is_fine() -> None:
    check_clean(
        nullable_mismatch,
        """
        class Base(DeclarativeBase): ...

        class Task(Base):
            __table__ = Table("tasks", Base.metadata, Column("id", sa.Integer, primary_key=True), Column("title", sa.String))
        """,
    )


def fixes(source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the kind, the code and the imports of the fixes that problems of `source` offer."""
    offered = [problem.fix for problem in problems(nullable_mismatch, source) if problem.fix is not None]
    return [
        (fix.kind, edit.code, edit.imports) for fix in offered for edit in fix.edits if isinstance(edit, SetAnnotation)
    ]


@pytest.mark.parametrize(
    ("source", "code", "imports"),
    [
        (MODEL.format(line="title: str = Field(nullable=True)"), "str | None", ()),
        (MODEL.format(line="title: str = Field(sa_column=Column(sa.String))"), "str | None", ()),
        (MODEL.format(line="at: dt.datetime = Field(nullable=True)"), "datetime | None", ("datetime.datetime",)),
        (MODEL.format(line="title: str | None = Field(nullable=False)"), "str", ()),
        (DECLARATIVE.format(line="title: Mapped[str] = mapped_column(nullable=True)"), "str | None", ()),
        (DECLARATIVE.format(line="cost: Mapped[Decimal] = mapped_column(nullable=True)"), "Decimal | None", ("decimal.Decimal",)),
        (DECLARATIVE.format(line="title: Mapped[Optional[str]] = mapped_column(nullable=False)"), "str", ()),
    ],
)  # fmt: skip
def test_annotation_that_says_what_the_column_says_is_offered(source: str, code: str, imports: tuple[str, ...]) -> None:
    assert fixes(source) == [("safe", code, imports)]


@pytest.mark.parametrize(
    "source",
    [
        # An alias that brings a length along, metadata, a class of the project, a generic type, several types, a text.
        "Short = Annotated[str, mapped_column(sa.String(5))]\n"
        + textwrap.dedent(DECLARATIVE.format(line="title: Mapped[Short] = mapped_column(nullable=True)")),
        MODEL.format(line="title: Annotated[str, Field(max_length=3, nullable=True)]"),
        MODEL.format(line="title: list[str] = Field(sa_column=Column(pg.ARRAY(sa.String)))"),
        MODEL.format(line="title: Literal['a', 'b'] = Field(sa_column=Column(sa.String))"),
        MODEL.format(line="title: Color = Field(nullable=True)").replace("class User", "class Color(Enum):\n        red = 1\n\n    class User"),
        DECLARATIVE.format(line="title: Mapped['str'] = mapped_column(nullable=True)"),
        # A mixin's function, whose annotation is the one of what it returns.
        """
        class Titled:
            @declared_attr
            def title(cls) -> Mapped[str]:
                return mapped_column(nullable=True)

        class Base(DeclarativeBase): ...

        class Task(Titled, Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
        # Without None, its default would have to go, too.
        MODEL.format(line="title: str | None = Field(default=None, nullable=False)"),
        MODEL.format(line="title: str = None"),
    ],
)  # fmt: skip
def test_where_more_than_the_annotation_is_in_question_nothing_is_offered(source: str) -> None:
    assert problems(nullable_mismatch, source)
    assert fixes(source) == []
