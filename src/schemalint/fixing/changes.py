"""Which node of a file each edit changes, and into what."""

from dataclasses import dataclass
from functools import partial

import libcst as cst

from schemalint.fix import (
    AddTableArgument,
    DropArgument,
    Edit,
    Remove,
    Replace,
    SetAnnotation,
    SetArgument,
    SetAttribute,
    SetText,
    SetType,
    Target,
)
from schemalint.fixing import columns, relationships
from schemalint.fixing.arguments import positionals, text_of, with_keyword, with_value_at, without_keyword
from schemalint.fixing.class_body import with_attribute
from schemalint.fixing.commas import A_COMMENT_WOULD_BE_LOST, Holder, has_comment, row_of, with_row
from schemalint.fixing.reasons import LeftAlone
from schemalint.fixing.replacing import replacement
from schemalint.fixing.table_arguments import only_return, with_table_argument, with_table_keyword
from schemalint.fixing.tree import Change, Replacement, Tree
from schemalint.location import Location

CONSTRAINTS = frozenset(
    {
        "Index",
        "UniqueConstraint",
        "CheckConstraint",
        "ForeignKeyConstraint",
        "PrimaryKeyConstraint",
        "ExcludeConstraint",
    }
)
NOT_FOUND = "no declaration of it is found in the file"


@dataclass(frozen=True, eq=False)
class Planned:
    """A change of one node; two of one `aspect` of a node cannot be made together."""

    node: cst.CSTNode
    change: Change
    aspect: str


Attribute = cst.AnnAssign | cst.Assign | cst.Call


def plan(edit: Edit, tree: Tree) -> list[Planned]:
    """Return the changes that an edit means in the file it is about; raises LeftAlone where it cannot be made."""
    match edit:
        case Replace():
            return [Planned(*replacement(edit, tree), "all")]
        case SetArgument(part=Target() as part, name=name):
            return [Planned(*set_argument(edit, part, tree), aspect_of(name, edit.instead_of))]
        case SetType(part=Target() as part):
            return [Planned(*set_type(edit, part, tree), "type")]
        case SetText(part=Target() as part, old=old):
            return [Planned(*set_text(edit, part, tree), f'"{old}"')]
        case DropArgument(part=Target() as part, name=name):
            return [Planned(*drop_argument(part, name, tree), aspect_of(name, ""))]
        case SetAnnotation(part=Target() as part):
            return [Planned(*set_annotation(edit, part, tree), "annotation")]
        case SetAttribute(part=Target() as part, name=name):
            return [Planned(*set_attribute(edit, part, tree), f".{name}")]
        case AddTableArgument(part=Target() as part, code=code):
            return [Planned(*add_table_argument(edit, part, tree), f"+{code}")]
        case _:
            assert isinstance(edit, Remove), "there is no other edit"
            assert isinstance(edit.part, Target), "a placed fix has no other parts"
            return remove(edit.part, tree)


def aspect_of(name: str, instead_of: str) -> str:
    """Return what an argument says: its name, or what it has in common with those that say the same."""
    said = {name, instead_of}
    if said & {"default", "default_factory"}:
        return "default"
    if said & {"index", "unique"}:  # one index is both
        return "index"
    # A server default is written as its type reads it.
    return "type" if said & {"type_", "sa_type", "server_default"} else name


