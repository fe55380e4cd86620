"""Pydantic's validators are not built for models that are only looked at, and whatever is wrong with one is told nevertheless."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from schemalint.loaders import deferral
from schemalint.loaders.deferral import can_be_built
from schemalint.rule import Rule
from schemalint.rules import all_rules
from snippets import ask, loaded

HEAD = """
class Unknown:
    pass

class State(Enum):
    on = "on"

"""


@pytest.mark.parametrize(
    "fields",
    [
        "name: str = Field(max_length=3, min_length=1)",
        "name: str | None = None",
        "state: State = State.on",
        "state: Optional[State] = Field(default=None)",
        "at: datetime; on: date; during: timedelta; when: time; key: UUID; data: bytes; ratio: float; fine: bool",
        "price: Decimal = Field(max_digits=10, decimal_places=2, ge=0)",
        "count: int = Field(ge=0, lt=10)",
        "details: dict[str, Any] = Field(default_factory=dict, sa_type=pg.JSONB)",
        "details: dict = Field(default_factory=dict, sa_type=pg.JSONB)",
        "names: list[str] = Field(sa_type=pg.ARRAY(sa.String))",
        "kind: Literal['a', 'b'] = Field(sa_type=sa.String(1))",
    ],
)
def test_a_model_of_plain_fields_gets_no_validator(fields: str) -> None:
    with loaded(f"""{HEAD}class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {fields}
""") as schema:
        assert schema.failures == ()
        (mapper,) = schema.mappers
        assert can_be_built(mapper.class_)
        assert not mapper.class_.__pydantic_complete__


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("thing: Unknown = Field(sa_type=sa.String)", "Unable to generate pydantic-core schema"),
        ("thing: list[Unknown] = Field(sa_type=pg.JSONB)", "Unable to generate pydantic-core schema"),
        ("@pydantic.field_validator('nmae')\n    def strip(cls, value): return value", "incorrect fields"),
    ],
)
def test_a_model_that_pydantic_refuses_is_a_failure_on_its_line(body: str, reason: str) -> None:
    with loaded(f"""import pydantic
{HEAD}class Fine(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {body}
""") as schema:
        (failure,) = schema.failures
        assert reason in failure.message
        assert failure.at
        lines = Path(schema.files[0]).read_text(encoding="utf-8").splitlines()
        assert lines[failure.at.line - 1].startswith("class Book")


@pytest.mark.parametrize(
    "body",
    [
        "owner: 'Owner' = Field(sa_type=sa.String)",
        "thing: Unknown = Field(sa_type=sa.String)\n    model_config = {'arbitrary_types_allowed': True}",
        "name: str\n    @pydantic.field_validator('name')\n    def strip(cls, value): return value",
    ],
)
def test_a_model_that_pydantic_takes_is_no_failure(body: str) -> None:
    with loaded(f"""import pydantic
{HEAD}class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {body}
""") as schema:
        assert schema.failures == ()


def test_what_the_users_own_code_validates_while_it_is_imported_is_validated() -> None:
    with loaded("""
        class Settings(SQLModel):
            name: str = Field(max_length=3)

        settings = Settings(name="abc")
        try:
            Settings(name="abcd")
        except ValueError:
            refused = True

        class Book(SQLModel, table=True):
            __tablename__ = "refused" if refused else "accepted"
            id: int = Field(primary_key=True)
    """) as schema:
        assert [table.name for table in schema.tables] == ["refused"]


def test_models_made_afterwards_are_complete_at_once() -> None:
    with loaded("class Book(SQLModel, table=True): id: int = Field(primary_key=True)"):
        pass

    class Later(SQLModel):
        name: str

    assert Later.__pydantic_complete__
    assert "defer_build" not in SQLModel.model_config


RULES = list(all_rules(["schema"]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_findings_are_the_same_with_validators_and_without(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    for example in rule.examples("Bad"):
        without = said_about(example)
        monkeypatch.setattr(deferral, "validators_deferred", nullcontext)
        assert said_about(example) == without
        monkeypatch.undo()


def said_about(example: str) -> set[tuple[str, str, str]]:
    with loaded(example) as schema:
        return {
            (rule.name, schema.place(problem.part).object, problem.message)
            for rule in RULES
            for problem in ask(rule, schema, {})
        }
