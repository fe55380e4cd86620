"""Arguments of what declares a column, put where they can stand: in `Field(...)`, its `Column(...)`, its `sa_column_kwargs`, `mapped_column(...)`."""

from collections.abc import Callable
from typing import TypeAlias

import libcst as cst

from schemalint.fix import Target
from schemalint.fixing.arguments import (
    entry,
    is_empty,
    keyword,
    positionals,
    printed,
    refuse_to_replace,
    text_of,
    with_entry,
    with_keyword,
    with_positional,
    with_value_at,
    without_entry,
    without_keyword,
)
from schemalint.fixing.commas import A_COMMENT_WOULD_BE_LOST, has_comment, row_of, with_row
from schemalint.fixing.names import Names, dotted
from schemalint.fixing.reasons import LeftAlone

CallChange: TypeAlias = Callable[[cst.Call], cst.Call]

COLUMN_CALLS = frozenset({"Column", "mapped_column"})
WRAPPERS = frozenset({"deferred", "column_property"})

PYDANTIC_ARGUMENTS = frozenset(
    [
        "default",
        "default_factory",
        "alias",
        "validation_alias",
        "serialization_alias",
        "title",
        "description",
        "exclude",
        "include",
        "const",
        "gt",
        "ge",
        "lt",
        "le",
        "multiple_of",
        "max_digits",
        "decimal_places",
        "min_items",
        "max_items",
        "unique_items",
        "min_length",
        "max_length",
        "allow_mutation",
        "regex",
        "discriminator",
        "repr",
        "schema_extra",
    ]
)
"""Arguments of SQLModel's `Field` that stay there beside a `sa_column`."""

SQLMODEL_ARGUMENTS = frozenset(
    [
        "primary_key",
        "foreign_key",
        "ondelete",
        "unique",
        "nullable",
        "index",
        "sa_type",
        "sa_column",
        "sa_column_args",
        "sa_column_kwargs",
    ]
)
"""Arguments of SQLModel's `Field` that say something of the column, which `sa_column` forbids."""

FOREIGN_KEY_ARGUMENTS = frozenset(
    ["ondelete", "onupdate", "deferrable", "initially", "use_alter", "name", "match", "link_to_name", "info", "comment"]
)

SCHEMA_ITEMS = frozenset(
    [
        "ForeignKey",
        "CheckConstraint",
        "UniqueConstraint",
        "PrimaryKeyConstraint",
        "Computed",
        "Identity",
        "Sequence",
        "Constraint",
        "DefaultClause",
        "FetchedValue",
        "ColumnDefault",
    ]
)
"""Positional arguments of a column that are not its type."""


def with_declaring_call(
    statement: cst.AnnAssign | cst.Assign, target: Target, names: Names, make: str, change: CallChange
) -> cst.AnnAssign | cst.Assign:
    """Return an attribute's statement with its declaring call changed; `make` is the name of the call for one that has none."""
    value = statement.value
    if isinstance(value, cst.Call) and declares(value, names):
        return statement.with_changes(value=change(value))
    if isinstance(statement, cst.Assign) or not target.call:
        raise LeftAlone(is_no_declaration(value))
    if (annotated := annotated_call(statement.annotation.annotation, names)) is not None:
        inner = statement.annotation.annotation.deep_replace(annotated, change(annotated))
        return statement.with_changes(annotation=statement.annotation.with_changes(annotation=inner))
    if isinstance(value, cst.Call) or (value is not None and target.call != "Field"):
        raise LeftAlone(is_no_declaration(value))
    call = cst.Call(cst.parse_expression(make))
    if value is not None:
        if has_comment(value):
            raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
        call = with_keyword(call, "default", value)
    return statement.with_changes(value=change(call), equal=statement.equal if value is not None else cst.AssignEqual())


def declares(call: cst.Call, names: Names) -> bool:
    return names.called(call) in {"Field", "Relationship", "relationship", *COLUMN_CALLS, *WRAPPERS}


def is_no_declaration(value: cst.BaseExpression | None) -> str:
    match value:
        case cst.Call(func=func):
            return f"`{printed(func)}(...)` declares it, which is neither Field, Column nor mapped_column under a name that can be followed"
        case None:
            return "its declaration has no call that could take the argument"
        case _:
            return (
                f"it is declared as `{printed(value).splitlines()[0]}`, which is no call that could take the argument"
            )


