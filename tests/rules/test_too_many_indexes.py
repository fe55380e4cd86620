"""Tables with more indexes than the limit."""

from schemalint.rules.schema.too_many_indexes import too_many_indexes as rule
from snippets import check_clean, check_found


def books(indexes: int, more: str = "") -> str:
    columns = "".join(f'Column("c{number}", sa.Integer, index=True), ' for number in range(indexes))
    return f't = Table("books", MetaData(), Column("id", sa.Integer, primary_key=True), {columns} {more})'


def test_ten_are_fine_and_eleven_are_found_the_primary_key_counted() -> None:
    check_clean(rule, books(9))
    (problem,) = check_found(rule, books(10), "books")
    assert problem.message == "every INSERT into books writes into 11 indexes, more than 10"


def test_unique_and_exclusion_constraints_count() -> None:
    check_found(rule, books(9, 'UniqueConstraint("c1", "c2")'), "books")
    check_found(rule, books(9, 'pg.ExcludeConstraint(("c1", "="), using="btree")'), "books")


def test_checks_and_foreign_keys_do_not_count() -> None:
    check_clean(rule, books(9, 'CheckConstraint("c1 > 0"), ForeignKeyConstraint(["c1"], ["books.id"])'))


def test_limit_is_an_option() -> None:
    check_clean(rule, books(2), limit=3)
    check_found(rule, books(2), "books", limit=2)


def test_table_without_any_is_fine() -> None:
    check_clean(rule, 't = Table("books", MetaData(), Column("id", sa.Integer))', limit=0)


def test_an_index_of_another_database_does_not_count() -> None:
    check_clean(rule, books(9, 'Index("ix", "c1", "c2").ddl_if(dialect="sqlite")'))
