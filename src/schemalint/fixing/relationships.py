"""Arguments of what declares a relationship: in `Relationship(...)`, its `sa_relationship_kwargs`, or SQLAlchemy's `relationship(...)`."""

import libcst as cst

from schemalint.fixing.arguments import entry, keyword, printed, with_keyword, without_keyword
from schemalint.fixing.columns import set_in_kwargs, with_keyword_value, without_entry_of
from schemalint.fixing.names import Names
from schemalint.fixing.reasons import LeftAlone

SQLMODEL_ARGUMENTS = frozenset({"back_populates", "cascade_delete", "passive_deletes", "link_model"})
"""What SQLModel's `Relationship` takes itself."""

ONLY_SQLMODELS = frozenset({"cascade_delete", "link_model"})

KWARGS = "sa_relationship_kwargs"


def is_relationship(call: cst.BaseExpression | None, names: Names) -> bool:
    return call is not None and names.called(call) in {"Relationship", "relationship"}


def set_argument(call: cst.Call, name: str, value: cst.BaseExpression, instead_of: str, names: Names) -> cst.Call:
    """Return a relationship's call with an argument where it can stand."""
    if names.called(call) != "Relationship":
        if name in ONLY_SQLMODELS:
            raise LeftAlone(f"`relationship(...)` takes no {name}")
        return with_keyword(call, name, value, instead_of)
    if (inner := keyword(call, "sa_relationship")) is not None:
        if not isinstance(inner, cst.Call) or names.called(inner) != "relationship":
            raise LeftAlone(f"its `sa_relationship` is `{printed(inner).splitlines()[0]}`, which is declared elsewhere")
        return with_keyword_value(call, "sa_relationship", set_argument(inner, name, value, instead_of, names))
    kwargs = keyword(call, KWARGS)
    if instead_of not in ("", name) and name in SQLMODEL_ARGUMENTS and entry(kwargs, instead_of) is not None:
        dropped = without_entry_of(call, KWARGS, instead_of)
        assert dropped is not None, "the entry is there"
        return with_keyword(dropped, name, value)
    if any(one and entry(kwargs, one) is not None for one in (name, instead_of)):
        return set_in_kwargs(call, KWARGS, name, value, instead_of)
    if name in SQLMODEL_ARGUMENTS:
        return with_keyword(call, name, value, instead_of)
    if instead_of and (dropped := without_keyword(call, instead_of)) is not None:
        call = dropped
    return set_in_kwargs(call, KWARGS, name, value)


def drop_argument(call: cst.Call, name: str, names: Names) -> cst.Call:
    """Return a relationship's call without an argument; raises LeftAlone where it is not written there."""
    inner = keyword(call, "sa_relationship")
    if names.called(call) == "Relationship" and isinstance(inner, cst.Call):
        return with_keyword_value(call, "sa_relationship", drop_argument(inner, name, names))
    changed = without_keyword(call, name) or without_entry_of(call, KWARGS, name)
    if changed is None:
        raise LeftAlone(f"its {name} is not written at its declaration")
    return changed
