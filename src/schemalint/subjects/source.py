"""The models' source: what the syntax trees of their files say, also about classes that could not be imported."""

import ast
import builtins
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from schemalint.errors import SchemalintError
from schemalint.finding import Location
from schemalint.rule import Place

Kind = Literal["table", "model", "declarative", "base", "other"]
"""What a class is: a SQLModel class with `table=True`; another SQLModel class; a class below a declarative base (or mapped by a
decorator); a declarative base itself; anything else (a mixin, an enum, a pydantic model, a class of which nothing is known)."""

Called = Literal["Field", "Relationship", "Column", "mapped_column", "relationship", ""]
"""What an attribute calls, whatever it was imported as: SQLModel's Field and Relationship, SQLAlchemy's Column, mapped_column, relationship."""

Node: TypeAlias = ast.expr | ast.stmt
Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Names: TypeAlias = Mapping[str, ast.expr | Definition]

LIBRARIES = frozenset({"sqlmodel", "sqlalchemy", "flask_sqlalchemy", "flask_sqlalchemy_lite", "advanced_alchemy"})
"""Packages whose names mean the same wherever they are re-exported: `sqlmodel.Column` is `sqlalchemy.schema.Column`."""


@dataclass(frozen=True, eq=False)
class Import:
    """A name that an import statement of a module's top level binds.

    `full_name` is what it means: `sqlmodel.Field`, also for `from sqlmodel import Field as F`; `sqlalchemy` for `import sqlalchemy as sa`;
    relative ones are made absolute. `module` is the module that the statement reads. `for_typing` says that it stands under
    `if TYPE_CHECKING`, so that the name does not exist at run time.
    """

    name: str
    full_name: str
    module: str
    node: ast.Import | ast.ImportFrom
    for_typing: bool = False


@dataclass(frozen=True, eq=False)
class Module:
    """One module of the project.

    `name` is its dotted name, `path` as findings show it, `file` absolute. `imports` are the names that its top level imports (where a name is
    imported for type checkers and at run time, the latter), `stars` the modules that it imports everything from at run time, `names` what else its top
    level binds: the value of an assignment, a class, a function; the last one counts. `imported` says that Python executed it
    to its end in this run. `lines` are the lines of the file without their ends. `locate` and `header` return where a node stands, and where a class or function says its name.
    """

    name: str
    path: str
    file: str
    tree: ast.Module
    imports: Mapping[str, Import]
    names: Names
    lines: tuple[str, ...] = field(repr=False)
    locate: Callable[[Node], Location] = field(repr=False)
    header: Callable[[Definition], Location] = field(repr=False)
    stars: tuple[str, ...] = ()
    is_package: bool = False
    imported: bool = False

    def text(self, node: Node) -> str:
        """Return the source of an expression or statement as it is written, without the parentheses around it."""
        at = self.locate(node)
        lines = list(self.lines[at.line - 1 : at.end_line])
        lines[-1] = lines[-1][: at.end_column - 1]
        lines[0] = lines[0][at.column - 1 :]
        return "\n".join(lines)

    def full_name(self, node: ast.expr | None) -> str:
        """Return the dotted name of what an expression names, as far as this module alone says it; empty for anything but a name.

        `builtins.dict`, `sqlmodel.Field`, `app.models.User` for a class of this module `app.models`; empty for a name that
        nothing here binds. `Source.meaning` follows a name through the project's other modules.
        """
        match node:
            case ast.Name(id=name):
                return self.meaning_of(name)
            case ast.Attribute(value=value, attr=name):
                before = self.full_name(value)
                return f"{before}.{name}" if before else ""
            case _:
                return ""

    def meaning_of(self, name: str) -> str:
        """Return the full name of a bare name at the top level of this module; empty where nothing is known to bind it."""
        if name in self.names:
            return f"{self.name}.{name}"
        if name in self.imports:
            return self.imports[name].full_name
        for star in self.stars:
            if star.partition(".")[0] in LIBRARIES:
                return f"{star}.{name}" if name in LIBRARY_NAMES else self._builtin(name)
        return f"{self.name}.{name}" if self.stars else self._builtin(name)

    def _builtin(self, name: str) -> str:
        return f"builtins.{name}" if hasattr(builtins, name) else ""


