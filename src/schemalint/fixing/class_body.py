"""Attributes in the body of a class: found, given another value, or put in."""

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from schemalint.fixing.arguments import text_of
from schemalint.fixing.commas import A_COMMENT_WOULD_BE_LOST, has_comment
from schemalint.fixing.reasons import LeftAlone

Attribute: TypeAlias = cst.Assign | cst.AnnAssign | cst.FunctionDef


def assigned(node: cst.ClassDef, name: str) -> Attribute | None:
    """Return what gives a class an attribute in its own body; raises LeftAlone where several statements do, or one in a branch."""
    found = list(statements_for(node.body, name))
    direct = [statement for statement, is_direct in found if is_direct]
    if not found:
        return None
    if len(found) > 1 or not direct:
        raise LeftAlone(f"its `{name}` depends on a condition")
    return direct[0]


def statements_for(body: cst.BaseSuite, name: str, is_direct: bool = True) -> Iterator[tuple[Attribute, bool]]:
    for line in body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else [line]:
            match statement:
                case cst.AnnAssign(target=cst.Name(value=value), value=given) if value == name and given is not None:
                    yield statement, is_direct
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=value))]) if value == name:
                    yield statement, is_direct
                case cst.FunctionDef(name=cst.Name(value=value)) if value == name:
                    yield statement, is_direct
                case cst.If() | cst.Try() | cst.With() | cst.For():
                    for child in statement.children:
                        if isinstance(child, cst.BaseSuite):
                            yield from statements_for(child, name, False)
                        elif isinstance(child, (cst.Else, cst.If, cst.ExceptHandler, cst.Finally)):
                            yield from statements_for(child.body, name, False)
                case _:
                    pass


def with_attribute(node: cst.ClassDef, name: str, value: cst.BaseExpression, after: str = "") -> cst.ClassDef:
    """Return a class with `name = value`: in the place of the one that it has, else behind the attribute `after`, else before all others."""
    found = assigned(node, name)
    if isinstance(found, cst.FunctionDef):
        raise LeftAlone(f"its `{name}` is made by a function")
    if found is not None:
        if found.value is not None and has_comment(found.value):
            raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
        return cst.ensure_type(node.deep_replace(found, found.with_changes(value=value)), cst.ClassDef)
    if not isinstance(node.body, cst.IndentedBlock):
        raise LeftAlone("its class is written on one line")
    body = list(node.body.body)
    if not name.startswith("__"):
        return with_last_attribute(node, body, name, value)
    line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])
    at = position(body, after)
    if at == 1 and is_docstring(body[0]):
        line = line.with_changes(leading_lines=blank_lines(body[1]) if len(body) > 1 else [])
    return node.with_changes(body=node.body.with_changes(body=[*body[:at], line, *body[at:]]))


def with_last_attribute(
    node: cst.ClassDef, body: list[cst.BaseStatement], name: str, value: cst.BaseExpression
) -> cst.ClassDef:
    """Return a class with an attribute behind the last that it has, before its functions."""
    simple = [index for index, line in enumerate(body) if isinstance(line, cst.SimpleStatementLine)]
    at = simple[-1] + 1 if simple else 0
    line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])
    return node.with_changes(body=node.body.with_changes(body=[*body[:at], line, *body[at:]]))


def position(body: list[cst.BaseStatement], after: str) -> int:
    """Return where a new attribute goes: behind the one called `after`, else behind the docstring, else first."""
    for index, line in enumerate(body):
        match line:
            case cst.SimpleStatementLine(body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))])]) | (
                cst.SimpleStatementLine(body=[cst.AnnAssign(target=cst.Name(value=name))])
            ) if name == after:
                return index + 1
            case _:
                pass
    return 1 if body and is_docstring(body[0]) else 0


def blank_lines(line: cst.BaseStatement) -> list[cst.EmptyLine]:
    """Return the blank lines before a statement and the comments above it."""
    found: list[cst.EmptyLine] = []
    for one in getattr(line, "leading_lines", ()):
        if one.comment:
            break
        found.append(one)
    return found


def is_docstring(line: cst.BaseStatement) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Expr(value=value), *_]):
            return text_of(value) is not None
        case _:
            return False
