"""Models are called after one row, in PascalCase."""

import pytest

from schemalint.rules.schema._words import words_of
from schemalint.rules.schema.model_name import model_name
from snippets import check_clean, check_found

MODEL = """
    class {name}(SQLModel, table=True):
        __tablename__ = "things"
        id: int | None = Field(default=None, primary_key=True)
"""


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("user", "User"),
        ("user_profile", "UserProfile"),
        ("User_Profile", "UserProfile"),
        ("userProfile", "UserProfile"),
    ],
)
def test_other_case_is_found(name: str, proposal: str) -> None:
    (problem,) = check_found(model_name, MODEL.format(name=name), name)
    assert problem.message == f"{name} is not PascalCase"
    assert problem.remedy == f"class {proposal}"


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("Users", "User"),
        ("UserProfiles", "UserProfile"),
        ("OrderStatuses", "OrderStatus"),
        ("Categories", "Category"),
        ("People", "Person"),
        ("Children", "Child"),
        ("UserAPIs", "UserAPI"),
        ("UsersDB", "UserDB"),
        ("UsersModel", "UserModel"),
        ("TasksTable", "TaskTable"),
        ("_Users", "_User"),
    ],
)
def test_plural_is_found(name: str, proposal: str) -> None:
    (problem,) = check_found(model_name, MODEL.format(name=name), name)
    assert problem.message == f"{name} is plural, and each object of it is one row"
    assert problem.remedy == f"class {proposal}"


@pytest.mark.parametrize(
    "name",
    sorted(
        words_of("""
    User UserProfile HTTPLog OAuth2Token APIKey URL SMS DNS FAQ Log2 S3Bucket IPv4Address Address Status OrderStatus Process Class
    Business Analysis Basis Crisis Canvas Lens Bus Alias Bonus Campus Virus Gas Atlas News Series Species Data Metadata UserData
    Media Staff Equipment Settings UserSettings RenderedFields RepoCredsModel UserPreferences NotificationPreferences Credentials Statistics OrderDetails
    UserStats Analytics Metrics AWS SearchCriteria Feedback UserDB UserModel HeroTable UserORM AddressDB _User _PrivateThing
    User_ Größe Haus Preis Access Progress Loss Boss Chassis Headquarters Goods TwoFactor X DB Model Table
    """)
    ),
)
def test_pascal_case_singular_is_fine(name: str) -> None:
    check_clean(model_name, MODEL.format(name=name))


def test_number_can_be_left_alone() -> None:
    check_clean(model_name, MODEL.format(name="Users"), singular=False)
    check_found(model_name, MODEL.format(name="users"), "users", singular=False)


def test_link_model_is_free() -> None:
    check_clean(
        model_name,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)

        class Role(SQLModel, table=True):
            __tablename__ = "roles"
            id: int | None = Field(default=None, primary_key=True)

        class UserRoles(SQLModel, table=True):
            __tablename__ = "user_roles"
            user_id: int = Field(foreign_key="users.id", primary_key=True)
            role_id: int = Field(foreign_key="roles.id", primary_key=True)
        """,
    )


def test_declarative_models_and_subclasses_in_one_table_are_judged() -> None:
    check_found(
        model_name,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Cats(Pet):
            __mapper_args__ = {"polymorphic_identity": "cat"}

        class Tasks(MappedAsDataclass, Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
        """,
        "Cats",
        "Tasks",
    )


def test_classes_without_a_table_and_core_tables_have_no_model() -> None:
    check_clean(
        model_name,
        """
        class users(SQLModel):
            name: str

        class some_mixin:
            name: Mapped[str]

        t = Table("users", MetaData(), Column("id", sa.Integer, primary_key=True))
        """,
    )
