"""Reads what a mapped class says about the Python type of an attribute, as far as it can be known at run time."""

import inspect
import sys
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, ForwardRef, TypeVar, Union, get_args, get_origin, get_type_hints

from sqlalchemy.orm import Mapped, declared_attr


def annotation_of(class_: type, name: str, known: Mapping[str, Any] | None = None) -> object | None:
    """Return the annotated type of an attribute, without `Mapped` and `Annotated`; None where the class says nothing that resolves.

    Each attribute is resolved alone: a name that exists for type checkers only makes one unknown, not all. `known` are names for where the
    module has none.
    """
    for base in class_.__mro__:
        annotation = own_annotations(base).get(name)
        if annotation is None and isinstance(attribute := vars(base).get(name), declared_attr):
            annotation = own_annotations(attribute.fget).get("return")
        if annotation is not None:
            return plain(evaluated(annotation, base, known or {}))
    return None


def relationship_annotation(class_: type, name: str, classes: Mapping[str, type]) -> object | None:
    """Return the annotated type of a relationship, as `annotation_of` does; `classes` are those whose names type checkers only may know there."""
    return annotation_of(class_, name) or annotation_of(class_, name, classes)


def plain(annotation: object) -> object | None:
    """Return an annotation with `Mapped`, `Annotated` and type aliases taken off, also inside a union; None where a part is unknown."""
    origin = get_origin(annotation)
    if origin is Annotated or (isinstance(origin, type) and issubclass(origin, Mapped)):
        return plain(get_args(annotation)[0])
    if origin in (Union, UnionType):
        members = [plain(one) for one in get_args(annotation)]
        return None if None in members else Union[tuple(members)]  # noqa: UP007 # members are known at run time only
    if type(annotation).__name__ == "TypeAliasType" and hasattr(annotation, "__value__"):  # also typing_extensions' own
        return plain(annotation.__value__)
    if isinstance(annotation, (str, ForwardRef, TypeVar)):
        return None
    return annotation


def evaluated(annotation: object, class_: type, known: Mapping[str, Any]) -> object:
    """Return an annotation with its strings resolved in the module and the class it is written in, else in `known`; None where they do not."""

    def probe() -> None:
        """Carries one annotation to `get_type_hints`, which resolves strings at any depth."""

    probe.__annotations__ = {"return": annotation}
    module = getattr(sys.modules.get(class_.__module__), "__dict__", {})
    try:
        # Names of the module go first, as in `get_type_hints(class_)`: an attribute may be called like its type (`date: Mapped["date"]`).
        return get_type_hints(probe, {**known, "Mapped": Mapped, **vars(class_)}, dict(module), include_extras=True)[
            "return"
        ]
    except Exception:  # noqa: BLE001 # an annotation is an expression of the user's: it may raise anything
        return None


def own_annotations(annotated: object) -> Mapping[str, Any]:
    """Return what a function or the body of a class annotates, unresolved names as they are."""
    if sys.version_info >= (3, 14):
        import annotationlib

        try:
            return annotationlib.get_annotations(annotated, format=annotationlib.Format.FORWARDREF)
        except Exception:  # noqa: BLE001 # only now is it evaluated (PEP 649): `"Node" | None` fails here, not in the user's import
            return {}
    return inspect.get_annotations(annotated)  # type: ignore[arg-type] # it takes whatever can be called
