"""An attribute of a model that has the name of something SQLAlchemy or pydantic keeps there.

`metadata` holds the MetaData of all tables. As a column or relationship it keeps SQLAlchemy 2.0 from making the class (`Attribute name
'metadata' is reserved`); 2.1 warns, and `User.metadata` is then the column, for `env.py`, `create_all` and every class below. A
mixin that only annotates it loses the column without a word. `registry` is the same with a warning from 2.1 on. In a SQLModel table, a
field such as `json`, `copy` or `schema` takes the place of pydantic's method, with a warning at every import; `model_dump` and its like are
refused, and so is `model_config`, which holds a model's settings. The name of the column in PostgreSQL is free: `mapped_column("metadata", ...)`.

Right anyway: a field that hides one of pydantic's old methods (`json`, `dict`, `copy`, `schema`), where nobody calls the method.

Bad:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    metadata: str = Field(max_length=100)
```

Good:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    details: str = Field(max_length=100, sa_column_kwargs={"name": "metadata"})
```
"""

import ast
import re
from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.source import Attribute, ModelClass, Source

SQLALCHEMYS = frozenset({"metadata", "registry"})

PYDANTICS = frozenset(
    {
        *(
            "construct",
            "copy",
            "dict",
            "from_orm",
            "json",
            "parse_file",
            "parse_obj",
            "parse_raw",
            "schema",
            "schema_json",
        ),
        *(
            "update_forward_refs",
            "validate",
            "sqlmodel_update",
            "model_computed_fields",
            "model_construct",
            "model_copy",
        ),
        *("model_extra", "model_fields", "model_fields_set", "model_json_schema", "model_parametrized_name"),
        *("model_post_init", "model_rebuild"),
    }
)
"""What pydantic 2 and SQLModel have in every model, and let a field hide with a warning."""


REFUSED = frozenset(
    {"model_dump", "model_dump_json", "model_validate", "model_validate_json", "model_validate_strings"}
)
"""What pydantic refuses, as the names of fields may not hide anything that begins so."""

SETTINGS = "model_config"

NAMES = SQLALCHEMYS | PYDANTICS | REFUSED | {SETTINGS}


BINDS = re.compile(rf"^\s+(?:def\s+)?(?:{'|'.join(sorted(NAMES))})\b|[:;]\s*(?:{'|'.join(sorted(NAMES))})\s*[:=]")


@rule
def reserved_attribute_name(source: Source) -> Iterator[Problem]:
    for class_ in source.models:
        if (class_.is_mapped or class_ in source.above_tables) and may_bind_one(class_):
            for one in [*class_.fields, *fields_called_as_the_settings(class_)]:
                if one.name in NAMES and (message := what_happens(class_, one)):
                    yield Problem(part=one, at="name", message=message, remedy=another_name(class_, one))


def may_bind_one(class_: ModelClass) -> bool:
    """Whether a line of a class may bind such a name: most classes are not looked at closely."""
    lines = class_.module.lines[class_.node.lineno - 1 : class_.node.end_lineno]
    return any(map(BINDS.search, lines))


def fields_called_as_the_settings(class_: ModelClass) -> Iterator[Attribute]:
    """Yield a SQLModel class's `model_config` where it is meant as a field: settings are a call or a dictionary, or a name for one."""
    for one in class_.bindings(SETTINGS) if class_.is_sqlmodel else ():
        is_settings = one.called == "" and one.value is not None and not isinstance(one.value, ast.Constant)
        if isinstance(one.node, ast.AnnAssign) and not is_settings:
            yield one


def what_happens(class_: ModelClass, one: Attribute) -> str:
    """Return what a field's name does, empty where it does nothing."""
    written = f"{class_.name}.{one.name}"
    if one.name in SQLALCHEMYS and class_.kind == "other" and one.value is None:
        return (
            f"{written} becomes no column: the name is SQLAlchemy's, and what a mixin only annotates with it is dropped"
        )
    if one.name == "metadata":
        return f"SQLAlchemy 2.0 does not make the class, as {written} is reserved; from 2.1 on it warns, and the MetaData of the tables is hidden"
    if one.name == "registry":
        return f"{written} hides the registry of the mapped classes; SQLAlchemy warns of it from 2.1 on"
    if class_.is_sqlmodel and one.name == SETTINGS:
        return f"pydantic does not make the class: it takes {written} for the settings of the model"
    if class_.is_sqlmodel and one.name in REFUSED:
        return f"pydantic does not make the class: {written} would hide its method"
    if class_.is_sqlmodel and one.name in PYDANTICS:
        return f"{written} hides what every pydantic model has under this name; pydantic warns of it at every import"
    return ""


def another_name(class_: ModelClass, one: Attribute) -> str:
    if one.is_relationship:
        return f"another name: {one.name}_"
    if class_.is_sqlmodel and one.column_call is None:
        return f'another name, the column may keep it: {one.name}_ with sa_column_kwargs={{"name": "{one.name}"}}'
    call = "Column" if class_.is_sqlmodel or isinstance(one.node, ast.Assign) else "mapped_column"
    return f'another name, the column may keep it: {one.name}_ with {call}("{one.column_name}", ...)'