def annotated_call(annotation: cst.BaseExpression, names: Names) -> cst.Call | None:
    """Return the only declaring call in `Annotated[...]`, also in `Mapped[Annotated[...]]`.

    What stands deeper, as in `Annotated[...] | None`, says nothing of the column.
    """
    match annotation:
        case cst.Subscript(value=head, slice=elements):
            inner = [one.slice.value for one in elements if isinstance(one.slice, cst.Index)]
            match names.full_name(head).rpartition(".")[2]:
                case "Annotated":
                    calls = [one for one in inner[1:] if isinstance(one, cst.Call) and declares(one, names)]
                    return calls[0] if len(calls) == 1 else None
                case "Mapped" if inner:
                    return annotated_call(inner[0], names)
                case _:
                    return None
        case _:
            return None


def set_argument(
    call: cst.Call, name: str, value: cst.BaseExpression, instead_of: str, target: Target, names: Names
) -> cst.Call:
    """Return a column's call with an argument where it can stand."""
    if inner := wrapped(call, names):
        return with_value_at(call, 0, set_argument(inner, name, value, instead_of, target, names))
    if name == "ondelete" or (target.kind == "foreign key" and name in FOREIGN_KEY_ARGUMENTS):
        return set_in_foreign_key(call, name, value, target, names)
    called = names.called(call)
    if called == "Field":
        return set_in_field(call, name, value, instead_of, target, names)
    if name in ("type_", "sa_type"):
        return set_type(call, value, names)
    if name in (PYDANTIC_ARGUMENTS - {"default", "default_factory", "repr"}) | SQLMODEL_ARGUMENTS - COLUMN_ARGUMENTS:
        raise LeftAlone(f"`{called}(...)` takes no {name}")
    first = positionals(call)
    if name == "name" and first and text_of(first[0].value) is not None:
        return with_value_at(call, 0, value)
    return with_keyword(call, name, value, instead_of)


COLUMN_ARGUMENTS = frozenset({"primary_key", "unique", "nullable", "index"})
"""Arguments that Field and Column have in common."""


def set_in_field(
    call: cst.Call, name: str, value: cst.BaseExpression, instead_of: str, target: Target, names: Names
) -> cst.Call:
    name = "sa_type" if name == "type_" else name
    refuse_pydantics(call, name, names)
    if "default" in (name, instead_of) and (first := positionals(call)):
        return default_replaced(call, first[0], name, value)
    written = {one for one in (name, instead_of) if one and keyword(call, one) is not None}
    if not written and name not in PYDANTIC_ARGUMENTS:
        column = keyword(call, "sa_column")
        if column is not None:
            inner = column_call(column, names)
            return with_keyword_value(call, "sa_column", set_argument(inner, name, value, instead_of, target, names))
        if name not in SQLMODEL_ARGUMENTS:
            return set_in_kwargs(call, "sa_column_kwargs", name, value, instead_of)
    return with_keyword(call, name, value, instead_of)


def refuse_pydantics(call: cst.Call, name: str, names: Names) -> None:
    """Raise LeftAlone where `Field` is pydantic's own, which knows nothing of columns."""
    if names.full_name(call.func).startswith("pydantic.") and name not in PYDANTIC_ARGUMENTS:
        raise LeftAlone(f"`{printed(call.func)}` is pydantic's, which takes no {name}")


def default_replaced(call: cst.Call, first: cst.Arg, name: str, value: cst.BaseExpression) -> cst.Call:
    """Return a `Field(...)` with another argument in place of the positional default."""
    if first.star or len(positionals(call)) > 1 or has_comment(first):
        raise LeftAlone(f"`{printed(first)}` is not written as a literal" if first.star else A_COMMENT_WOULD_BE_LOST)
    argument = first.with_changes(value=value)
    if name != "default":
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        argument = argument.with_changes(keyword=cst.Name(name), equal=equal)
    return call.with_changes(args=[argument, *call.args[1:]])


def set_in_kwargs(call: cst.Call, holder: str, name: str, value: cst.BaseExpression, instead_of: str = "") -> cst.Call:
    """Return a call with an entry in its `sa_column_kwargs` or `sa_relationship_kwargs`."""
    written = keyword(call, holder)
    if written is None:
        new = cst.Dict([cst.DictElement(cst.SimpleString(f'"{name}"'), value)])
        return with_keyword(call, holder, new)
    return with_keyword_value(call, holder, with_entry(written, name, value, f"`{holder}`", instead_of))


