"""A field of a SQLModel table whose type SQLModel has no column for: the module does not import.

SQLModel makes columns of `str`, numbers, dates, `bytes`, `bool`, `UUID`, enums, `Path` and IP addresses. A `dict`, a list, `Any`, a pydantic model, a
union of two types or a `Literal` needs to be told which type PostgreSQL has for it: without `sa_type` or `sa_column` it is `ValueError: <class
'dict'> has no matching SQLAlchemy type`, at import, for the first one only (`TypeError: issubclass() arg 1 must be a class` for a
`Literal`). pydantic's `NaiveDatetime` and `AwareDatetime` have columns from SQLModel 0.0.45 on.

It is never right anyway in a table; in a model for requests and responses, which has no columns, every type is fine.

Bad:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any]
```

Good:

```python
class Event(SQLModel, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    payload: dict[str, Any] = Field(sa_type=pg.JSONB)
```
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from schemalint.fix import Fix, SetArgument
from schemalint.rule import Problem, rule
from schemalint.subjects.source import (
    Attribute,
    ModelClass,
    Module,
    Source,
    keywords_of,
    last_name,
    members,
    without_subscript,
)

JSON = frozenset(
    {"dict", "Dict", "OrderedDict", "Mapping", "MutableMapping", "DefaultDict", "defaultdict", "TypedDict"}
)
LISTS = frozenset(
    {"list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple", "Sequence", "MutableSequence"}
)
NO_COLUMN = (
    JSON | LISTS | {"Any", "object", "complex", "type", "Type", "Callable", "Iterable", "Collection", "PurePath"}
)
HOMES = frozenset({"builtins", "typing", "typing_extensions", "collections", "pathlib"})

PYDANTICS = frozenset(
    {
        *(
            "AnyUrl",
            "AnyHttpUrl",
            "HttpUrl",
            "FileUrl",
            "WebsocketUrl",
            "PostgresDsn",
            "RedisDsn",
            "MongoDsn",
            "AmqpDsn",
        ),
        *("SecretStr", "SecretBytes", "Secret", "Json", "ImportString", "IPvAnyAddress", "IPvAnyNetwork", "BaseModel"),
        *("IPvAnyInterface", "PastDate", "FutureDate", "PastDatetime", "FutureDatetime"),
    }
)

SINCE_0_0_45 = frozenset({"NaiveDatetime", "AwareDatetime"})


@rule(fixes=("schema",))
def unsupported_field_type(source: Source) -> Iterator[Problem]:
    told: set[Attribute] = set()
    judged = {*source.classes}
    for table in source.classes:
        # What was imported has a column for everything; a class below a table has no columns of its own.
        if table.kind != "table" or table.module.imported or any(base.kind == "table" for base in table.above):
            continue
        for one in columns_of(table):
            if one in told or one.owner not in judged or says_its_type(one):
                continue
            told.add(one)
            if kind := unsupported(source, one):
                written = f"{one.owner.name}.{one.name}"
                yield Problem(
                    part=one,
                    at="annotation",
                    message=f"SQLModel has no column for {written}, which is {kind}: the module does not import",
                    remedy=remedy(source, one, kind),
                    fix=as_jsonb(one, table) if kind == "a dictionary" else None,
                )


def columns_of(table: ModelClass) -> Iterator[Attribute]:
    """Yield the columns of a table, its own and those that it inherits and does not define anew."""
    seen: set[str] = set()
    for class_ in (table, *table.above):
        own = {one.name: one for one in class_.attributes}
        for name, one in own.items():
            if name not in seen and one.is_column and class_.is_sqlmodel:
                yield one
        seen |= own.keys()


def says_its_type(one: Attribute) -> bool:
    """Whether a field says its column's type, or may: then its annotation is pydantic's business alone."""
    if isinstance(one.call, ast.Call) and one.called != "Field":
        return one.called != ""  # `Column(...)` written without Field is another mistake
    calls = [one.call, *one.annotated]
    return any(
        call is not None and any(word.arg in (None, "sa_type", "sa_column") for word in call.keywords) for call in calls
    )


def unsupported(source: Source, one: Attribute) -> str:
    """Return what an annotation is, in words, where SQLModel has no column for it; empty where it has, or where that is not known."""
    if source.meaning(one.owner.module, without_subscript(one.annotation)).startswith("sqlalchemy.orm.Mapped"):
        return "Mapped"
    found = list(types(source, one.owner.module, one.annotation))
    kinds = {ast.dump(node): (module, node) for module, node in found if not is_none(node)}
    if len(kinds) > 1:
        return "a union of several types"
    return next((name_of(source, module, node) for module, node in kinds.values()), "")


def types(
    source: Source, module: Module, annotation: ast.expr | None, depth: int = 5
) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the members of an annotation with the module they are written in; aliases of the project's own are followed."""
    for node in members(module, annotation):
        full_name = source.meaning(module, node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        alias = source.assigned(full_name) if full_name else None
        if alias is not None and depth and isinstance(alias[1], (ast.Subscript, ast.BinOp)):
            yield from types(source, alias[0], alias[1], depth - 1)
        else:
            yield module, node


def name_of(source: Source, module: Module, node: ast.expr) -> str:
    is_generic = isinstance(node, ast.Subscript)
    head = node.value if isinstance(node, ast.Subscript) else node
    full_name = source.meaning(module, head)
    root, last = full_name.partition(".")[0], full_name.rpartition(".")[2]
    if last == "Literal" and root in HOMES and is_generic:
        return "a Literal"
    if root in HOMES and last in NO_COLUMN:
        return "a dictionary" if last in JSON else f"a {last.lower()}" if last in LISTS else last
    if root == "pydantic" and (last in PYDANTICS or (last in SINCE_0_0_45 and not has_naive_datetimes())):
        return f"pydantic's {last}" + (" (from SQLModel 0.0.45 on there is one)" if last in SINCE_0_0_45 else "")
    if (class_ := source.of.get(full_name)) is not None and not is_generic:
        return model_in_words(class_)
    if (
        (alias := source.assigned(full_name))
        and isinstance(alias[1], ast.Call)
        and last_name(alias[1].func) == "NewType"
    ):
        return f"the NewType {last}"
    return ""


def model_in_words(class_: ModelClass) -> str:
    """Return what a class of the project is, where SQLModel certainly has no column for its values."""
    if class_.is_sqlmodel:
        return f"the model {class_.name}"
    bases = {base for one in (class_, *class_.above) for base in one.bases}
    if bases & {"pydantic.BaseModel", "pydantic.main.BaseModel"}:
        return f"the pydantic model {class_.name}"
    if bases & {"typing.TypedDict", "typing_extensions.TypedDict"}:
        return "a dictionary"
    return ""


def remedy(source: Source, one: Attribute, kind: str) -> str:
    inner = [node for _, node in types(source, one.owner.module, one.annotation)]
    named = [part for node in inner for part in ([node.slice] if isinstance(node, ast.Subscript) else [node])]
    names = [part for node in named for part in members(one.owner.module, node)]
    if any((model := source.named(one.owner.module, node)) and model.kind == "table" for node in names):
        return "= Relationship(...), where the rows of another table are meant"
    match kind:
        case "a Literal":
            return "an Enum, or sa_type=String with a CHECK constraint"
        case "a union of several types":
            return "one type, and None where it may be missing; or sa_type=JSONB (from sqlalchemy.dialects.postgresql)"
        case "Mapped":
            return "the bare type: Mapped is for classes of SQLAlchemy's own declarative base"
        case _ if kind.startswith("the NewType"):
            return "Field(sa_type=...) with the column's type"
        case _ if kind.startswith("pydantic's"):
            return "Field(sa_type=...) with a TypeDecorator that stores it, or a plain type"
        case _:
            return "Field(sa_type=JSONB) (from sqlalchemy.dialects.postgresql), or a table of its own"


def as_jsonb(one: Attribute, table: ModelClass) -> Fix | None:
    """Return the field as JSONB, where nothing else than its type is missing."""
    if one.call is not None and one.called != "Field":
        return None
    if "sa_type" in keywords_of(one.call) or one.annotated:
        return None
    edit = SetArgument(one, "sa_type", "JSONB", imports=("sqlalchemy.dialects.postgresql.JSONB",))
    return Fix("schema", (edit,), due=f"the column {one.column_name} of {table.table or table.name}, of type jsonb")


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


@cache
def has_naive_datetimes() -> bool:
    """Whether the installed SQLModel is 0.0.45 or newer; where there is none, the newest is meant."""
    try:
        return tuple(int(part) for part in version("sqlmodel").split(".")[:3] if part.isdigit()) >= (0, 0, 45)
    except PackageNotFoundError:
        return True
