"""A column that a later attribute of the same name in the same class takes the place of.

A class's body is executed from top to bottom, and the last binding of a name counts. `user: int = Field(foreign_key=...)` followed by `user:
"User" = Relationship()` has no column `user`, and with it no foreign key; a field that is written twice has what the second says. A property or
method of the name does the same to a declarative class. Nothing warns, and Alembic drops the column.

A second binding that is made of the first (`name = synonym("name")`, `deferred(name)`), or of a branch, is right anyway.

Bad:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"
    id: int | None = Field(default=None, primary_key=True)
    nickname: str = Field(max_length=50, index=True)
    nickname: str = Field(max_length=80)
```

Good:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"
    id: int | None = Field(default=None, primary_key=True)
    nickname: str = Field(max_length=80, index=True)
```
"""

import ast
from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.source import Attribute, ModelClass, Passage, Source, identity_of


@rule
def field_hidden(source: Source) -> Iterator[Problem]:
    for class_ in source.models:
        if not binds_a_name_twice(class_) or not (class_.is_mapped or class_ in source.above_tables):
            continue
        seen: dict[str, Attribute] = {}
        for one in class_.fields:
            before = seen.get(one.name)
            if before is not None and hides(one, before):
                yield Problem(
                    part=one,
                    at="name",
                    message=f"{class_.name}.{one.name} is {in_words(before)} in line {line_of(before)} already, "
                    f"and becomes {in_words(one)} here: {what_is_lost(before, one)}",
                    remedy="another name for one of the two"
                    if one.is_relationship != before.is_relationship
                    else "one of the two",
                )
            seen[one.name] = one
        if not class_.is_sqlmodel:
            yield from hidden_by_functions(class_, seen)


def binds_a_name_twice(class_: ModelClass) -> bool:
    names = [name for statement in class_.node.body for name in bound(statement)]
    return len({*names}) < len(names)


def bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.FunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (one.id for one in targets if isinstance(one, ast.Name))
        case _:
            pass


def hides(one: Attribute, before: Attribute) -> bool:
    """Whether an attribute takes the place of an earlier one: not in a branch, not made of it, and not the other half of it."""
    if one.is_conditional or before.is_conditional or isinstance(one.node, ast.FunctionDef):
        return False
    if before.value is None and one.annotation is None:  # `x: Mapped[int]`, then `x = mapped_column()`
        return False
    return one.value is None or all(getattr(node, "id", "") != one.name for node in ast.walk(one.value))


def hidden_by_functions(class_: ModelClass, columns: dict[str, Attribute]) -> Iterator[Problem]:
    for statement in class_.node.body:
        if not isinstance(statement, ast.FunctionDef) or (before := columns.get(statement.name)) is None:
            continue
        decorators = [node for one in statement.decorator_list for node in ast.walk(one)]
        is_made_of_it = any(getattr(node, "id", "") == statement.name for node in decorators)
        if (
            before.node is not statement
            and before.value
            and before.node.lineno < statement.lineno
            and not is_made_of_it
        ):
            yield Problem(
                part=Passage(class_.module, before.node, identity_of(before), class_.table),
                message=f"{class_.name}.{before.name} is defined again as a function in line {statement.lineno}: {what_is_lost(before)}",
                remedy="another name for one of the two",
            )


def in_words(one: Attribute) -> str:
    return "a relationship" if one.is_relationship else "a column"


def what_is_lost(before: Attribute, one: Attribute | None = None) -> str:
    if one is not None and before.is_relationship == one.is_relationship:
        return "what the first says is lost"
    return "there is no such relationship" if before.is_relationship else "the table has no such column"


def line_of(one: Attribute) -> int:
    return one.node.lineno
