"""Rows of items between commas (arguments, tuples, lists, dictionaries, imported names): one put in or taken out, the layout kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import libcst as cst

from schemalint.fixing.reasons import LeftAlone

Whitespace: TypeAlias = cst.BaseParenthesizableWhitespace
Item: TypeAlias = cst.Arg | cst.BaseElement | cst.BaseDictElement | cst.ImportAlias
Holder: TypeAlias = cst.Call | cst.Tuple | cst.List | cst.Dict | cst.ImportFrom

NOTHING = cst.SimpleWhitespace("")
A_SPACE = cst.SimpleWhitespace(" ")
A_COMMENT_WOULD_BE_LOST = "a comment inside the parentheses would be lost"


@dataclass(frozen=True)
class Row:
    """Items without their commas; `commas` stand between them, `last_comma` behind the last, `opening` and `closing` inside the parentheses."""

    opening: Whitespace
    items: tuple[Item, ...]
    commas: tuple[cst.Comma, ...]
    last_comma: cst.Comma | None
    closing: Whitespace

    def before(self, index: int) -> Whitespace:
        """Return the whitespace in front of an item."""
        return self.commas[index - 1].whitespace_after if index else self.opening

    def inserted(self, index: int, item: Item) -> "Row":
        """Return the row with one more item: on a line of its own where the items are."""
        if not self.items:
            if has_comment(self.opening) or has_comment(self.closing):
                raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
            return replace(self, opening=NOTHING, items=(item,), closing=NOTHING)
        if index == len(self.items):
            return self._appended(item)
        space = self.before(index)
        items = (*self.items[:index], item, *self.items[index:])
        if not isinstance(space, cst.ParenthesizedWhitespace):
            commas = (*self.commas[:index], cst.Comma(whitespace_after=A_SPACE), *self.commas[index:])
            return replace(self, items=items, commas=commas)
        # Comments above the item that follows stay with it; one behind the item before stays there.
        row = replace(
            self,
            items=items,
            commas=(
                *self.commas[:index],
                cst.Comma(whitespace_after=space.with_changes(first_line=LINE_END)),
                *self.commas[index:],
            ),
        )
        return row.with_before(index, space.with_changes(empty_lines=[]))

    def _appended(self, item: Item) -> "Row":
        sample = self.before(len(self.items) - 1)
        closing = self.closing
        space: Whitespace = A_SPACE
        if isinstance(sample, cst.ParenthesizedWhitespace):
            space = sample.with_changes(first_line=LINE_END, empty_lines=[])
            if isinstance(closing, cst.ParenthesizedWhitespace):
                # What is said behind the item that was the last stays behind it.
                space = space.with_changes(first_line=closing.first_line)
                closing = closing.with_changes(first_line=LINE_END)
        comma = (self.last_comma or cst.Comma()).with_changes(whitespace_after=space)
        return replace(
            self,
            items=(*self.items, item),
            commas=(*self.commas, comma),
            last_comma=self.last_comma and cst.Comma(),
            closing=closing,
        )

    def without(self, index: int) -> "Row":
        """Return the row without an item; raises LeftAlone where a comment stands in it, above it or behind it."""
        is_last = index == len(self.items) - 1
        before = self.before(index)
        after = self.closing if is_last else self.commas[index].whitespace_after
        beside = [*self.commas[index - 1 : index], self.last_comma] if is_last else [self.commas[index]]
        is_said = any(comma is not None and has_comment(comma.whitespace_before) for comma in beside)
        if is_said or has_comment(self.items[index]) or has_own_line_comment(before) or comment_behind(after):
            raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
        items = (*self.items[:index], *self.items[index + 1 :])
        if not items:
            if has_comment(before) or has_comment(after):
                raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
            return replace(self, opening=NOTHING, items=(), last_comma=None, closing=NOTHING)
        if is_last:
            row = replace(self, items=items, commas=self.commas[:-1])
            if comment_behind(before):
                assert isinstance(before, cst.ParenthesizedWhitespace), "only a line end has a comment before it"
                kept = after if isinstance(after, cst.ParenthesizedWhitespace) else before
                return replace(row, closing=kept.with_changes(first_line=before.first_line))
            return row
        row = replace(self, items=items, commas=(*self.commas[:index], *self.commas[index + 1 :]))
        return row.with_before(index, joined(before, after, is_first=index == 0))

    def with_before(self, index: int, space: Whitespace) -> "Row":
        """Return the row with other whitespace in front of an item."""
        if not index:
            return replace(self, opening=space)
        comma = self.commas[index - 1].with_changes(whitespace_after=space)
        return replace(self, commas=(*self.commas[: index - 1], comma, *self.commas[index:]))

    def replaced(self, index: int, item: Item) -> "Row":
        """Return the row with another item in the place of one."""
        return replace(self, items=(*self.items[:index], item, *self.items[index + 1 :]))


LINE_END = cst.TrailingWhitespace()


def joined(before: Whitespace, after: Whitespace, *, is_first: bool) -> Whitespace:
    """Return what stands in the place of an item that is taken out, with what is said behind the item before and above the item after."""
    if isinstance(after, cst.ParenthesizedWhitespace):
        if isinstance(before, cst.ParenthesizedWhitespace):
            return after.with_changes(first_line=before.first_line)
        if is_first:
            if has_comment(after):
                raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
            return before
        return after
    return before


def has_comment(node: cst.CSTNode) -> bool:
    """Whether a comment stands anywhere in a node."""
    return isinstance(node, cst.Comment) or any(has_comment(child) for child in node.children)


def comment_behind(space: Whitespace) -> bool:
    """Whether a comment ends the line that whitespace begins on."""
    return isinstance(space, cst.ParenthesizedWhitespace) and space.first_line.comment is not None


def has_own_line_comment(space: Whitespace) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace) and any(line.comment for line in space.empty_lines)


def row_of(holder: Holder) -> Row:
    """Return the items of a call, tuple, list, dictionary or import."""
    match holder:
        case cst.Call(args=args):
            if not args:
                return Row(NOTHING, (), (), None, holder.whitespace_before_args)
            return row(holder.whitespace_before_args, args, NOTHING)
        case cst.Tuple(elements=elements, lpar=lpar, rpar=rpar):
            opening = lpar[-1].whitespace_after if lpar else NOTHING
            return row(opening, elements, rpar[0].whitespace_before if rpar else NOTHING)
        case cst.List(elements=elements):
            return row(holder.lbracket.whitespace_after, elements, holder.rbracket.whitespace_before)
        case cst.Dict(elements=elements):
            return row(holder.lbrace.whitespace_after, elements, holder.rbrace.whitespace_before)
        case _:
            assert not isinstance(holder.names, cst.ImportStar), "a star import has no items"
            opening = holder.lpar.whitespace_after if holder.lpar else NOTHING
            return row(opening, holder.names, holder.rpar.whitespace_before if holder.rpar else NOTHING)


def row(opening: Whitespace, nodes: Sequence[Item], closing: Whitespace) -> Row:
    items: list[Item] = []
    commas: list[cst.Comma] = []
    for node in nodes:
        if isinstance(node.comma, cst.Comma):
            commas.append(node.comma)
        items.append(node.with_changes(comma=cst.MaybeSentinel.DEFAULT))
    last_comma = None
    if items and len(commas) == len(items):
        last_comma = commas.pop()
        closing = last_comma.whitespace_after if not is_nothing(last_comma.whitespace_after) else closing
        last_comma = last_comma.with_changes(whitespace_after=NOTHING)
    elif items and isinstance(last := items[-1], cst.Arg):
        closing = last.whitespace_after_arg
        items[-1] = last.with_changes(whitespace_after_arg=NOTHING)
    return Row(opening, tuple(items), tuple(commas), last_comma, closing)


def is_nothing(space: Whitespace) -> bool:
    return isinstance(space, cst.SimpleWhitespace) and not space.value


def with_row(holder: Holder, changed: Row) -> Holder:
    """Return `holder` with other items."""
    nodes = (
        [
            item.with_changes(comma=comma) if comma else item
            for item, comma in zip(changed.items, [*changed.commas, changed.last_comma], strict=True)
        ]
        if changed.items
        else []
    )
    match holder:
        case cst.Call():
            if nodes and changed.last_comma:
                nodes[-1] = nodes[-1].with_changes(
                    comma=changed.last_comma.with_changes(whitespace_after=changed.closing)
                )
            elif nodes:
                nodes[-1] = nodes[-1].with_changes(whitespace_after_arg=changed.closing)
            opening = changed.opening if nodes else changed.closing
            return holder.with_changes(args=nodes, whitespace_before_args=opening)
        case cst.Tuple(lpar=lpar, rpar=rpar):
            if len(nodes) == 1 and not changed.last_comma:
                nodes[-1] = nodes[-1].with_changes(comma=cst.Comma())
            if lpar:
                lpar = [*lpar[:-1], lpar[-1].with_changes(whitespace_after=changed.opening)]
                rpar = [rpar[0].with_changes(whitespace_before=changed.closing), *rpar[1:]]
            return holder.with_changes(elements=nodes, lpar=lpar, rpar=rpar)
        case cst.List():
            return holder.with_changes(
                elements=nodes,
                lbracket=holder.lbracket.with_changes(whitespace_after=changed.opening),
                rbracket=holder.rbracket.with_changes(whitespace_before=changed.closing),
            )
        case cst.Dict():
            return holder.with_changes(
                elements=nodes,
                lbrace=holder.lbrace.with_changes(whitespace_after=changed.opening),
                rbrace=holder.rbrace.with_changes(whitespace_before=changed.closing),
            )
        case _:
            if holder.lpar and holder.rpar:
                holder = holder.with_changes(
                    lpar=holder.lpar.with_changes(whitespace_after=changed.opening),
                    rpar=holder.rpar.with_changes(whitespace_before=changed.closing),
                )
            return holder.with_changes(names=nodes)
