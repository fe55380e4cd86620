"""Two classes that claim one table, or one name.

Two classes with one `__tablename__` keep the second from being made (`InvalidRequestError: Table 'books' is already defined for this MetaData
instance`). The advice in that message, `extend_existing=True`, makes both map one table that has the columns of both, and what the second says of a
column replaces what the first did, whichever is imported last. Two mapped classes with one name are fine until a relationship names
them in a string: SQLAlchemy 2.0 then cannot configure its mappers (`Multiple classes found for path`), 2.1 takes one of them without a word.

Classes with metadata of their own, or in branches, are not compared. It is right anyway where two classes map one table on purpose, each for
some of its columns.

Bad:

```python
# library/books.py
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
# library/shelves.py
class ShelvedBook(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
# library/books.py
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
# library/shelves.py
class ShelvedBook(SQLModel, table=True):
    __tablename__ = "shelved_books"
    id: int | None = Field(default=None, primary_key=True)
```
"""

import ast
from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.source._registries import registry_of
from schemalint.subjects.source import Attribute, ModelClass, Source, keywords_of, literal, members, parsed


@rule
def table_defined_twice(source: Source) -> Iterator[Problem]:
    tables: dict[tuple[str, str], list[ModelClass]] = {}
    names: dict[tuple[str, str], list[ModelClass]] = {}
    for one in sorted(source.classes, key=lambda one: (one.module.name, one.node.lineno)):
        if one.is_mapped and not one.is_conditional and (registry := registry_of(source, one)):
            names.setdefault((registry, one.name), []).append(one)
            if one.tablename and "__table__" not in one.said:
                tables.setdefault((registry, one.tablename), []).append(one)
    for (_, name), claiming in tables.items():
        first, *others = claiming
        for one in others:
            if extends(one) or extends(first):
                message = f"{one.name} and {first.name} of {first.module.name} share the table {name}: it gets the columns of both, and of one column the last"
            elif source.is_whole:
                continue  # they were imported, so there is something that the source does not show
            else:
                message = f"{first.name} of {first.module.name} has the table {name} already: SQLAlchemy does not make {one.name}"
            yield Problem(part=one, message=message, remedy="another __tablename__, or one class for the table")
    twice = {key: claiming for key, claiming in names.items() if claiming[1:]}
    if twice:
        yield from ambiguous(source, twice)


def extends(class_: ModelClass) -> bool:
    """Whether a class says `extend_existing` (or `keep_existing`) in its `__table_args__`."""
    written = class_.table_args.value if class_.table_args else None
    last = written.elts[-1] if isinstance(written, ast.Tuple) and written.elts else written
    keys = [literal(key) for key in last.keys] if isinstance(last, ast.Dict) else []
    keys += keywords_of(last) if isinstance(last, ast.Call) else []
    return not {"extend_existing", "keep_existing"}.isdisjoint(keys)


def ambiguous(source: Source, twice: dict[tuple[str, str], list[ModelClass]]) -> Iterator[Problem]:
    """Yield the relationships that name one of several classes of one name in a string."""
    for class_ in source.classes:
        registry = registry_of(source, class_) if class_.is_mapped else ""
        for one in class_.fields if registry else ():
            name = named_in_a_string(one) if one.is_relationship else ""
            if claiming := twice.get((registry, name)):
                homes = " and ".join(other.module.name for other in claiming)
                yield Problem(
                    part=one,
                    message=f"{class_.name}.{one.name} names {name}, of which there is one in {homes}: SQLAlchemy 2.0 cannot configure the mappers, "
                    "2.1 takes one of them",
                    remedy=f'the whole path: "{claiming[0].full_name}", or another name for one of the classes',
                )


def named_in_a_string(one: Attribute) -> str:
    """Return the bare class name that a relationship has in a string; empty where it is a class, a path, or what the module knows by itself."""
    module, call = one.owner.module, one.call
    if call is not None and one.called == "relationship" and call.args:
        target = literal(call.args[0])
        return target if isinstance(target, str) and target.isidentifier() else ""
    for node in members(module, one.annotation):
        inner = node.slice if isinstance(node, ast.Subscript) else node
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            inner = parsed(inner.value) or inner
        # What the module knows at run time, SQLAlchemy does not look up by its name.
        if isinstance(inner, ast.Name):
            imported = module.imports.get(inner.id)
            is_known = inner.id in module.names or (imported is not None and not imported.for_typing)
            return "" if is_known else inner.id
    return ""
