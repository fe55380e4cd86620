"""Which names statements store, and which of them evaluating a statement reads, as Python does while it imports a module."""

import ast
from collections.abc import Iterable, Iterator

from schemalint.subjects.source import is_type_checking


def used_in(body: Iterable[ast.stmt], lazy: bool, local: frozenset[str]) -> Iterator[ast.Name]:
    for statement in body:
        match statement:
            case (
                ast.If()
                | ast.Try()
                | ast.With()
                | ast.For()
                | ast.While()
                | ast.Match()
                | ast.Import()
                | ast.ImportFrom()
            ):
                continue
            case ast.ClassDef(body=inner):
                generics = {getattr(one, "name", "") for one in getattr(statement, "type_params", ())}
                for part in (*statement.decorator_list, *statement.bases, *(one.value for one in statement.keywords)):
                    yield from read(part, lazy, local | generics)
                yield from used_in(inner, lazy, frozenset({*stored(inner), *generics}))
            case _:
                yield from read(statement, lazy, local)


def read(node: ast.AST | None, lazy: bool, local: frozenset[str]) -> Iterator[ast.Name]:
    """Yield the names that evaluating a node reads, without `local` ones."""
    match node:
        case None | ast.Constant():
            return
        case ast.Name(id=name, ctx=ast.Load()):
            if name not in local:
                yield node
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            generics = {getattr(one, "name", "") for one in getattr(node, "type_params", ())}
            yield from read_all([*node.decorator_list, *defaults(node.args)], lazy, local)
            if not lazy:
                every = [
                    *node.args.posonlyargs,
                    *node.args.args,
                    *node.args.kwonlyargs,
                    node.args.vararg,
                    node.args.kwarg,
                ]
                annotations = [one.annotation for one in every if one is not None]
                yield from read_all([*annotations, node.returns], lazy, local | generics)
        case ast.Lambda(args=arguments):
            yield from read_all(defaults(arguments), lazy, local)
        case ast.AnnAssign(annotation=annotation, value=value):
            yield from read_all([None if lazy else annotation, value], lazy, local)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            targets = {one.id for loop in node.generators for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
            yield from read_all(ast.iter_child_nodes(node), lazy, local | targets)
        case _ if type(node).__name__ == "TypeAlias":  # evaluated when it is asked for
            return
        case _:
            yield from read_all(ast.iter_child_nodes(node), lazy, local)


def read_all(nodes: Iterable[ast.AST | None], lazy: bool, local: frozenset[str]) -> Iterator[ast.Name]:
    for node in nodes:
        yield from read(node, lazy, local)


def defaults(arguments: ast.arguments) -> list[ast.expr | None]:
    return [*arguments.defaults, *arguments.kw_defaults]


def stored(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements store, without those in functions, but with the globals that functions assign."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ClassDef(name=name):
                yield name
                waiting += node.decorator_list
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Global):
                        yield from inner.names
            case ast.If(test=test, orelse=otherwise) if is_type_checking(test):
                waiting += otherwise
            case ast.Import() | ast.ImportFrom():
                yield from ((one.asname or one.name).partition(".")[0] for one in node.names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
                waiting += ast.iter_child_nodes(node)
            case ast.MatchMapping(rest=str(name)):
                yield name
                waiting += ast.iter_child_nodes(node)
            case _:
                waiting += ast.iter_child_nodes(node)
