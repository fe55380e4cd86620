"""What the syntax tree says beyond doubt of the tables of classes that were not imported, for the companions of rules over the schema.

A class counts whose table has a name that the source shows; a field counts where the class itself declares it, once and in no branch. What bases, mixins,
functions and computed names bring is not looked at: nothing is said of it until the models import.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from schemalint.rules.schema._words import singular, split
from schemalint.subjects.source import (
    LIBRARIES,
    Attribute,
    ModelClass,
    Module,
    Passage,
    Source,
    keywords_of,
    last_name,
    literal,
    members,
)


def tables(source: Source) -> Iterator[ModelClass]:
    """Yield the classes that have a table of their own, of a known name."""
    for one in source.classes:
        if one.makes_table and one.tablename and not one.is_conditional and "__table__" not in one.said:
            yield one


def own_attributes(class_: ModelClass) -> Iterator[Attribute]:
    """Yield what the body of a class binds once, by an annotation or an assignment."""
    names = Counter(one.name for one in class_.attributes)
    for one in class_.attributes:
        if names[one.name] == 1 and not one.is_conditional and not isinstance(one.node, ast.FunctionDef):
            yield one


def columns(source: Source) -> Iterator[tuple[ModelClass, Attribute]]:
    """Yield the columns that classes with a table declare themselves."""
    for class_ in tables(source):
        yield from ((class_, one) for one in own_attributes(class_) if one.is_column)


def name_of(one: Attribute) -> str:
    """Return `loans.book_id`, with the table's schema."""
    return f"{one.owner.table}.{one.column_name}"


def bare_name(one: Attribute) -> str:
    """Return `loans.book_id`, without a schema."""
    return f"{one.owner.table.rpartition('.')[2]}.{one.column_name}"


def at(one: Attribute, node: ast.expr) -> Passage:
    """Return an expression in the declaration of a column, which findings know by the column."""
    return Passage(one.owner.module, node, name_of(one), one.owner.table)


@dataclass(frozen=True, eq=False)
class Reference:
    """A foreign key that a column declares: `foreign_key="books.id"`, `ForeignKey("books.id")`; `node` is the text, `arguments` what stands beside it."""

    column: Attribute
    target: str
    node: ast.expr
    arguments: Mapping[str, ast.expr]

    @property
    def name(self) -> str:
        return name_of(self.column)

    @property
    def written(self) -> str:
        """How a key is written where this one is, with `{}` for what it refers to."""
        return 'foreign_key="{}"' if self.node is self.column.keyword("foreign_key") else 'ForeignKey("{}")'


def references(source: Source) -> Iterator[Reference]:
    """Yield the foreign keys on one column whose targets are written out."""
    for _, one in columns(source):
        yield from references_of(source, one)


def references_of(source: Source, one: Attribute) -> Iterator[Reference]:
    node = one.keyword("foreign_key") if one.called == "Field" else None
    if node is not None and isinstance(text := literal(node), str):
        yield Reference(one, text, node, one.keywords)
    arguments = one.keyword("sa_column_args") if one.called == "Field" else None
    parts = list(arguments.elts) if isinstance(arguments, (ast.List, ast.Tuple)) else []
    for part in (*parts, *(one.column_call.args if one.column_call else ())):
        if not isinstance(part, ast.Call) or not is_of_library(source, one.owner.module, part, "ForeignKey"):
            continue
        if part.args and isinstance(text := literal(part.args[0]), str):
            yield Reference(one, text, part.args[0], keywords_of(part))


def is_of_library(source: Source, module: Module, call: ast.Call, name: str) -> bool:
    """Whether a call calls what SQLAlchemy (or SQLModel) has under a name."""
    root, _, rest = source.meaning(module, call.func).partition(".")
    return root in LIBRARIES and rest.rpartition(".")[2] == name


def names_bound(class_: ModelClass) -> frozenset[str] | None:
    """Return every name that may be a column or an attribute of a class, also by a base; None where something unknown may bring more."""
    chain = (class_, *class_.above)
    if not class_.is_followed or any("__table__" in one.said or one.node.decorator_list for one in chain):
        return None
    functions = {part.name for one in chain for part in one.node.body if isinstance(part, ast.FunctionDef)}
    return frozenset(
        {name for one in chain for part in one.attributes for name in (part.name, part.column_name)} | functions
    )


