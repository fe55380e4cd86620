"""Tests of annotated-argument-lost."""

import sys

import pytest
from sqlmodel import main

from fixes import fixed
from schemalint.rules.source.annotated_argument_lost import annotated_argument_lost, installed_sqlmodel_loses
from sources import check_clean, check_found


def loan(field: str) -> str:
    return f"""
Key = Annotated[int, Field(foreign_key="books.id", ondelete="CASCADE")]
Many = list[int]
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    {field}
"""


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            'x: Annotated[int, Field(foreign_key="books.id", ondelete="CASCADE")] = Field(index=True)',
            "foreign_key and ondelete",
        ),
        ("x: Annotated[int, Field(primary_key=True)] = Field(default=None)", "primary_key"),
        ("x: Annotated[int, Field(index=True, ge=0)] = Field(default=3)", "index"),
        ("x: Annotated[int, Field(sa_type=sa.BigInteger)] = Field(3)", "sa_type"),
        ("x: 'Annotated[int, Field(unique=True)]' = Field()", "unique"),
        ("x: Key = Field(index=True)", "foreign_key and ondelete"),
        ("x: Annotated[Key, 'n'] | None = None", ""),  # an alias inside is not followed
        ("x: Annotated[str, Field(max_length=9), Field(index=True)] = 'a'", "index"),
        ("x: Annotated[Annotated[str, Field(unique=True)], Field(index=True)]", "index"),
        ("x: Optional[Annotated[str, Field(index=True)]] = None", "index"),
        ("x: Annotated[str, Field(index=True)] | None = None", "index"),
        ("x: Annotated[str | Annotated[int, Field(index=True)], Field(unique=True)] = 1", "index"),
    ],
)
def test_what_sqlmodel_does_not_read_is_named(field: str, said: str) -> None:
    found = check_found(annotated_argument_lost, loan(field), *(["loans.x"] if said else []))
    assert [one.message for one in found] == (
        [f"Loan.x has {said} in a Field that SQLModel does not read: the column goes without"] if said else []
    )


@pytest.mark.parametrize(
    "field",
    [
        'x: Annotated[int, Field(foreign_key="books.id", ondelete="CASCADE", index=True)]',
        "x: Annotated[int, Field(index=True)] = 3",
        "x: Annotated[int | None, Field(index=True)] = None",
        "x: Annotated[str, Field(max_length=9, ge='a')] = Field(default='b', index=True)",  # pydantic keeps it
        "x: Annotated[int, Field(default=5)] = Field(index=True)",
        "x: Annotated[int, Field(index=True)] = Field(index=True)",
        "x: Annotated[int, Field(index=True)] = Field(index=False)",  # the outer one wins, and says so
        "x: Annotated[int, Field(index=False, unique=False, nullable=None)] = Field(default=5)",
        "x: Annotated[str, Field(index=True), Field(max_length=9)]",
        "x: Annotated[int, 'n', Gt(3)] = Field(index=True)",
        "x: Key",
        "x: Key = 3",
        "x: Annotated[int] = Field(index=True)",  # no such type, and no Field in it
        "x: Many = Field(sa_type=pg.ARRAY(sa.Integer))",
        "x: int = Field(index=True)",
        "x: Literal['Annotated'] = Field(sa_type=sa.Text)",
        "x: ClassVar[Annotated[int, Field(index=True)]] = 3",
        "x: Annotated[int, Field(index=True)] = made_elsewhere(5)",
    ],
)
def test_what_is_read_or_says_nothing_is_fine(field: str) -> None:
    check_clean(annotated_argument_lost, loan(field))


def test_a_branch_may_have_its_reasons() -> None:
    check_clean(
        annotated_argument_lost,
        loan("if True:\n        x: Annotated[int, Field(index=True)] = Field(default=3)"),
    )


def test_the_field_of_a_base_is_found_once() -> None:
    text = """
class Base(SQLModel):
    x: Annotated[int, Field(index=True)] = Field(default=3)
class A(Base, table=True):
    id: int = Field(primary_key=True)
class B(Base, table=True):
    id: int = Field(primary_key=True)
"""
    check_found(annotated_argument_lost, text, "models.Base.x")


@pytest.mark.parametrize("base", ["SQLModel", "BaseModel"])
def test_a_model_without_a_table_has_no_columns(base: str) -> None:
    check_clean(
        annotated_argument_lost,
        f"from pydantic import BaseModel\nclass A({base}):\n    x: Annotated[int, Field(index=True)] = Field(default=3)\n",
    )


def test_a_sqlmodel_that_reads_both_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    field = "x: Annotated[int, Field(index=True)] = Field(default=3)"
    with monkeypatch.context() as patch:
        read = main.get_column_from_field

        def reads_both(field: object) -> object:
            column = read(field)
            column.unique = True
            return column

        installed_sqlmodel_loses.cache_clear()
        patch.setattr(main, "get_column_from_field", reads_both)
        check_clean(annotated_argument_lost, loan(field))
        installed_sqlmodel_loses.cache_clear()
        patch.setitem(sys.modules, "sqlmodel", None)
        assert installed_sqlmodel_loses()
    installed_sqlmodel_loses.cache_clear()
    check_found(annotated_argument_lost, loan(field), "loans.x")


def test_the_fix_says_it_where_it_is_read() -> None:
    after = fixed(
        annotated_argument_lost,
        loan('x: Annotated[int, Field(foreign_key="books.id", ondelete="CASCADE")] = Field(index=True)')
        + "class Book(SQLModel, table=True):\n    __tablename__ = 'books'\n    id: int = Field(primary_key=True)\n",
    )
    assert "x: int = Field(index=True, foreign_key='books.id', ondelete='CASCADE')" in after


@pytest.mark.parametrize(
    "field",
    [
        "x: Key = Field(index=True)",
        "x: Annotated[int, Field(index=True), 'n'] = Field(default=3)",
        "x: Annotated[int, Field(index=True)] = Field(default=3, **more)",
        "x: Annotated[int, Field(5, index=True)] = Field()",
        "x: Annotated[int, Field(index=True, **more)] = Field()",
        "x: Annotated[int, Field(index=True)] = Field(\n        # why\n        default=3)",
        "x: Optional[Annotated[str, Field(index=True)]] = None",
        "x: 'Annotated[int, Field(unique=True)]' = Field()",
        "x: Annotated[int, Field(unique=True), Field(index=True)] = Field()",
    ],
)
def test_what_is_not_written_out_is_left_to_the_author(field: str) -> None:
    (problem,) = check_found(annotated_argument_lost, loan(field), "loans.x")
    assert problem.fix is None


def test_the_fix_is_due_a_migration() -> None:
    field = "x: Annotated[int, Field(index=True)] = Field(default=3)"
    (problem,) = check_found(annotated_argument_lost, loan(field), "loans.x")
    assert problem.fix is not None
    assert (problem.fix.kind, problem.fix.due) == ("schema", "what the column x of loans has gone without so far")
