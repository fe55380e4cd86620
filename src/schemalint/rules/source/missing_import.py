"""A name that a models' module uses while it is imported, and that nothing there binds.

Python stops at the first such name: the module does not import, nor does any that imports it, and the next name is told only after this one is
put right. What is found is each name once, where it is used first: in a class's body, its bases and decorators, an annotation that is
evaluated, the top level of the module. A name that is imported under `if TYPE_CHECKING` only does not exist at run time either.

Functions, strings and branches (`if`, `try`) are not looked at, nor a module with a star import that cannot be followed, with `exec` or
with `globals()`: they may bind, or need, what nobody can see here. It is never right anyway.

Bad:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    floor: int = Field(sa_type=SmallInteger)
```

Good:

```python
from sqlalchemy import SmallInteger


class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    floor: int = Field(sa_type=SmallInteger)
```
"""

import ast
import builtins
import sys
from collections.abc import Iterator, Mapping

from schemalint.rule import Problem, rule
from schemalint.rules.source._names import stored, used_in
from schemalint.subjects.source import Module, Passage, Source, binds, last_name, statements

ALWAYS_BOUND = frozenset(
    {
        *dir(builtins),
        *("__file__", "__path__", "__annotations__", "__module__", "__qualname__", "__class__", "__firstlineno__"),
        *("_", "reveal_type", "WindowsError"),  # put into builtins by gettext, type checkers, Windows
    }
)

HOMES: Mapping[str, str] = {
    **dict.fromkeys(("Field", "Relationship", "SQLModel"), "sqlmodel"),
    **dict.fromkeys(
        (
            "Column",
            "String",
            "Text",
            "Integer",
            "BigInteger",
            "SmallInteger",
            "Boolean",
            "DateTime",
            "Date",
            "Time",
            "Numeric",
        ),
        "sqlalchemy",
    ),
    **dict.fromkeys(
        ("ForeignKey", "ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint", "PrimaryKeyConstraint", "Index"),
        "sqlalchemy",
    ),
    **dict.fromkeys(
        ("func", "text", "JSON", "LargeBinary", "Interval", "Identity", "Computed", "MetaData", "Table"), "sqlalchemy"
    ),
    **dict.fromkeys(("JSONB", "ARRAY", "TSVECTOR", "INET", "CIDR", "HSTORE"), "sqlalchemy.dialects.postgresql"),
    **dict.fromkeys(
        ("DeclarativeBase", "Mapped", "mapped_column", "relationship", "declared_attr", "MappedAsDataclass"),
        "sqlalchemy.orm",
    ),
    **dict.fromkeys(("datetime", "date", "time", "timedelta", "timezone", "UTC"), "datetime"),
    **dict.fromkeys(("UUID", "uuid4", "uuid1"), "uuid"),
    **dict.fromkeys(("Enum", "IntEnum", "StrEnum"), "enum"),
    **dict.fromkeys(
        (
            "Optional",
            "List",
            "Dict",
            "Set",
            "Tuple",
            "Union",
            "Any",
            "ClassVar",
            "Literal",
            "Annotated",
            "TYPE_CHECKING",
        ),
        "typing",
    ),
    "Decimal": "decimal",
}
"""Where the names that models use stand, for the remedy."""


@rule
def missing_import(source: Source) -> Iterator[Problem]:
    homes = {one.name: one.module.name for one in source.of.values()}
    for module in dict.fromkeys(one.module for one in source.models):
        if module.imported or hides_bindings(module) or (bound := names_bound(source, module)) is None:
            continue
        told: set[str] = set()
        for node in names_used(module):
            if node.id in bound or node.id in told:
                continue
            told.add(node.id)
            passage = Passage(module, node, f"{module.name} :name {node.id}")
            if node.id in module.imports:
                yield Problem(
                    part=passage,
                    message=f"{node.id} is imported for type checkers only, and Python needs it to import {module.name}",
                    remedy=f'the import outside of "if TYPE_CHECKING", or a string: "{node.id}"',
                )
            else:
                yield Problem(
                    part=passage,
                    message=f"{node.id} is used, and nothing in {module.name} imports or defines it: the module does not import",
                    remedy=import_of(node.id, module, homes),
                )


def import_of(name: str, module: Module, homes: Mapping[str, str]) -> str:
    if home := HOMES.get(name):
        return f"from {home} import {name}"
    if name in sys.stdlib_module_names:
        return f"import {name}"
    if (home := homes.get(name)) and home != module.name:
        return f"from {home} import {name}"
    return f"import {name}, or define it"


def hides_bindings(module: Module) -> bool:
    """Whether a module may bind names in a way that the source does not show."""
    return any(
        isinstance(node, ast.Call)
        and last_name(node.func) in ("exec", "globals", "locals", "vars", "setattr", "update")
        for statement, _ in statements(module.tree.body)
        if not isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(statement)
    )


def names_bound(source: Source, module: Module) -> frozenset[str] | None:
    """Return every name that the top level of a module binds at run time; None where a star import cannot be followed."""
    names = set(ALWAYS_BOUND)
    for star in module.stars:
        if star not in source.known:
            return None
        names |= {node.id for node in names_used(module) if binds(source.known[star], node.id, source.known)}
        if any(deeper not in source.known for deeper in source.known[star].stars):
            return None
    names |= {one.name for one in module.imports.values() if not one.for_typing}
    names |= module.names.keys()
    names |= set(stored(module.tree.body))
    return frozenset(names)


def names_used(module: Module) -> Iterator[ast.Name]:
    """Yield the names that importing a module reads from its top level, in their order; those in branches are left out."""
    lazy = sys.version_info >= (3, 14) or has_lazy_annotations(module)
    yield from used_in(module.tree.body, lazy, frozenset())


def has_lazy_annotations(module: Module) -> bool:
    imported = module.imports.get("annotations")
    return imported is not None and imported.module == "__future__"
