"""Tests of structured-text."""

import pytest

from schemalint.rules.source.structured_text import structured_text
from sources import check_clean, check_found


def message(field: str, start: str = "", arguments: str = "") -> str:
    return f"""{start}
class Message(SQLModel, table=True):
    __tablename__ = "messages"
    {arguments or "pass"}
    id: int | None = Field(default=None, primary_key=True)
    {field}
"""


def declarative(field: str) -> str:
    return f"""
class Base(DeclarativeBase): pass
class Message(Base):
    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    {field}
"""


@pytest.mark.parametrize(
    ("comment", "values"),
    [
        ('"user" or "assistant"', '"user", "assistant"'),
        ("one of 'low', 'high'", "'low', 'high'"),
        ('"user", "group", or "anyone"', '"user", "group", "anyone"'),
        ('either "a" / "b".', '"a", "b"'),
        ('the role: "user" | "assistant"', '"user", "assistant"'),
        ("Role (`user`, `assistant`)", "`user`, `assistant`"),
        ("success | error", "success, error"),
        ("in-progress|done", "in-progress, done"),
    ],
)
def test_a_comment_that_lists_the_values_is_found(comment: str, values: str) -> None:
    (problem,) = check_found(structured_text, message(f"x: str = Field(max_length=9)  # {comment}"), "messages.x")
    number = values.count(",") + 1
    assert problem.message == f"Message.x is one of {number} values, {values}, and PostgreSQL takes any text for it"


@pytest.mark.parametrize(
    "field",
    [
        'x: str  # "user" or "assistant"',
        'x: str | None = None  # "user" or "assistant"',
        'x: str = Field(  # "user" or "assistant"\n        max_length=9,\n    )',
        'x: str = Field(\n        max_length=9,\n    )  # "user" or "assistant"',
        'x: str = Field(description=\'either "user" or "assistant"\')',
        'x: str = Field(sa_column=Column(sa.Text, comment=\'"user" or "assistant"\'))',
        'x: str = Field(sa_type=sa.Text)  # "user" or "assistant"',
        'x: str = Field(default="#fff", sa_type=sa.String(9))  # "user" or "assistant"',
        'x: Optional["str"] = None  # "user" or "assistant"',
    ],
)
def test_it_may_stand_where_it_describes_the_field(field: str) -> None:
    check_found(structured_text, message(field), "messages.x")


@pytest.mark.parametrize(
    "field",
    [
        'x: Mapped[str]  # "user" or "assistant"',
        'x: Mapped[str | None] = mapped_column(sa.String(9), index=True)  # "user" or "assistant"',
        'x = Column("x", sa.Text(), nullable=False)  # "user" or "assistant"',
        'x = Column(type_=sa.Text)  # "user" or "assistant"',
    ],
)
def test_declarative_columns_are_found_as_well(field: str) -> None:
    check_found(structured_text, declarative(field), "messages.x")


@pytest.mark.parametrize(
    "comment",
    [
        'e.g. "red", "blue"',
        'for example "red" or "blue"',
        'such as "red", "blue"',
        'like "red" or "blue"',
        '"red", "blue", ...',
        '"red", "blue" and so on',
        '"Global Privacy Control"',
        'not "red" or "blue"',
        'required if kind is "red" or "blue"',
        'comma separated: "red", "blue"',
        'the default: "red" or "blue"',
        "function type (pipe, filter, etc.)",
        "data-uri, path, or external URL",
        "str | None",
        "int | str",
        'user_id or "*" (wildcard)',
        "type: ignore[assignment]",
        "noqa: E501",
        "",
    ],
)
def test_a_comment_that_is_no_list_is_fine(comment: str) -> None:
    check_clean(structured_text, message(f"x: str = Field(max_length=9)  # {comment}"))


@pytest.mark.parametrize(
    "field",
    [
        'x: int  # "user" or "assistant"',
        'x: Role  # "user" or "assistant"',
        'x: Literal["user", "assistant"] = Field(sa_type=sa.Text)  # "user" or "assistant"',
        'x: str | int = Field(sa_type=sa.Text)  # "user" or "assistant"',
        'x: str = Field(sa_type=sa.Enum(Role))  # "user" or "assistant"',
        'x: str = Field(sa_type=RoleType())  # "user" or "assistant"',
        'x: str = Field(sa_column=Column(RoleType))  # "user" or "assistant"',
        'x: str = Field(sa_column=role_column())  # "user" or "assistant"',
        'x: str = Field(sa_column=A_COLUMN)  # "user" or "assistant"',
        'x: str = Field(foreign_key="roles.name")  # "user" or "assistant"',
        'x: str = Field(sa_column=Column(ForeignKey("roles.name")))  # "user" or "assistant"',
        'x: str = Field(sa_column_args=[ForeignKey("roles.name")])  # "user" or "assistant"',
        'x: str = Field(pattern="user|assistant")  # "user" or "assistant"',
        'x: str = Field(sa_column_args=[CheckConstraint("x in (\'user\')")])  # "user" or "assistant"',
        'x: ClassVar[str] = "user"  # "user" or "assistant"',
        'x: "Message" = Relationship()  # "user" or "assistant"',
        '# "user" or "assistant"\n    x: str',  # it may be about all that follows
        "x: str = \"# 'user' or 'assistant'\"",
        'x: str = Field(default="# a | b",\n        max_length=9)',
    ],
)
def test_what_is_no_text_or_is_held_to_its_values_is_fine(field: str) -> None:
    check_clean(structured_text, message(field))


