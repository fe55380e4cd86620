"""Imports that a fix needs, put where the file's own order has them."""

import sys
from collections.abc import Callable, Sequence

import libcst as cst

from schemalint.fixing.class_body import is_docstring
from schemalint.fixing.commas import row_of, with_row
from schemalint.fixing.names import dotted


def with_imports(module: cst.Module, added: dict[str, str]) -> cst.Module:
    """Return a module that imports the full names of `added` under their local names."""
    for full_name, local in sorted(added.items()):
        home, _, name = full_name.rpartition(".")
        asname = cst.AsName(cst.Name(local)) if local != name else None
        module = with_import(module, home, cst.ImportAlias(cst.Name(name), asname=asname))
    return module


def with_import(module: cst.Module, home: str, alias: cst.ImportAlias) -> cst.Module:
    """Return a module with `from home import alias`: in a statement that imports from there, else in one of its own.

    A name under another one has a statement of its own, as isort and ruff write it, unless the file has it otherwise.
    """
    body = list(module.body)
    found = [(index, one) for index, line in enumerate(body) if (one := import_from(line)) and imports_from(one, home)]
    together = combines(body)
    fitting = [(index, one) for index, one in found if together or not (renames(one) or alias.asname)]
    for index, statement in fitting[:1]:
        line = cst.ensure_type(body[index], cst.SimpleStatementLine)
        body[index] = line.with_changes(body=[with_alias(statement, alias)])
        return module.with_changes(body=body)
    new = cst.SimpleStatementLine([cst.ImportFrom(module_expression(home), [alias])])
    if not found:
        return inserted(module, body, home, new)
    name = dotted(alias.name).lower()
    if before := [index for index, one in found if alias.asname and (not renames(one) or first_name(one) <= name)]:
        return module.with_changes(body=[*body[: before[-1] + 1], new, *body[before[-1] + 1 :]])
    return in_front(module, body, found[0][0], new)


def import_from(line: cst.BaseStatement) -> cst.ImportFrom | None:
    match line:
        case cst.SimpleStatementLine(body=[cst.ImportFrom() as statement]):
            return statement
        case _:
            return None


def combines(body: Sequence[cst.BaseStatement]) -> bool:
    """Whether a file imports names under other ones together with others."""
    statements = filter(None, map(import_from, body))
    return any(renames(one) and not isinstance(one.names, cst.ImportStar) and len(one.names) > 1 for one in statements)


def renames(statement: cst.ImportFrom) -> bool:
    return not isinstance(statement.names, cst.ImportStar) and any(one.asname for one in statement.names)


def first_name(statement: cst.ImportFrom) -> str:
    assert not isinstance(statement.names, cst.ImportStar), "it imports names"
    return dotted(statement.names[0].name).lower()


def imports_from(statement: cst.ImportFrom, home: str) -> bool:
    return (
        not statement.relative and dotted(statement.module) == home and not isinstance(statement.names, cst.ImportStar)
    )


def with_alias(statement: cst.ImportFrom, alias: cst.ImportAlias) -> cst.ImportFrom:
    """Return an import with one more name: in its place where the names are sorted, else behind them."""
    row = row_of(statement)
    names = [dotted(one.name) for one in row.items if isinstance(one, cst.ImportAlias)]
    new = dotted(alias.name)
    orders: tuple[Callable[[str], tuple[int, str]], ...] = (by_type, by_letter, by_character)
    order = next((one for one in orders if names == sorted(names, key=one)), None)
    index = sum(order(name) <= order(new) for name in names) if order else len(names)
    changed = with_row(statement, row.inserted(index, alias))
    assert isinstance(changed, cst.ImportFrom), "a holder stays of its kind"
    return changed


