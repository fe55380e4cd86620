"""A `__table_args__` that is no tuple, or has its dictionary in the wrong place: the module does not import.

SQLAlchemy takes a tuple of constraints and indexes, whose last element may be a dictionary of options, or the dictionary alone. Parentheses
around one `Index(...)` make no tuple without a comma (`ArgumentError: __table_args__ value must be a tuple, dict, or None`); a list is
none either. PostgreSQL never sees the table.

What a function returns, or a name holds, is not looked at. It is never right anyway.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_title", "title"))
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=100)
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    __table_args__ = (Index("ix_books_title", "title"),)
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=100)
```
"""

import ast
from collections.abc import Iterator

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import LIBRARIES, Attribute, Source

ITEMS = frozenset(
    {
        *("Index", "UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint", "PrimaryKeyConstraint"),
        *("ExcludeConstraint", "Column", "Constraint"),
    }
)


@rule(fixes=("safe",))
def table_args_shape(source: Source) -> Iterator[Problem]:
    for class_ in source.classes:
        # What was imported has nothing that SQLAlchemy refuses.
        for one in (
            class_.bindings("__table_args__") if "__table_args__" in class_.said and not class_.module.imported else ()
        ):
            match one.value:
                case ast.Call() as call if names_an_item(source, one, call):
                    wrong, remedy = "is one element in parentheses, which is no tuple", "a comma behind it: (...,)"
                case ast.List() | ast.Set():
                    wrong, remedy = "is no tuple", "parentheses: (..., )"
                case ast.Constant(value=value) if value is not None:
                    wrong, remedy = f"is {value!r}, and no tuple", 'a tuple, or a dictionary: {"schema": ...}'
                case ast.Tuple(elts=[*first, _]) if any(isinstance(element, ast.Dict) for element in first):
                    wrong, remedy = "has a dictionary that is not its last element", "the dictionary at the end"
                case ast.Tuple(elts=elements) if any(
                    isinstance(element, (ast.List, ast.Tuple)) for element in elements
                ):
                    wrong, remedy = "has a list for an element", "the elements themselves, or * before it"
                case _:
                    continue
            yield Problem(
                part=one,
                message=f"the __table_args__ of {class_.name} {wrong}: SQLAlchemy does not make the class",
                remedy=remedy,
                fix=with_comma(one),
            )


def names_an_item(source: Source, one: Attribute, call: ast.Call) -> bool:
    root, _, rest = source.meaning(one.owner.module, call.func).partition(".")
    return root in LIBRARIES and rest.rpartition(".")[2] in ITEMS


def with_comma(one: Attribute) -> Fix | None:
    """Return the tuple that was meant by one element or by a list; None where a comment is in the way."""
    if not isinstance(one.value, (ast.Call, ast.List)):
        return None
    module = one.owner.module
    at, text = module.locate(one.value), module.text(one.value)
    if isinstance(one.value, ast.List):
        if "#" in text or not one.value.elts:
            return None
        return Fix("safe", (Replace(at, f"({text[1:-1].rstrip().removesuffix(',')},)"),))
    before = "".join([*module.lines[: at.line - 1], module.lines[at.line - 1][: at.column - 1]]).rstrip()
    return Fix("safe", (Replace(at, f"{text}," if before.endswith("(") else f"({text},)"),))
