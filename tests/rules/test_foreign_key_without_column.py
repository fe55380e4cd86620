"""Foreign keys that name a table only, and those that name a column, in every way there is."""

from textwrap import dedent

import pytest

from fixes import fixed
from schemalint.fix import Fix, SetText
from schemalint.rules.schema.foreign_key_without_column import foreign_key_without_column as rule
from snippets import check_clean, check_found, loaded


def core(*arguments: str, schema: str = "") -> str:
    """Tables `users` (id, user_id) and `loans`, which has `arguments` beside its id."""
    return dedent(f"""
        metadata = MetaData({schema})
        users = Table("users", metadata, Column("id", sa.Integer, primary_key=True), Column("user_id", sa.Integer, unique=True))
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), {", ".join(arguments)})
        """)


def test_a_field_of_sqlmodel_is_found_and_what_it_resolves_to_is_named() -> None:
    source = """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(unique=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users")
        """
    (problem,) = check_found(rule, source, "loans.user_id")
    assert problem.message == (
        '"users" names no column: loans.user_id refers to users.user_id only because they are called the same'
    )
    assert problem.remedy == 'foreign_key="users.user_id"'
    assert problem.fix == Fix("safe", (SetText(problem.part, "users", "users.user_id"),))
    with loaded(source) as schema:
        (key,) = schema.foreign_keys
        place = schema.place(key, "foreign_key").location
        assert place is not None
        assert (place.end_column - place.column, place.line) == (len('"users"'), place.end_line)


def test_a_column_of_core_is_found() -> None:
    (problem,) = check_found(rule, core('Column("user_id", ForeignKey("users"))'), "loans.user_id")
    assert problem.remedy == 'ForeignKey("users.user_id")'


def test_a_mapped_column_is_found() -> None:
    check_found(
        rule,
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(unique=True)

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users"))
        """,
        "loans.user_id",
    )


def test_the_schema_of_the_metadata_is_not_written() -> None:
    (problem,) = check_found(
        rule, core('Column("user_id", ForeignKey("users"))', schema='schema="shop"'), "shop.loans.user_id"
    )
    assert problem.remedy == 'ForeignKey("users.user_id")'
    assert problem.message.startswith('"users" names no column: shop.loans.user_id refers to shop.users.user_id')


def test_a_composite_key_is_found_and_has_no_fix_where_two_texts_are_short() -> None:
    (problem,) = check_found(
        rule,
        core('Column("user_id", sa.Integer)', 'ForeignKeyConstraint(["user_id", "id"], ["users", "users"])'),
        "loans.user_id, id",
    )
    assert problem.remedy == '"users.user_id" and "users.id"'
    assert problem.fix is None


@pytest.mark.parametrize(
    "column",
    [
        'Column("user_id", ForeignKey("users.id"))',
        'Column("user_id", ForeignKey("users.user_id"))',
        'Column("user_id", ForeignKey(users.c.id))',
        'Column("user_id", ForeignKey(users.c.user_id))',
        'Column("user_id", sa.Integer), ForeignKeyConstraint(["user_id"], ["users.user_id"])',
        'Column("user_id", sa.Integer), ForeignKeyConstraint(["user_id"], [users.c.user_id])',
        'Column("user_id", sa.Integer)',
    ],
)
def test_a_key_that_names_its_column_or_is_given_it_is_fine(column: str) -> None:
    check_clean(rule, core(column))


def test_a_table_that_has_no_such_column_is_another_rules_matter() -> None:
    check_clean(rule, core('Column("owner_id", sa.Integer, ForeignKey("users"))'))


def test_a_table_that_is_not_defined_is_another_rules_matter() -> None:
    check_clean(rule, core('Column("user_id", sa.Integer, ForeignKey("people"))'))


def test_a_self_reference_by_its_full_name_is_fine() -> None:
    check_clean(rule, core('Column("loan_id", ForeignKey("loans.id"))'))


def test_a_column_of_a_mixin_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Owned:
            @declared_attr
            def user_id(cls) -> Mapped[int]:
                return mapped_column(ForeignKey("users.id"))

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Loan(Owned, Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


def test_the_fix_writes_the_column_wherever_the_key_is_written() -> None:
    assert 'ForeignKey("users.user_id")' in fixed(rule, core('Column("user_id", ForeignKey("users"))'))
    key = 'Column("user_id", sa.Integer), ForeignKeyConstraint(["user_id"], ["users"])'
    assert 'ForeignKeyConstraint(["user_id"], ["users.user_id"])' in fixed(rule, core(key))