LIBRARY_NAMES = frozenset(
    {
        *("SQLModel", "Field", "Relationship", "Column", "mapped_column", "relationship", "Mapped", "DeclarativeBase"),
        *("ForeignKey", "ForeignKeyConstraint", "Index", "UniqueConstraint", "CheckConstraint", "PrimaryKeyConstraint"),
        *("Table", "MetaData", "declarative_base", "declared_attr", "registry", "String", "Text", "Integer"),
    }
)
"""What `from sqlmodel import *` is known to bring."""


@dataclass(frozen=True, eq=False)
class ModelClass:
    """A class statement that importing its module executes; those inside functions are left out.

    `bases` are the full names of its bases, followed through the project's modules, empty for what is no name. `above` are its ancestors in the
    project's own modules, nearest first. `is_followed` says that every base was followed to the project's source or to a library:
    else it may inherit anything. `tablename` is the name of the table that it makes, with its schema where that is literal:
    `__tablename__`, its own or inherited, or what SQLModel makes of the class's name; empty where it makes no table of its own or the name is
    computed. `is_conditional` says that it stands in a branch (`if`, `try`), so that it may have a twin. `said` is what its body
    assigns to each name with double underscores and to `model_config`, in order; None for a function of that name.
    """

    module: Module
    qualname: str
    node: ast.ClassDef
    kind: Kind
    makes_table: bool
    tablename: str
    bases: tuple[str, ...]
    above: "tuple[ModelClass, ...]"
    is_followed: bool
    is_conditional: bool
    said: "Mapping[str, list[ast.expr | None]]" = field(repr=False)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def full_name(self) -> str:
        """`app.models.User`."""
        return f"{self.module.name}.{self.qualname}"

    @property
    def is_sqlmodel(self) -> bool:
        return self.kind in ("table", "model")

    @property
    def is_mapped(self) -> bool:
        """Whether SQLAlchemy maps the class, as far as the source tells: a SQLModel table, a declarative class that is not abstract."""
        return self.kind == "table" or (self.kind == "declarative" and not self.is_abstract)

    @property
    def table(self) -> str:
        """The name of the table that its columns are in: its own, in a single-table inheritance its parent's; empty where it is unknown."""
        if self.makes_table or self.kind != "declarative" or self.is_abstract:
            return self.tablename
        return next((one.tablename for one in self.above if one.makes_table), "")

    @property
    def is_abstract(self) -> bool:
        """Whether a declarative class says `__abstract__ = True`."""
        return any(literal(one) is True for one in self.said.get("__abstract__", ()))

    @cached_property
    def attributes(self) -> "tuple[Attribute, ...]":
        """Everything that the body annotates or assigns, and its `declared_attr` functions, in order; a name may come twice."""
        return tuple(attributes_of(self))

    @cached_property
    def fields(self) -> "tuple[Attribute, ...]":
        """The attributes that are columns or relationships, as far as the source tells, or would be in the table classes below this one."""
        return tuple(one for one in self.attributes if one.is_column or one.is_relationship)

    def bindings(self, name: str) -> "list[Attribute]":
        """Return the attributes of the body that are called `name`."""
        return [one for one in self.attributes if one.name == name]

    @property
    def table_args(self) -> "Attribute | None":
        """The `__table_args__` of its own body."""
        return next(reversed(self.bindings("__table_args__")), None)

    def keyword(self, name: str) -> ast.expr | None:
        """Return the value of a keyword of the class statement (`table=True`)."""
        return next((one.value for one in self.node.keywords if one.arg == name), None)