def by_type(name: str) -> tuple[int, str]:
    """Sort as isort does: constants, classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return (kind, name.lower())


def by_letter(name: str) -> tuple[int, str]:
    return (0, name.lower())


def by_character(name: str) -> tuple[int, str]:
    return (0, name)


def inserted(
    module: cst.Module, body: Sequence[cst.BaseStatement], home: str, new: cst.SimpleStatementLine
) -> cst.Module:
    """Return a module with a new import among those of its section, else behind the section before, else at the top."""
    section = section_of(home)
    imports = [(index, *key) for index, line in enumerate(body) if (key := import_key(line))]
    same = [(index, key) for index, of, key in imports if of == section]
    blocks = block_of(body, [index for index, *_ in imports])
    if theirs := {blocks[index] for index, (_, name) in same if name.partition(".")[0] in LIBRARIES}:
        # The project's own modules look like third-party ones, and may have a section of their own.
        same = [(index, key) for index, key in same if blocks[index] in theirs]
    new_key = (1, home.lower())
    if before := [index for index, key in same if key <= new_key]:
        return module.with_changes(body=[*body[: max(before) + 1], new, *body[max(before) + 1 :]])
    if same:
        return in_front(module, body, same[0][0], new)
    a_blank_line = [cst.EmptyLine(indent=False)]
    if earlier := [index for index, of, _ in imports if of < section]:
        at = max(earlier) + 1
        return module.with_changes(body=[*body[:at], new.with_changes(leading_lines=a_blank_line), *body[at:]])
    if imports:
        at = imports[0][0]
        module = in_front(module, body, at, new)
        return separated(module, at + 1)
    at = 1 if body and is_docstring(body[0]) else 0
    module = module.with_changes(
        body=[*body[:at], new.with_changes(leading_lines=a_blank_line if at else []), *body[at:]]
    )
    return separated(module, at + 1)


LIBRARIES = frozenset({"sqlalchemy", "sqlmodel", "pydantic"})
"""What models import, and fixes as well."""


def block_of(body: Sequence[cst.BaseStatement], imports: Sequence[int]) -> dict[int, int]:
    """Return for each import which block it belongs to: a blank line, or another statement, ends one."""
    blocks: dict[int, int] = {}
    for before, index in zip([-1, *imports], imports, strict=False):
        lines: Sequence[cst.EmptyLine] = getattr(body[index], "leading_lines", ())
        is_new = index != before + 1 or any(not line.comment for line in lines)
        blocks[index] = blocks.get(before, 0) + is_new
    return blocks


def in_front(
    module: cst.Module, body: Sequence[cst.BaseStatement], at: int, new: cst.SimpleStatementLine
) -> cst.Module:
    """Return a module with a statement before another, whose blank lines it takes; comments stay with the other."""
    old = body[at]
    assert isinstance(old, cst.SimpleStatementLine), "imports are simple statements"
    if at == 0 and (blank := [number for number, line in enumerate(module.header) if not line.comment]):
        # Of the comments at a file's head, the last block is the first statement's.
        old = old.with_changes(leading_lines=[*module.header[blank[-1] + 1 :], *old.leading_lines])
        module = module.with_changes(header=module.header[: blank[-1] + 1])
    lines = list(old.leading_lines)
    count = next((number for number, line in enumerate(lines) if line.comment), len(lines))
    first = new.with_changes(leading_lines=lines[:count])
    return module.with_changes(body=[*body[:at], first, old.with_changes(leading_lines=lines[count:]), *body[at + 1 :]])


def separated(module: cst.Module, at: int) -> cst.Module:
    """Return a module whose statement at `at` has a blank line before it."""
    body = list(module.body)
    lines: Sequence[cst.EmptyLine] = getattr(body[at], "leading_lines", ())
    if not lines or lines[0].comment:
        body[at] = body[at].with_changes(leading_lines=[cst.EmptyLine(indent=False), *lines])
    return module.with_changes(body=body)


def import_key(line: cst.BaseStatement) -> tuple[int, tuple[int, str]] | None:
    """Return the section of an import, and its place in it: `import x` before `from x import y`, then by name; None for other statements."""
    match line:
        case cst.SimpleStatementLine(body=[cst.Import(names=[first, *_])]):
            name = dotted(first.name)
            return section_of(name), (0, name.lower())
        case cst.SimpleStatementLine(body=[cst.ImportFrom(module=source, relative=dots)]):
            name = "." * len(dots) + dotted(source)
            return section_of(name), (1, name.lower())
        case _:
            return None


def section_of(module: str) -> int:
    """Return the section that isort would put a module in; what is neither `__future__`, nor standard, nor relative counts as third-party."""
    top = module.partition(".")[0]
    if top == "__future__":
        return 0
    if top in sys.stdlib_module_names:
        return 1
    return 3 if module.startswith(".") else 2


def module_expression(name: str) -> cst.Name | cst.Attribute:
    expression = cst.parse_expression(name)
    assert isinstance(expression, (cst.Name, cst.Attribute)), "a module's name is dotted"
    return expression