def column_names(class_: ModelClass) -> list[str]:
    """Return the names of the columns that a class and its bases declare."""
    return [one.column_name for part in (class_, *class_.above) for one in part.attributes if one.is_column]


def tables_by_name(source: Source) -> Mapping[str, list[ModelClass]]:
    """Return all classes with a table, imported or not, by the table's name with its schema."""
    found: dict[str, list[ModelClass]] = {}
    for one in source.of.values():
        if one.makes_table and one.tablename:
            found.setdefault(one.tablename, []).append(one)
    return found


ELSEWHERE = (
    "Table(",
    "reflect",
    "automap",
    "create_model",
    "import_module",
    "__import__",
    "pkgutil",
    "entry_points",
    "exec(",
)
"""What a module may say that makes, or finds, a table which no class statement shows."""


def knows_every_table(source: Source) -> bool:
    """Whether class statements, all of them readable and below known bases, are all that makes tables in the project."""
    if source.failures or any(
        one.stars and not {*one.stars} <= source.known.keys() | LIBRARIES for one in source.known.values()
    ):
        return False
    if any(one.is_mapped and not one.table for one in source.of.values()):
        return False
    unknown = (one for one in source.of.values() if one.kind == "other" and not one.is_followed)
    if any(part.called for one in unknown for part in one.attributes):
        return False
    return not any(word in line for one in source.known.values() for line in one.lines for word in ELSEWHERE)


LONGEST_SLIP = 2
"""Letters that a slip of the pen adds or leaves out at most."""


def nearest(name: str, known: Collection[str]) -> str:
    """Return the one name that was most likely meant; empty where none is near, or several are."""
    same = [one for one in known if bare(one) == bare(name)]
    if same:
        return same[0] if len(same) == 1 else ""
    similar = [one for one in known if abs(len(one) - len(name)) <= LONGEST_SLIP]
    return next(iter(get_close_matches(name, similar, n=1, cutoff=0.8)), "")


def bare(name: str) -> str:
    """Return `userprofile` for `user_profiles`, `UserProfile` and `userprofiles`."""
    return singular("".join(split(name)))


@dataclass(frozen=True, eq=False)
class Link:
    """A relationship that is written out; `name` is the class it leads to as it is written, `target` that class where it is known, `is_many` whether it is a list."""

    attribute: Attribute
    name: str
    target: ModelClass | None
    is_many: bool

    @property
    def owner(self) -> ModelClass:
        return self.attribute.owner

    @property
    def text(self) -> str:
        """`Loan.book`."""
        return f"{self.owner.name}.{self.attribute.name}"

    def argument(self, name: str) -> ast.expr | None:
        """Return the value of an argument of SQLAlchemy's relationship, also of one that SQLModel passes on."""
        passed_on = self.attribute.keyword("sa_relationship_kwargs")
        if isinstance(passed_on, ast.Dict):
            for key, value in zip(passed_on.keys, passed_on.values, strict=True):
                if literal(key) == name:
                    return value
        return self.attribute.keyword(name)

    @property
    def back_populates(self) -> str:
        said = literal(self.argument("back_populates"))
        return said if isinstance(said, str) else ""

    @property
    def states_an_inverse(self) -> bool:
        return self.argument("back_populates") is not None or self.argument("backref") is not None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is said of how it joins and whether it writes: the foreign keys decide."""
        return not any(self.argument(name) is not None for name in OF_JOINS)


OF_JOINS = (
    *("viewonly", "overlaps", "primaryjoin", "secondaryjoin", "secondary", "foreign_keys", "remote_side", "link_model"),
    *("post_update", "sync_backref", "collection_class", "sa_relationship_args", "sa_relationship"),
)


def links(source: Source, classes: Collection[ModelClass] | None = None) -> Iterator[Link]:
    """Yield the relationships that classes with a table declare themselves, in the words of SQLModel or SQLAlchemy."""
    mapped: dict[str, list[ModelClass]] = {}
    for other in source.of.values():
        if other.is_mapped:
            mapped.setdefault(other.name, []).append(other)
    for class_ in tables(source) if classes is None else classes:
        for one in own_attributes(class_):
            if one.is_relationship and is_written_out(one):
                yield link(source, one, mapped)


def is_written_out(one: Attribute) -> bool:
    """Whether all that a relationship is given stands in its call."""
    passed_on = one.keyword("sa_relationship_kwargs")
    is_known = passed_on is None or (
        isinstance(passed_on, ast.Dict) and all(isinstance(literal(key), str) for key in passed_on.keys)
    )
    return is_known and not one.takes_unknown_keywords and "sa_relationship" not in one.keywords


def link(source: Source, one: Attribute, mapped: Mapping[str, list[ModelClass]]) -> Link:
    module = one.owner.module
    first = one.call.args[0] if one.call and one.call.args and one.called == "relationship" else None
    node, is_many = innermost(module, first if first is not None else one.keyword("argument") or one.annotation)
    if is_many is False and first is not None:
        is_many = innermost(module, one.annotation)[1]
    name = last_name(node)
    target = source.named(module, node) if node is not None else None
    if target is None and isinstance(node, ast.Name) and not (node.id in module.imports or node.id in module.names):
        found = mapped.get(name, [])
        target = found[0] if len(found) == 1 else None
    is_one = target is None or (target.is_mapped and len(mapped[target.name]) == 1)
    return Link(one, name, target if is_one else None, is_many)


COLLECTIONS = frozenset({"list", "List", "set", "Set", "Sequence", "Collection", "WriteOnlyMapped", "DynamicMapped"})


def innermost(module: Module, annotation: ast.expr | None) -> tuple[ast.expr | None, bool]:
    """Return the class in a relationship's annotation, and whether it is in a list; None where it is no single name."""
    kinds = [one for one in members(module, annotation) if not is_none(one)]
    match kinds:
        case [ast.Subscript(value=head, slice=inner)] if last_name(head) in COLLECTIONS:
            return innermost(module, inner)[0], True
        case [(ast.Name() | ast.Attribute()) as node]:
            return node, False
        case _:
            return None, False


