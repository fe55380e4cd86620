"""Foreign keys over the same columns, and those that only look alike."""

from textwrap import dedent

import psycopg
import pytest

from schemalint.rules.schema.foreign_key_duplicate import foreign_key_duplicate as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def loans(*arguments: str) -> str:
    """Tables `books` and `people` (id, a, b) and `loans`, which has `arguments` beside its id."""
    columns = 'Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.Integer)'
    return dedent(f"""
        metadata = MetaData()
        books = Table("books", metadata, {columns}, UniqueConstraint("a", "b"))
        people = Table("people", metadata, {columns})
        Table("loans", metadata, Column("id", sa.Integer, primary_key=True), {", ".join(arguments)})
        """)


def test_a_key_in_sa_column_args_beside_foreign_key_is_found_and_the_actions_are_named() -> None:
    (problem,) = check_found(
        rule,
        """
        class Node(SQLModel, table=True):
            __tablename__ = "nodes"
            id: int | None = Field(default=None, primary_key=True)
            parent_id: int | None = Field(
                default=None, foreign_key="nodes.id", sa_column_args=[ForeignKey("nodes.id", ondelete="CASCADE")]
            )
        """,
        "nodes.parent_id",
    )
    assert problem.message == (
        "nodes.parent_id has 2 foreign keys to nodes: whichever is created first decides between ON DELETE CASCADE and NO ACTION"
    )
    assert problem.remedy == "one foreign key over parent_id"


@pytest.mark.parametrize(
    "arguments",
    [
        ('Column("a", ForeignKey("books.id"), ForeignKey("books.id"))',),
        ('Column("a", ForeignKey("books.id"))', 'ForeignKeyConstraint(["a"], ["books.id"])'),
        ('Column("a", ForeignKey("books.id"))', "ForeignKeyConstraint(['a'], [books.c.id], name='second')"),
    ],
)
def test_the_same_key_twice_is_found_however_it_is_written(arguments: tuple[str, ...]) -> None:
    (problem,) = check_found(rule, loans(*arguments), "loans.a")
    assert problem.message == "loans.a has 2 foreign keys to books: every write is checked by each of them"


def test_two_keys_to_a_table_that_is_not_defined_are_found() -> None:
    check_found(rule, loans('Column("a", sa.Integer, ForeignKey("shelves.id"), ForeignKey("shelves.id"))'), "loans.a")


def test_a_composite_key_in_another_order_is_found() -> None:
    both = 'ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"]), ForeignKeyConstraint(["b", "a"], ["books.b", "books.a"])'
    check_found(rule, loans('Column("a", sa.Integer)', 'Column("b", sa.Integer)', both), "loans.b, a")


def test_three_are_one_problem() -> None:
    (problem,) = check_found(
        rule, loans(f'Column("a", {", ".join(["ForeignKey(" + repr("books.id") + ")"] * 3)})'), "loans.a"
    )
    assert problem.message.startswith("loans.a has 3 foreign keys to books")


@pytest.mark.parametrize(
    "arguments",
    [
        ('Column("a", ForeignKey("books.id"))',),
        ('Column("a", ForeignKey("books.id"))', 'Column("b", ForeignKey("books.id"))'),
        ('Column("a", ForeignKey("books.id"), ForeignKey("people.id"))',),
        ('Column("a", sa.Integer, ForeignKey("shelves.id"), ForeignKey("racks.id"))',),
        (
            'Column("a", ForeignKey("books.id"))',
            'Column("b", sa.Integer)',
            'ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"])',
        ),
        (
            'Column("a", sa.Integer)',
            'Column("b", sa.Integer)',
            'ForeignKeyConstraint(["a", "b"], ["books.a", "books.b"])',
            'ForeignKeyConstraint(["a", "b"], ["books.b", "books.a"])',
        ),
    ],
)
def test_keys_that_only_share_a_column_or_a_target_are_fine(arguments: tuple[str, ...]) -> None:
    check_clean(rule, loans(*arguments))


def test_the_same_column_of_two_subclasses_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Novel(Book):
            next_id: Mapped[int | None] = mapped_column(ForeignKey("books.id"), use_existing_column=True)
            __mapper_args__ = {"polymorphic_identity": "novel"}

        class Poem(Book):
            next_id: Mapped[int | None] = mapped_column(ForeignKey("books.id"), use_existing_column=True)
            __mapper_args__ = {"polymorphic_identity": "poem"}
        """,
    )


def test_the_key_that_is_created_first_decides(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        for number, (first, second, left) in enumerate([("CASCADE", "RESTRICT", 0), ("SET NULL", "CASCADE", 1)]):
            parent, child = f"parent{number}", f"child{number}"
            connection.execute(f"CREATE TABLE {parent} (id integer PRIMARY KEY)")
            connection.execute(
                f"CREATE TABLE {child} (id integer, FOREIGN KEY (id) REFERENCES {parent} ON DELETE {first}, "
                f"FOREIGN KEY (id) REFERENCES {parent} ON DELETE {second})"
            )
            connection.execute(f"INSERT INTO {parent} VALUES (1); INSERT INTO {child} VALUES (1); DELETE FROM {parent}")
            assert connection.execute(f"SELECT count(*) FROM {child}").fetchone() == (left,)
        connection.execute("CREATE TABLE a (id integer PRIMARY KEY)")
        connection.execute(
            "CREATE TABLE b (id integer, FOREIGN KEY (id) REFERENCES a ON DELETE RESTRICT, FOREIGN KEY (id) REFERENCES a ON DELETE CASCADE)"
        )
        connection.execute("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)")
        with pytest.raises(psycopg.errors.IntegrityError):
            connection.execute("DELETE FROM a")