def set_argument(edit: SetArgument, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    names = tree.names
    value = names.expression(edit.code, edit.imports, tree.taken_at(node))
    match node:
        case cst.ClassDef():
            return node, lambda one: with_table_keyword(cst.ensure_type(one, cst.ClassDef), edit.name, value)
        case cst.Call() if names.called(node) == "Table":
            return node, lambda one: with_table_keyword(cst.ensure_type(one, cst.Call), edit.name, value)
        case cst.Call() if names.called(node) in CONSTRAINTS:
            is_index = names.called(node) == "Index"
            return node, lambda one: set_in_constraint(cst.ensure_type(one, cst.Call), is_index, edit, value)
    relationship = partial(
        relationships.set_argument, name=edit.name, value=value, instead_of=edit.instead_of, names=names
    )
    column = partial(
        columns.set_argument, name=edit.name, value=value, instead_of=edit.instead_of, target=part, names=names
    )
    return node, in_call(node, part, tree, column, relationship)


def set_in_constraint(call: cst.Call, is_index: bool, edit: SetArgument, value: cst.BaseExpression) -> cst.Call:
    """Return an index's or constraint's call with a keyword; an index's name stands first."""
    first = positionals(call)
    if edit.name == "name" and is_index and first:
        if text_of(first[0].value) is None and not is_none(first[0].value):
            raise LeftAlone("its name is not written as a literal")
        return with_value_at(call, 0, value)
    return with_keyword(call, edit.name, value, edit.instead_of)


def is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def set_type(edit: SetType, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    names = tree.names
    value = names.expression(edit.code, edit.imports, tree.taken_at(node))
    column = partial(columns.with_type, value=value, instead_of=edit.instead_of, target=part, names=names)
    return node, in_call(node, part, tree, column, refuse_a_relationship)


def set_text(edit: SetText, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    if isinstance(node, cst.ClassDef):
        raise LeftAlone("no statement of its own declares it")

    def change(one: cst.CSTNode) -> cst.CSTNode:
        found = strings(one, edit.old)
        if len(found) != 1:
            times = "nowhere" if not found else "several times"
            raise LeftAlone(f'"{edit.old}" is written {times} in its declaration')
        (old,) = found
        new = cst.SimpleString(f"{old.prefix}{old.quote}{edit.new}{old.quote}")
        return cst.ensure_type(one.deep_replace(old, new), type(one))

    return node, change


def strings(node: cst.CSTNode, text: str) -> list[cst.SimpleString]:
    """Return the string literals in a node that say exactly `text`, written as they read; annotations are no such texts."""
    if isinstance(node, cst.SimpleString):
        return [node] if node.raw_value == text else []
    if isinstance(node, (cst.ConcatenatedString, cst.Annotation)):
        return []
    return [found for child in node.children for found in strings(child, text)]


def drop_argument(part: Target, name: str, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    names = tree.names
    if isinstance(node, cst.Call) and names.called(node) in CONSTRAINTS | {"Table"}:
        return node, lambda one: dropped(cst.ensure_type(one, cst.Call), name)
    relationship = partial(relationships.drop_argument, name=name, names=names)
    column = partial(columns.drop_argument, name=name, target=part, names=names)
    return node, plain(in_call(node, part, tree, column, relationship, may_make=False), part, tree)


def plain(change: Change, part: Target, tree: Tree) -> Change:
    """Return a change after which an annotated attribute has no call without arguments, if the file uses what that calls elsewhere as well."""

    def changed(one: cst.CSTNode) -> Replacement:
        new = change(one)
        match new:
            case cst.AnnAssign(value=cst.Call(args=[], func=func)) if part.call and tree.count_of(func) > 1:
                return new.with_changes(value=None, equal=cst.MaybeSentinel.DEFAULT)
            case _:
                return new

    return changed


def dropped(call: cst.Call, name: str) -> cst.Call:
    changed = without_keyword(call, name)
    if changed is None:
        raise LeftAlone(f"its {name} is not written at its declaration")
    return changed


def set_annotation(edit: SetAnnotation, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    if not isinstance(node, cst.AnnAssign):
        raise LeftAlone("it has no annotation")
    value = tree.names.expression(edit.code, edit.imports, tree.taken_at(node))

    def change(one: cst.CSTNode) -> cst.CSTNode:
        statement = cst.ensure_type(one, cst.AnnAssign)
        inner = annotation_with(statement.annotation.annotation, value, tree)
        return statement.with_changes(annotation=statement.annotation.with_changes(annotation=inner))

    return node, change


def annotation_with(annotation: cst.BaseExpression, value: cst.BaseExpression, tree: Tree) -> cst.BaseExpression:
    """Return an annotation that says `value`: within `Mapped[...]`, and first in `Annotated[...]`."""
    match annotation:
        case cst.Subscript(value=head, slice=[first, *rest]) if (
            tree.names.full_name(head).rpartition(".")[2] in ("Mapped", "Annotated")
        ) and isinstance(first.slice, cst.Index):
            inner = annotation_with(first.slice.value, value, tree)
            changed = first.with_changes(slice=first.slice.with_changes(value=inner))
            return annotation.with_changes(slice=[changed, *rest])
        case _:
            if has_comment(annotation):
                raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
            return value


def set_attribute(edit: SetAttribute, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = tree.definition_at(located(part))
    if not isinstance(node, cst.ClassDef):
        raise LeftAlone("no class statement declares it")
    value = tree.names.expression(edit.code, edit.imports, tree.taken_at(node))
    return node, lambda one: with_attribute(cst.ensure_type(one, cst.ClassDef), edit.name, value)


def add_table_argument(edit: AddTableArgument, part: Target, tree: Tree) -> tuple[cst.CSTNode, Change]:
    node = node_of(part, tree)
    if not isinstance(node, cst.ClassDef) and not (isinstance(node, cst.Call) and tree.names.called(node) == "Table"):
        raise LeftAlone("neither a class statement nor `Table(...)` declares its table")
    value = tree.names.expression(edit.code, edit.imports, tree.taken_at(node))
    return node, lambda one: with_table_argument(one, value)


def remove(part: Target, tree: Tree) -> list[Planned]:
    """Return the changes that take a part out: its element, its keyword or, of a column, its statement."""
    location = located(part)
    element = next(
        (one for one in map(tree.parents.get, tree.at(location)) if isinstance(one, (cst.Element, cst.Arg))), None
    )
    holder = tree.parents.get(element) if element is not None else None
    if element is not None and holder is not None and is_list_of_parts(holder, part, tree):
        assert isinstance(holder, (cst.Call, cst.Tuple, cst.List)), "only these have such items"
        if has_comment(element.value):
            raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
        return [
            Planned(element.value, lambda _: TAKEN_OUT, f"-{id(element)}"),
            *(Planned(one, change, f"-{id(element)}") for one, change in without_taken_out(holder, tree)),
        ]
    node = node_of(part, tree)
    if isinstance(statement := tree.parents.get(node), cst.Expr):
        return [Planned(*removal_of(statement, tree), "all")]
    column: columns.CallChange
    match part.kind:
        case "index" | "unique":
            keywords = ["index", "unique"] if part.kind == "index" and part.is_unique else [part.kind]

            def column(call: cst.Call) -> cst.Call:
                for name in keywords:
                    call = columns.drop_argument(call, name, part, tree.names)
                return call
        case "foreign key":
            column = partial(columns.without_foreign_key, target=part, names=tree.names)
        case "column" if isinstance(node, (cst.AnnAssign, cst.Assign)):
            return [Planned(*removal_of(node, tree), "all")]
        case _:
            raise LeftAlone("it is written neither as an element of a tuple nor as an argument of its column")
    change = in_call(node, part, tree, column, refuse_a_relationship, may_make=False)
    return [Planned(node, plain(change, part, tree), part.kind)]


TAKEN_OUT = cst.Name("_schemalint_takes_this_out")
"""Stands for an element until all that is in its tuple has been changed."""


def is_list_of_parts(holder: cst.CSTNode, part: Target, tree: Tree) -> bool:
    """Whether a node lists tables' parts: a tuple of `__table_args__`, or a `Table(...)` call."""
    if isinstance(holder, cst.Call):
        return tree.names.called(holder) == "Table"
    return isinstance(holder, (cst.Tuple, cst.List)) and part.kind != "column"


def without_taken_out(holder: Holder, tree: Tree) -> list[tuple[cst.CSTNode, Change]]:
    """Return the changes of what lists an element that is taken out: of an assigned tuple in which nothing else stands, the whole statement."""

    def change(one: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(one, (cst.Call, cst.Tuple, cst.List)), "of the holder's kind"
        row = row_of(one)
        for index in reversed(range(len(row.items))):
            item = row.items[index]
            if isinstance(item, (cst.Arg, cst.Element)) and TAKEN_OUT.deep_equals(item.value):
                row = row.without(index)
        return with_row(one, row)

    statement = tree.parents.get(holder)
    if isinstance(holder, cst.Call) or not isinstance(statement, (cst.Assign, cst.AnnAssign)):
        return [(holder, change)]
    line = tree.parents[statement]
    is_commented = any(has_comment(one) for one in line.children if one is not statement)

    def without_nothing(one: cst.CSTNode) -> Replacement:
        small = cst.ensure_type(one, cst.SimpleStatementLine).body
        if len(small) > 1 or row_of(small[0].value).items:  # type: ignore[attr-defined]  # an assignment has a value
            return one
        if is_commented:
            raise LeftAlone("a comment at its declaration would be lost")
        return cst.RemoveFromParent()

    return [(holder, change), (line, without_nothing)]


def removal_of(node: cst.BaseSmallStatement, tree: Tree) -> tuple[cst.CSTNode, Change]:
    """Return the change that takes a statement out; raises LeftAlone where a comment says something of it."""
    line = tree.parents[node]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        raise LeftAlone("several statements stand on its line")
    if has_comment(line):
        raise LeftAlone("a comment at its declaration would be lost")
    return line, lambda _: cst.RemoveFromParent()


def in_call(
    node: cst.CSTNode,
    part: Target,
    tree: Tree,
    column: columns.CallChange,
    relationship: columns.CallChange,
    may_make: bool = True,
) -> Change:
    """Return the change of an attribute's statement or call in which a column's or a relationship's call is changed."""
    match node:
        case cst.Call():
            if not columns.declares(node, tree.names):
                raise LeftAlone(columns.is_no_declaration(node))
            change = relationship if relationships.is_relationship(node, tree.names) else column
            return lambda one: change(cst.ensure_type(one, cst.Call))
        case cst.AnnAssign() | cst.Assign():
            if isinstance(node.value, cst.Call) and relationships.is_relationship(node.value, tree.names):
                return lambda one: with_changed_value(one, relationship)
            target = part if may_make else without_call(part)
            made = makes_a_call(node, target, tree)
            return lambda one: columns.with_declaring_call(one, target, tree.names, made, column)  # type: ignore[arg-type]  # of the node's kind
        case _:
            raise LeftAlone("no statement of its own declares it")


def with_changed_value(one: cst.CSTNode, change: columns.CallChange) -> cst.CSTNode:
    call = getattr(one, "value", None)
    assert isinstance(call, cst.Call), "it was one when the change was planned"
    return one.with_changes(value=change(call))


def without_call(part: Target) -> Target:
    """Return a part for whose declaration no call is made: there is nothing to take out of a new one."""
    return Target(part.location, part.kind, part.object, part.table, "", part.refers_to, part.is_unique)


def makes_a_call(node: cst.AnnAssign | cst.Assign, part: Target, tree: Tree) -> str:
    """Return how the file writes the call that a declaration without one is given; empty where it needs none."""
    if not part.call or isinstance(node.value, cst.Call) or isinstance(node, cst.Assign):
        return ""
    if columns.annotated_call(node.annotation.annotation, tree.names) is not None:
        return ""
    full = "sqlmodel.Field" if part.call == "Field" else "sqlalchemy.orm.mapped_column"
    return tree.names.name_for(full, tree.taken_at(node))


def refuse_a_relationship(_: cst.Call) -> cst.Call:
    raise LeftAlone("it is a relationship")


def located(part: Target) -> Location:
    assert part.location is not None, "its file was found"
    return part.location


def node_of(part: Target, tree: Tree) -> cst.CSTNode:
    """Return the node that declares a part: an attribute's statement, a call that stands elsewhere, a class."""
    if part.kind == "backref":
        raise LeftAlone("the other side's `backref` makes it")
    location = located(part)
    found = next((one for one in tree.at(location) if isinstance(one, (cst.AnnAssign, cst.Assign, cst.Call))), None)
    if found is not None:
        return around_call(found, tree) if isinstance(found, cst.Call) else found
    match tree.definition_at(location):
        case cst.ClassDef() as class_:
            if part.kind not in ("table", "class", ""):
                raise LeftAlone("no statement of its own declares it")
            return class_
        case cst.FunctionDef() as function:
            returned = only_return(function)
            if returned is None or not isinstance(returned.value, cst.Call):
                raise LeftAlone("a function that does more than return it declares it")
            return returned.value
        case _:
            raise LeftAlone(NOT_FOUND)


def around_call(call: cst.Call, tree: Tree) -> cst.CSTNode:
    """Return the statement that assigns what a call declares, else the outermost call that declares it."""
    if tree.names.called(call) in CONSTRAINTS | {"Table"}:
        return call
    declaration = tree.declaration(call)
    statement = tree.parents.get(declaration)
    if isinstance(statement, (cst.AnnAssign, cst.Assign)) and statement.value is declaration:
        return statement
    return declaration