@dataclass(frozen=True, eq=False)
class Attribute:
    """One binding of a name in a class's body: `name: annotation = value`.

    `call` is the call that declares it (`Field(...)`), `called` what that calls; in a `declared_attr` the call that it returns. `annotated` are
    the calls among the metadata of `Annotated[...]`, which declare it, too.
    """

    owner: ModelClass
    name: str
    node: ast.AnnAssign | ast.Assign | ast.FunctionDef
    annotation: ast.expr | None
    value: ast.expr | None
    call: ast.Call | None
    called: Called
    is_conditional: bool = False

    @cached_property
    def annotated(self) -> tuple[ast.Call, ...]:
        match self.annotation:
            case ast.Subscript(value=head, slice=ast.Tuple(elts=[_, *metadata])) if last_name(head) == "Annotated":
                return tuple(one for one in metadata if isinstance(one, ast.Call))
            case _:
                return ()

    @property
    def is_relationship(self) -> bool:
        return self.called in ("Relationship", "relationship")

    @property
    def is_column(self) -> bool:
        """Whether this is a column of its class's table, or of the tables of classes below a base or mixin."""
        if self.is_relationship or self.name.startswith("__"):
            return False
        if self.owner.is_sqlmodel:
            return (
                self.annotation is not None
                and isinstance(self.node, ast.AnnAssign)
                and not self.name.startswith("_")
                and self.name != "model_config"
                and last_name(without_subscript(self.annotation)) != "ClassVar"
            )
        if self.called in ("Column", "mapped_column"):
            return True
        head = without_subscript(self.annotation)
        return self.value is None and head is not None and last_name(head) == "Mapped"

    @property
    def keywords(self) -> Mapping[str, ast.expr]:
        """The keywords of its call, without those that `**` brings."""
        return keywords_of(self.call)

    def keyword(self, name: str) -> ast.expr | None:
        """Return the value of a keyword of its call; None where it is not written."""
        return self.keywords.get(name)

    @property
    def takes_unknown_keywords(self) -> bool:
        """Whether the call has `**something`, of which the source says nothing."""
        return self.call is not None and any(one.arg is None for one in self.call.keywords)

    @cached_property
    def column_call(self) -> ast.Call | None:
        """The call that makes the column, where one is written: `Column(...)`, also inside `sa_column=`, or `mapped_column(...)`."""
        if self.called in ("Column", "mapped_column"):
            return self.call
        written = self.keyword("sa_column")
        return written if isinstance(written, ast.Call) else None

    @property
    def column_name(self) -> str:
        """The column's name in the database: as it is written, else the attribute's."""
        call = self.column_call
        if call is not None:
            written = [literal(one) for one in call.args[:1]] + [literal(keywords_of(call).get("name"))]
            return next((one for one in written if isinstance(one, str)), self.name)
        arguments = self.keyword("sa_column_kwargs")
        if isinstance(arguments, ast.Dict):
            for key, value in zip(arguments.keys, arguments.values, strict=True):
                if literal(key) == "name" and isinstance(said := literal(value), str):
                    return said
        return self.name

    @property
    def expression(self) -> Node:
        """The call that declares it, else its whole statement."""
        return self.call if self.call is not None and self.call is self.value else self.node


@dataclass(frozen=True, eq=False)
class Passage:
    """Some other expression or statement of a module that a rule speaks about, with the identity that findings keep; `table` where it is one's."""

    module: Module
    node: Node
    object: str
    table: str = ""


