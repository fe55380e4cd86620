"""What a table's class validates is validated."""

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from schemalint.rules.schema.validation_on_table_model import validation_on_table_model as rule
from snippets import check_clean, check_found

HEADER = """
    from pydantic import AfterValidator, BeforeValidator, PositiveInt, PlainSerializer, StringConstraints, computed_field, constr
    from pydantic import conint, field_serializer, field_validator, model_validator, validator

    def upper(value):
        return value.upper()
"""

MODEL = (
    HEADER
    + """
    class Task(SQLModel, table=True):
        __tablename__ = "tasks"
        {args}
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""
)


def model(line: str, args: str = "") -> str:
    return MODEL.format(line=line.replace("\n", "\n        "), args=args)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("priority: int = Field(ge=1, le=5)", "ge, le of priority"),
        ("priority: int = Field(gt=0, multiple_of=5)", "gt, multiple_of of priority"),
        ("priority: PositiveInt", "gt of priority"),
        ("priority: conint(lt=9)", "lt of priority"),
        ("priority: Optional[Annotated[int, Field(ge=1)]] = None", "ge of priority"),
        ("title: str = Field(min_length=3, max_length=9)", "min_length of title"),
        ("title: constr(pattern='^a')", "pattern of title"),
        ("title: Annotated[str, StringConstraints(pattern='^a')]", "pattern of title"),
        ("title: Annotated[str, AfterValidator(upper)]", "the validator of title"),
        (
            "title: str\n@field_validator('title')\n@classmethod\ndef check_title(cls, value):\n    return value",
            "check_title",
        ),
        ("title: str\n_upper = field_validator('title')(upper)", "_upper"),
        ("title: str\n@model_validator(mode='after')\ndef check(self):\n    return self", "check"),
        ("a: int = Field(ge=1)\nb: int = Field(le=1)", "ge of a and le of b"),
    ],
)
def test_what_the_class_of_a_table_says_is_found(line: str, what: str) -> None:
    (problem,) = check_found(rule, model(line), "Task")
    assert problem.message == f"Task(...) does not run {what}: an object that breaks it is made and stored"


@pytest.mark.parametrize(
    "line",
    [
        "owner: Annotated[UUID, BeforeValidator(UUID)]",
        "owner: Annotated[UUID, BeforeValidator(UUID)] | None = None",
        "owner: Annotated[UUID, BeforeValidator(UUID)] = Field(sa_column=Column(sa.Uuid(), nullable=False))",
        "owner: Annotated[UUID, BeforeValidator(UUID)] = Field(sa_type=Guid)",
        "due: Annotated[datetime, BeforeValidator(datetime.fromisoformat)]",
        "effort: Annotated[int, BeforeValidator(int)]",
        "due: datetime | None = None\n@field_validator('due', mode='before')\n@classmethod\ndef read_due(cls, value):\n    return value",
    ],
)
def test_a_validator_that_only_turns_what_comes_into_the_type_of_the_column_is_fine(line: str) -> None:
    check_clean(rule, GUID + model(line))


GUID = """
    class Guid(sa.types.TypeDecorator):
        impl = sa.CHAR(32)
        cache_ok = True
"""


@pytest.mark.parametrize(
    "line",
    [
        "title: Annotated[str, BeforeValidator(upper)]",
        "data: Annotated[dict, BeforeValidator(dict)] = Field(sa_type=sa.JSON)",
        "data: Annotated[bytes, BeforeValidator(bytes)]",
        "owner: Annotated[UUID, AfterValidator(UUID)]",
        "title: str\n@field_validator('title', mode='before')\n@classmethod\ndef trim(cls, value):\n    return value",
        "a: int\nb: str\n@field_validator('a', 'b', mode='before')\n@classmethod\ndef trim(cls, value):\n    return value",
        "a: int\n@field_validator('*', mode='before')\n@classmethod\ndef trim(cls, value):\n    return value",
        "a: int\n@model_validator(mode='before')\n@classmethod\ndef trim(cls, value):\n    return value",
    ],
)
def test_a_validator_before_a_type_that_takes_anything_is_found(line: str) -> None:
    check_found(rule, model(line), "Task")


def test_a_field_that_only_the_table_has_is_found_beside_a_base() -> None:
    source = """
        class TaskBase(SQLModel):
            priority: int = Field(ge=1)

        class TaskCreate(TaskBase): ...

        class Task(TaskBase, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            effort: int = Field(ge=0)
        """
    (problem,) = check_found(rule, source, "Task")
    assert "ge of effort" in problem.message


@pytest.mark.parametrize(
    "line",
    [
        "title: str",
        "title: str = Field(max_length=200)",
        "title: Annotated[str, StringConstraints(max_length=6)]",
        "price: Decimal = Field(max_digits=9, decimal_places=2)",
        "title: Annotated[str, PlainSerializer(upper)]",
        "title: str = Field(description='at least three letters', alias='name')",
        "title: str\n@field_serializer('title')\ndef shown(self, value):\n    return value",
        "title: str\n@computed_field\n@property\ndef shown(self) -> str:\n    return self.title",
        "model_config = {'validate_assignment': True}\npriority: int = Field(ge=1)",
        "priority: int = Field(ge=1)\ndef __init__(self, **data):\n    super().__init__(**self.model_validate(data).model_dump())",
    ],
)
def test_what_is_no_validation_or_is_run_is_fine(line: str) -> None:
    check_clean(rule, model(line))


@pytest.mark.parametrize("check", ['"priority > 0"', '"priority BETWEEN 1 AND 5"', 'sa.column("priority") >= 1'])
def test_a_check_that_names_the_column_counts(check: str) -> None:
    check_clean(rule, model("priority: int = Field(ge=1, le=5)", f"__table_args__ = (CheckConstraint({check}),)"))


def test_a_check_at_the_column_counts() -> None:
    check_clean(rule, model("priority: int = Field(ge=1, sa_column_args=[CheckConstraint('priority > 0')])"))


BASE = (
    HEADER
    + """
    class TaskBase(SQLModel):
        priority: int = Field(ge=1)
        title: constr(pattern="^a")

        @field_validator("title")
        @classmethod
        def check_title(cls, value):
            return value

    {others}

    class Task(TaskBase, table=True):
        __tablename__ = "tasks"
        id: int | None = Field(default=None, primary_key=True)
        {line}
"""
)


@pytest.mark.parametrize(
    ("others", "line"),
    [
        ("class TaskCreate(TaskBase): ...", ""),
        ("class TaskCreate(TaskBase): ...", "priority: int = Field(ge=1, index=True)"),
        ("", ""),
        ("class TaskMixin(TaskBase): ...", "done: bool = False"),
    ],
)
def test_what_a_base_says_that_is_no_table_is_fine(others: str, line: str) -> None:
    check_clean(rule, BASE.format(others=others, line=line))


def test_a_base_with_an_init_of_its_own_is_fine() -> None:
    check_clean(
        rule,
        """
        class Validated(SQLModel):
            def __init__(self, **data):
                super().__init__(**data)
                type(self).model_validate(data)

        class Task(Validated, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            priority: int = Field(ge=1)
        """,
    )


def test_classes_that_are_no_sqlmodel_are_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Task(Base):
            __tablename__ = "tasks"
            id: Mapped[int] = mapped_column(primary_key=True)
            priority: Mapped[Annotated[int, Field(ge=1)]]

            @orm.validates("priority")
            def check(self, key, value):
                return value

        class Note(MappedAsDataclass, Base):
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)

        class Request(SQLModel):
            priority: int = Field(ge=1)

        t = Table("logs", Base.metadata, Column("line", sa.Text))
        """,
    )


class Base(SQLModel, registry=registry(metadata=MetaData())): ...


class Skips(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    priority: int = Field(ge=1)


class Validates(Base, table=True):
    model_config = {"validate_assignment": True}
    id: int | None = Field(default=None, primary_key=True)
    priority: int = Field(ge=1)


def test_what_the_page_says_of_sqlmodel() -> None:
    assert Skips(priority=-1).priority == -1
    assert TypeAdapter(Skips).validate_python({"priority": -1}).priority == -1  # as FastAPI reads a request
    with pytest.raises(ValidationError):
        Skips.model_validate({"priority": -1})
    with pytest.raises(ValidationError):
        Validates(priority=-1)
