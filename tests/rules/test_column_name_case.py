"""Column names that SQL must quote, and names that need no quotes."""

import pytest

from schemalint.fix import SetArgument
from schemalint.rules.schema.column_name_case import column_name_case as rule
from snippets import check_clean, check_found, problems


def table(*columns: str) -> str:
    written = ", ".join(f'Column("{column}", sa.Integer)' for column in columns)
    return f't = Table("loans", MetaData(), Column("id", sa.Integer, primary_key=True), {written})'


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("dueOn", "due_on"),
        ("DueOn", "due_on"),
        ("ID", "id"),
        ("userID", "user_id"),
        ("due-on", "due_on"),
        ("due on", "due_on"),
        ("_dueOn", "_due_on"),
        ("due.on", "due_on"),
    ],
)
def test_found(name: str, proposal: str) -> None:
    (problem,) = check_found(rule, f't = Table("loans", MetaData(), Column("{name}", sa.Integer))', f"loans.{name}")
    assert problem.message == f'loans.{name} is not snake_case: all SQL must write it quoted, "{name}"'
    assert problem.remedy.startswith(f'"{proposal}"')


@pytest.mark.parametrize("name", ["due_on", "due", "due2", "due_2", "_due", "due_", "a", "größe", "due$on", "x1_y2"])
def test_clean(name: str) -> None:
    check_clean(rule, table(name))


def test_attribute_in_capitals_with_a_column_in_snake_case_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            dueOn: Mapped[date] = mapped_column("due_on")
        """,
    )


def test_a_convention_of_capitals_is_one_finding() -> None:
    names = [f"dueOn{letter}" for letter in "ABCDEFGHIJ"]
    (problem,) = check_found(rule, table(*names), "loans.dueOnA")
    assert problem.message == (
        "loans.dueOnA is not snake_case, and neither are 9 more columns: all SQL must write them quoted"
    )
    assert 'ignore = ["column-name-case"]' in problem.remedy


def test_exceptions_are_found_one_by_one() -> None:
    names = [f"dueOn{letter}" for letter in "ABCDEFGHIJ"]
    check_found(rule, table(*names, "due_a", "due_b"), *(f"loans.{name}" for name in names))


def test_nine_are_no_convention() -> None:
    names = [f"dueOn{letter}" for letter in "ABCDEFGHI"]
    check_found(rule, table(*names), *(f"loans.{name}" for name in names))


def loan(field: str, more: str = "") -> str:
    return f"""
        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            {more}
            id: int | None = Field(default=None, primary_key=True)
            {field}
        """


def test_a_field_gets_the_name_for_its_column() -> None:
    (problem,) = check_found(rule, loan("dueOn: date"), "loans.dueOn")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (edit.name, edit.code) == ("name", '"due_on"')
    assert problem.fix.due == 'op.alter_column("loans", "dueOn", new_column_name="due_on")'


@pytest.mark.parametrize(
    "source",
    [
        loan("dueOn: date", '__table_args__ = (Index("ix", "dueOn"),)'),
        loan("dueOn: date = Field(index=True)"),
        loan("dueOn: date", '__table_args__ = (Index("ix", "id", postgresql_where=text(\'"dueOn" IS NULL\')),)'),
        loan("dueOn: date", '__table_args__ = (UniqueConstraint("dueOn", "id"),)'),
        loan("dueOn: date", "__table_args__ = (CheckConstraint('\"dueOn\" > now()'),)"),
        loan("dueOn: date", '__table_args__ = (pg.ExcludeConstraint(("dueOn", "=")),)'),
        loan('dueOn: int = Field(foreign_key="loans.id")'),
        loan('dueOn: date = Field(sa_column=Column("dueOn", sa.Date))'),
        loan('due: date = Field(sa_column_kwargs={"name": "dueOn"})'),
        loan("dueOn: date; due_on: date"),
        loan('dueOn: int = Field(unique=True); x: int = Field(foreign_key="loans.dueOn")'),
        loan("dueOn: date; y: date = Field(sa_column_args=[sa.Computed('\"dueOn\" + 1')])"),
        """
        class Due(SQLModel):
            dueOn: date

        class Loan(Due, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
        """,
        """
        class Base(DeclarativeBase): ...

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            dueOn: Mapped[date]
        """,
        table("dueOn"),
    ],
)
def test_a_name_that_something_else_may_say_has_no_fix(source: str) -> None:
    (problem,) = check_found(rule, source, "loans.dueOn")
    assert problem.fix is None


def test_a_primary_key_has_no_fix() -> None:
    (problem,) = problems(
        rule, "class A(SQLModel, table=True):\n    theId: int | None = Field(default=None, primary_key=True)"
    )
    assert problem.fix is None