@dataclass(frozen=True, eq=False)
class Source:
    """The project's own files that declare models, or that the models' modules import, as syntax trees.

    `modules` are those that the models reach: all that declared something where they import, else those that `models` names or that `env.py`
    imports, directly or through others, as far as the source says. `classes` are the classes of these, to judge; those of tables that
    the user calls external are left out. `unreached` are the classes that make tables in other modules of the same packages, which nothing that
    was imported imports; it is empty where the models did not import, as then nobody knows. `known` are all modules by name, `of` all classes by full name,
    to look names up. `is_whole` says that all models were imported. `failures` are the files that Python cannot read. `creating` are
    the modules of the application that say `create_all`, each with the names of its functions that are used in it; it is empty where no
    migrations are there. `external` are the patterns of `external-tables`.
    """

    modules: tuple[Module, ...]
    classes: tuple[ModelClass, ...]
    known: Mapping[str, Module] = field(repr=False)
    of: Mapping[str, ModelClass] = field(repr=False)
    unreached: tuple[ModelClass, ...] = ()
    is_whole: bool = False
    failures: tuple[SchemalintError, ...] = ()
    creating: Mapping[Module, frozenset[str]] = field(default_factory=dict)
    external: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The absolute paths of the files that are judged."""
        modules = [*self.modules, *(one.module for one in self.unreached), *self.creating]
        return tuple(dict.fromkeys(one.file for one in modules))

    @cached_property
    def models(self) -> tuple[ModelClass, ...]:
        """The classes that are models, or bases and mixins with columns or relationships."""
        return tuple(one for one in self.classes if one.kind != "other" or one.fields)

    @cached_property
    def above_tables(self) -> frozenset[ModelClass]:
        """The classes that a mapped class inherits from, directly or through others: bases and mixins, whose fields become columns."""
        return frozenset(above for one in self.of.values() if one.is_mapped for above in one.above)

    @cached_property
    def classes_in(self) -> Mapping[Module, tuple[ModelClass, ...]]:
        """The classes to judge of each module that has any."""
        found: dict[Module, list[ModelClass]] = {}
        for one in self.classes:
            found.setdefault(one.module, []).append(one)
        return {module: tuple(classes) for module, classes in found.items()}

    def meaning(self, module: Module, node: ast.expr | None) -> str:
        """Return the full name of what an expression in `module` names, followed through the project's re-exports; empty where it is no name."""
        full_name = module.full_name(node)
        if full_name not in self._meanings:
            self._meanings[full_name] = followed(full_name, self.known)
        return self._meanings[full_name]

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {}

    def assigned(self, full_name: str) -> tuple[Module, ast.expr] | None:
        """Return what a name of a module's top level is assigned, and in which module: `Tags = list[str]`, `Name = NewType("Name", str)`."""
        home, _, name = home_of(full_name, self.known)
        value = home.names.get(name) if home else None
        return (home, value) if home and isinstance(value, ast.expr) else None

    def named(self, module: Module, node: ast.expr | None) -> ModelClass | None:
        """Return the class of the project that an expression names."""
        return self.of.get(self.meaning(module, node))

    def without(self, imported: Collection[str]) -> "Source":
        """Return a source whose classes are only those that Python did not make: of modules that failed, and not among `imported` (full names).

        This is what the companions of rules over the schema are asked about (`Rule.without_import`).
        """
        rest = (one for one in self.classes if not one.module.imported and one.full_name not in imported)
        return replace(self, classes=tuple(rest), unreached=())

    def place(self, part: object, at: str = "") -> Place:
        """Return where a class, an attribute, a module or a passage stands, and its identity: the schema's own, where the class makes a table.

        `at` is a keyword, `annotation` or `name`; where the part has none, the whole is meant.
        """
        match part:
            case ModelClass():
                identity = part.tablename or part.full_name
                return Place(identity, narrowed(part, at), table=part.tablename)
            case Attribute(owner=owner):
                return Place(identity_of(part), narrowed(part, at), table=owner.table)
            case Module():
                return Place(part.name, Location(part.path, 1))
            case Passage():
                node, module = part.node, part.module
                location = module.header(node) if isinstance(node, Definition) else module.locate(node)
                return Place(part.object, location, table=part.table)
            case _:
                raise TypeError(f"{part!r} is no part of the source")


def identity_of(attribute: Attribute) -> str:
    """Return `table.column`, `Model~relationship`, or for a class without a table of its own `module.Class.attribute`."""
    owner = attribute.owner
    if attribute.is_relationship and owner.is_mapped:
        return f"{owner.name}~{attribute.name}"
    if owner.table:
        return f"{owner.table}.{attribute.column_name if attribute.is_column else attribute.name}"
    return f"{owner.full_name}.{attribute.name}"


