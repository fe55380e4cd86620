"""What a file calls the things that it imports, and what a fix may call them there."""

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import libcst as cst

from schemalint.fixing.reasons import LeftAlone

LIBRARIES = frozenset({"sqlalchemy", "sqlmodel", "pydantic"})
"""Packages of which one thing may be had under several names (`sqlmodel.Column`, `sqlalchemy.schema.Column`)."""


@dataclass(frozen=True, eq=False)
class Names:
    """The names that a file's imports bind, with what they mean in full; `others` are what it binds otherwise at its top level.

    `added` are the imports that fixes need beside: local names by full ones.
    """

    imported: Mapping[str, str]
    others: frozenset[str]
    added: dict[str, str] = field(default_factory=dict)

    def full_name(self, node: cst.BaseExpression) -> str:
        """Return what a name means (`sqlalchemy.Column` for `sa.Column`); one that no import binds is itself, what is no name is empty."""
        match node:
            case cst.Name(value=value):
                return self.imported.get(value, value)
            case cst.Attribute(value=value, attr=cst.Name(value=last)):
                before = self.full_name(value)
                return f"{before}.{last}" if before else ""
            case _:
                return ""

    def called(self, node: cst.BaseExpression) -> str:
        """Return the last part of what a call calls: `Field` for `F(...)` after `from sqlmodel import Field as F`; empty for what is no call."""
        return self.full_name(node.func).rpartition(".")[2] if isinstance(node, cst.Call) else ""

    def name_for(self, full_name: str, taken: frozenset[str] = frozenset()) -> str:
        """Return how code writes `full_name`, where the names `taken` mean something else; the import that this needs is noted."""
        module, _, name = full_name.rpartition(".")
        for local, meaning in [*self.imported.items(), *((one, full) for full, one in self.added.items())]:
            if local not in taken and is_same(meaning, full_name):
                return local
        for local, meaning in self.imported.items():
            if local not in taken and meaning == module:
                return f"{local}.{name}"
        local = name
        if self._is_bound(local) or local in taken:
            prefix = PREFIXES.get(module.rpartition(".")[2], module.rpartition(".")[2])
            local = f"{prefix}_{name}" if name[0].islower() else f"{prefix.upper()}{name}"
            if self._is_bound(local) or local in taken:
                raise LeftAlone(f"the file calls something else {name}")
        self.added[full_name] = local
        return local

    def expression(self, code: str, imports: Iterable[str], taken: frozenset[str] = frozenset()) -> cst.BaseExpression:
        """Return the syntax tree of `code`, in the file's own names for what `imports` names."""
        local = {full.rpartition(".")[2]: self.name_for(full, taken) for full in imports}
        node = cst.parse_expression(code)
        renamed = node.visit(Renaming(local))
        assert isinstance(renamed, cst.BaseExpression), "names are replaced by expressions"
        return renamed

    def _is_bound(self, name: str) -> bool:
        return name in self.imported or name in self.others or name in self.added.values()


PREFIXES = {"sqlalchemy": "sa", "postgresql": "pg", "orm": "orm"}


class Renaming(cst.CSTTransformer):
    """Writes other names for names, but for those of keywords and attributes."""

    def __init__(self, local: Mapping[str, str]) -> None:
        super().__init__()
        self.local = local

    def visit_Arg_keyword(self, node: cst.Arg) -> None:  # noqa: N802  # libcst's names
        pass

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: ARG002, N802
        local = self.local.get(updated_node.value, updated_node.value)
        return updated_node if local == updated_node.value else cst.parse_expression(local)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)


def names_of(module: cst.Module) -> Names:
    """Return what the top level of a module binds, blocks for type checkers left out."""
    imported: dict[str, str] = {}
    others: set[str] = set()
    for statement in top_level(module.body):
        match statement:
            case cst.ImportFrom(names=names, module=source, relative=dots) if not isinstance(names, cst.ImportStar):
                home = "." * len(dots) + dotted(source)
                for one in names:
                    imported[bound_name(one)] = f"{home}.{dotted(one.name)}"
            case cst.Import(names=names):
                for one in names:
                    full = dotted(one.name)
                    imported[bound_name(one)] = full if one.asname else full.partition(".")[0]
            case cst.Assign(targets=targets):
                others |= {one.target.value for one in targets if isinstance(one.target, cst.Name)}
            case cst.AnnAssign(target=cst.Name(value=name)) | cst.ClassDef(name=cst.Name(value=name)):
                others.add(name)
            case cst.FunctionDef(name=cst.Name(value=name)):
                others.add(name)
            case _:
                pass
    return Names(imported, frozenset(others))


def top_level(body: Iterable[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """Yield the statements of a module's top level, with those of its `if`, `try` and `with` blocks."""
    for statement in body:
        match statement:
            case cst.SimpleStatementLine(body=small):
                yield from small
            case cst.ClassDef() | cst.FunctionDef():
                yield statement
            case cst.If(test=test, body=then, orelse=otherwise):
                if not is_for_type_checkers(test):
                    yield from top_level(then.body)
                yield from top_level([otherwise] if otherwise else [])
            case cst.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=final):
                blocks = [tried, *handlers, otherwise, final]
                for block in blocks:
                    yield from top_level(block.body.body if isinstance(block, CLAUSES) else block.body if block else [])
            case cst.Else(body=inner) | cst.With(body=inner):
                yield from top_level(inner.body)
            case _:
                pass


CLAUSES = (cst.ExceptHandler, cst.Else, cst.Finally)


def is_for_type_checkers(test: cst.BaseExpression) -> bool:
    return dotted(test).rpartition(".")[2] == "TYPE_CHECKING"


def bound_name(alias: cst.ImportAlias) -> str:
    """Return the name that an imported thing has in the file."""
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return dotted(alias.name).partition(".")[0]


def dotted(node: cst.BaseExpression | None) -> str:
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=value, attr=cst.Name(value=last)):
            before = dotted(value)
            return f"{before}.{last}" if before else ""
        case _:
            return ""


def is_same(one: str, other: str) -> bool:
    """Whether two full names mean the same thing: they are equal, or a library gives one object both."""
    if one == other:
        return True
    if one.rpartition(".")[2] != other.rpartition(".")[2]:
        return False
    roots = {one.partition(".")[0], other.partition(".")[0]}
    return roots <= LIBRARIES and (found := resolved(one)) is not None and found is resolved(other)


@cache
def resolved(full_name: str) -> object:
    """Return the object of a library that a full name means, None where there is none."""
    module, _, name = full_name.rpartition(".")
    try:
        return getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
    except ImportError:
        return None
