"""Columns that the configuration names, with and without an index that begins with them."""

import pytest

from schemalint.fix import SetArgument
from schemalint.rules.schema.required_index import required_index as rule
from snippets import check_clean, check_found


def users(column: str, args: str = "", schema: str = "") -> str:
    options = f'schema="{schema}"' if schema else ""
    return f"""
        t = Table("users", MetaData(), Column("id", sa.Integer, primary_key=True), Column("name", sa.String(50)), {column}, {args} {options})
        """


EMAIL = 'Column("email", sa.String(50))'


@pytest.mark.parametrize(
    "args",
    ["", 'Index("ix", "name", "email"),', 'Index("ix", text("lower(email)")),', 'UniqueConstraint("name", "email"),'],
)
def test_found(args: str) -> None:
    check_found(rule, users(EMAIL, args), "users.email", columns=("email",))


@pytest.mark.parametrize(
    "args",
    [
        'Index("ix", "email"),',
        'Index("ix", "email", "name"),',
        'Index("ix", sa.desc("email")),',
        'Index("ix", text("email DESC")),',
        'Index("ix", "email", postgresql_where=text("name IS NULL")),',
        'Index("ix", "email", postgresql_using="hash"),',
        'UniqueConstraint("email"),',
        'UniqueConstraint("email", "name"),',
    ],
)
def test_clean(args: str) -> None:
    check_clean(rule, users(EMAIL, args), columns=("email",))


def test_a_foreign_key_is_the_business_of_another_rule() -> None:
    check_clean(rule, users('Column("email", ForeignKey("mails.id"))'), columns=("email",))
    both = 'Column("email", sa.Integer), ForeignKeyConstraint(["email", "name"], ["mails.id", "mails.name"])'
    check_found(rule, users(both), "users.email", columns=("email",))


def test_primary_key_counts() -> None:
    check_clean(rule, users('Column("x", sa.Integer)'), columns=("id",))


def test_column_that_is_not_named_is_fine() -> None:
    check_clean(rule, users(EMAIL))
    check_found(rule, users('Column("slug", sa.String(50))'), "users.slug")


@pytest.mark.parametrize("pattern", ["email", "e*", "users.email", "*.email", "u?ers.e*", "crm.users.email"])
def test_patterns_mean_columns_and_columns_of_tables(pattern: str) -> None:
    check_found(rule, users(EMAIL, schema="crm"), "crm.users.email", columns=(pattern,))


@pytest.mark.parametrize("pattern", ["Email", "mail", "tasks.email", "other.users.email", "users", ""])
def test_other_patterns_do_not(pattern: str) -> None:
    check_clean(rule, users(EMAIL, schema="crm"), columns=(pattern,))


def test_the_fix_is_an_argument_where_a_btree_is_right() -> None:
    (problem,) = check_found(rule, users(EMAIL, schema="crm"), "crm.users.email", columns=("email",))
    assert problem.message == "a query by crm.users.email reads the whole table: no index begins with it"
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (edit.name, edit.code) == ("index", "True")
    assert problem.fix.due == 'op.create_index("ix_crm_users_email", "users", ["email"], schema="crm")'
    (problem,) = check_found(rule, users('Column("email", pg.JSONB)'), "users.email", columns=("email",))
    assert problem.fix is None