def types_said(one: Attribute) -> list[ast.expr] | None:
    """Return the types that are written for a column, as names or calls; None where something else may say it."""
    found = [value for name in ("sa_type", "type_") if (value := one.keyword(name)) is not None]
    call = one.column_call
    if call is None and "sa_column" in one.keywords:
        return None
    if call is not None:
        if last_name(call.func) not in ("Column", "mapped_column"):
            return None
        found += [value for name, value in keywords_of(call).items() if name == "type_" and call is not one.call]
        for part in call.args[1:] if call.args and isinstance(literal(call.args[0]), str) else call.args:
            if last_name(part.func if isinstance(part, ast.Call) else part) not in NO_TYPES:
                found.append(part)
    return found


NO_TYPES = frozenset(
    {"ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue", "DefaultClause"}
)
"""What stands among the arguments of a Column and is no type."""


def only_type(source: Source, one: Attribute) -> tuple[str, ast.Call | None]:
    """Return the full name of a column's one type, as it is written or, without one, annotated, with its call; empty where it is not clear."""
    said = types_said(one)
    if said is None or len(said) > 1 or one.annotated:
        return "", None
    if said:
        call = said[0] if isinstance(said[0], ast.Call) else None
        return source.meaning(one.owner.module, call.func if call else said[0]), call
    kinds = [kind for kind in members(one.owner.module, one.annotation) if not is_none(kind)]
    return (source.meaning(one.owner.module, kinds[0]), None) if len(kinds) == 1 else ("", None)


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def column_argument(one: Attribute, name: str) -> ast.expr | None:
    """Return what a column is given under a name: in its `Column(...)` or `mapped_column(...)`, or in SQLModel's `sa_column_kwargs`."""
    passed_on = one.keyword("sa_column_kwargs")
    if isinstance(passed_on, ast.Dict):
        for key, value in zip(passed_on.keys, passed_on.values, strict=True):
            if literal(key) == name:
                return value
    return keywords_of(one.column_call).get(name)


def default_value(one: Attribute) -> ast.expr | None:
    """Return what an object of a SQLModel class starts with, or what a column is given as its `default`; None where nothing is said."""
    if one.called == "Field" and one.call is not None:
        return one.call.args[0] if one.call.args else one.keyword("default")
    if one.owner.is_sqlmodel:
        return one.value if not one.called else None
    return keywords_of(one.column_call).get("default")
