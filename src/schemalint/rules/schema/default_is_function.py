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
from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._defaults import class_default
from schemalint.subjects.schema import Schema


@rule
def default_is_function(schema: Schema) -> Iterator[Problem]:
    for field in schema.fields:
        default = class_default(field)
        if inspect.isroutine(default) or isinstance(default, (type, functools.partial)):
            name = getattr(default, "__name__", "the function")
            yield Problem(
                part=field,
                message=f"a new {field.model.__name__} holds the function {name} itself as its {field.name}, and its insert fails",
                remedy=f"default_factory={name}" if name.isidentifier() else "default_factory=",
            )
