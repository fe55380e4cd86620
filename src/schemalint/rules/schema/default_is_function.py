"""A function given where the class takes a value.

`Field(default=uuid4)` of SQLModel, and `mapped_column(default=uuid4)` of a class that is mapped as a dataclass, do not call the function:
every new instance holds the function object itself, and the insert fails because no driver can send it. `default=` takes a function only in
`Column` and in the `mapped_column` of other classes.

It is never right.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(default=uuid4, primary_key=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: UUID = Field(
        default_factory=uuid4, primary_key=True, sa_column_kwargs={"server_default": func.gen_random_uuid()}
    )
```
"""

import ast
import functools
import inspect
import uuid
from collections.abc import Iterator, Mapping

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import class_default
from schemalint.rules.schema._unimported import columns, default_value
from schemalint.subjects.schema import ModelField, Schema
from schemalint.subjects.source import Source, home_of


@rule(fixes=("safe",))
def default_is_function(schema: Schema) -> Iterator[Problem]:
    for field in schema.fields:
        default = class_default(field)
        if inspect.isroutine(default) or isinstance(default, (type, functools.partial)):
            name = getattr(default, "__name__", "the function")
            yield problem(field, field.model.__name__, field.name, name, fix(field, default))


@default_is_function.without_import
def in_source(source: Source) -> Iterator[Problem]:
    full_names = {name if "." in name else f"builtins.{name}": name for name in KNOWN.values()}
    for class_, one in columns(source):
        value = default_value(one) if class_.is_sqlmodel else None
        full_name = source.meaning(class_.module, value)
        if isinstance(value, ast.Lambda):
            yield problem(one, class_.name, one.name, "<lambda>", None)
        elif full_name in full_names:
            known = full_names[full_name]
            code, imports = known.rpartition(".")[2], (known,) if "." in known else ()
            edit = SetArgument(one, "default_factory", code, instead_of="default", imports=imports)
            is_named = value is one.keyword("default")
            yield problem(one, class_.name, one.name, code, Fix("safe", (edit,)) if is_named else None)
        elif full_name in CLOCKS or is_function(source, full_name):
            yield problem(one, class_.name, one.name, full_name.rpartition(".")[2], None)


CLOCKS = frozenset(
    {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"}
)


def is_function(source: Source, full_name: str) -> bool:
    """Whether a name is that of a function of the project's, which nothing makes something else of."""
    home, _, name = home_of(full_name, source.known)
    found = home.names.get(name) if home else None
    return isinstance(found, ast.FunctionDef) and not found.decorator_list


def problem(part: object, model: str, attribute: str, function: str, fix: Fix | None) -> Problem:
    return Problem(
        part=part,
        at="default",
        message=f"a new {model} holds the function {function} itself as its {attribute}, and its insert fails",
        remedy=f"default_factory={function}" if function.isidentifier() else "default_factory=",
        fix=fix,
    )


def fix(field: ModelField, function: object) -> Fix | None:
    """Return the keyword for functions, with a function of Python's own; how one of the project is written here, only its author knows.

    None in a dataclass: there `default` fills the column as well, and `default_factory` does not.
    """
    full_name = KNOWN.get(function)
    if full_name is None or field.info is None:
        return None
    imports = (full_name,) if "." in full_name else ()
    code = full_name.rpartition(".")[2]
    return Fix("safe", (SetArgument(field.column, "default_factory", code, instead_of="default", imports=imports),))


KNOWN: Mapping[object, str] = {
    uuid.uuid1: "uuid.uuid1",
    uuid.uuid4: "uuid.uuid4",
    dict: "dict",
    list: "list",
    str: "str",
}
"""Functions with their full names."""
