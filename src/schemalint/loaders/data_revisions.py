"""Revisions that change rows and nothing of the schema: a way back from them is often neither possible nor wanted."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

WITHOUT_SCHEMA = frozenset({"bulk_insert", "execute", "f", "get_bind", "get_context", "inline_literal"})
"""What a revision may ask of `op` and change no table by it; `execute` is looked into."""

MAKES_TABLES = frozenset({"create", "create_all", "drop", "drop_all"})
"""Methods of SQLAlchemy's `MetaData`, `Table`, `Index`, `Enum` that are DDL."""

DATA = frozenset({"delete", "insert", "merge", "select", "set", "update", "with"})
"""First words of SQL statements that change rows or ask for them, and SQLAlchemy's functions and methods that build them."""


def changes_rows_only(tree: ast.Module) -> bool:
    """Whether a revision file, its `downgrade` apart, executes statements, and all of them are about rows.

    Only what can be read counts: literal SQL by its first word, what SQLAlchemy's functions build, names that the file binds to one of these.
    A statement that is put together elsewhere may be anything, and so may a file that executes none.
    """
    values = dict(bindings(tree))
    changes = False
    for node in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="op"), attr=name) if name not in WITHOUT_SCHEMA:
                return False
            case ast.Call(func=ast.Attribute(attr=name)) if name in MAKES_TABLES:
                return False
            case ast.Call(func=ast.Attribute(attr="execute" | "exec_driver_sql"), args=[statement, *_]):
                if not is_about_rows(statement, values):
                    return False
                changes = True
            case ast.Call(func=ast.Attribute(attr="bulk_insert")):
                changes = True
    return changes


def nodes(tree: ast.Module) -> Iterator[ast.AST]:
    for statement in tree.body:
        if not (isinstance(statement, ast.FunctionDef) and statement.name == "downgrade"):
            yield from ast.walk(statement)


def bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that the file binds once, by an assignment, with the value."""
    times = Counter(node.id for node in nodes(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    for node in nodes(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if times[name] == 1:
                yield name, value


def is_about_rows(statement: ast.expr, values: Mapping[str, ast.expr]) -> bool:
    match statement:
        case ast.Constant(value=str(sql)) | ast.JoinedStr(values=[ast.Constant(value=str(sql)), *_]):
            words = sql.split(None, 1)
            return bool(words) and words[0].lower() in DATA
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[sql, *_]) if name in ("text", "dedent"):
            return is_about_rows(sql, values)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in DATA:
            return True
        case ast.Call(func=ast.Attribute(value=inner)):
            return is_about_rows(inner, values)  # sa.update(table).where(...)
        case ast.Name(id=name) if name in values:
            return is_about_rows(values[name], {other: value for other, value in values.items() if other != name})
        case _:
            return False
