"""A flag and a time that both say whether a row is deleted."""

import pytest

from schemalint.rules.schema.soft_delete_twice import soft_delete_twice
from snippets import check_clean, check_found

TABLE = 't = Table("books", MetaData(), Column("id", sa.Integer, primary_key=True), {columns})'


def books(*columns: str) -> str:
    return TABLE.format(columns=", ".join(columns))


FLAG = 'Column("is_deleted", sa.Boolean)'
TIME = 'Column("deleted_at", sa.DateTime(timezone=True))'


def test_flag_and_time_are_found() -> None:
    (problem,) = check_found(soft_delete_twice, books(FLAG, TIME), "books.is_deleted")
    assert problem.message == "books says twice whether a row is deleted: is_deleted and deleted_at can disagree"
    assert problem.remedy == "deleted_at alone: a row is deleted when it is not NULL"


@pytest.mark.parametrize("flag", ["deleted", "isDeleted", "is_removed", "removed", "is_soft_deleted"])
@pytest.mark.parametrize("time", ["deleted_on", "deletedAt", "date_deleted", "deletion_time", "removed_at"])
def test_other_names_for_them_are_found(flag: str, time: str) -> None:
    check_found(
        soft_delete_twice, books(f'Column("{flag}", sa.Boolean)', f'Column("{time}", sa.DateTime)'), f"books.{flag}"
    )


def test_fields_of_mixins_and_columns_of_a_projects_own_types_are_found() -> None:
    check_found(
        soft_delete_twice,
        """
        class Flag(sa.TypeDecorator):
            impl = sa.Boolean
            cache_ok = True

        class Gone(SQLModel):
            deleted: bool = Field(default=False, sa_type=Flag)
            deleted_at: datetime | None = None

        class Book(Gone, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "books.deleted",
    )


@pytest.mark.parametrize(
    "columns",
    [
        (FLAG,),
        (TIME,),
        (FLAG, 'Column("deleted_by", sa.Integer)'),
        (TIME, 'Column("is_archived", sa.Boolean)'),
        (FLAG, 'Column("archived_at", sa.DateTime)'),
        (FLAG, 'Column("scheduled_deletion_at", sa.DateTime)'),
        (FLAG, 'Column("delete_after", sa.DateTime)'),
        (TIME, 'Column("can_be_deleted", sa.Boolean)'),
        (TIME, 'Column("is_deleted_by_admin", sa.Boolean)'),
        # The row's own key once it is deleted, for a unique constraint.
        (TIME, 'Column("deleted", sa.Integer)'),
        (TIME, 'Column("is_deleted", sa.Boolean, sa.Computed("deleted_at IS NOT NULL"))'),
        (FLAG, TIME, 'CheckConstraint("is_deleted = (deleted_at IS NOT NULL)")'),
        ('Column("is_deleted", sa.Boolean, CheckConstraint("is_deleted = (deleted_at IS NOT NULL)"))', TIME),
    ],
)
def test_one_of_them_other_columns_and_what_is_held_together_are_fine(columns: tuple[str, ...]) -> None:
    check_clean(soft_delete_twice, books(*columns))
