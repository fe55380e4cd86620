"""One name, one type."""

import pytest

from schemalint.rules.schema.inconsistent_column_type import inconsistent_column_type as rule
from snippets import check_clean, check_found


def tables(*columns: str, name: str = "shelf_mark") -> str:
    """Return tables t1, t2, ..., each with one column."""
    made = [f'a{n} = Table("t{n}", meta, Column("{name}", {kind}))' for n, kind in enumerate(columns, 1)]
    return "meta = MetaData()\nclass Own(sa.TypeDecorator):\n    impl = sa.Integer\n    cache_ok = True\n" + "\n".join(
        made
    )


def test_the_column_that_differs_from_most_is_found() -> None:
    (problem,) = check_found(rule, tables("sa.String(20)", "sa.String(20)", "sa.Integer"), "t3.shelf_mark")
    assert problem.message == "t3.shelf_mark is INTEGER, shelf_mark of t1 and 1 other table is VARCHAR or TEXT"
    assert problem.remedy == "VARCHAR or TEXT here, too, or another name"


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("sa.BigInteger", "sa.Integer"),
        ("sa.DateTime(timezone=True)", "sa.DateTime"),
        ("sa.Uuid", "sa.String(36)"),
        ("sa.Numeric(12, 2)", "sa.Float"),
        ("pg.JSONB", "sa.JSON"),
        ("sa.Boolean", "sa.Integer"),
        ("sa.Text", "pg.ARRAY(sa.Text)"),
        ("sa.Date", "sa.DateTime"),
        ("sa.Text", "Own"),
    ],
)
def test_other_types_are_found(usual: str, other: str) -> None:
    check_found(rule, tables(other, usual, usual, usual), "t1.shelf_mark")


def test_each_of_a_minority_is_found_and_the_tables_order_does_not_matter() -> None:
    kinds = ["sa.Integer", "sa.Text", "sa.Text", "sa.Text", "sa.Uuid"]
    check_found(rule, tables(*kinds), "t1.shelf_mark", "t5.shelf_mark")
    check_found(rule, tables(*reversed(kinds)), "t1.shelf_mark", "t5.shelf_mark")


@pytest.mark.parametrize(
    "kinds",
    [
        ("sa.Text", "sa.Integer"),  # nobody speaks for the others
        ("sa.Text", "sa.Text", "sa.Integer", "sa.Integer"),
        ("sa.Text", "sa.Integer", "sa.Uuid"),
        ("sa.Text",),
        ("sa.Text", "sa.Text", "sa.Text"),
        ("sa.String(20)", "sa.String(30)", "sa.Text"),
        ("sa.CHAR(20)", "sa.String(20)", "sa.Text"),
        ("sa.String(20)", "sa.String(20)", "sa.String(20, collation='C')"),
        ("sa.Numeric(9, 2)", "sa.Numeric(9, 2)", "sa.Numeric"),
        ("sa.Numeric", "sa.Numeric", "sa.DECIMAL"),
        ("sa.Float", "sa.Float", "sa.Double"),
        ("sa.Integer", "sa.Integer", "Own"),
        ("sa.Text", "sa.Text", "sa.Enum('a', name='x')"),
        ("sa.Text", "sa.Text", "sa.types.NullType()"),
        ("pg.ARRAY(sa.Text)", "pg.ARRAY(sa.Text)", "pg.ARRAY(sa.String(20))"),
        ("sa.DateTime", "sa.DateTime", "pg.TIMESTAMP(precision=3)"),
    ],
)
def test_one_type_or_no_majority_is_fine(kinds: tuple[str, ...]) -> None:
    check_clean(rule, tables(*kinds))


@pytest.mark.parametrize(
    "name", ["id", "value", "data", "type", "status", "object_id", "entity_id", "name", "code", "metadata", "total"]
)
def test_names_that_mean_something_else_in_each_table_are_fine(name: str) -> None:
    check_clean(rule, tables("sa.Text", "sa.Text", "sa.Integer", name=name))


def test_names_of_the_project_can_be_left_out() -> None:
    check_clean(rule, tables("sa.Text", "sa.Text", "sa.Integer"), ignore=("shelf_mark",))


def test_foreign_keys_and_what_they_refer_to_are_fine() -> None:
    check_clean(
        rule,
        """
        meta = MetaData()
        a = Table("users", meta, Column("user_no", sa.Integer, primary_key=True))
        b = Table("b", meta, Column("user_no", sa.Text))
        c = Table("c", meta, Column("user_no", sa.Text))
        d = Table("d", meta, Column("user_no", sa.Integer, ForeignKey("users.user_no")))
        e = Table("e", meta, Column("user_no", sa.Integer, ForeignKey("missing.user_no")))
        """,
    )


def test_a_field_of_a_mixin_has_one_type() -> None:
    check_clean(
        rule,
        """
        class Marked(SQLModel):
            shelf_mark: str = Field(max_length=20)

        class Loan(Marked, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)

        class Copy(Marked, table=True):
            __tablename__ = "copies"
            id: int | None = Field(default=None, primary_key=True)

        class Repair(Marked, table=True):
            __tablename__ = "repairs"
            id: int | None = Field(default=None, primary_key=True)
        """,
    )
