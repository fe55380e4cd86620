"""Tests of field-hidden."""

import pytest

from schemalint.rules.source.field_hidden import field_hidden
from sources import check_clean, check_found, marked

BASE = "class Base(DeclarativeBase): pass\n"


def member(body: str) -> str:
    return "class Member(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    " + body.replace(
        "\n", "\n    "
    )


def declarative(body: str) -> str:
    return f'{BASE}class Member(Base):\n    __tablename__ = "member"\n    ' + body.replace("\n", "\n    ")


def test_a_field_written_twice_is_found_at_its_second_name() -> None:
    source = member("x: int = Field(index=True)\nx: str")
    (problem,) = check_found(field_hidden, source, "member.x")
    assert problem.message.endswith("what the first says is lost")
    assert marked(field_hidden, source) == ["x"]


def test_a_relationship_that_hides_its_key_is_found() -> None:
    (problem,) = check_found(
        field_hidden, member('user: int = Field(foreign_key="users.id")\nuser: "User" = Relationship()'), "Member~user"
    )
    assert problem.message.endswith("and becomes a relationship here: the table has no such column")


def test_a_column_that_hides_a_relationship_is_found() -> None:
    (problem,) = check_found(field_hidden, member('user: "User" = Relationship()\nuser: int'), "member.user")
    assert problem.message.endswith("there is no such relationship")


@pytest.mark.parametrize(
    "body",
    [
        "x: Mapped[int] = mapped_column()\nx: Mapped[str] = mapped_column(index=True)",
        "x = Column(sa.Integer)\nx = Column(sa.Text)",
        "x = Column(sa.Integer)\ndef x(self): ...",
        "x = Column(sa.Integer)\n@property\ndef x(self): ...",
        'x = Column(sa.Integer)\nx = relationship("Other")',
    ],
)
def test_a_declarative_column_that_is_bound_again_is_found(body: str) -> None:
    (problem,) = check_found(
        field_hidden, declarative(body), *(["Member~x"] if "relationship" in body else ["member.x"])
    )
    assert problem.remedy


def test_a_base_with_tables_below_is_looked_at() -> None:
    check_found(
        field_hidden,
        "class A(SQLModel):\n    x: int\n    x: str\nclass B(A, table=True):\n    id: int\nclass Public(SQLModel):\n    y: int\n    y: str\n",
        "models.A.x",
    )


@pytest.mark.parametrize(
    "source",
    [
        member("x: int\ny: int"),
        member('user_id: int = Field(foreign_key="users.id")\nuser: "User" = Relationship()'),
        member("if True:\n    x: int\nelse:\n    x: str"),
        member("x: int = 1\nif True:\n    x: str\nx: bytes"),
        member("x: int\ndef x_and_y(self): ..."),
        declarative("x: Mapped[int]\nx = mapped_column(index=True)"),
        declarative("x: int\nx = Column(sa.Integer)"),
        declarative("x = Column(sa.Integer)\nx = orm.deferred(x)"),
        declarative('_x = Column("x", sa.Integer)\n@property\ndef x(self): ...'),
        declarative("x = Column(sa.Integer)\n@x.comparator\ndef x(self): ..."),
        declarative("@declared_attr\ndef x(cls): return Column(sa.Integer)"),
        declarative('x = Column(sa.Integer)\n@orm.validates("x")\ndef check_x(self, key, value): ...'),
        "class Public(SQLModel):\n    y: int\n    y: str\n",
        "class Plain:\n    y: int = 1\n    y: str = 2\n",
    ],
)
def test_another_name_another_branch_or_what_is_made_of_it_is_fine(source: str) -> None:
    check_clean(field_hidden, source)
