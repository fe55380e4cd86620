"""Foreign keys to what no model defines, with what was meant, and those to what stands somewhere."""

from dataclasses import replace
from textwrap import dedent

import pytest
from sqlalchemy import Column, ForeignKey, Integer, Table

from schemalint.rules.schema.foreign_key_target_missing import foreign_key_target_missing as rule
from snippets import ask, check_clean, check_found, loaded


def sqlmodel(target: str) -> str:
    """Models User (`users`) and UserProfile (`userprofile`, implicitly), and a loan whose `owner_id` refers to `target`."""
    return dedent(f"""
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            email: str = Field(unique=True)

        class UserProfile(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            owner_id: int | None = Field(default=None, foreign_key="{target}")
        """)


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("user_profile.id", "userprofile.id"),
        ("user_profiles.id", "userprofile.id"),
        ("UserProfile.id", "userprofile.id"),
        ("user.id", "users.id"),
        ("User.id", "users.id"),
        ("user.emial", "users.email"),
        ("usres.id", "users.id"),
        ("shop.users.id", "users.id"),
        ("users.uid", "users.id"),
        ("users.e_mail", "users.email"),
        ("users", "users.id"),
        ("user", "users.id"),
    ],
)
def test_a_name_that_is_nearly_right_is_found_and_corrected(target: str, meant: str) -> None:
    (problem,) = check_found(rule, sqlmodel(target), "loans.owner_id")
    assert problem.remedy == f'foreign_key="{meant}"'
    assert problem.at == "foreign_key"


def test_a_table_that_nothing_resembles_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("warehouses.id"), "loans.owner_id")
    assert problem.message == (
        "loans.owner_id refers to warehouses.id, but no table warehouses is defined: create_all, autogenerate and the first flush fail"
    )
    assert problem.remedy == "a table warehouses, or the import of the module that defines it"


def test_a_column_that_is_missing_is_named() -> None:
    (problem,) = check_found(rule, sqlmodel("users.number"), "loans.owner_id")
    assert problem.message.startswith("loans.owner_id refers to users.number, but users has no column number: ")


def core(key: str, schema: str = "", more: str = "") -> str:
    """Tables `books` (id, and a column of name `isbn` and key `number`) and `loans` of a metadata with `schema`, in which `key` is one more argument."""
    return dedent(f"""
        metadata = MetaData({schema})
        books = Table(
            "books", metadata, Column("id", sa.Integer, primary_key=True), Column("isbn", sa.Integer, key="number", unique=True)
        )
        Table("stores", metadata, Column("id", sa.Integer, primary_key=True), schema="shop")
        {more}
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.Integer), {key})
        """)


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("books.isbn", "books.number"),
        ("stores.id", "shop.stores.id"),
        ("shop.stores", "shop.stores.id"),
        ("shop.books.id", "books.id"),
        ("shpo.stores.id", "shop.stores.id"),
    ],
)
def test_a_schema_or_a_key_that_is_missing_is_told(target: str, meant: str) -> None:
    (problem,) = check_found(rule, core(f'ForeignKeyConstraint(["a"], ["{target}"])'), "loans.a")
    assert problem.remedy == f'ForeignKey("{meant}")'


def test_the_schema_of_the_metadata_is_not_written() -> None:
    (problem,) = check_found(
        rule, core('ForeignKeyConstraint(["a"], ["boooks.id"])', schema='schema="lib"'), "lib.loans.a"
    )
    assert problem.remedy == 'ForeignKey("books.id")'


def test_a_composite_key_is_one_problem() -> None:
    (problem,) = check_found(rule, core('ForeignKeyConstraint(["a", "b"], ["boks.id", "boks.number"])'), "loans.a, b")
    assert problem.remedy == '"books.id"'


def test_two_tables_of_one_name_are_no_hint() -> None:
    more = 'Table("stores", metadata, Column("id", sa.Integer, primary_key=True), schema="lib")'
    (problem,) = check_found(rule, core('ForeignKeyConstraint(["a"], ["stores.id"])', more=more), "loans.a")
    assert problem.remedy == "a table stores, or the import of the module that defines it"


@pytest.mark.parametrize(
    "key",
    [
        'ForeignKeyConstraint(["a"], ["books.id"])',
        'ForeignKeyConstraint(["a"], ["books.number"])',
        'ForeignKeyConstraint(["a"], ["books.isbn"], link_to_name=True)',
        'ForeignKeyConstraint(["a"], [books.c.number])',
        'ForeignKeyConstraint(["a"], ["shop.stores.id"])',
        'ForeignKeyConstraint(["a"], ["loans.id"])',
        'Column("id2", ForeignKey("books.id"))',
        'Column("number", ForeignKey("books"))',
    ],
)
def test_a_target_that_is_defined_is_fine(key: str) -> None:
    check_clean(rule, core(key))
    if "shop." not in key:
        check_clean(rule, core(key, schema='schema="lib"'))


def test_a_table_that_is_defined_later_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


@pytest.mark.parametrize("pattern", ["auth.users", "users", "auth.*"])
def test_a_table_that_another_system_owns_is_fine(pattern: str) -> None:
    with loaded(core('ForeignKeyConstraint(["a"], ["auth.users.id"])'), external_tables=(pattern,)) as schema:
        assert list(ask(rule, schema, {})) == []


def test_a_table_of_another_metadata_is_fine() -> None:
    check_clean(
        rule,
        core('ForeignKeyConstraint(["a"], ["people.id"])')
        + 'people = Table("people", MetaData(), Column("id", sa.Integer, primary_key=True))\n',
    )


def test_a_column_of_another_metadata_is_fine() -> None:
    more = 'people = Table("people", MetaData(), Column("id", sa.Integer, primary_key=True))'
    check_clean(rule, core('ForeignKeyConstraint(["a"], [people.c.id])', more=more))


def test_a_module_that_does_not_import_may_define_the_table() -> None:
    with loaded(sqlmodel("warehouses.id")) as schema:
        assert list(ask(rule, replace(schema, is_whole=False), {})) == []
        assert len(list(ask(rule, schema, {}))) == 1


def test_a_table_that_was_taken_out_of_its_metadata_is_not_asked() -> None:
    with loaded(core('ForeignKeyConstraint(["a"], ["warehouses.id"])')) as schema:
        (loans,) = (table for table in schema.tables if table.name == "loans")
        loans.metadata.remove(loans)
        Table("warehouses", loans.metadata, Column("id", Integer, primary_key=True))
        loans.metadata.remove(loans)
        assert list(ask(rule, schema, {})) == []


@pytest.mark.skipif(not hasattr(ForeignKey, "target_tokens"), reason="SQLAlchemy 2.1 knows of dots in names")
def test_a_name_with_a_dot_in_it_is_told_as_it_is() -> None:
    (problem,) = check_found(rule, core('ForeignKeyConstraint(["a"], [("my.books", "id")])'), "loans.a")
    assert "no table my.books is defined" in problem.message
    check_found(rule, core('ForeignKeyConstraint(["a"], [("books", "is.bn")])'), "loans.a")


def test_two_keys_that_miss_one_table_are_two_problems() -> None:
    keys = 'ForeignKeyConstraint(["a"], ["boks.id"]), ForeignKeyConstraint(["b"], ["boks.id"])'
    first, second = check_found(rule, core(keys), "loans.a", "loans.b")
    assert first.remedy == second.remedy == 'ForeignKey("books.id")'