def narrowed(part: ModelClass | Attribute, at: str) -> Location:
    """Return the place of what `at` names in a part, or of the part."""
    if isinstance(part, ModelClass):
        header = part.module.header(part.node)
        if at == "name":
            start = part.module.lines[header.line - 1].find(part.name, header.column + len("class")) + 1
            return replace(header, column=start, end_column=start + len(part.name)) if start else header
        value = part.keyword(at) if at else None
        return part.module.locate(value) if value else header
    module = part.owner.module
    match at, part.node:
        case "annotation", _ if part.annotation is not None:
            return module.locate(part.annotation)
        case "name", ast.AnnAssign(target=target) | ast.Assign(targets=[target, *_]):
            return module.locate(target)
        case _ if at and (value := inner_keyword(part, at)) is not None:
            return module.locate(value)
        case _, ast.FunctionDef() if part.call is None:
            return module.header(part.node)
        case _, ast.FunctionDef() if part.call is not None:
            return module.locate(part.call)
        case _:
            return module.locate(part.expression)


def inner_keyword(attribute: Attribute, name: str) -> ast.expr | None:
    """Return the value of a keyword of an attribute's call, or of the `Column(...)` or dictionary of arguments inside it."""
    for call in filter(None, (attribute.call, attribute.column_call, *attribute.annotated)):
        if (value := keywords_of(call).get(name)) is not None:
            return value
    for holder in ("sa_column_kwargs", "sa_relationship_kwargs"):
        match attribute.keyword(holder):
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if literal(key) == name:
                        return value
            case ast.Call(keywords=keywords):
                for one in keywords:
                    if one.arg == name:
                        return one.value
            case _:
                pass
    return None


def followed(full_name: str, modules: Mapping[str, Module]) -> str:
    """Return what a full name means in the end: `app.db.Base` may be imported there from `app.base`; an assignment of a name is followed as well."""
    for _ in range(20):  # a circle of imports ends nowhere
        home, _, rest = home_of(full_name, modules)
        if home is None:
            return full_name
        first, dot, more = rest.partition(".")
        bound = home.names.get(first)
        if bound is not None:
            if not isinstance(bound, (ast.Name, ast.Attribute)) or not (named := home.full_name(bound)):
                return full_name
            full_name = f"{named}{dot}{more}"
        elif first in home.imports:
            full_name = f"{home.imports[first].full_name}{dot}{more}"
        else:
            stars = (one for one in home.stars if one in modules and binds(modules[one], first, modules))
            star = next(stars, None)
            if star is None:
                return f"builtins.{rest}" if hasattr(builtins, first) else full_name
            full_name = f"{star}.{rest}"
    return full_name


def binds(module: Module, name: str, modules: Mapping[str, Module]) -> bool:
    """Whether a module's top level binds a name, itself or through its star imports, which may go in circles."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if name in one.names or name in one.imports:
            return True
        new = [star for star in one.stars if star in modules and star not in seen]
        seen.update(new)
        waiting += [modules[star] for star in new]
    return False


def home_of(full_name: str, modules: Mapping[str, Module]) -> tuple[Module | None, str, str]:
    """Return the module of the project that a full name begins with, its name, and the rest; None where there is none, or no rest."""
    parts = full_name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:length])
        if name in modules:
            return modules[name], name, ".".join(parts[length:])
    return None, "", ""


def attributes_of(owner: ModelClass) -> Iterator[Attribute]:
    """Yield what the body of a class binds."""
    for statement, is_conditional in statements(owner.node.body):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                yield attribute(owner, name, statement, annotation, value, is_conditional)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield attribute(owner, target.id, statement, None, value, is_conditional)
            case ast.FunctionDef(name=name, decorator_list=decorators, returns=returns) if any(
                "declared_attr" in (last_name(one), last_name(getattr(one, "value", one))) for one in decorators
            ):
                returned = [one.value for one in ast.walk(statement) if isinstance(one, ast.Return)]
                value = returned[0] if len(returned) == 1 else None
                yield attribute(owner, name, statement, returns, value, is_conditional)
            case _:
                pass


def attribute(
    owner: ModelClass,
    name: str,
    node: ast.AnnAssign | ast.Assign | ast.FunctionDef,
    annotation: ast.expr | None,
    value: ast.expr | None,
    is_conditional: bool,
) -> Attribute:
    call = value if isinstance(value, ast.Call) else None
    called = called_by(owner.module, call)
    return Attribute(owner, name, node, annotation, value, call, called, is_conditional)


def called_by(module: Module, call: ast.Call | None) -> Called:
    """Return which of the calls that declare attributes a call is; pydantic's own Field is none of them."""
    if call is None:
        return ""
    name = last_name(call.func)
    full_name = module.full_name(call.func)
    root = full_name.partition(".")[0]
    if full_name:
        name = full_name.rpartition(".")[2]
    match name:
        case "Field" | "Relationship" if root == "sqlmodel":
            return name
        case "Column" | "mapped_column" | "relationship" if root in LIBRARIES:
            return name
        # `db.Column` of Flask-SQLAlchemy, where `db` is an object of the project's.
        case "Column" | "mapped_column" | "relationship" if isinstance(call.func, ast.Attribute) and root != "pydantic":
            return name
        case _:
            return ""


