"""A SQLModel class that says what its table is like, and is none: `table=True` is missing.

Without `table=True` a class is a pydantic model. `primary_key`, `foreign_key`, `index`, `unique`, `Relationship` and `__tablename__` in it
are ignored without a word: there is no table, `create_all` and Alembic know nothing of it, and the first query is an error. What is found
is such a class with no table class below it anywhere in the project, and none beside it below the same base.

Right anyway: a base that only other projects make tables of. A class whose name begins or ends with `Base`, `Mixin` or `Abstract` is taken for one.

Bad:

```python
class Book(SQLModel):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
```
"""

import re
from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.source import ModelClass, Source, literal

FOR_TABLES = ("primary_key", "index", "unique")
IS_A_BASE = re.compile(r"_?(Base|Mixin|Abstract)|.*(Base|Mixin|Abstract)$")


@rule
def forgotten_table_true(source: Source) -> Iterator[Problem]:
    for class_ in source.classes:
        if class_.kind != "model" or class_ in source.above_tables or IS_A_BASE.match(class_.name):
            continue
        if class_.is_conditional or class_.keyword("table") or any(one in source.above_tables for one in class_.above):
            continue
        if any(one.kind == "table" for one in class_.above):
            continue
        if said := what_is_said(class_):
            yield Problem(
                part=class_,
                at="name",
                message=f"{class_.name} has {said}, but no table: without table=True SQLModel ignores it",
                remedy=f"class {class_.name}(..., table=True), or no {said.removeprefix('a ')} where it is a model for requests and responses",
            )


def what_is_said(class_: ModelClass) -> str:
    """Return the first thing in a class's body that only a table can have, in words; empty where there is none."""
    if class_.bindings("__tablename__"):
        return "a __tablename__"
    for one in class_.attributes:
        if one.called == "Field":
            if isinstance(literal(one.keyword("foreign_key")), str):
                return "a foreign_key"
            for name in FOR_TABLES:
                if literal(one.keyword(name)) is True:
                    return "a primary_key" if name == "primary_key" else f"{name}=True"
    return next(("a Relationship" for one in class_.attributes if one.called == "Relationship"), "")
