"""What import statements bind, and which modules import each other when they are imported."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from schemalint.subjects.source import Import, Module, statements


def bound_by(
    statement: ast.Import | ast.ImportFrom, module: str, is_package: bool, for_typing: bool = False
) -> Iterator[Import]:
    """Yield what an import statement of `module` binds; `*` is a name, too."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            top = alias.name.partition(".")[0]
            full_name = alias.name if alias.asname else top
            yield Import(alias.asname or top, full_name, alias.name, statement, for_typing)
        return
    origin = origin_of(statement, module, is_package)
    for alias in statement.names:
        yield Import(alias.asname or alias.name, f"{origin}.{alias.name}", origin, statement, for_typing)


def origin_of(statement: ast.ImportFrom, module: str, is_package: bool) -> str:
    """Return the dotted name of the module that `from ... import` in `module` reads."""
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    kept = parts[: max(0, len(parts) - statement.level + is_package)]
    return ".".join([*kept, *filter(None, [statement.module])])


def modules_named(statement: ast.Import | ast.ImportFrom, module: str, is_package: bool) -> Iterator[str]:
    """Yield the modules that an import statement of `module` imports, or may: `from a import b` has `a.b` where that is one."""
    for one in bound_by(statement, module, is_package):
        yield one.module
        if isinstance(statement, ast.ImportFrom) and one.name != "*":
            yield one.full_name


def imported_by(module: Module, known: Mapping[str, Module]) -> Iterator[str]:
    """Yield the modules among `known` that importing `module` imports in any case: not in a branch, a function or for type checkers only."""
    for statement, is_conditional in statements(module.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and not is_conditional:
            for name in modules_named(statement, module.name, module.is_package):
                if name in known and name != module.name:
                    yield name


def cycles(modules: Iterable[Module], known: Mapping[str, Module]) -> list[tuple[str, ...]]:
    """Return the groups of modules that import each other in a circle, each sorted by name (the strongly connected components, by Tarjan)."""
    edges = {one.name: tuple(dict.fromkeys(imported_by(one, known))) for one in modules}
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []
    for start in edges:
        if start in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        visit(start, index, lowest, stack, work, edges)
        while work:
            name, rest = work[-1]
            following = next((one for one in rest if one in edges), None)
            if following is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == index[name]:
                    component = stack[stack.index(name) :]
                    del stack[-len(component) :]
                    if component[1:]:
                        found.append(tuple(sorted(component)))
            elif following not in index:
                visit(following, index, lowest, stack, work, edges)
            elif following in stack:
                lowest[name] = min(lowest[name], index[following])
    return sorted(found)


def visit(
    name: str,
    index: dict[str, int],
    lowest: dict[str, int],
    stack: list[str],
    work: list[tuple[str, Iterator[str]]],
    edges: Mapping[str, tuple[str, ...]],
) -> None:
    index[name] = lowest[name] = len(index)
    stack.append(name)
    work.append((name, iter(edges[name])))
