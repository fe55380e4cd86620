"""Nullable columns in unique constraints and indexes of several columns."""

import psycopg
import pytest

from schemalint.rules.schema.nullable_in_unique import nullable_in_unique
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found

TABLE = """
    users = Table("users", MetaData(), Column("id", sa.Integer, primary_key=True))
    t = Table("shelves", users.metadata, Column("id", sa.Integer, primary_key=True), Column("room", sa.Integer),
        Column("label", sa.String, nullable=False), Column("team", sa.Integer), Column("row", sa.Integer, nullable=False), {parts})
"""


def shelves(*parts: str) -> str:
    return TABLE.format(parts=", ".join(parts))


UNIQUE = 'UniqueConstraint("room", "label", name="uq")'


def test_nullable_column_in_a_unique_constraint_is_found() -> None:
    (problem,) = check_found(nullable_in_unique, shelves(UNIQUE), "shelves :unique room, label")
    assert problem.message == (
        "shelves takes any number of rows with the same label, as long as room is NULL: uq (room, label) holds no two NULLs for equal"
    )
    assert problem.remedy == (
        "postgresql_nulls_not_distinct=True (PostgreSQL 15), room NOT NULL, or a second unique index for the rows where it is NULL"
    )


@pytest.mark.parametrize(
    ("part", "identity"),
    [
        ('Index("ux", "room", "label", unique=True)', "shelves :index room, label"),
        ('Index("ux", sa.text("room"), "label", unique=True)', "shelves :index room, label"),
        ('UniqueConstraint("row", "room", "team", name="uq")', "shelves :unique row, room, team"),
        ('UniqueConstraint("room", "label", "row", name="uq")', "shelves :unique room, label, row"),
        ('UniqueConstraint("room", "label", name="uq", deferrable=True)', "shelves :unique room, label"),
    ],
)
def test_other_unique_constraints_and_indexes_are_found(part: str, identity: str) -> None:
    check_found(nullable_in_unique, shelves(part), identity)


def test_soft_deleted_rows_in_a_unique_constraint_are_found() -> None:
    check_found(
        nullable_in_unique,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            __table_args__ = (UniqueConstraint("email", "deleted_at"),)
            id: int | None = Field(default=None, primary_key=True)
            email: str
            deleted_at: datetime | None = None
        """,
        "users :unique email, deleted_at",
    )


@pytest.mark.parametrize(
    "parts",
    [
        ('UniqueConstraint("room")',),
        # Unique where it is known.
        ('UniqueConstraint("label", "room")',),
        ('UniqueConstraint("room", "team")',),
        ('Index("ux", "room", unique=True)',),
        ('UniqueConstraint("label", "row")',),
        ('Index("ix", "room", "label")',),
        ('UniqueConstraint("room", "label", postgresql_nulls_not_distinct=True)',),
        ('Index("ux", "room", "label", unique=True, postgresql_nulls_not_distinct=True)',),
        ('Index("ux", "room", "label", unique=True, postgresql_where=sa.text("room IS NOT NULL"))',),
        ('Index("ux", "label", "row", unique=True, postgresql_where=sa.text("room IS NULL"))',),
        ('Index("ux", sa.text("coalesce(room, 0)"), "label", unique=True)',),
        # Another index sees to the rows with NULL.
        (UNIQUE, 'Index("ux", "label", unique=True, postgresql_where=sa.text("room IS NULL"))'),
        # There for a foreign key to refer to.
        ('UniqueConstraint("id", "room")',),
        ('UniqueConstraint("label")', UNIQUE),
        # Each row has a room or a team.
        (UNIQUE, 'UniqueConstraint("team", "label")'),
        (UNIQUE, 'CheckConstraint("num_nonnulls(room, team) = 1")'),
        (UNIQUE, 'CheckConstraint("room IS NOT NULL OR row = 0")'),
        ('sa.ForeignKeyConstraint(["room"], ["users.id"])', 'Index("ix", "room")'),
    ],
)
def test_constraints_that_let_no_duplicates_in_or_mean_to_are_fine(parts: tuple[str, ...]) -> None:
    check_clean(nullable_in_unique, shelves(*parts))


def test_expression_of_the_column_in_another_unique_index_is_fine() -> None:
    check_clean(
        nullable_in_unique,
        """
        class Base(DeclarativeBase): ...

        class Shelf(Base):
            __tablename__ = "shelves"
            id: Mapped[int] = mapped_column(primary_key=True)
            room: Mapped[int | None] = mapped_column()
            label: Mapped[str] = mapped_column()
            __table_args__ = (UniqueConstraint(room, label), Index("ux", func.coalesce(room, 0), label, unique=True))
        """,
    )


def test_names_of_columns_are_those_of_the_database() -> None:
    check_found(
        nullable_in_unique,
        """
        t = Table("t", MetaData(), Column("Room", sa.Integer, key="room"), Column("Label", sa.String, key="label", nullable=False),
            UniqueConstraint("room", "label"))
        """,
        "t :unique Room, Label",
    )


def test_postgresql_takes_two_rows_that_differ_in_nothing_but_a_null(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE shelves (room int, label text NOT NULL, UNIQUE (room, label))")
        connection.execute("INSERT INTO shelves VALUES (NULL, 'a'), (NULL, 'a')")
        assert connection.execute("SELECT count(*) FROM shelves").fetchone() == (2,)
