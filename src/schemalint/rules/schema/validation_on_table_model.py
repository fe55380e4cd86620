"""Validation in a SQLModel class with `table=True`, which making an object does not run.

`Task(priority=-1)` is accepted, whatever `ge`, `pattern` or a `field_validator` says: for a table SQLModel skips all of pydantic's validation, so that SQLAlchemy can load rows
and objects can be filled step by step (https://github.com/fastapi/sqlmodel/issues/52). The value goes to PostgreSQL, which does not know the rule either. Only `model_validate()`
runs it; FastAPI, which makes an object of a request, does not ask for the bounds.

Found is what the table's class says itself: validators, and bounds of a field (`ge`, `gt`, `le`, `lt`, `multiple_of`, `min_length`, `pattern`) that no CHECK names. What a base says that is no table is silent: objects of
the base and of its other subclasses (TaskBase, TaskCreate) are validated. So are `max_length`, which makes VARCHAR(n), a BeforeValidator of a UUID, a number, a date or an enum, which
turns what a client sends into that type (what it leaves as it was, PostgreSQL refuses), `validate_assignment=True`, with which SQLModel does validate, and classes with an `__init__` of their own. Right anyway: a table whose objects are made by `model_validate()` only.

Bad:

```python
from pydantic import field_validator

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    priority: int

    @field_validator("priority")
    @classmethod
    def check_priority(cls, value: int) -> int:
        if not 1 <= value <= 5:
            raise ValueError("a priority is from 1 to 5")
        return value
```

Good:

```python
class TaskCreate(SQLModel):
    priority: int = Field(ge=1, le=5)

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint("priority BETWEEN 1 AND 5", name="ck_tasks_priority"),)
    id: int | None = Field(default=None, primary_key=True)
    priority: int
```
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Interval, Numeric, Time, Uuid

from schemalint.rule import Problem, rule
from schemalint.rules.schema._fields import is_of_sqlmodel, said_by_pydantic
from schemalint.rules.schema._types import is_custom, is_named_in_a_check, is_utc_datetime
from schemalint.subjects.schema import AnyColumn, AnyMapper, ModelField, Schema


@rule
def validation_on_table_model(schema: Schema) -> Iterator[Problem]:
    fields: dict[type, list[ModelField]] = defaultdict(list)
    for field in schema.fields:
        if field.info is not None:
            fields[field.model].append(field)
    for mapper in schema.mappers:
        model = mapper.class_
        if not is_of_sqlmodel(model) or model.model_config.get("validate_assignment") or has_its_own_init(mapper):
            continue
        columns = {field.name: field.column for field in fields[model]}
        skipped = [*validators(model, columns), *(said for field in fields[model] for said in bounds(field))]
        if skipped:
            yield Problem(
                part=mapper,
                message=f"{model.__name__}(...) does not run {listed(skipped)}: an object that breaks it is made and stored",
                remedy="validation in a class without table=True, and a CHECK in the table",
            )


def validators(model: type, columns: Mapping[str, AnyColumn]) -> Iterator[str]:
    """Yield the validators that stand in a class itself, by their names."""
    decorated = getattr(model, "__pydantic_decorators__", None)
    for kind in ("field_validators", "model_validators", "validators", "root_validators"):
        for name, one in getattr(decorated, kind, {}).items():
            if name in vars(model) and not only_converts(one.info, columns):
                yield name


def only_converts(validator: Any, columns: Mapping[str, AnyColumn]) -> bool:
    """Whether a validator comes before the types of its fields, and PostgreSQL holds the columns to theirs."""
    names: Collection[str] = getattr(validator, "fields", ())  # a validator of the whole model has none
    return (
        bool(names)
        and validator.mode == "before"
        and all(name in columns and has_values_of_its_own(columns[name]) for name in names)
    )


def has_values_of_its_own(column: AnyColumn) -> bool:
    """Whether a column's type refuses what it cannot read; a type of the project may."""
    return isinstance(column.type, CHECKED) or is_utc_datetime(column) or is_custom(column)


def bounds(field: ModelField) -> Iterator[str]:
    """Yield what a field that its class declares first says about its values, and neither pydantic nor PostgreSQL asks about."""
    metadata = field.metadata
    if not metadata or any(field.name in getattr(base, "__pydantic_fields__", ()) for base in field.model.__mro__[1:]):
        return
    said = [name for name in BOUNDS if any(True for _ in said_by_pydantic(field, name))]
    if said and not is_named_in_a_check(field.column):
        yield f"{', '.join(said)} of {field.name}"
    if any(validates(one, field.column) for one in metadata):
        yield f"the validator of {field.name}"


def validates(one: object, column: AnyColumn) -> bool:
    """Whether an entry of Annotated is a validator, and one that says more than the column's type."""
    if type(one).__module__ != "pydantic.functional_validators":
        return False
    name = type(one).__name__
    return name in WRITTEN or (name == "BeforeValidator" and not has_values_of_its_own(column))


BOUNDS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "pattern")
WRITTEN = frozenset({"AfterValidator", "PlainValidator", "WrapValidator"})
"""Validators in Annotated, by name: a project without pydantic must not import it."""

CHECKED = (Boolean, Date, DateTime, Enum, Integer, Interval, Numeric, Time, Uuid)
"""Types that PostgreSQL, or SQLAlchemy on the way to it, gives no value that is not theirs."""


def has_its_own_init(mapper: AnyMapper) -> bool:
    """Whether the project says itself how an object is made, and may validate there."""
    made_by = mapper.class_manager.original_init
    return not getattr(made_by, "__module__", "").startswith("sqlmodel.")


def listed(skipped: list[str]) -> str:
    *others, last = skipped
    return f"{', '.join(others)} and {last}" if others else last