def statements(body: list[ast.stmt], is_conditional: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements of a body and of the blocks in it, and whether they stand in a branch; those for type checkers only are left out."""
    for statement in body:
        yield statement, is_conditional
        if type(statement) in WITHOUT_BLOCKS:
            continue
        match statement:
            case ast.If(test=test, body=then, orelse=otherwise):
                if not is_type_checking(test):
                    yield from statements(then, True)
                yield from statements(otherwise, True)
            case ast.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=final):
                yield from statements([*tried, *otherwise, *final], True)
                for handler in handlers:
                    yield from statements(handler.body, True)
            case ast.With(body=inner) | ast.For(body=inner) | ast.While(body=inner):
                yield from statements(inner, True)
            case ast.Match(cases=cases):
                for case in cases:
                    yield from statements(case.body, True)
            case _:
                pass


WITHOUT_BLOCKS = frozenset(
    {ast.AnnAssign, ast.Assign, ast.Expr, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom}
)
"""The statements that most bodies consist of, and that have no blocks which belong to the body."""


def is_type_checking(test: ast.expr) -> bool:
    return last_name(test) == "TYPE_CHECKING"


def keywords_of(call: ast.Call | None) -> dict[str, ast.expr]:
    """Return the keywords of a call with their values."""
    return {one.arg: one.value for one in call.keywords if one.arg} if call else {}


def literal(node: ast.expr | None) -> object:
    """Return the value of a literal: a string, a number, True, False; None for None and for everything else."""
    return node.value if isinstance(node, ast.Constant) else None


def last_name(node: ast.expr | None) -> str:
    """Return the last part of a name: `Column` of `sa.Column`; empty for what is no name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def without_subscript(node: ast.expr | None) -> ast.expr | None:
    """Return `Mapped` of `Mapped[int]`; of a string annotation what it says."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = parsed(node.value)
    return node.value if isinstance(node, ast.Subscript) else node


def parsed(text: str) -> ast.expr | None:
    """Return the expression that a string annotation is, None where it is none. Its nodes have no place of their own."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def members(module: Module, annotation: ast.expr | None) -> list[ast.expr]:
    """Return the types of an annotation, `Mapped`, `Annotated`, `Optional` and unions taken apart, strings read; None is a member, too."""
    match annotation:
        case None:
            return []
        case ast.Constant(value=str(text)):
            return members(module, parsed(text))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*members(module, left), *members(module, right)]
        case ast.Subscript(value=head, slice=inner):
            match module.full_name(head).rpartition(".")[2]:
                case "Optional":
                    return [*members(module, inner), ast.Constant(None)]
                case "Union":
                    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                    return [one for part in parts for one in members(module, part)]
                case "Annotated" if isinstance(inner, ast.Tuple):
                    return members(module, inner.elts[0])
                case "Mapped" | "Final" | "Required":
                    return members(module, inner)
                case _:
                    return [annotation]
        case _:
            return [annotation]
