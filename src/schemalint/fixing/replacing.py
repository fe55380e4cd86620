"""What stands exactly at a place, written anew: an expression, a statement or a comment."""

import libcst as cst

from schemalint.fix import Replace
from schemalint.fixing.commas import A_COMMENT_WOULD_BE_LOST, has_comment
from schemalint.fixing.names import Renaming
from schemalint.fixing.reasons import LeftAlone
from schemalint.fixing.tree import Change, Replacement, Tree


def replacement(edit: Replace, tree: Tree) -> tuple[cst.CSTNode, Change]:
    """Return the node that a replacement is about, and what becomes of it."""
    for node in tree.at(edit.location):
        match node:
            case cst.Comment():
                return comment_replaced(node, edit.code, tree)
            case cst.BaseExpression() if not isinstance(tree.parents.get(node), cst.Expr):
                return expression_replaced(node, edit, tree)
            case cst.BaseSmallStatement() | cst.BaseCompoundStatement():
                return statement_replaced(node, edit, tree)
            case _:
                pass
    raise LeftAlone("nothing that could be replaced stands there")


def comment_replaced(node: cst.Comment, code: str, tree: Tree) -> tuple[cst.CSTNode, Change]:
    if code:
        return node, lambda _: cst.Comment(code)
    around = tree.parents[node]
    if isinstance(around, cst.EmptyLine):
        return around, lambda _: cst.RemoveFromParent()
    return around, lambda one: one.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))


def expression_replaced(node: cst.BaseExpression, edit: Replace, tree: Tree) -> tuple[cst.CSTNode, Change]:
    if has_comment(node):
        raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
    new = tree.names.expression(edit.code, edit.imports, tree.taken_at(node))
    if not isinstance(node, cst.Tuple):  # a tuple's parentheses are its own
        new = new.with_changes(lpar=[*node.lpar, *new.lpar], rpar=[*new.rpar, *node.rpar])
    return node, lambda _: new


def statement_replaced(
    node: cst.BaseSmallStatement | cst.BaseCompoundStatement, edit: Replace, tree: Tree
) -> tuple[cst.CSTNode, Change]:
    around = tree.parents[node]
    if any(has_comment(child) for child in node.children if not isinstance(child, cst.EmptyLine)):
        raise LeftAlone("a comment in it would be lost")
    local = {full.rpartition(".")[2]: tree.names.name_for(full, tree.taken_at(node)) for full in edit.imports}
    module = cst.parse_module(edit.code, tree.module.config_for_parsing)
    lines = list(cst.ensure_type(module.visit(Renaming(local)), cst.Module).body)
    if isinstance(around, cst.SimpleStatementLine):
        if len(around.body) > 1:
            raise LeftAlone("several statements stand on its line")
        old_leading, trailing = around.leading_lines, around.trailing_whitespace
        if isinstance(lines[-1], cst.SimpleStatementLine):
            lines[-1] = lines[-1].with_changes(trailing_whitespace=trailing)
        elif trailing.comment:
            raise LeftAlone("a comment behind it would be lost")
        node_to_change: cst.CSTNode = around
    else:
        old_leading = node.leading_lines if isinstance(node, (cst.ClassDef, cst.FunctionDef)) else []
        node_to_change = node
    lines[0] = lines[0].with_changes(leading_lines=old_leading)

    def change(_: cst.CSTNode) -> Replacement:
        return lines[0] if len(lines) == 1 else cst.FlattenSentinel(lines)

    return node_to_change, change
