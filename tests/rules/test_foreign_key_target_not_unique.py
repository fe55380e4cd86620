"""Foreign keys to columns that are a key of their table, and to columns that are not."""

from textwrap import dedent

import pytest

from schemalint.rules.schema.foreign_key_target_not_unique import foreign_key_target_not_unique as rule
from snippets import ask, check_clean, check_found, loaded


def tables(users: str, key: str = 'ForeignKeyConstraint(["a"], ["users.a"])') -> str:
    """Tables `users` (a, b and `users`) and `loans` (id, a, b and `key`) of Core."""
    return dedent(f"""
        metadata = MetaData()
        users = Table("users", metadata, Column("a", sa.Integer), Column("b", sa.Integer), {users})
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.Integer), {key})
        """)


BOTH = 'ForeignKeyConstraint(["a", "b"], ["users.a", "users.b"])'


def test_a_column_without_any_key_is_found() -> None:
    (problem,) = check_found(
        rule,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            email: str

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            email: str = Field(foreign_key="users.email")
        """,
        "loans.email",
    )
    assert problem.message == (
        "loans cannot be created: loans.email refers to users.email, over which there is no primary key or unique constraint"
    )
    assert problem.remedy == "unique=True on users.email, or a foreign key to the primary key"


def test_two_keys_to_the_parts_of_one_are_found_and_to_be_made_one() -> None:
    problems = check_found(
        rule,
        tables(
            'sa.PrimaryKeyConstraint("a", "b")',
            'ForeignKeyConstraint(["a"], ["users.a"]), ForeignKeyConstraint(["b"], ["users.b"])',
        ),
        "loans.a",
        "loans.b",
    )
    for problem in problems:
        assert problem.message.endswith("which is only a part of the primary key (a, b)")
        assert problem.remedy == 'one ForeignKeyConstraint(["a", "b"], ["users.a", "users.b"])'


def test_one_key_to_a_part_of_the_primary_key_is_found() -> None:
    (problem,) = check_found(rule, tables('sa.PrimaryKeyConstraint("a", "b")'), "loans.a")
    assert problem.remedy == "a ForeignKeyConstraint to all of (a, b), or a key of users that is one column"


def test_a_composite_key_to_columns_that_are_unique_each_is_found() -> None:
    (problem,) = check_found(rule, tables('UniqueConstraint("a"), UniqueConstraint("b")', BOTH), "loans.a, b")
    assert problem.remedy == 'UniqueConstraint("a", "b") on users'


def test_a_deferrable_constraint_is_found_and_named() -> None:
    (problem,) = check_found(rule, tables('UniqueConstraint("a", deferrable=True)'), "loans.a")
    assert problem.message.endswith("users.a, whose unique constraint is deferrable")


@pytest.mark.parametrize(
    "users",
    [
        'Index("ix", "a")',
        'Index("ix", "a", unique=True, postgresql_where=text("a > 0"))',
        'Index("ix", func.abs(text("a")), unique=True)',
        'Index("ix", "a", "b", unique=True)',
        'pg.ExcludeConstraint(("a", "="))',
    ],
)
def test_an_index_that_names_no_row_by_the_column_is_found(users: str) -> None:
    check_found(rule, tables(users), "loans.a")


@pytest.mark.parametrize(
    "users",
    [
        'sa.PrimaryKeyConstraint("a")',
        'UniqueConstraint("a")',
        'UniqueConstraint("a", postgresql_nulls_not_distinct=True)',
        'UniqueConstraint("b"), UniqueConstraint("a")',
        'Index("ix", "a", unique=True)',
        'Index("ix", "a", unique=True, postgresql_include=["b"])',
        'Index("ix", text("a"), unique=True)',
        'UniqueConstraint("a").ddl_if(dialect="postgresql")',
    ],
)
def test_a_key_of_just_that_column_is_fine(users: str) -> None:
    check_clean(rule, tables(users))


def test_a_unique_index_in_descending_order_is_fine() -> None:
    check_clean(rule, tables("") + "Index('ix', users.c.a.desc(), unique=True)")


@pytest.mark.parametrize(
    "users", ['sa.PrimaryKeyConstraint("a", "b")', 'UniqueConstraint("b", "a")', 'Index("ix", "b", "a", unique=True)']
)
def test_a_composite_key_in_any_order_is_fine(users: str) -> None:
    check_clean(rule, tables(users, BOTH))


def test_a_table_that_another_system_owns_is_not_judged() -> None:
    with loaded(tables(""), external_tables=("users",)) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_target_that_is_not_defined_is_another_rules_matter() -> None:
    check_clean(rule, tables('UniqueConstraint("a")', 'ForeignKeyConstraint(["a"], ["people.a"])'))
    check_clean(rule, tables('UniqueConstraint("a")', 'ForeignKeyConstraint(["a"], ["users.c"])'))


def test_a_column_whose_key_is_not_its_name_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column("user_id", primary_key=True)

        class Admin(User):
            __tablename__ = "admins"
            id: Mapped[int] = mapped_column("admin_id", ForeignKey("users.user_id"), primary_key=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            admin_id: Mapped[int] = mapped_column(ForeignKey("admins.admin_id"))
        """,
    )


def test_a_self_reference_is_fine() -> None:
    check_clean(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(default=None, foreign_key="nodes.id")
        """,
    )
