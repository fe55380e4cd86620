"""Booleans with a default that take NULL as well."""

import pytest

from schemalint.fix import Fix, SetAnnotation, SetArgument
from schemalint.rules.schema.nullable_boolean import nullable_boolean
from snippets import check_clean, check_found

MODEL = """
    class Flag(sa.TypeDecorator):
        impl = sa.Boolean
        cache_ok = True

    class Account(SQLModel, table=True):
        __tablename__ = "accounts"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class Account(Base):
        __tablename__ = "accounts"
        id: Mapped[int] = mapped_column(primary_key=True)
        {line}
"""


def test_message_remedy_and_fix_name_the_column() -> None:
    (problem,) = check_found(nullable_boolean, MODEL.format(line="active: bool | None = True"), "accounts.active")
    assert problem.message == (
        "accounts.active has a default and takes NULL as well: a third state, which neither WHERE active nor WHERE NOT active finds"
    )
    assert problem.remedy == "bool, without None"
    assert problem.fix == Fix(
        "schema",
        (SetAnnotation(problem.part, "bool"),),
        "a value for the rows of accounts where active is NULL, then SET NOT NULL",
    )


@pytest.mark.parametrize(
    "line",
    [
        "active: bool | None = Field(default=True, nullable=True)",
        "active: bool | None = Field(default=True, sa_column=Column(sa.Boolean))",
    ],
)
def test_where_the_annotation_does_not_decide_the_column_is_changed_as_well(line: str) -> None:
    (problem,) = check_found(nullable_boolean, MODEL.format(line=line), "accounts.active")
    assert problem.remedy == "bool, without None, and nullable=False"
    assert problem.fix is not None
    assert problem.fix.edits == (
        SetAnnotation(problem.part, "bool"),
        SetArgument(problem.part, "nullable", "False"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "active: Optional[bool] = Field(default=False)",
        "active: bool | None = Field(default=False, sa_column=Column(sa.Boolean))",
        "active: bool | None = Field(default=None, sa_column_kwargs={'server_default': sa.false()})",
        "active: bool | None = Field(default_factory=bool)",
        "active: bool = Field(default=None, nullable=True, sa_column_kwargs={'server_default': 'false'})",
    ],
)
def test_nullable_field_with_a_default_is_found(line: str) -> None:
    check_found(nullable_boolean, MODEL.format(line=line), "accounts.active")


@pytest.mark.parametrize(
    "line",
    [
        "active = Column(sa.Boolean, default=False)",
        "active = Column(sa.Boolean, server_default='true')",
        "active = mapped_column(sa.Boolean, default=True, nullable=True)",
        "active: Mapped[Optional[bool]] = mapped_column(default=False)",
        "active: Mapped[bool | None] = mapped_column(server_default=sa.true())",
    ],
)
def test_nullable_column_with_a_default_is_found(line: str) -> None:
    check_found(nullable_boolean, DECLARATIVE.format(line=line), "accounts.active")


def test_column_without_annotation_is_fixed_by_its_argument_alone() -> None:
    source = DECLARATIVE.format(line="active = Column(sa.Boolean, default=False)")
    (problem,) = check_found(nullable_boolean, source, "accounts.active")
    assert problem.remedy == "nullable=False"
    assert problem.fix is not None
    assert problem.fix.edits == (SetArgument(problem.part, "nullable", "False"),)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (DECLARATIVE, "active: Mapped[bool | None] = mapped_column(sa.Boolean, default=False, nullable=True)"),
        (MODEL, "active: bool | None = Field(default=False, sa_column=Column(sa.Boolean))"),
    ],
)
def test_what_the_column_says_itself_is_to_be_changed_too(source: str, line: str) -> None:
    (problem,) = check_found(nullable_boolean, source.format(line=line), "accounts.active")
    assert problem.remedy == "bool, without None, and nullable=False"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (DECLARATIVE, "active: Mapped[bool | None] = mapped_column(default=False)"),
        (MODEL, "active: bool | None = Field(default=False)"),
    ],
)
def test_the_annotation_is_enough_where_nothing_else_is_said(source: str, line: str) -> None:
    (problem,) = check_found(nullable_boolean, source.format(line=line), "accounts.active")
    assert problem.remedy == "bool, without None"


def test_core_column_is_found() -> None:
    check_found(nullable_boolean, 't = Table("t", MetaData(), Column("active", sa.Boolean, default=True))', "t.active")


@pytest.mark.parametrize(
    "line",
    [
        "active: bool = True",
        "active: bool",
        "active: bool | None = None",
        "active: Optional[bool] = Field(default=None)",
        "active: bool = Field(default=False, sa_column=Column(sa.Boolean, nullable=False))",
        "active: bool | None = Field(default=True, sa_type=Flag)",
        "active: int | None = 0",
        "active: bool | None = Field(default=None, sa_column=Column(sa.Boolean, sa.Computed('id > 1')))",
        # nullable-mismatch says it.
        "active: bool = Field(default=False, nullable=True)",
        "active: bool = Field(default=False, sa_column=Column(sa.Boolean))",
    ],
)
def test_other_fields_are_fine(line: str) -> None:
    check_clean(nullable_boolean, MODEL.format(line=line))


@pytest.mark.parametrize(
    "line",
    [
        "active = Column(sa.Boolean)",
        "active = Column(sa.Boolean, nullable=True)",
        "active = Column(sa.Boolean, default=None)",
        "active = Column(sa.Boolean, default=False, nullable=False)",
        "active: Mapped[bool]",
        "active: Mapped[bool] = mapped_column(default=False)",
        "active: Mapped[bool | None]",
        "active: Mapped[bool | None] = mapped_column(default=None)",
        "active: Mapped[bool | None] = mapped_column(default=False, nullable=False)",
        "active: Mapped[bool] = mapped_column(default=False, nullable=True)",
    ],
)
def test_other_columns_are_fine(line: str) -> None:
    check_clean(nullable_boolean, DECLARATIVE.format(line=line))


def test_subclass_in_its_parents_table_is_fine() -> None:
    check_clean(
        nullable_boolean,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Dog(Pet):
            trained: Mapped[bool | None] = mapped_column(default=False)
            plain = mapped_column(sa.Boolean, default=False)
            __mapper_args__ = {"polymorphic_identity": "dog"}
        """,
    )
