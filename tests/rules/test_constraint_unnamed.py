"""Constraints that a migration cannot name, and constraints that it can."""

import ast

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from schemalint.rules.schema.constraint_unnamed import INDEXES
from schemalint.rules.schema.constraint_unnamed import constraint_unnamed as rule
from snippets import ask, check_clean, check_found, loaded


def books(args: str, metadata: str = "") -> str:
    return f"""
        metadata = MetaData({metadata})
        a = Table("authors", metadata, Column("id", sa.Integer, primary_key=True))
        t = Table("books", metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.Integer), {args})
        """


FOUND = {
    "a foreign key of its column": ('Column("author_id", ForeignKey("authors.id"))', "books.author_id"),
    "a foreign key of the table": ('ForeignKeyConstraint(["n"], ["authors.id"])', "books.n"),
    "a unique column": ('Column("x", sa.Integer, unique=True)', "books :unique x"),
    "a unique constraint": ('UniqueConstraint("n")', "books :unique n"),
    "a check": ('CheckConstraint("n > 0")', "books :check n > 0"),
}


@pytest.mark.parametrize(("args", "found"), FOUND.values(), ids=FOUND)
def test_found(args: str, found: str) -> None:
    check_found(rule, books(args), found)


CLEAN = {
    "a primary key": "",
    "an index": 'Column("x", sa.Integer, index=True)',
    "a unique index": 'Column("x", sa.Integer, index=True, unique=True)',
    "a named foreign key": 'Column("author_id", ForeignKey("authors.id", name="fk"))',
    "a named constraint": 'UniqueConstraint("n", name="uq")',
    "a named check": 'CheckConstraint("n > 0", name="ck")',
    "the check of a boolean": 'Column("b", sa.Boolean(create_constraint=True))',
    "the check of an enum": 'Column("e", sa.Enum("a", "b", native_enum=False, create_constraint=True))',
    "NOT NULL": 'Column("x", sa.Integer, nullable=False)',
}


@pytest.mark.parametrize("args", CLEAN.values(), ids=CLEAN)
def test_clean(args: str) -> None:
    check_clean(rule, books(args))


@pytest.mark.parametrize("kind", ['"uq"', "UniqueConstraint"])
def test_a_naming_convention_names_its_kind(kind: str) -> None:
    convention = f'naming_convention={{{kind}: "uq_%(table_name)s_%(column_0_name)s"}}'
    check_clean(rule, books('UniqueConstraint("n")', convention))
    check_found(rule, books('ForeignKeyConstraint(["n"], ["authors.id"])', convention), "books.n")


def test_a_naming_convention_that_is_set_late_is_used_by_alembic() -> None:
    check_clean(
        rule,
        books('UniqueConstraint("n")')
        + '\n        metadata.naming_convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}\n',
    )


def test_where_nothing_has_a_name_it_is_one_finding() -> None:
    args = 'Column("author_id", ForeignKey("authors.id")), UniqueConstraint("n"), CheckConstraint("n > 0")'
    (problem,) = check_found(rule, books(args), "books.author_id")
    assert problem.message == (
        "the foreign key of books over author_id has no name, nor have 2 more constraints, and the MetaData has no naming_convention: "
        "a downgrade that drops it, op.drop_constraint(None), fails"
    )


@pytest.mark.parametrize(
    ("args", "metadata", "why", "remedy"),
    [
        (
            'UniqueConstraint("n")',
            "",
            "the MetaData has no naming_convention",
            'MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"})',
        ),
        (
            'ForeignKeyConstraint(["n"], ["authors.id"]), CheckConstraint("n > 0")',
            "",
            "the MetaData has no naming_convention",
            (
                'MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s"}), '
                "and name=... in each CheckConstraint"
            ),
        ),
        (
            'CheckConstraint("n > 0")',
            "",
            "the MetaData has no naming_convention",
            "name=... in each CheckConstraint",
        ),
        (
            'ForeignKeyConstraint(["n"], ["authors.id"])',
            'naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}',
            "the naming_convention of the MetaData says nothing of such",
            '"fk": "fk_%(table_name)s_%(column_0_N_name)s" in the naming_convention',
        ),
    ],
)
def test_the_remedy_names_what_has_no_name(args: str, metadata: str, why: str, remedy: str) -> None:
    with loaded(books(args, metadata)) as schema:
        (problem,) = ask(rule, schema, {})
    assert why in problem.message
    assert problem.remedy == remedy


def test_the_proposed_convention_names_indexes_as_before() -> None:
    metadata = MetaData(naming_convention=ast.literal_eval(f"{{{INDEXES}}}"))
    table = Table("books", metadata, Column("n", Integer, index=True))
    assert [index.name for index in table.indexes] == ["ix_books_n"]


def test_one_metadata_is_one_finding() -> None:
    check_found(
        rule,
        """
        a = Table("a", MetaData(), Column("id", sa.Integer, primary_key=True, unique=True), UniqueConstraint("id"))
        b = Table("b", MetaData(), Column("id", sa.Integer, primary_key=True), CheckConstraint("id > 0"))
        """,
        "a :unique id",
        "b :check id > 0",
    )


def test_exceptions_are_found_one_by_one() -> None:
    args = (
        'Column("author_id", ForeignKey("authors.id")), UniqueConstraint("n"), CheckConstraint("n > 0"), '
        'UniqueConstraint("n", "id", name="a"), CheckConstraint("n > 1", name="b"), CheckConstraint("n > 2", name="c")'
    )
    found = check_found(rule, books(args), "books.author_id", "books :unique n", "books :check n > 0")
    assert len({problem.remedy for problem in found}) == 3
    assert all("unlike the others" in problem.message for problem in found)
