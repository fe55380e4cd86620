"""What importing a module executes, in order: enough to tell how a circle of imports ends."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from schemalint.rules.source._names import read, stored
from schemalint.subjects.imports import origin_of
from schemalint.subjects.source import Module, statements


@dataclass(frozen=True, eq=False)
class Failure(Exception):  # noqa: N818  # it ends the import that is followed
    """An import that fails: `module` takes `name` of `origin`, which is still being imported and has not got that far; `node` is where."""

    module: Module
    node: ast.stmt | ast.expr
    origin: Module
    name: str


def first_failure(start: str, known: Mapping[str, Module]) -> Failure | None:
    """Return how importing `start` in a fresh interpreter fails for a circle of imports, as far as the source of `known` tells; None where it does not."""
    try:
        Execution(known).load(start)
    except Failure as failure:
        return failure
    except RecursionError:
        return None
    return None


@dataclass(frozen=True, eq=False)
class Execution:
    """Follows imports as Python performs them: `bound` are the names that each module has so far, `done` the modules that are complete.

    What stands in a branch binds its names, but is not followed: it may not be executed.
    """

    known: Mapping[str, Module]
    bound: dict[str, set[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def load(self, name: str) -> None:
        """Import a module after the packages that it lies in; raises Failure."""
        parent, _, last = name.rpartition(".")
        if parent:
            self.load(parent)
        if name in self.bound or name not in self.known:
            return
        module = self.known[name]
        self.bound[name] = {"__name__", "__file__", "__doc__"}
        for statement, is_conditional in statements(module.tree.body):
            if not is_conditional:
                self.execute(statement, module)
            self.bound[name].update(stored([statement]))
        self.done.add(name)
        if parent in self.bound:
            self.bound[parent].add(last)

    def execute(self, statement: ast.stmt, module: Module) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    self.load(alias.name)
            case ast.ImportFrom(names=aliases):
                origin = origin_of(statement, module.name, module.is_package)
                self.load(origin)
                for alias in aliases:
                    self.take(alias.name, origin, statement, module)
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While() | ast.Match():
                pass
            case _:
                self.evaluate(statement, module)

    def take(self, name: str, origin: str, node: ast.stmt | ast.expr, module: Module) -> None:
        """Do as `from origin import name`: the attribute, else the submodule of that name."""
        if origin in self.done or origin not in self.known or self.may_have(origin, name):
            if f"{origin}.{name}" in self.known and name not in self.known[origin].names:
                self.load(f"{origin}.{name}")
        elif f"{origin}.{name}" in self.known:
            self.load(f"{origin}.{name}")
        else:
            raise Failure(module, node, self.known[origin], name)

    def may_have(self, origin: str, name: str) -> bool:
        """Whether a module that is still being imported has a name by now, or may have it: from a star import, by its `__getattr__`."""
        home = self.known[origin]
        return name == "*" or bool(self.bound[origin] & {name, "__getattr__"}) or bool(home.stars)

    def evaluate(self, statement: ast.stmt, module: Module) -> None:
        """Look up the attributes of modules that evaluating a statement needs: `user.User` where `user` is half imported."""
        attributes = {
            id(node.value): node
            for node in ast.walk(statement)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        if not any(one.value.id in module.imports for one in attributes.values() if isinstance(one.value, ast.Name)):
            return
        for name in names_in(statement):
            attribute = attributes.get(id(name))
            imported = module.imports.get(name.id)
            if attribute is None or imported is None or imported.for_typing:
                continue
            origin = imported.full_name
            if (
                origin in self.bound
                and origin not in self.done
                and not self.may_have(origin, attribute.attr)
                and f"{origin}.{attribute.attr}" not in self.bound
            ):
                raise Failure(module, attribute, self.known[origin], attribute.attr)


def names_in(statement: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names that executing a statement reads, also inside a class's body; annotations are left out."""
    if isinstance(statement, ast.ClassDef):
        own: Iterable[ast.expr] = (
            *statement.decorator_list,
            *statement.bases,
            *(one.value for one in statement.keywords),
        )
        for part in own:
            yield from read(part, True, frozenset())
        for inner in statement.body:
            yield from names_in(inner)
    elif not isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.Match)):
        yield from read(statement, True, frozenset())
