"""A remedy that is written into the model as it stands takes the finding away, in every style of model."""

import pytest

from schemalint.rule import Rule
from schemalint.rules.schema.default_evaluated_once import default_evaluated_once
from schemalint.rules.schema.primary_key_without_generator import primary_key_without_generator
from schemalint.rules.schema.timestamp_without_default import timestamp_without_default
from schemalint.rules.schema.updated_at_never_updated import updated_at_never_updated
from snippets import check_clean, problems


def sqlmodel(field: str) -> str:
    return f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            number: int = Field(primary_key=True)
            {field}
    """


def declarative(field: str, bases: str = "DeclarativeBase") -> str:
    return f"""
        class Base({bases}): ...

        class Book(Base):
            __tablename__ = "books"
            number: Mapped[int] = mapped_column(primary_key=True)
            {field}
    """


def dataclass(field: str) -> str:
    return declarative(field, "MappedAsDataclass, DeclarativeBase, kw_only=True")


def core(column: str) -> str:
    return f'books = Table("books", MetaData(), Column("number", sa.Integer), {column})'


NUMBER = "number: Mapped[int] = mapped_column(primary_key=True)"
PASSED_ON = 'sa_column_kwargs={"onupdate": func.now()}'
CASES: list[tuple[Rule, str, str, str]] = [
    # the rule, the model with a gap, what fills the gap wrongly, and the remedy
    (
        updated_at_never_updated,
        sqlmodel("updated_at: datetime = Field(default_factory=datetime.now, {})"),
        "",
        PASSED_ON,
    ),
    (
        updated_at_never_updated,
        sqlmodel("updated_at: datetime = Field(sa_column=Column(sa.DateTime, server_default=func.now(), {}))"),
        "",
        "onupdate=func.now()",
    ),
    (
        updated_at_never_updated,
        declarative("updated_at: Mapped[datetime] = mapped_column(default=datetime.now, {})"),
        "",
        "onupdate=func.now()",
    ),
    (
        timestamp_without_default,
        sqlmodel("created_at: datetime = Field({})"),
        "",
        'sa_column_kwargs={"server_default": func.now()}',
    ),
    (
        timestamp_without_default,
        core('Column("created_at", sa.DateTime, nullable=False, {})'),
        "",
        "server_default=func.now()",
    ),
    (
        primary_key_without_generator,
        sqlmodel("id: UUID = Field(primary_key=True, {})").replace("number: int = Field(primary_key=True)", ""),
        "",
        "default_factory=uuid4",
    ),
    (
        primary_key_without_generator,
        declarative("id: Mapped[UUID] = mapped_column(primary_key=True, {})").replace(NUMBER, ""),
        "",
        "default=uuid4",
    ),
    (
        default_evaluated_once,
        sqlmodel("token: UUID = Field(unique=True, {})"),
        "default=uuid4()",
        "default_factory=uuid4",
    ),
    (
        default_evaluated_once,
        dataclass("token: Mapped[UUID] = mapped_column(unique=True, {})"),
        "default=uuid4()",
        "default_factory=uuid4",
    ),
    (
        default_evaluated_once,
        core('Column("token", sa.Uuid, unique=True, {})'),
        "default=uuid4()",
        "default=uuid4",
    ),
    (
        default_evaluated_once,
        declarative("at: Mapped[datetime] = mapped_column({})"),
        "default=datetime.now()",
        "default=lambda: datetime.now(UTC)",
    ),
]


@pytest.mark.parametrize(("rule", "model", "wrong", "remedy"), CASES)
def test_a_remedy_can_be_copied_into_the_model(rule: Rule, model: str, wrong: str, remedy: str) -> None:
    (problem,) = problems(rule, model.replace("{}", wrong))
    assert remedy in [
        one.removeprefix("the function itself: ").removeprefix("a function: ") for one in alternatives(problem.remedy)
    ]
    check_clean(rule, model.replace("{}", remedy))


def alternatives(remedy: str) -> list[str]:
    return remedy.split(", or ")
