"""Keywords of calls and keys of dictionaries: found, set and dropped."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

import libcst as cst

from schemalint.fixing.commas import A_COMMENT_WOULD_BE_LOST, has_comment, row_of, with_row
from schemalint.fixing.reasons import LeftAlone

Change: TypeAlias = Callable[[cst.BaseExpression], cst.BaseExpression]
Node = TypeVar("Node", bound=cst.CSTNode)

TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """Return the value of a keyword, None where the call does not write it."""
    index = keyword_index(call, name)
    return None if index is None else call.args[index].value


def keyword_index(call: cst.Call, name: str) -> int | None:
    return next((index for index, one in enumerate(call.args) if one.keyword and one.keyword.value == name), None)


def positionals(call: cst.Call) -> list[cst.Arg]:
    """Return the arguments before the first keyword."""
    return [one for one in call.args if one.keyword is None and one.star != "**"]


def with_keyword(call: cst.Call, name: str, value: cst.BaseExpression, instead_of: str = "") -> cst.Call:
    """Return a call with a keyword: in place of the one of that name, or of `instead_of`, else behind the others."""
    row = row_of(call)
    index = keyword_index(call, name)
    other = keyword_index(call, instead_of) if instead_of and instead_of != name else None
    if index is not None and other is not None:
        row = row.without(other)
        return with_keyword(changed(call, row), name, value)
    index = other if index is None else index
    if index is None:
        if unpacked := next((one for one in call.args if one.star == "**"), None):
            raise LeftAlone(f"`**{printed(unpacked.value)}` in its call says arguments that stand elsewhere")
        argument = cst.Arg(value, keyword=cst.Name(name), equal=TIGHT)
        return changed(call, row.inserted(len(row.items), argument))
    old = row.items[index]
    assert isinstance(old, cst.Arg), "a call has arguments"
    refuse_to_replace(old.value, "" if instead_of else name)
    return changed(call, row.replaced(index, old.with_changes(keyword=cst.Name(name), value=value)))


def without_keyword(call: cst.Call, name: str) -> cst.Call | None:
    """Return a call without a keyword, None where it has none of that name."""
    index = keyword_index(call, name)
    if index is None:
        return None
    refuse_to_replace(call.args[index].value, name)
    return changed(call, row_of(call).without(index))


def with_positional(call: cst.Call, index: int, value: cst.BaseExpression) -> cst.Call:
    """Return a call with one more positional argument at `index`."""
    return changed(call, row_of(call).inserted(index, cst.Arg(value)))


def with_value_at(call: cst.Call, index: int, value: cst.BaseExpression) -> cst.Call:
    """Return a call with another value for one of its arguments."""
    return call.with_changes(
        args=[one.with_changes(value=value) if number == index else one for number, one in enumerate(call.args)]
    )


def refuse_to_replace(value: cst.BaseExpression, name: str) -> None:
    """Raise LeftAlone where what would go is no literal (when a name is given), or has a comment in it."""
    if has_comment(value):
        raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
    if name and isinstance(value, (cst.Name, cst.Attribute)) and printed(value) not in {"True", "False", "None"}:
        raise LeftAlone(f"`{name}={printed(value)}` is not written as a literal")


def with_entry(
    holder: cst.BaseExpression, key: str, value: cst.BaseExpression, what: str, instead_of: str = ""
) -> cst.BaseExpression:
    """Return a dictionary (`{...}` or `dict(...)`) with an entry, as `with_keyword`; raises LeftAlone for anything else, called `what`."""
    match holder:
        case cst.Call(func=cst.Name(value="dict")) if not positionals(holder):
            return with_keyword(holder, key, value, instead_of)
        case cst.Dict():
            index = entry_index(holder, key, what)
            if index is None and instead_of:
                index = entry_index(holder, instead_of, what)
            row = row_of(holder)
            if index is None:
                entry = cst.DictElement(cst.SimpleString(f'"{key}"'), value)
                return changed(holder, row.inserted(len(row.items), entry))
            old = row.items[index]
            assert isinstance(old, cst.DictElement), "only these have keys"
            refuse_to_replace(old.value, "" if instead_of else key)
            new = old.with_changes(value=value)
            if text_of(old.key) != key:
                new = new.with_changes(key=cst.SimpleString(f'"{key}"'))
            return changed(holder, row.replaced(index, new))
        case _:
            raise LeftAlone(f"{what} is not written as a dictionary")


def without_entry(holder: cst.BaseExpression, key: str, what: str) -> cst.BaseExpression | None:
    """Return a dictionary without an entry, None where it has none of that key."""
    if isinstance(holder, cst.Call):
        return without_keyword(holder, key)
    dictionary = cst.ensure_type(holder, cst.Dict)
    index = entry_index(dictionary, key, what)
    return None if index is None else changed(dictionary, row_of(dictionary).without(index))


def entry(holder: cst.BaseExpression | None, key: str) -> cst.BaseExpression | None:
    """Return the value of a key of a dictionary, None where there is none."""
    match holder:
        case cst.Call(func=cst.Name(value="dict")):
            return keyword(holder, key)
        case cst.Dict(elements=elements):
            found = (one.value for one in elements if isinstance(one, cst.DictElement) and text_of(one.key) == key)
            return next(found, None)
        case _:
            return None


def entry_index(holder: cst.Dict, key: str, what: str) -> int | None:
    for index, one in enumerate(holder.elements):
        if not isinstance(one, cst.DictElement):
            raise LeftAlone(f"`**{printed(one.value)}` in {what} says what stands elsewhere")
        if text_of(one.key) == key:
            return index
    return None


def is_empty(holder: cst.BaseExpression) -> bool:
    return (isinstance(holder, cst.Dict) and not holder.elements) or (isinstance(holder, cst.Call) and not holder.args)


def text_of(node: cst.BaseExpression | None) -> str | None:
    """Return the value of a string literal, None for anything else."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def changed(holder: Node, row: object) -> Node:
    return with_row(holder, row)  # type: ignore[arg-type,return-value]  # a holder stays of its kind


def printed(node: cst.CSTNode) -> str:
    """Return a node's code."""
    return cst.Module([]).code_for_node(node).strip()
