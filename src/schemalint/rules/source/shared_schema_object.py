"""A Column, ForeignKey or Index that a base holds once, and that two tables would have to share.

SQLAlchemy's objects belong to one table. A field with `sa_column=Column(...)`, or with a `ForeignKey` in its `sa_column_args`, is copied into each
class below its base, the object in it is not: the second table is refused (`Column object 'x' already assigned to Table 'a'`, `This ForeignKey already
has a parent !`). So is one `Index` or `ForeignKeyConstraint` in a `__table_args__` that two tables inherit, also from a mixin of SQLAlchemy's own
declarative base. The module does not import, and the second class, which the error names, is right.

What may be shared is left alone: `sa_type`, `sa_column_kwargs`, `foreign_key`, unique and check constraints, the columns of declarative mixins, which
SQLAlchemy copies. It is never right anyway; with one table below it the base works, until the next is written.

Bad:

```python
class Document(SQLModel):
    payload: dict[str, Any] = Field(sa_column=Column(pg.JSONB, nullable=False))

class Invoice(Document, table=True):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)

class Receipt(Document, table=True):
    __tablename__ = "receipts"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class Document(SQLModel):
    payload: dict[str, Any] = Field(sa_type=pg.JSONB)

class Invoice(Document, table=True):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)

class Receipt(Document, table=True):
    __tablename__ = "receipts"
    id: int | None = Field(default=None, primary_key=True)
```
"""

import ast
from collections.abc import Iterator, Sequence

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import LIBRARIES, Attribute, ModelClass, Source, keywords_of, last_name, literal

UNSHAREABLE = frozenset({"Index", "ForeignKeyConstraint", "ExcludeConstraint"})
"""What SQLAlchemy refuses in the `__table_args__` of a second table."""

OF_FIELD = ("primary_key", "index", "unique", "nullable")
"""What Column and SQLModel's Field both take, and mean the same by."""


@rule(fixes=("safe",))
def shared_schema_object(source: Source) -> Iterator[Problem]:
    # A table may be a model's base, too: nothing below it has a table of its own.
    bases = {one for one in source.above_tables if not one.is_mapped} & {*source.classes}
    shared = {one: held for one in bases if (held := list(objects_held(source, one)))}
    if not shared:
        return
    tables = sorted((one for one in source.classes if one.makes_table), key=lambda one: one.node.lineno)
    for base, held in shared.items():
        below = [one for one in tables if base in one.above and not one.is_conditional]
        for attribute, what in held:
            sharing = [one for one in below if not takes_another(one, base, attribute.name)]
            # What was imported shares nothing that SQLAlchemy refuses.
            if len(sharing) > 1 and not all(one.module.imported for one in sharing):
                first, second, *more = (one.name for one in sharing)
                yield Problem(
                    part=attribute,
                    at=what.partition(" ")[2],
                    message=f"{base.name} has one {what.partition(' ')[0]} for {', '.join([first, second][: 1 + bool(more)])}"
                    f" and {f'{len(more)} more' if more else second}: SQLAlchemy gives it to one table only, and does not make the next class",
                    remedy=remedy(what),
                    fix=as_arguments(attribute),
                )


def objects_held(source: Source, base: ModelClass) -> Iterator[tuple[Attribute, str]]:
    """Yield the attributes of a base whose objects belong to one table, each with what it is and the keyword that holds it."""
    for one in base.attributes:
        if one.name == "__table_args__":
            if found := next(unshareable(source, one), ""):
                yield one, found
        elif base.is_sqlmodel and one.called == "Field" and one.is_column:
            if one.column_call is not None and called(source, one, one.column_call) == "Column":
                yield one, "Column sa_column"
            elif any(called(source, one, part) == "ForeignKey" for part in elements(one.keyword("sa_column_args"))):
                yield one, "ForeignKey sa_column_args"


def unshareable(source: Source, one: Attribute) -> Iterator[str]:
    """Yield the elements of a `__table_args__` that one table only can have; of what a function returns, each table gets its own."""
    if isinstance(one.node, ast.FunctionDef):
        return
    for part in elements(one.value):
        if (name := called(source, one, part)) in UNSHAREABLE:
            yield name