def with_keyword_value(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Call:
    """Return a call with another value for a keyword that it has."""
    index = next(index for index, one in enumerate(call.args) if one.keyword and one.keyword.value == name)
    return with_value_at(call, index, value)


def wrapped(call: cst.Call, names: Names) -> cst.Call | None:
    """Return the column in `deferred(...)` or `column_property(...)`, None for other calls."""
    if names.called(call) not in WRAPPERS or not call.args:
        return None
    return column_call(call.args[0].value, names)


def column_call(value: cst.BaseExpression, names: Names) -> cst.Call:
    """Return a `Column(...)` that stands in another call; raises LeftAlone for what is none."""
    if isinstance(value, cst.Call) and names.called(value) in COLUMN_CALLS:
        return value
    raise LeftAlone(f"its column is `{printed(value).splitlines()[0]}`, which is not written as `Column(...)` there")


def set_type(call: cst.Call, value: cst.BaseExpression, names: Names) -> cst.Call:
    """Return a column's call with another type, or with one behind the name where it has none."""
    index = type_index(call, names)
    if index is None:
        first = positionals(call)
        at = 1 if first and text_of(first[0].value) is not None else 0
        return with_positional(call, at, value)
    refuse_to_replace(call.args[index].value, "")
    return with_value_at(call, index, value)


def type_index(call: cst.Call, names: Names) -> int | None:
    """Return which argument of a column is its type, None where it has none; raises LeftAlone where that cannot be told."""
    for index, one in enumerate(call.args):
        if one.keyword and one.keyword.value == "type_":
            return index
    found = [
        index
        for index, one in enumerate(positionals(call))
        if text_of(one.value) is None and names.called(one.value) not in SCHEMA_ITEMS
    ]
    if any(call.args[index].star for index in found):
        raise LeftAlone("`*` in its call says arguments that stand elsewhere")
    if len(found) == 2 and found[0] == 0:
        found = found[1:]  # a name that is no literal stands before the type
    if len(found) > 1:
        raise LeftAlone("which of its arguments is the type cannot be told")
    return found[0] if found else None


def set_in_foreign_key(call: cst.Call, name: str, value: cst.BaseExpression, target: Target, names: Names) -> cst.Call:
    """Return a column's call with an argument of its foreign key."""
    called = names.called(call)
    if called == "Field" and keyword(call, "foreign_key") is not None:
        if name != "ondelete":
            raise LeftAlone(f"Field takes no {name} of a foreign key: that needs sa_column=Column(...)")
        return with_keyword(call, name, value)
    if called == "Field" and (column := keyword(call, "sa_column")) is not None:
        inner = set_in_foreign_key(column_call(column, names), name, value, target, names)
        return with_keyword_value(call, "sa_column", inner)
    if called == "Field" and isinstance(written := keyword(call, "sa_column_args"), (cst.List, cst.Tuple)):
        keys = [index for index, one in enumerate(written.elements) if is_foreign_key(one.value, target, names)]
        key = written.elements[only(keys)]
        changed = key.with_changes(value=with_keyword(cst.ensure_type(key.value, cst.Call), name, value))
        elements = [changed if one is key else one for one in written.elements]
        return with_keyword_value(call, "sa_column_args", written.with_changes(elements=elements))
    keys = [index for index, one in enumerate(call.args) if is_foreign_key(one.value, target, names)]
    index = only(keys)
    return with_value_at(call, index, with_keyword(cst.ensure_type(call.args[index].value, cst.Call), name, value))


def is_foreign_key(node: cst.BaseExpression, target: Target, names: Names) -> bool:
    """Whether an expression is the `ForeignKey(...)` that is meant: one to something else, said as a string, is not."""
    if not isinstance(node, cst.Call) or names.called(node) != "ForeignKey":
        return False
    refers_to = text_of(node.args[0].value) if node.args else None
    return refers_to is None or not target.refers_to or refers_to in target.refers_to


def only(indices: list[int]) -> int:
    if len(indices) != 1:
        raise LeftAlone("its foreign key is not written there as one `ForeignKey(...)`")
    return indices[0]


def drop_argument(call: cst.Call, name: str, target: Target, names: Names) -> cst.Call:
    """Return a column's call without an argument, wherever it stands in it; raises LeftAlone where it does not."""
    changed = without_argument(call, name, target, names)
    if changed is None:
        raise LeftAlone(f"its {name} is not written at its declaration")
    return changed


def without_argument(call: cst.Call, name: str, target: Target, names: Names) -> cst.Call | None:
    if inner := wrapped(call, names):
        without = without_argument(inner, name, target, names)
        return without and with_value_at(call, 0, without)
    if target.kind == "foreign key" and names.called(call) in COLUMN_CALLS:
        keys = [index for index, one in enumerate(call.args) if is_foreign_key(one.value, target, names)]
        if len(keys) == 1:
            key = without_keyword(cst.ensure_type(call.args[keys[0]].value, cst.Call), name)
            return key and with_value_at(call, keys[0], key)
        return None
    if (without := without_keyword(call, name)) is not None:
        return without
    if (column := keyword(call, "sa_column")) is not None and isinstance(column, cst.Call):
        without = without_argument(column, name, target, names)
        return without and with_keyword_value(call, "sa_column", without)
    return without_entry_of(call, "sa_column_kwargs", name)


def without_entry_of(call: cst.Call, holder: str, name: str) -> cst.Call | None:
    """Return a call without an entry of its `sa_column_kwargs`, and without these where nothing else stands in them."""
    written = keyword(call, holder)
    if written is None or entry(written, name) is None:
        return None
    rest = without_entry(written, name, f"`{holder}`")
    assert rest is not None, "the entry is there"
    return without_keyword(call, holder) if is_empty(rest) else with_keyword_value(call, holder, rest)


def without_foreign_key(call: cst.Call, target: Target, names: Names) -> cst.Call:
    """Return a column's call without its foreign key."""
    if names.called(call) == "Field" and (without := without_keyword(call, "foreign_key")) is not None:
        return without_keyword(without, "ondelete") or without
    if names.called(call) == "Field" and (column := keyword(call, "sa_column")) is not None:
        return with_keyword_value(call, "sa_column", without_foreign_key(column_call(column, names), target, names))
    index = only([index for index, one in enumerate(call.args) if is_foreign_key(one.value, target, names)])
    changed = with_row(call, row_of(call).without(index))
    return cst.ensure_type(changed, cst.Call)


def type_names(node: cst.BaseExpression, name: str, names: Names) -> list[cst.BaseExpression]:
    """Return the expressions within a declaration that name or call the type `name`, a call rather than the name in it."""
    found: list[cst.BaseExpression] = []

    def look(one: cst.CSTNode) -> None:
        match one:
            case cst.Call(func=func, args=args) if names.full_name(func).rpartition(".")[2] == name:
                found.append(one)
                for argument in args:
                    look(argument.value)
            case cst.Arg(value=value):
                look(value)
            case cst.Name() | cst.Attribute() if dotted(one):
                if names.full_name(one).rpartition(".")[2] == name:
                    found.append(one)
            case _:
                for child in one.children:
                    look(child)

    look(node)
    return found


def with_type(call: cst.Call, value: cst.BaseExpression, instead_of: str, target: Target, names: Names) -> cst.Call:
    """Return a column's call with a type: in place of the one that is called `instead_of`, or the first that it has."""
    written = type_names(call, instead_of, names) if instead_of else []
    if len(written) == 1:
        if has_comment(written[0]):
            raise LeftAlone(A_COMMENT_WOULD_BE_LOST)
        return cst.ensure_type(call.deep_replace(written[0], value), cst.Call)
    if len(written) > 1:
        raise LeftAlone(f"its declaration names {instead_of} several times")
    if has_type(call, names):
        raise LeftAlone(f"its type is not written there as {instead_of or 'one name'}")
    return set_argument(call, "sa_type" if names.called(call) == "Field" else "type_", value, "", target, names)


def has_type(call: cst.Call, names: Names) -> bool:
    """Whether a column's call says a type."""
    if inner := wrapped(call, names):
        return has_type(inner, names)
    if names.called(call) != "Field":
        return type_index(call, names) is not None
    column = keyword(call, "sa_column")
    if column is not None:
        return has_type(column_call(column, names), names)
    return keyword(call, "sa_type") is not None
