"""SQLModel's own table names are found where they run words together, and nowhere else."""

import pytest

from schemalint.fix import SetAttribute
from schemalint.rules.schema.model_name import model_name
from schemalint.rules.schema.table_name_case import table_name_case
from schemalint.rules.schema.table_name_implicit import table_name_implicit
from schemalint.rules.schema.table_name_number import table_name_number
from snippets import ask, check_clean, check_found, loaded


@pytest.mark.parametrize(
    ("model", "table", "proposal"),
    [
        ("UserProfile", "userprofile", "user_profiles"),
        ("APIKey", "apikey", "api_keys"),
        ("OAuth2Token", "oauth2token", "oauth2_tokens"),
        ("OrderStatus", "orderstatus", "order_statuses"),
        ("AppMetadata", "appmetadata", "app_metadata"),
        ("UserTable", "usertable", "users"),
    ],
)
def test_implicit_name_of_several_words_is_found(model: str, table: str, proposal: str) -> None:
    (problem,) = check_found(
        table_name_implicit,
        f"""
        class {model}(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
        table,
    )
    assert problem.remedy == f'__tablename__ = "{proposal}", or "{table}" if the table exists already'


@pytest.mark.parametrize("model", ["Hero", "News", "SMS", "Log2", "Hero_Team", "GitHub", "YouTube", "Größe"])
def test_implicit_name_that_is_snake_case_anyway_is_fine(model: str) -> None:
    check_clean(
        table_name_implicit,
        f"""
        class {model}(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


@pytest.mark.parametrize("model", ["Hero", "UserProfile", "OrderStatus", "HTTPLog"])
def test_a_model_without_a_table_name_has_one_finding_among_the_rules_of_names(model: str) -> None:
    with loaded(f"""
        class {model}(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
    """) as schema:
        rules = (table_name_implicit, table_name_number, table_name_case, model_name)
        assert len([problem for rule in rules for problem in ask(rule, schema, {})]) == 1


def test_written_name_is_fine_even_when_it_is_the_same() -> None:
    check_clean(
        table_name_implicit,
        """
        class UserProfile(SQLModel, table=True):
            __tablename__ = "userprofile"
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


def test_name_made_by_a_base_of_the_project_is_fine() -> None:
    check_clean(
        table_name_implicit,
        """
        class Base(SQLModel):
            @declared_attr.directive
            def __tablename__(cls) -> str:
                return cls.__name__.lower()

        class UserProfile(Base, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


def test_name_given_by_a_mixin_is_fine() -> None:
    check_clean(
        table_name_implicit,
        """
        class Named:
            __tablename__ = "userprofile"

        class UserProfile(Named, SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


def test_subclass_in_its_parents_table_is_fine() -> None:
    check_clean(
        table_name_implicit,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class HouseCat(Pet):
            __mapper_args__ = {"polymorphic_identity": "cat"}
        """,
    )


def test_plain_sqlalchemy_has_no_implicit_names() -> None:
    check_clean(
        table_name_implicit,
        """
        class Base(DeclarativeBase): ...

        class UserProfile(Base):
            __tablename__ = "userprofile"
            id: Mapped[int] = mapped_column(primary_key=True)

        class TaskEvent(Base):
            __table__ = Table("taskevent", Base.metadata, Column("id", sa.Integer, primary_key=True))

        Table("otherthing", Base.metadata, Column("id", sa.Integer, primary_key=True))
        """,
    )


def test_model_without_a_table_is_fine() -> None:
    check_clean(
        table_name_implicit,
        """
        class UserCreate(SQLModel):
            name: str
        """,
    )


def test_the_fix_writes_todays_name() -> None:
    (problem,) = check_found(
        table_name_implicit,
        """
        class UserProfile(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
        "userprofile",
    )
    assert problem.fix is not None
    assert (problem.fix.kind, problem.fix.due) == ("safe", "")
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetAttribute)
    assert (edit.name, edit.code) == ("__tablename__", '"userprofile"')
