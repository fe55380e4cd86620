"""Reads a file's syntax tree as a Module, and makes of the class statements in it what they mean across modules."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schemalint.loaders.source_index import SourceFile
from schemalint.subjects.imports import bound_by
from schemalint.subjects.source import (
    Definition,
    Import,
    Kind,
    ModelClass,
    Module,
    followed,
    home_of,
    is_type_checking,
    keywords_of,
    last_name,
    literal,
    statements,
)

BASE_MAKERS = frozenset({"declarative_base", "automap_base", "generate_base"})
MAPPING_DECORATORS = frozenset({"mapped", "mapped_as_dataclass", "as_declarative_base"})
BASES: Mapping[str, Kind] = {
    "DeclarativeBase": "base",
    "DeclarativeBaseNoMeta": "base",
    "MappedAsDataclass": "other",
    "AsyncAttrs": "other",
}
"""What SQLAlchemy's own classes make of a class below them."""

HARMLESS = frozenset(
    {"builtins", "typing", "typing_extensions", "collections", "abc", "enum", "dataclasses", "pydantic"}
)
"""Packages whose classes bring no columns, no table and no name of a table."""

BRINGS_ITS_TABLE_NAME = re.compile(r"(flask_sqlalchemy|flask_appbuilder)\.(.*\.)?Model|advanced_alchemy\..*Base")
"""Declarative bases of other packages, which name the tables of the classes below them."""


Said: TypeAlias = Mapping[str, list[ast.expr | None]]


def read_module(source: SourceFile, name: str, file: str, is_package: bool, imported: bool) -> Module:
    """Return what the top level of one file says."""
    imports: dict[str, Import] = {}
    names: dict[str, ast.expr | Definition] = {}
    stars: list[str] = []
    for statement, for_typing in top_level(source.tree.body):
        match statement:
            case ast.Import() | ast.ImportFrom():
                for one in bound_by(statement, name, is_package, for_typing):
                    if one.name == "*":
                        stars += [] if for_typing else [one.module]
                    elif not for_typing or one.name not in imports:
                        imports[one.name] = one
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                names[statement.name] = statement
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        names[target.id] = value
            case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value):
                names[bound] = value
            case _ if type(statement).__name__ == "TypeAlias":  # Python 3.12 and newer
                names[statement.name.id] = statement.name  # type: ignore[attr-defined]  # an object, not what it stands for
            case _:
                pass
    for bound in [*names]:
        # `except ImportError: Name = None` stands for something that is missing.
        if bound in imports and isinstance(names[bound], ast.Constant):
            del names[bound]
    return Module(
        name=name,
        path=source.shown,
        file=file,
        tree=source.tree,
        lines=source.lines,
        imports=imports,
        names=names,
        locate=source.location,
        header=source.header,
        stars=tuple(dict.fromkeys(stars)),
        is_package=is_package,
        imported=imported,
    )


