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

import functools
import inspect
import uuid
from collections.abc import Iterator, Mapping

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import class_default
from schemalint.subjects.schema import ModelField, Schema


@rule(fixes=("safe",))
def default_is_function(schema: Schema) -> Iterator[Problem]:
    for field in schema.fields:
        default = class_default(field)
        if inspect.isroutine(default) or isinstance(default, (type, functools.partial)):
            name = getattr(default, "__name__", "the function")
            yield Problem(
                part=field,
                at="default",
                message=f"a new {field.model.__name__} holds the function {name} itself as its {field.name}, and its insert fails",
                remedy=f"default_factory={name}" if name.isidentifier() else "default_factory=",
                fix=fix(field, default),
            )


def fix(field: ModelField, function: object) -> Fix | None:
    """Return the keyword for functions, with a function of Python's own; how one of the project is written here, only its author knows."""
    full_name = KNOWN.get(function)
    if full_name is None:
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
