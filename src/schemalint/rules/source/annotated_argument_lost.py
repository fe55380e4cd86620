"""An argument of a Field inside Annotated that SQLModel does not read.

SQLModel reads what is about the column (`foreign_key`, `primary_key`, `index`, `unique`, `nullable`, `sa_type` and their like) from one `Field` only.
Of `Annotated[int, Field(foreign_key="books.id")] = Field(index=True)` that is the one behind the equals sign: the column has no foreign key, and nothing says
so, not at import, not in Alembic's autogenerate. A second `Field` in one `Annotated`, and one in an `Annotated` inside a union or `Optional`, are lost in the same way. What
pydantic keeps (`max_length`, `default`, `ge`) reaches the column from wherever it stands.

Whether the installed SQLModel loses it is asked of SQLModel itself, as a later one may not. It is never right anyway.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    isbn: Annotated[str, Field(max_length=13, unique=True)] = Field(description="the number on the back")
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    isbn: Annotated[str, Field(max_length=13, unique=True, description="the number on the back")]
```
"""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from typing import Annotated

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import (
    Attribute,
    ModelClass,
    Module,
    Source,
    called_by,
    keywords_of,
    last_name,
    literal,
    parsed,
)

OF_THE_COLUMN = (
    *("primary_key", "foreign_key", "ondelete", "unique", "index", "nullable"),
    *("sa_type", "sa_column", "sa_column_args", "sa_column_kwargs"),
)


@rule(fixes=("schema",))
def annotated_argument_lost(source: Source) -> Iterator[Problem]:
    aliases = {f"{module.name}.{name}" for module in source.known.values() for name in aliases_in(module)}
    for module, classes in source.classes_in.items():
        is_mentioned = any("Annotated" in line for line in module.lines)
        for class_ in classes if is_mentioned or aliases else ():
            if class_.is_sqlmodel and (class_.kind == "table" or class_ in source.above_tables):
                for one in class_.fields:
                    if one.is_column and not one.is_conditional:
                        yield from lost_in(source, class_, one, aliases)


def aliases_in(module: Module) -> Iterator[str]:
    """Yield the names of a module's top level that stand for an Annotated type."""
    for name, value in module.names.items():
        if isinstance(value, ast.Subscript) and last_name(value.value) == "Annotated":
            yield name


def lost_in(source: Source, class_: ModelClass, one: Attribute, aliases: Collection[str]) -> Iterator[Problem]:
    read, unread = fields_of(source, one, aliases)
    kept = keywords_of(read)
    lost = [
        name
        for field in unread
        for name, value in keywords_of(field).items()
        if name in OF_THE_COLUMN and name not in kept and says_something(value)
    ]
    if lost and installed_sqlmodel_loses():
        names = " and ".join(dict.fromkeys(lost))
        yield Problem(
            part=one,
            message=f"{class_.name}.{one.name} has {names} in a Field that SQLModel does not read: the column goes without",
            remedy=f"{'them' if lost[1:] else 'it'} in the one Field behind the equals sign"
            if one.called == "Field"
            else "one Field, in an Annotated that is the whole annotation",
            fix=merged(one, class_),
        )


def fields_of(source: Source, one: Attribute, aliases: Collection[str]) -> tuple[ast.Call | None, list[ast.Call]]:
    """Return the Field that SQLModel reads, and those that it does not."""
    module, annotation = one.owner.module, one.annotation
    if aliases and isinstance(annotation, (ast.Name, ast.Attribute)):
        full_name = source.meaning(module, annotation)
        alias = source.assigned(full_name) if full_name in aliases else None
        module, annotation = alias or (module, annotation)
    if not isinstance(annotation, (ast.Subscript, ast.BinOp, ast.Constant)):
        return None, []
    whole, inside = in_annotated(module, annotation)
    if one.called == "Field":
        return one.call, [*whole, *inside]
    if one.value is not None and isinstance(one.value, ast.Call):
        return None, []  # pydantic's own Field, or whatever else: merged in a way of its own
    return (whole[0] if whole else None), [*whole[1:], *inside]


def in_annotated(module: Module, annotation: ast.expr) -> tuple[list[ast.Call], list[ast.Call]]:
    """Return the Fields in the Annotated that is the whole annotation, and those in others inside it."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = parsed(annotation.value) or annotation
    whole: list[ast.Call] = []
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        annotation, *metadata = parts
        whole = [part for part in metadata if isinstance(part, ast.Call) and called_by(module, part) == "Field"]
        # An Annotated in an Annotated is one.
        if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
            first, inside = in_annotated(module, annotation)
            return [*first, *whole], inside
    inside = [
        part
        for node in ast.walk(annotation)
        if isinstance(node, ast.Subscript)
        and last_name(node.value) == "Annotated"
        and isinstance(node.slice, ast.Tuple)
        for part in node.slice.elts[1:]
        if isinstance(part, ast.Call) and called_by(module, part) == "Field"
    ]
    return whole, inside


def says_something(value: ast.expr) -> bool:
    """Whether an argument is not what a column is like anyway."""
    return not (isinstance(value, ast.Constant) and literal(value) in (False, None))


def merged(one: Attribute, class_: ModelClass) -> Fix | None:
    """Return the field with all arguments in the Field behind the equals sign; None where they are not all written out there."""
    if one.called != "Field" or one.call is None or len(one.annotated) != 1 or one.takes_unknown_keywords:
        return None
    (inner,) = one.annotated
    match one.annotation:
        case ast.Subscript(slice=ast.Tuple(elts=[kind, _])) if called_by(one.owner.module, inner) == "Field":
            module = one.owner.module
        case _:
            return None
    texts = module.text(one.annotation) + module.text(one.call)
    if inner.args or any(word.arg is None for word in inner.keywords) or "#" in texts:
        return None
    more = [word for word in inner.keywords if word.arg not in one.keywords]
    code = ast.unparse(ast.Call(one.call.func, one.call.args, [*one.call.keywords, *more]))
    return Fix(
        "schema",
        (Replace(module.locate(one.annotation), module.text(kind)), Replace(module.locate(one.call), code)),
        due=f"what the column {one.column_name} of {class_.table or class_.name} has gone without so far",
    )


@cache
def installed_sqlmodel_loses() -> bool:
    """Whether the installed SQLModel reads one Field only; where there is none, the newest known, which does, is meant."""
    try:
        from sqlmodel import Field, SQLModel
        from sqlmodel.main import get_column_from_field
    except ImportError:
        return True

    class Probe(SQLModel):
        x: Annotated[int, Field(unique=True)] = Field(default=1)

    return not get_column_from_field(Probe.model_fields["x"]).unique
