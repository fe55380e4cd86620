"""Application code that creates the tables by itself, though migrations do.

`metadata.create_all(engine)` makes the tables that are missing and leaves the others as they are. A release that starts before its migration
was performed makes its new tables so: `alembic upgrade` then fails with *relation already exists*, and the columns that the release adds to
old tables are missing all the same. A database that was made like this has no `alembic_version`, so that every migration is still due.

Found is the call for the models' own metadata, in a project with Alembic revisions, in code that runs by itself: at the top level of a
module, or in a function that the application uses. Tests, scripts, commands, anything in an `if` (`if __name__ == "__main__"`), what also calls
`drop_all`, a part of the tables (`tables=`) and SQLite are silent. It is right anyway for a database that each start makes anew.

Bad:

```python
# library/books.py
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
# library/main.py
from library.books import Book
engine = sa.create_mock_engine("postgresql+psycopg://", lambda *_: None)
SQLModel.metadata.create_all(engine)
# migrations/versions/0001_books.py
revision = "0001"
# models = library.books
```

Good:

```python
# library/books.py
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
# library/main.py
from library.books import Book
engine = sa.create_mock_engine("postgresql+psycopg://", lambda *_: None)
# migrations/versions/0001_books.py
revision = "0001"
# models = library.books
```
"""

import ast
import re
from collections.abc import Collection, Iterator
from typing import TypeAlias

from schemalint.rule import Problem, rule
from schemalint.rules.source._registries import registry_of
from schemalint.subjects.source import Module, Passage, Source, is_type_checking, keywords_of, last_name

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

BY_HAND = re.compile(r"test|reset|drop|wipe|recreate|rebuild|fixture|script|command|cli\b|sqlite|dev\b|demo|local")
"""What functions are called, or decorated with, that people run, or tests."""

AT_START = re.compile(r"on_event|startup|lifespan|before_first_request|before_serving|listens_for")


@rule(profile="strict")
def create_all_in_app(source: Source) -> Iterator[Problem]:
    if not source.creating:
        return
    own = {registry_of(source, one) for one in source.classes if one.is_mapped} - {""}
    for module, used in source.creating.items():
        if any("sqlite" in line.lower() for line in module.lines):
            continue  # a database in memory, or in a file, for whoever has no other
        for node, function in creations(module, used):
            if is_for_the_models(source, module, node.value, own):
                where = f"{module.name}.{function.name}" if function else module.name
                yield Problem(
                    part=Passage(module, node, f"{where} :create_all"),
                    message=f"{where} creates the tables beside Alembic: the migration that should make them fails, and what it does besides is missing",
                    remedy="`alembic upgrade head` before the application starts; create_all in tests only",
                )


def creations(module: Module, used: Collection[str]) -> Iterator[tuple[ast.Attribute, Function | None]]:
    """Yield where a module says `create_all` in code that runs by itself, with the outermost function that it stands in."""
    for statement in unconditional(module.tree.body):
        for function, body in functions_and_code(statement):
            if function is None or (runs_by_itself(function, used) and not calls_drop_all(function)):
                for part in unconditional(body):
                    yield from ((node, function) for node in named_create_all(part))


def unconditional(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body that are performed in any case, those of its blocks instead of the blocks."""
    for statement in body:
        match statement:
            case ast.If(test=test, orelse=otherwise) if is_type_checking(test):
                yield from unconditional(otherwise)
            case ast.If() | ast.Match() | ast.While():
                pass
            case ast.With(body=inner) | ast.AsyncWith(body=inner) | ast.For(body=inner) | ast.Try(body=inner):
                yield from unconditional(inner)
            case _:
                yield statement


def functions_and_code(statement: ast.stmt) -> Iterator[tuple[Function | None, list[ast.stmt]]]:
    """Yield the functions and methods of a statement with their bodies; another statement as it is."""
    match statement:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            yield statement, body
        case ast.ClassDef(body=body):
            for inner in body:
                yield from functions_and_code(inner) if isinstance(inner, Function) else ()
        case _:
            yield None, [statement]


def named_create_all(statement: ast.stmt) -> Iterator[ast.Attribute]:
    """Yield where a statement calls `create_all`, or hands it on (`run_sync(metadata.create_all)`); in functions inside it as well."""
    if isinstance(statement, Function):
        for inner in unconditional(statement.body):
            yield from named_create_all(inner)
        return
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Call(func=ast.Attribute(attr="create_all") as called):
                if "tables" not in keywords_of(node) and not node.args[1:]:
                    yield called
            case ast.Attribute(attr="create_all"):
                yield node
            case ast.IfExp() | ast.BoolOp() | ast.Lambda():
                pass
            case _:
                waiting += ast.iter_child_nodes(node)


def runs_by_itself(function: Function, used: Collection[str]) -> bool:
    decorators = " ".join(ast.unparse(one) for one in function.decorator_list)
    if BY_HAND.search(function.name.lower()) or BY_HAND.search(decorators.lower()):
        return False
    return function.name in used or AT_START.search(decorators) is not None


def calls_drop_all(function: Function) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "drop_all" for node in ast.walk(function))


def is_for_the_models(source: Source, module: Module, metadata: ast.expr, own: Collection[str]) -> bool:
    """Whether what is created are tables that are judged: by the name of their base's metadata, of a MetaData beside them, or of Flask's `db`."""
    full_name = source.meaning(module, metadata)
    owner = full_name.removesuffix(".metadata")
    class_ = source.of.get(owner)
    if owner != full_name and (registry_of(source, class_) if class_ else owner) in own:
        return True
    for name in (full_name, owner):
        match source.assigned(name):
            case (_, ast.Call(func=made)) if last_name(made) == "SQLAlchemy":
                return True
            case (home, ast.Call(func=made)) if last_name(made) == "MetaData":
                return any(one.module is home and one.is_mapped for one in source.classes)
            case _:
                pass
    return False
