"""A relationship that names a class of another module by itself, and not in quotes.

`user: User = Relationship()` needs `User` while the module is imported, so this module imports the other one. As soon as the other side, which
relationships usually have, does the same, the two modules import each other and neither can be imported. In quotes the name is looked up when the first query is
made: `user: "User"`, with the import under `if TYPE_CHECKING`, and each model can be imported, moved and tested alone.

Silent where the import is needed anyway (a base class, a `link_model`, a column named by its class, a function that uses it), where annotations are not evaluated (`from __future__ import
annotations`), and about classes of the same module. It is right anyway where the modules stand in layers and no relationship leads back.

Bad:

```python
# library/people.py
class Reader(SQLModel, table=True):
    __tablename__ = "readers"
    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="reader", passive_deletes="all")
# library/loans.py
from library.people import Reader
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="readers.id", ondelete="CASCADE", index=True)
    reader: Reader = Relationship(back_populates="loans")
```

Good:

```python
# library/people.py
class Reader(SQLModel, table=True):
    __tablename__ = "readers"
    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="reader", passive_deletes="all")
# library/loans.py
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from library.people import Reader
class Loan(SQLModel, table=True):
    __tablename__ = "loans"
    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="readers.id", ondelete="CASCADE", index=True)
    reader: "Reader" = Relationship(back_populates="loans")
```
"""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TypeGuard

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import Attribute, ModelClass, Module, Source, followed, last_name


@rule(profile="strict", fixes=("safe",))
def relationship_class_not_string(source: Source) -> Iterator[Problem]:
    names = Counter(one.name for one in source.of.values() if one.is_mapped)
    for module, classes in source.classes_in.items():
        if not brings_models(source, module):
            continue
        found = [
            (one, node, target)
            for class_ in classes
            if class_.is_mapped or class_ in source.above_tables
            for one in class_.fields
            if one.is_relationship
            for node in evaluated(one)
            if is_imported(module, node)
            and (target := source.named(module, node))
            and target.is_mapped
            and target.module is not module
        ]
        needed = needed_anyway(module, [node for _, node, _ in found]) if found else frozenset()
        for one, node, target in found:
            if root(node) not in needed:
                yield Problem(
                    part=one,
                    at="annotation",
                    message=f"{one.owner.name}.{one.name} needs {target.name} while {module.name} is imported: "
                    f"a relationship back from {target.module.name} in the same way is a circle that Python does not survive",
                    remedy=f'"{target.name}" in quotes, and its import under if TYPE_CHECKING',
                    fix=quoted(one, node, target) if names[target.name] == 1 else None,
                )


def brings_models(source: Source, module: Module) -> bool:
    """Whether a module imports mapped classes, or modules of the project, and evaluates its annotations."""
    imports = [one for one in module.imports.values() if not one.for_typing]
    if any(one.module == "__future__" and one.name == "annotations" for one in imports):
        return False
    names = {followed(one.full_name, source.known) for one in imports}
    return not names.isdisjoint(source.known) or any(name in source.of and source.of[name].is_mapped for name in names)


def evaluated(one: Attribute) -> Iterator[ast.Name | ast.Attribute]:
    """Yield the names of classes that a relationship's annotation, or the call of it, has outside of strings."""
    if isinstance(one.node, ast.FunctionDef):
        return  # what a declared_attr returns is evaluated later
    parts = [one.annotation, *(one.call.args[:1] if one.call and one.called == "relationship" else ())]
    waiting = [part for part in parts if part is not None]
    while waiting:
        match waiting.pop():
            case (ast.Name() | ast.Attribute()) as node:
                yield node
            case ast.Subscript(slice=ast.Tuple(elts=inner)):
                waiting += inner
            case ast.Subscript(slice=inner):
                waiting.append(inner)
            case ast.BinOp(left=left, right=right):
                waiting += [left, right]
            case _:
                pass


def is_imported(module: Module, node: ast.expr) -> bool:
    """Whether a name comes from an import that Python performs."""
    imported = module.imports.get(root(node))
    return imported is not None and not imported.for_typing


def needed_anyway(module: Module, found: list[ast.Name | ast.Attribute]) -> frozenset[str]:
    """Return the names that a module uses elsewhere than in these relationships, when it is imported or in a function."""
    roots = {id(inner) for node in found for inner in ast.walk(node)}
    names = (node for node in ast.walk(module.tree) if isinstance(node, ast.Name))
    return frozenset(node.id for node in names if id(node) not in roots)


def root(node: ast.expr) -> str:
    """Return `models` of `models.user.User`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def quoted(one: Attribute, node: ast.Name | ast.Attribute, target: ModelClass) -> Fix | None:
    """Return the name in quotes; a union with None is written as Optional, as a string has no `|`."""
    module = one.owner.module
    union = next((part for part in ast.walk(one.annotation or node) if is_union_of(part, node)), None)
    if union is not None:
        code, imports = f'Optional["{target.name}"]', ("typing.Optional",)
        return Fix("safe", (Replace(module.locate(union), code, imports),))
    if any(isinstance(part, ast.BinOp) for part in ast.walk(one.annotation or node)):
        return None
    return Fix("safe", (Replace(module.locate(node), f'"{target.name}"'),)) if last_name(node) else None


def is_union_of(part: ast.AST, node: ast.expr) -> TypeGuard[ast.BinOp]:
    """Whether a part of an annotation is `node | None`."""
    match part:
        case (
            ast.BinOp(left=left, right=ast.Constant(value=None)) | ast.BinOp(left=ast.Constant(value=None), right=left)
        ):
            return left is node
        case _:
            return False