def elements(value: ast.expr | None) -> list[ast.expr]:
    return value.elts if isinstance(value, (ast.Tuple, ast.List)) else []


def called(source: Source, one: Attribute, part: ast.expr) -> str:
    """Return what of SQLAlchemy's a call calls; empty for anything else."""
    if not isinstance(part, ast.Call):
        return ""
    root, _, rest = source.meaning(one.owner.module, part.func).partition(".")
    return rest.rpartition(".")[2] if root in LIBRARIES else ""


def takes_another(table: ModelClass, base: ModelClass, name: str) -> bool:
    """Whether a class nearer to a table than `base` gives it another attribute of the name."""
    nearer = table.above[: table.above.index(base)]
    return any(one.bindings(name) for one in (table, *nearer))


def remedy(what: str) -> str:
    if what.endswith("sa_column"):
        return "sa_type= and sa_column_kwargs={...} in place of sa_column: SQLModel then makes a Column for each table"
    if what.endswith("sa_column_args"):
        return "foreign_key= (and ondelete=) in place of the ForeignKey"
    return "__table_args__ as a function under @declared_attr.directive, which makes one for each table; index=True for an index on one column"


def as_arguments(one: Attribute) -> Fix | None:
    """Return the field without an object of its own: all that its Column says, in SQLModel's arguments; None where some of it has no argument."""
    call = one.call
    if call is None or one.name == "__table_args__" or "#" in one.owner.module.text(call):
        return None
    kept = one.keywords
    if one.takes_unknown_keywords or any(isinstance(part, ast.Starred) for part in call.args):
        return None
    said = of_column(one.column_call) if "sa_column" in kept else of_foreign_key(elements(kept["sa_column_args"]))
    place = "sa_column" if "sa_column" in kept else "sa_column_args"
    if said is None or said.keys() & kept.keys():
        return None
    arguments: list[ast.keyword] = []
    for name, value in kept.items():
        arguments += [ast.keyword(*pair) for pair in said.items()] if name == place else [ast.keyword(name, value)]
    code = ast.unparse(ast.Call(call.func, call.args, arguments))
    return Fix("safe", (Replace(one.owner.module.locate(call), code),))


def of_column(column: ast.Call | None) -> dict[str, ast.expr] | None:
    """Return the arguments of Field that make a Column such as this one for each table."""
    if column is None or any(one.arg is None for one in column.keywords):
        return None
    named, positional = keywords_of(column), list(column.args)
    rest: dict[str, ast.expr] = {}
    if positional and isinstance(literal(positional[0]), str):
        rest["name"] = positional.pop(0)
    said: dict[str, ast.expr] = {}
    keys = [part for part in positional if isinstance(part, ast.Call) and last_name(part.func) == "ForeignKey"]
    types = [part for part in positional if part not in keys]
    if "type_" in named:
        types.append(named.pop("type_"))
    # One positional argument that is no ForeignKey is the type: without a type there would have to be a ForeignKey.
    if len(types) > 1 or any(is_no_type(part) for part in types) or not (types or keys):
        return None
    if types:
        said["sa_type"] = types[0]
    if keys:
        if (key := of_foreign_key(keys)) is None:
            return None
        said |= key
    for name, value in named.items():
        (said if name in OF_FIELD else rest)[name] = value
    if "primary_key" not in said and "nullable" not in said:
        said["nullable"] = ast.Constant(True)
    if rest:
        said["sa_column_kwargs"] = ast.Dict([ast.Constant(name) for name in rest], list(rest.values()))
    return said


def is_no_type(part: ast.expr) -> bool:
    """Whether an argument of a Column may be something else than its type."""
    name = last_name(part.func if isinstance(part, ast.Call) else part)
    return not name or name in ("Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue", "DefaultClause")


def of_foreign_key(parts: Sequence[ast.expr]) -> dict[str, ast.expr] | None:
    """Return `foreign_key=` and `ondelete=` of one `ForeignKey("users.id", ondelete=...)`; None for anything more."""
    match parts:
        case [ast.Call(func=func, args=[ast.Constant(value=str()) as target], keywords=given)]:
            if last_name(func) == "ForeignKey" and all(one.arg == "ondelete" for one in given):
                return {"foreign_key": target, **{str(one.arg): one.value for one in given}}
    return None