@pytest.mark.parametrize(
    "field",
    [
        'x = Column(sa.Enum("user", "assistant"))  # "user" or "assistant"',
        'x = Column("x", Role)  # "user" or "assistant"',
        'x = Column(ForeignKey("roles.name"))  # "user" or "assistant"',
        'x = Column()  # "user" or "assistant"',
        'x: Mapped[Role]  # "user" or "assistant"',
        '@declared_attr\n    def x(cls) -> Mapped[str]: return mapped_column(sa.Text)  # "user" or "assistant"',
    ],
)
def test_other_types_of_declarative_columns_are_fine(field: str) -> None:
    check_clean(structured_text, declarative(field))


@pytest.mark.parametrize(
    "arguments",
    [
        "__table_args__ = (CheckConstraint(\"x IN ('user', 'assistant')\"),)",
        "__table_args__ = (*CHECKS,)",
        "__table_args__ = checks()",
    ],
)
def test_a_check_that_names_it_is_enough(arguments: str) -> None:
    check_clean(structured_text, message('x: str  # "user" or "assistant"', arguments=arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        '__table_args__ = {"comment": "x"}',
        '__table_args__ = (Index("ix", "x"),)',
        '__table_args__ = (CheckConstraint("y > 0"),)',
    ],
)
def test_other_table_arguments_are_not(arguments: str) -> None:
    check_found(structured_text, message('x: str  # "user" or "assistant"', arguments=arguments), "messages.x")


def test_a_check_of_a_table_below_counts_for_its_base() -> None:
    base = 'class Base(SQLModel):\n    x: str  # "user" or "assistant"\n'
    table = "class A(Base, table=True):\n    id: int = Field(primary_key=True)\n"
    check_found(structured_text, base + table, "models.Base.x")
    check_clean(structured_text, base + table + "    __table_args__ = (CheckConstraint(\"x IN ('user')\"),)\n")


def test_a_model_without_a_table_is_fine() -> None:
    check_clean(structured_text, 'class A(SQLModel):\n    x: str  # "user" or "assistant"\n    y_json: str\n')


@pytest.mark.parametrize(
    "field",
    [
        "x: str  # JSON",
        "x: str = Field(sa_type=sa.Text)  # a JSON string",
        "x: str  # list of ids, stored as JSON",
        "x: str  # JSON: {'a': 1}",
        "x: str  # JSON-encoded list",
        "x: str = Field(description='JSON array of tags')",
    ],
)
def test_a_text_that_is_said_to_be_json_is_found(field: str) -> None:
    (problem,) = check_found(structured_text, message(field), "messages.x")
    assert problem.message == "Message.x is JSON, and PostgreSQL takes any text for it"


@pytest.mark.parametrize(
    "field", ["x_json: str", "x_json: Optional[str] = Field(default=None, sa_column=Column(sa.TEXT))"]
)
def test_a_text_that_is_called_json_is_found(field: str) -> None:
    check_found(structured_text, message(field), "messages.x_json")


@pytest.mark.parametrize(
    "field",
    [
        "x: str  # JSON Web Token",
        "x: str  # JSON path",
        "x: str  # path to a JSON file",
        "x: str  # not JSON",
        "x: str  # an encrypted JSON string",
        "x: str  # JSON or YAML",
        "x: str  # the JSON schema's name",
        "x: dict = Field(sa_type=pg.JSONB)  # JSON",
        "x_json: dict = Field(sa_type=sa.JSON)",
        "x_json: bytes",
        "is_json: str",
        "x_json: str = Field(sa_type=EncryptedText)",
        'x_json: str = Field(foreign_key="a.id")',
        "json: str",
    ],
)
def test_another_use_of_the_word_is_fine(field: str) -> None:
    check_clean(structured_text, message(field))