def top_level(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements of a module and of its blocks, and whether they are for type checkers only."""
    for statement, _ in statements(body):
        yield statement, False
        if isinstance(statement, ast.If) and is_type_checking(statement.test):
            yield from ((inner, True) for inner, _ in statements(statement.body))


@dataclass(frozen=True, eq=False)
class Statement:
    """A class statement before it is known what its bases are."""

    module: Module
    qualname: str
    node: ast.ClassDef
    is_conditional: bool
    said: Said


def class_statements(module: Module) -> Iterator[Statement]:
    """Yield the class statements that importing a module executes, those inside classes as well."""

    def within(body: Iterable[tuple[ast.stmt, bool]], prefix: str, is_conditional: bool) -> Iterator[Statement]:
        for statement, conditional in body:
            if isinstance(statement, ast.ClassDef):
                inner = list(statements(statement.body, is_conditional))
                said = said_in(one for one, _ in inner)
                yield Statement(module, prefix + statement.name, statement, is_conditional or conditional, said)
                yield from within(inner, f"{prefix}{statement.name}.", is_conditional or conditional)

    return within(statements(module.tree.body), "", False)


def said_in(body: Iterable[ast.stmt]) -> Said:
    """Return what a class's body assigns to names with double underscores and to `model_config`, in order; None for a function."""
    found: dict[str, list[ast.expr | None]] = {}
    for statement in body:
        name, value = name_and_value(statement)
        if name.startswith("__") or name == "model_config":
            found.setdefault(name, []).append(value)
    return found


def name_and_value(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the one name that a statement gives a value, and the value; no name for another statement."""
    if isinstance(statement, ast.AnnAssign):
        target = statement.target if statement.value else None
        return (target.id if isinstance(target, ast.Name) else "", statement.value)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return (statement.targets[0].id if isinstance(statement.targets[0], ast.Name) else "", statement.value)
    return (statement.name if isinstance(statement, ast.FunctionDef) else "", None)


@dataclass(frozen=True, eq=False)
class Classes:
    """Makes a ModelClass of each class statement, bases first; `modules` finds a module of the project by its name."""

    modules: Mapping[str, Module]
    made: dict[ast.ClassDef, ModelClass] = field(default_factory=dict)
    being_made: set[ast.ClassDef] = field(default_factory=set)
    statements_of: dict[Module, list[Statement]] = field(default_factory=dict)
    named_by_base: set[ast.ClassDef] = field(default_factory=set)

    def of(self, module: Module) -> list[ModelClass]:
        """Return the classes of a module, in their order."""
        return [self.make(one) for one in self._statements(module)]

    def _statements(self, module: Module) -> list[Statement]:
        if module not in self.statements_of:
            self.statements_of[module] = list(class_statements(module))
        return self.statements_of[module]

    def named(self, full_name: str) -> ModelClass | None:
        """Return the class of the project called `full_name`; of twins in the branches of an `if`, the last."""
        home, _, qualname = home_of(full_name, self.modules)
        found = [one for one in self._statements(home) if one.qualname == qualname] if home else []
        return self.make(found[-1]) if found and found[-1].node not in self.being_made else None

    def make(self, one: Statement) -> ModelClass:
        if one.node not in self.made:
            self.being_made.add(one.node)
            self.made[one.node] = self._make(one)
            self.being_made.discard(one.node)
        return self.made[one.node]

    def _make(self, one: Statement) -> ModelClass:
        bases = [self._base(one, node) for node in one.node.bases]
        above = tuple(
            dict.fromkeys(ancestor for base in bases if base.class_ for ancestor in (base.class_, *base.class_.above))
        )
        kind = kind_of(one, bases)
        is_followed = all(base.is_followed for base in bases)
        if kind == "other" and not is_followed and says_a_table(one.said):
            kind = "declarative"
        if any(base.brings_its_name for base in bases):
            self.named_by_base.add(one.node)
        makes_table, tablename = table_of(one, kind, above, is_followed, one.node in self.named_by_base)
        return ModelClass(
            module=one.module,
            qualname=one.qualname,
            node=one.node,
            kind=kind,
            makes_table=makes_table,
            tablename=tablename,
            bases=tuple(base.full_name for base in bases),
            above=above,
            is_followed=is_followed,
            is_conditional=one.is_conditional,
            said=one.said,
        )

    def _base(self, one: Statement, node: ast.expr) -> "Base":
        """Follow one base of a class statement."""
        node = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(node, ast.Call):
            made = last_name(node.func) in BASE_MAKERS
            return Base("", kind="base" if made else "other", is_followed=made)
        full_name = followed(one.module.full_name(node), self.modules)
        root, last = full_name.partition(".")[0], full_name.rpartition(".")[2]
        if (class_ := self.named(full_name)) is not None:
            named = class_.node in self.named_by_base
            return Base(full_name, class_.kind, class_.is_followed, class_, brings_its_name=named)
        if full_name in ("sqlmodel.SQLModel", "sqlmodel.main.SQLModel"):
            return Base(full_name, kind="model", is_followed=True)
        if root == "sqlalchemy":
            return Base(full_name, kind=BASES.get(last, "other"), is_followed=True)
        if BRINGS_ITS_TABLE_NAME.fullmatch(full_name) or self._is_flask_model(one.module, node):
            return Base(full_name, kind="declarative", is_followed=False, brings_its_name=True)
        if self._is_made_base(full_name):
            return Base(full_name, kind="declarative", is_followed=True)
        return Base(full_name, is_followed=root in HARMLESS)

    def _assigned(self, full_name: str) -> ast.Call | None:
        """Return the call whose value a name of a module's top level is."""
        home, _, name = home_of(full_name, self.modules)
        value = home.names.get(name) if home else None
        return value if isinstance(value, ast.Call) else None

    def _is_made_base(self, full_name: str) -> bool:
        call = self._assigned(full_name)
        return call is not None and last_name(call.func) in BASE_MAKERS

    def _is_flask_model(self, module: Module, node: ast.expr) -> bool:
        if not (isinstance(node, ast.Attribute) and node.attr == "Model"):
            return False
        call = self._assigned(followed(module.full_name(node.value), self.modules))
        return call is not None and last_name(call.func).endswith("SQLAlchemy")


@dataclass(frozen=True)
class Base:
    """What one base of a class statement is."""

    full_name: str
    kind: Kind = "other"
    is_followed: bool = False
    class_: ModelClass | None = None
    brings_its_name: bool = False


def kind_of(one: Statement, bases: list[Base]) -> Kind:
    kinds = {base.kind for base in bases}
    node = one.node
    if is_said_to_be_a_table(one):
        return "table"
    if kinds & {"table", "model"}:
        return "model"
    decorators = {last_name(part.func if isinstance(part, ast.Call) else part) for part in node.decorator_list}
    if "as_declarative" in decorators or any(last_name(part.value) == "DeclarativeMeta" for part in node.keywords):
        return "base"
    # The class statement directly below SQLAlchemy's DeclarativeBase is the base itself.
    if any(base.kind == "base" and base.class_ is None for base in bases) and not says_a_table(one.said):
        return "base"
    return "declarative" if kinds & {"base", "declarative"} or decorators & MAPPING_DECORATORS else "other"


def is_said_to_be_a_table(one: Statement) -> bool:
    """Whether a class statement says `table=True`, or something that may be true."""
    for part in one.node.keywords:
        if part.arg == "table":
            return not (isinstance(part.value, ast.Constant) and not part.value.value)
    for value in one.said.get("model_config", ()):
        if isinstance(value, ast.Call) and literal(keywords_of(value).get("table")) is True:
            return True
        if isinstance(value, ast.Dict) and literal(value_at(value, "table")) is True:
            return True
    return False


def says_a_table(said: Said) -> bool:
    return "__tablename__" in said or "__table__" in said


def table_of(
    one: Statement, kind: Kind, above: tuple[ModelClass, ...], is_followed: bool, is_named_by_base: bool
) -> tuple[bool, str]:
    """Return whether a class makes a table of its own, and its name with its schema, empty where that is not literal."""
    inherits = any(class_.makes_table for class_ in above)
    if kind not in ("table", "declarative") or any(
        literal(value) is True for value in one.said.get("__abstract__", ())
    ):
        return False, ""
    if kind == "table" and inherits:
        return False, ""
    own = one.said.get("__tablename__")
    if kind == "declarative" and "__table__" in one.said:
        return True, named_table(one.said["__table__"][-1])
    if kind == "declarative" and not own and inherits:  # a single-table inheritance
        return False, ""
    written = own or next((found for class_ in above if (found := class_.said.get("__tablename__"))), [])
    if not written:
        if kind == "table":
            return True, with_schema(one, above, one.node.name.lower()) if is_followed else ""
        return is_named_by_base, ""
    name = literal(written[-1])
    if (
        isinstance(written[-1], ast.Constant) and name is None
    ):  # `__tablename__ = None`: also a single-table inheritance
        return False, ""
    return True, with_schema(one, above, name) if isinstance(name, str) else ""


def named_table(value: ast.expr | None) -> str:
    """Return the literal name in `__table__ = Table("name", ...)`."""
    if not (isinstance(value, ast.Call) and last_name(value.func) == "Table" and value.args):
        return ""
    name, schema = literal(value.args[0]), literal(keywords_of(value).get("schema"))
    if not isinstance(name, str):
        return ""
    return f"{schema}.{name}" if isinstance(schema, str) else name


def with_schema(one: Statement, above: tuple[ModelClass, ...], name: str) -> str:
    """Return a table's name with the schema that the nearest `__table_args__` says."""
    for said in (one.said, *(class_.said for class_ in above)):
        if arguments := said.get("__table_args__"):
            value = arguments[-1]
            if isinstance(value, ast.Tuple) and value.elts:
                value = value.elts[-1]
            schema = literal(value_at(value, "schema")) if isinstance(value, ast.Dict) else None
            return f"{schema}.{name}" if isinstance(schema, str) else name
    return name


def value_at(node: ast.Dict, name: str) -> ast.expr | None:
    """Return the value that a dictionary's literal has under a key."""
    return next((value for key, value in zip(node.keys, node.values, strict=True) if literal(key) == name), None)
