"""Table names are snake_case."""

import pytest

from schemalint.rules.schema.table_name_case import table_name_case
from snippets import check_clean, check_found, marked_by


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("UserProfiles", "user_profiles"),
        ("userProfiles", "user_profiles"),
        ("USERS", "users"),
        ("Users", "users"),
        ("user_Profiles", "user_profiles"),
    ],
)
def test_capitals_are_found(name: str, proposal: str) -> None:
    (problem,) = check_found(
        table_name_case, f't = Table("{name}", MetaData(), Column("id", sa.Integer, primary_key=True))', name
    )
    assert problem.message == f'{name} is not snake_case: all SQL must write it quoted, "{name}"'
    assert problem.remedy == f'"{proposal}"'


@pytest.mark.parametrize("name", ["user-profiles", "user profiles"])
def test_signs_other_than_letters_digits_and_underscores_are_found(name: str) -> None:
    (problem,) = check_found(
        table_name_case, f't = Table("{name}", MetaData(), Column("id", sa.Integer, primary_key=True))', name
    )
    assert problem.remedy == '"user_profiles"'


@pytest.mark.parametrize(
    "name",
    [
        "users",
        "user_profiles",
        "_private",
        "users_",
        "user__profiles",
        "oauth2_tokens",
        "s3",
        "2fa_codes",
        "größen",
        "用户",
        "userprofile",
    ],
)
def test_snake_case_is_fine(name: str) -> None:
    check_clean(table_name_case, f't = Table("{name}", MetaData(), Column("id", sa.Integer, primary_key=True))')


def test_name_that_sqlmodel_makes_is_fine() -> None:
    check_clean(
        table_name_case,
        """
        class UserProfile(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


def test_schema_of_a_table_is_not_its_name() -> None:
    check_clean(
        table_name_case, 't = Table("users", MetaData(), Column("id", sa.Integer, primary_key=True), schema="Tenant")'
    )


def test_declarative_and_dataclass_models_are_judged() -> None:
    check_found(
        table_name_case,
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "Users"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Task(MappedAsDataclass, Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
        """,
        "Users",
    )


def test_the_name_is_marked() -> None:
    source = """
        class Book(SQLModel, table=True):
            __tablename__ = "Books"
            id: int = Field(primary_key=True)
    """
    assert marked_by(table_name_case, source) == ['"Books"']
