"""A file's syntax tree with what is found in it by place: calls, statements, classes, comments, and what stands around them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from schemalint.fixing.names import Names, names_of
from schemalint.location import Location

Span: TypeAlias = tuple[int, int, int, int]
Replacement: TypeAlias = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]
Found = TypeVar("Found", bound=cst.CSTNode)

DECLARING = frozenset(
    {"Field", "Relationship", "Column", "mapped_column", "relationship", "deferred", "column_property", "backref"}
)
"""Calls that may stand around one another in what a class's attribute is set to."""


@dataclass(frozen=True, eq=False)
class Tree:
    """One file's nodes with their places and parents."""

    module: cst.Module
    positions: Mapping[cst.CSTNode, CodeRange]
    parents: Mapping[cst.CSTNode, cst.CSTNode]
    names: Names

    @cached_property
    def _spans(self) -> dict[Span, list[cst.CSTNode]]:
        found: dict[Span, list[cst.CSTNode]] = {}
        for node, where in self.positions.items():
            if isinstance(node, PLACED):
                found.setdefault(span_of(where), []).append(node)
            # The place of a tuple is that of its parentheses, those of other expressions are nobody's.
            if isinstance(node, cst.Tuple) and node.lpar:
                start, end = self.positions[node.lpar[-1]].start, self.positions[node.rpar[0]].end
                found.setdefault((start.line, start.column, end.line, end.column), []).append(node)
        return found

    @cached_property
    def _definitions(self) -> dict[tuple[int, int], cst.ClassDef | cst.FunctionDef]:
        return {
            (where.start.line, where.start.column): node
            for node, where in self.positions.items()
            if isinstance(node, (cst.ClassDef, cst.FunctionDef))
        }

    def at(self, location: Location) -> list[cst.CSTNode]:
        """Return the nodes that stand exactly at a location, the outer ones first."""
        span = (location.line, location.column - 1, location.end_line, location.end_column - 1)
        return self._spans.get(span, [])

    def definition_at(self, location: Location) -> cst.ClassDef | cst.FunctionDef | None:
        """Return the class or function whose statement begins where a location does."""
        return self._definitions.get((location.line, location.column - 1))

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what a node stands in, from the inside."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def anchor(self, node: cst.CSTNode) -> cst.CSTNode:
        """Return the statement that a node is, or stands in; of a class or function, its header's part only."""
        inside = (
            one
            for one in [node, *self.around(node)]
            if isinstance(one, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        )
        return next(inside, node)

    def class_of(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """Return the class in whose body (or in whose body's blocks) a node stands, None in a function or outside."""
        for one in self.around(node):
            if isinstance(one, cst.ClassDef):
                return one
            if isinstance(one, cst.FunctionDef):
                return None
        return None

    def taken_at(self, node: cst.CSTNode) -> frozenset[str]:
        """Return the names that mean something else where code is put at `node`: the attributes of the class around it."""
        around = node if isinstance(node, cst.ClassDef) else self.class_of(node)
        return frozenset(attributes(around)) if around else frozenset()

    def count_of(self, called: cst.BaseExpression) -> int:
        """Return how many calls of the same thing, written the same, the file has."""
        return sum(isinstance(one, cst.Call) and one.func.deep_equals(called) for one in self.parents)

    def declaration(self, call: cst.Call) -> cst.Call:
        """Return the outermost of the calls that together declare what `call` declares: `Field(...)` around `Column(...)`."""
        outermost = call
        for one in self.around(call):
            if isinstance(one, cst.Call):
                if self.names.called(one) not in DECLARING:
                    break
                outermost = one
            elif not isinstance(one, (cst.Arg, cst.List, cst.Tuple, cst.Element)):
                break
        return outermost


PLACED = (cst.BaseExpression, cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Comment)


def tree_of(module: cst.Module) -> Tree:
    """Return the tree of a module; the nodes are the module's own."""
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    found = wrapper.resolve_many([PositionProvider, ParentNodeProvider])
    positions = cast("Mapping[cst.CSTNode, CodeRange]", found[PositionProvider])
    parents = cast("Mapping[cst.CSTNode, cst.CSTNode]", found[ParentNodeProvider])
    return Tree(module, positions, parents, names_of(module))


def span_of(where: CodeRange) -> Span:
    return (where.start.line, where.start.column, where.end.line, where.end.column)


def attributes(node: cst.ClassDef) -> Iterator[str]:
    """Yield the names that a class's body assigns."""
    for line in node.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else [line]:
            match statement:
                case cst.AnnAssign(target=cst.Name(value=name), value=value) if value is not None:
                    yield name
                case cst.Assign(targets=targets):
                    yield from (one.target.value for one in targets if isinstance(one.target, cst.Name))
                case cst.FunctionDef(name=cst.Name(value=name)) | cst.ClassDef(name=cst.Name(value=name)):
                    yield name
                case _:
                    pass


Change: TypeAlias = Callable[[cst.CSTNode], Replacement]


class Changing(cst.CSTTransformer):
    """Makes the changes of nodes, each on what the changes before and those inside the node have come to."""

    def __init__(self, changes: Mapping[cst.CSTNode, list[Change]]) -> None:
        super().__init__()
        self.changes = changes

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Replacement:  # type: ignore[override]  # libcst's is generic over the kind of node
        """Change a node when all inside it are changed."""
        result: Replacement = updated_node
        for change in self.changes.get(original_node, ()):
            if isinstance(result, cst.CSTNode):
                result = change(result)
        return result
