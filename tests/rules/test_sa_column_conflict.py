"""Tests of sa-column-conflict."""

import pytest

from schemalint.fix import Replace
from schemalint.rules.source.sa_column_conflict import sa_column_conflict
from sources import check_clean, check_found, marked


def book(field: str) -> str:
    return f"""
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    {field}
"""


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("primary_key=True", "primary_key"),
        ("nullable=False", "nullable"),
        ('foreign_key="a.id"', "foreign_key"),
        ("unique=True", "unique"),
        ("index=True", "index"),
        ("sa_type=sa.Text", "sa_type"),
        ("sa_column_args=[]", "sa_column_args"),
        ("sa_column_kwargs={}", "sa_column_kwargs"),
        ("index=True, unique=True, nullable=True", "nullable, unique and index"),
    ],
)
def test_each_refused_argument_is_found_and_all_are_named(argument: str, said: str) -> None:
    (problem,) = check_found(sa_column_conflict, book(f"x: int = Field({argument}, sa_column=Column())"), "books.x")
    assert problem.message == f"Book.x has {said} beside sa_column, which SQLModel refuses: the module does not import"


def test_every_field_has_its_finding_also_in_a_base_and_under_another_name() -> None:
    check_found(
        sa_column_conflict,
        """
        import sqlmodel as sm
        from sqlmodel import Field as F
        class Base(sm.SQLModel):
            a: int = F(index=True, sa_column=sm.Column())
        class Book(Base, table=True):
            b: int = sm.Field(index=True, sa_column=sm.Column("bb", sm.Integer))
        """,
        "models.Base.a",
        "book.bb",
    )


def test_the_call_is_marked() -> None:
    field = "x: int = Field(index=True, sa_column=Column())"
    assert marked(sa_column_conflict, book(field)) == ["Field(index=True, sa_column=Column())"]


@pytest.mark.parametrize(
    "field",
    [
        "x: int = Field(sa_column=Column(sa.Integer, index=True, nullable=False))",
        "x: int = Field(default=1, description='n', ge=0, alias='y', sa_column=Column(sa.Integer))",
        "x: str = Field(max_length=3, sa_column=Column(sa.String(3)))",  # dropped, not refused
        "x: int = Field(index=True, sa_type=sa.BigInteger, sa_column_kwargs={'comment': 'n'})",
        "x: int = Column(sa.Integer, index=True)",
        "x: int = other(index=True, sa_column=None)",
    ],
)
def test_what_sqlmodel_takes_is_fine(field: str) -> None:
    check_clean(sa_column_conflict, book(field))


def test_another_field_function_is_fine() -> None:
    check_clean(
        sa_column_conflict,
        """
        from pydantic import BaseModel, Field
        class Book(BaseModel):
            x: int = Field(index=True, sa_column=None)
        """,
    )


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Field(index=True, sa_column=Column(sa.Text))", "Field(sa_column=Column(sa.Text, index=True))"),
        ("Field(3, sa_column=Column(), unique=True)", "Field(3, sa_column=Column(unique=True))"),
        (
            'Field(foreign_key="a.id", ondelete="CASCADE", sa_column=Column(sa.Integer))',
            "Field(sa_column=Column(sa.Integer, ForeignKey('a.id', ondelete='CASCADE')))",
        ),
        ('Field(sa_type=sa.Text, sa_column=Column(comment="y"))', "Field(sa_column=Column(sa.Text, comment='y'))"),
        (
            'Field(sa_column_kwargs={"comment": "n"}, sa_column=Column(sa.Text, index=True), index=True)',
            "Field(sa_column=Column(sa.Text, index=True, comment='n'))",
        ),
        (
            "Field(sa_column_args=[Identity()], sa_column=Column(sa.Text))",
            "Field(sa_column=Column(sa.Text, Identity()))",
        ),
    ],
)
def test_what_is_refused_moves_into_the_column(field: str, code: str) -> None:
    (problem,) = check_found(sa_column_conflict, book(f"x: int = {field}"), "books.x")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, Replace)
    assert (problem.fix.kind, edit.code) == ("safe", code)


@pytest.mark.parametrize(
    "field",
    [
        "Field(index=True, sa_column=column)",
        "Field(index=True, sa_column=Column(sa.Text, index=False))",
        "Field(index=True, sa_column=Column(sa.Text, **more))",
        "Field(index=True, sa_column=Column(sa.Text), **more)",
        "Field(sa_type=sa.Text, sa_column=Column(sa.String))",
        'Field(foreign_key="a.id", sa_column=Column(ForeignKey("b.id")))',
        "Field(foreign_key=target, sa_column=Column())",
        'Field(ondelete="CASCADE", sa_column=Column(ForeignKey("b.id")))',
        "Field(sa_column_kwargs=more, sa_column=Column(sa.Text))",
        'Field(sa_column_kwargs={"index": True}, sa_column=Column(index=False))',
    ],
)
def test_nothing_is_moved_where_the_two_may_disagree(field: str) -> None:
    (problem,) = check_found(sa_column_conflict, book(f"x: int = {field}"), "books.x")
    assert problem.fix is None
