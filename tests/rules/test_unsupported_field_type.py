"""Tests of unsupported-field-type."""

from importlib.metadata import PackageNotFoundError

import pytest

from schemalint.fix import SetArgument
from schemalint.rules.source import unsupported_field_type as module
from schemalint.rules.source.unsupported_field_type import unsupported_field_type
from sources import check_clean, check_found, marked

OTHERS = """
import pydantic
from typing import Dict, Mapping, NewType, TypedDict, Sequence
class Address(pydantic.BaseModel):
    street: str
class Nested(Address): pass
class Extra(TypedDict):
    x: int
class Point(SQLModel):
    x: int
class Color(str, Enum):
    red = "red"
Name = NewType("Name", str)
Tags = list[str]
Maybe = Optional[dict]
"""


def event(field: str) -> str:
    return f"{OTHERS}\nclass Event(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    {field}\n"


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("dict", "a dictionary"),
        ("dict[str, Any] | None", "a dictionary"),
        ("Optional[Dict[str, int]]", "a dictionary"),
        ("Mapping[str, int]", "a dictionary"),
        ("Extra", "a dictionary"),
        ("list[str]", "a list"),
        ("List[int]", "a list"),
        ("Sequence[str]", "a sequence"),
        ("tuple[int, int]", "a tuple"),
        ("set", "a set"),
        ("Any", "Any"),
        ("object", "object"),
        ('Literal["a", "b"]', "a Literal"),
        ('Optional[Literal["a"]]', "a Literal"),
        ("int | str", "a union of several types"),
        ("Union[int, str, None]", "a union of several types"),
        ('"int | str"', "a union of several types"),
        ("Address", "the pydantic model Address"),
        ("Nested | None", "the pydantic model Nested"),
        ("Point", "the model Point"),
        ("pydantic.HttpUrl", "pydantic's HttpUrl"),
        ("pydantic.SecretStr | None", "pydantic's SecretStr"),
        ("pydantic.PastDatetime", "pydantic's PastDatetime"),
        ("Annotated[dict, 1]", "a dictionary"),
        ("Name", "the NewType Name"),
        ("Tags", "a list"),
        ("Maybe", "a dictionary"),
        ("Mapped[int]", "Mapped"),
        ('list["Event"]', "a list"),
    ],
)
def test_a_type_without_a_column_is_found_at_its_annotation(annotation: str, kind: str) -> None:
    (problem,) = check_found(unsupported_field_type, event(f"x: {annotation}"), "event.x")
    assert problem.message == f"SQLModel has no column for Event.x, which is {kind}: the module does not import"
    assert marked(unsupported_field_type, event(f"x: {annotation}")) == [annotation]


@pytest.mark.parametrize(
    "field",
    [
        "x: dict = Field(sa_type=pg.JSONB)",
        "x: dict = Field(sa_column=Column(pg.JSONB))",
        "x: Annotated[dict, Field(sa_type=pg.JSONB)]",
        "x: dict = Field(**jsonb)",
        "x: ClassVar[dict] = {}",
        "_x: dict = {}",
        "model_config = {}",
        "x: list['Event'] = Relationship()",
        "x: Optional[int]",
        "x: Union[None, str] = None",
        "x: 'int | None' = None",
        "x: Union[str, str]",
        "x: Color",
        "x: UUID | None",
        "x: Decimal",
        "x: dt.datetime | None",
        "x: bytes",
        "x: timedelta",
        "x: Annotated[str, Field(max_length=3)]",
        "x: pydantic.EmailStr",
        "x: pydantic.PositiveInt",
        "x: pydantic.ByteSize",
        "x: unknown.Thing",
        "x: 'Unknown'",
        "x: 'no python at all'",
    ],
)
def test_a_type_with_a_column_or_one_that_is_not_known_is_fine(field: str) -> None:
    check_clean(unsupported_field_type, event(field))


@pytest.mark.parametrize(
    "source",
    [
        "class Public(SQLModel):\n    x: dict\n",
        "class Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\n    x: Mapped[dict[str, Any]]\n",
        "from pydantic import BaseModel\nclass A(BaseModel):\n    x: dict\n",
        "class Base(SQLModel):\n    x: dict\nclass A(Base, table=True):\n    id: int\n    x: dict = Field(sa_type=pg.JSONB)\n",
        "class Base(SQLModel):\n    x: dict\nclass A(Base, table=True):\n    id: int\n    x: list['A'] = Relationship()\n",
        "dict = Field\nclass A(SQLModel, table=True):\n    x: dict\n",
    ],
)
def test_what_makes_no_column_of_it_is_fine(source: str) -> None:
    check_clean(unsupported_field_type, source)


def test_a_field_of_a_base_is_found_once_for_all_its_tables() -> None:
    check_found(
        unsupported_field_type,
        """
        class Base(SQLModel):
            x: dict
        class A(Base, table=True): pass
        class B(Base, table=True): pass
        """,
        "models.Base.x",
    )


@pytest.mark.parametrize("field", ["x: pydantic.NaiveDatetime", "x: pydantic.AwareDatetime | None"])
def test_the_datetimes_of_pydantic_have_columns_from_sqlmodel_0_0_45_on(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "has_naive_datetimes", lambda: True)
    check_clean(unsupported_field_type, event(field))


def test_the_datetimes_of_pydantic_have_no_column_before_sqlmodel_0_0_45(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_naive_datetimes", lambda: False)
    (problem,) = check_found(unsupported_field_type, event("x: pydantic.NaiveDatetime"), "event.x")
    assert "from SQLModel 0.0.45 on" in problem.message


@pytest.mark.parametrize(("installed", "has"), [("0.0.44", False), ("0.0.45", True), ("0.1.0", True), ("", True)])
def test_which_sqlmodel_is_installed_decides(installed: str, has: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if not installed:
            raise PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(module, "version", version)
    assert module.has_naive_datetimes.__wrapped__() is has


def test_a_list_of_a_table_class_is_a_forgotten_relationship() -> None:
    (problem,) = check_found(unsupported_field_type, event('x: list["Event"]'), "event.x")
    assert problem.remedy.startswith("= Relationship(...)")


@pytest.mark.parametrize("field", ["x: dict", "x: dict = Field(default_factory=dict)", "x: dict | None = None"])
def test_a_dictionary_becomes_jsonb(field: str) -> None:
    (problem,) = check_found(unsupported_field_type, event(field), "event.x")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, SetArgument)
    assert (problem.fix.kind, edit.name, edit.code) == ("schema", "sa_type", "JSONB")
    assert problem.fix.due == "the column x of event, of type jsonb"


@pytest.mark.parametrize(
    "field", ["x: list[str]", "x: Any", "x: dict = make()", "x: Annotated[dict, Field(title='t')]"]
)
def test_what_else_is_meant_only_a_human_knows(field: str) -> None:
    (problem,) = check_found(unsupported_field_type, event(field), "event.x")
    assert problem.fix is None
