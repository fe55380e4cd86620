"""Compares what `create_all` made with what the migrations made: pairs the facts of both, and says where a pair differs.

Columns, tables and types are paired by name. Constraints and indexes are paired by name, then by definition, then by their columns: where
the models leave a constraint unnamed, its name means nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from schemalint.loaders.meaning import Meaning
from schemalint.loaders.model_parts import Parts
from schemalint.subjects.catalog import (
    Catalog,
    ColumnFact,
    ConstraintFact,
    DomainFact,
    EnumFact,
    Fact,
    IndexFact,
    Key,
    SequenceFact,
    TableFact,
)
from schemalint.subjects.drift import Aspect

Piece = TypeVar("Piece", ConstraintFact, IndexFact)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two facts that differ in one aspect: `ours` made by the models, `theirs` by the migrations; either may be missing."""

    aspect: Aspect
    identity: str
    what: str
    models: str
    migrations: str
    ours: Key | None = None
    theirs: Key | None = None

    @property
    def key(self) -> Key:
        key = self.ours or self.theirs
        assert key is not None
        return key


@dataclass(frozen=True)
class Comparison:
    """The two catalogs, with the parts of the models behind the first and the server that says what expressions mean."""

    models: Catalog
    migrations: Catalog
    parts: Parts
    meaning: Meaning
    is_compared: Callable[[Key], bool] = lambda _: True
    """Whether a table is looked at: no version table, none that another system owns, none in a schema that Alembic would not look at."""

    def pairs(self) -> Iterator[Pair]:
        """Yield every difference, table by table."""
        ours, theirs = self.models.pieces(), self.migrations.pieces()
        for key in sorted(ours.keys() | theirs.keys()):
            if self.is_compared(key):
                yield from self.table_pairs(key, ours.get(key), theirs.get(key))
        yield from self.type_pairs()
        yield from self.sequence_pairs()

    def table_pairs(
        self, key: Key, ours: Mapping[Key, Fact] | None, theirs: Mapping[Key, Fact] | None
    ) -> Iterator[Pair]:
        """Yield how one table differs; views and foreign tables are nothing that models can describe."""
        mine, other = self.models.get(TableFact, key), self.migrations.get(TableFact, key)
        name = self.models.full_name(key)
        if (mine and not mine.is_table) or (other and not other.is_table):
            return
        if mine is None or ours is None:
            if other and not other.is_partition and key not in self.parts.tables:
                yield Pair("table", name, f"the table {name}", "", "a table", None, key)
        elif other is None or theirs is None:
            yield Pair("table", name, f"the table {name}", "a table", "", key, None)
        else:
            yield from self.storage_pairs(key, name, mine, other)
            if mine.comment != other.comment:
                yield Pair("comment", name, f"the comment on {name}", comment(mine), comment(other), key, key)
            yield from self.column_pairs(name, ours, theirs)
            yield from self.key_pairs(key, name, ours, theirs)

    def storage_pairs(self, key: Key, name: str, ours: TableFact, theirs: TableFact) -> Iterator[Pair]:
        if not (ours.access_method and theirs.access_method):  # a partitioned table has none: it holds no rows
            ours, theirs = replace(ours, access_method=""), replace(theirs, access_method="")
        mine, other = storage(ours), storage(theirs)
        if mine != other:
            yield Pair("storage", name, name, only(mine, other), only(other, mine), key, key)

    def column_pairs(self, table: str, ours: Mapping[Key, Fact], theirs: Mapping[Key, Fact]) -> Iterator[Pair]:
        mine, other = columns(ours), columns(theirs)
        for one in [*mine, *(one for one in other if one not in mine)]:
            name = f"{table}.{one.name}"
            if one not in other:
                yield Pair("column", name, name, column_words(mine[one]), "", one, None)
            elif one not in mine:
                yield Pair("column", name, name, "", column_words(other[one]), None, one)
            else:
                yield from self.one_column(one, name, mine[one], other[one])

    def one_column(self, key: Key, name: str, ours: ColumnFact, theirs: ColumnFact) -> Iterator[Pair]:
        types = [type_words(one) for one in (ours, theirs)]
        if types[0] != types[1]:
            yield Pair("type", name, name, types[0], types[1], key, key)
        if ours.not_null != theirs.not_null:
            yield Pair("nullable", name, name, nullable(ours), nullable(theirs), key, key)
        if not self.has_same_default(key, ours, theirs):
            yield Pair(
                "default",
                name,
                f"the default of {name}",
                default_words(ours, theirs),
                default_words(theirs, ours),
                key,
                key,
            )
        if ours.comment != theirs.comment:
            yield Pair("comment", name, f"the comment on {name}", comment(ours), comment(theirs), key, key)

    def has_same_default(self, key: Key, ours: ColumnFact, theirs: ColumnFact) -> bool:
        if (ours.identity, ours.generated) != (theirs.identity, theirs.generated):
            return False
        if ours.generated:
            return self.meaning.is_same(ours.default, theirs.default, key.table)
        if ours.identity or (ours.is_serial and theirs.is_serial):
            return ours.type != theirs.type or (
                not ours.sequence or not theirs.sequence or ours.sequence.parameters == theirs.sequence.parameters
            )
        if ours.is_serial or theirs.is_serial:
            # A sequence made by hand under a name of its own numbers the rows as well as SERIAL's.
            return draws_from_a_sequence(ours) and draws_from_a_sequence(theirs)
        return self.meaning.is_same_default(ours.default, theirs.default, ours.type)

    def key_pairs(self, key: Key, table: str, ours: Mapping[Key, Fact], theirs: Mapping[Key, Fact]) -> Iterator[Pair]:
        """Yield how the constraints and indexes of one table differ."""
        constraints = Matching(of(ConstraintFact, ours), of(ConstraintFact, theirs))
        constraints.match(lambda one, two: self.is_same_constraint(key, one, two), is_like_constraint)
        indexes = Matching(of(IndexFact, ours), of(IndexFact, theirs))
        indexes.match(lambda one, two: self.is_same_index(key, one, two), is_like_index)
        yield from self.crossed(table, constraints, indexes)
        for one, two in constraints.pairs:
            yield from self.one_constraint(key, table, one, constraints.ours[one], two, constraints.theirs[two])
        for one in constraints.only_ours:
            fact = constraints.ours[one]
            name = one.name if one in self.parts.named else ""
            yield Pair("key", *constraint_name(table, one, fact, name), constraint_words(fact), "", one, None)
        for two in constraints.only_theirs:
            fact = constraints.theirs[two]
            if not self.is_merged(key, fact, ours):
                yield Pair("key", *constraint_name(table, two, fact, two.name), "", constraint_words(fact), None, two)
        for one, two in indexes.pairs:
            yield from self.one_index(key, table, one, indexes.ours[one], two, indexes.theirs[two])
        for one in indexes.only_ours:
            yield Pair(
                "index", *index_name(table, one, indexes.ours[one]), index_words(indexes.ours[one]), "", one, None
            )
        for two in indexes.only_theirs:
            yield Pair(
                "index", *index_name(table, two, indexes.theirs[two]), "", index_words(indexes.theirs[two]), None, two
            )

    def crossed(
        self, table: str, constraints: "Matching[ConstraintFact]", indexes: "Matching[IndexFact]"
    ) -> Iterator[Pair]:
        """Yield what is a UNIQUE constraint on one side and a unique index on the other."""
        for one in list(constraints.only_ours):
            fact = constraints.ours[one]
            for two in indexes.only_theirs:
                if fact.type == "u" and fact.index and is_like_index(fact.index, indexes.theirs[two]):
                    words = index_words(indexes.theirs[two])
                    yield Pair("key", *constraint_name(table, one, fact), constraint_words(fact), words, one, two)
                    constraints.only_ours.remove(one)
                    indexes.only_theirs.remove(two)
                    break
        for two in list(constraints.only_theirs):
            fact = constraints.theirs[two]
            for one in indexes.only_ours:
                if fact.type == "u" and fact.index and is_like_index(indexes.ours[one], fact.index):
                    words = index_words(indexes.ours[one])
                    yield Pair("key", *constraint_name(table, two, fact), words, constraint_words(fact), one, two)
                    constraints.only_theirs.remove(two)
                    indexes.only_ours.remove(one)
                    break

    def is_merged(self, table: Key, theirs: ConstraintFact, ours: Mapping[Key, Fact]) -> bool:
        """Whether a UNIQUE constraint repeats another, or the primary key: CREATE TABLE makes one index of both, ALTER TABLE two.

        https://www.postgresql.org/docs/current/sql-createtable.html: "redundant ... constraints are omitted".
        """
        if theirs.type != "u":
            return False
        keys = [fact for fact in of(ConstraintFact, ours).values() if fact.columns == theirs.columns]
        return any(fact.type == "p" for fact in keys) or (
            (table, theirs.columns) in self.parts.uniques and any(fact.type == "u" for fact in keys)
        )

    def one_constraint(
        self, key: Key, table: str, one: Key, ours: ConstraintFact, two: Key, theirs: ConstraintFact
    ) -> Iterator[Pair]:
        identity, what = constraint_name(table, one, ours)
        _, called = constraint_name(table, one, ours, two.name)
        if not self.is_same_constraint(key, ours, theirs):
            yield Pair("key", identity, called, constraint_words(ours), constraint_words(theirs), one, two)
        elif ours.validated and not theirs.validated:
            words = f"{constraint_words(theirs)} NOT VALID"
            yield Pair("key", identity, called, constraint_words(ours), words, one, two)
        elif one.name != two.name and one in self.parts.named | self.parts.late:
            yield Pair("name", identity, what, one.name, two.name, one, two)
        if ours.comment != theirs.comment:
            yield Pair("comment", identity, f"the comment on {what}", comment(ours), comment(theirs), one, two)

    def one_index(self, key: Key, table: str, one: Key, ours: IndexFact, two: Key, theirs: IndexFact) -> Iterator[Pair]:
        identity, what = index_name(table, one, ours)
        if not self.is_same_index(key, ours, theirs):
            yield Pair("index", identity, what, index_words(ours), index_words(theirs), one, two)
        elif one.name != two.name and one in self.parts.named:
            yield Pair("name", identity, what, one.name, two.name, one, two)

    def is_same_constraint(self, table: Key, ours: ConstraintFact, theirs: ConstraintFact) -> bool:
        if ours.type != theirs.type:
            return False
        match ours.type:
            case "c":
                rest = [
                    on_one_line(one.definition).replace(on_one_line(one.expression), "", 1) for one in (ours, theirs)
                ]
                return rest[0] == rest[1] and self.meaning.is_same(ours.expression, theirs.expression, table)
            case "f":
                return ours.definition == theirs.definition
            case _:
                assert ours.index
                assert theirs.index
                same = deferral(ours) == deferral(theirs) and self.is_same_index(table, ours.index, theirs.index)
                return same and (ours.type == "x" or ours.definition == theirs.definition)

    def is_same_index(self, table: Key, ours: IndexFact, theirs: IndexFact) -> bool:
        return (
            index_form(ours) == index_form(theirs)
            and all(
                self.meaning.is_same(one.expression, two.expression, table)
                for one, two in zip(ours.columns, theirs.columns, strict=True)
            )
            and self.meaning.is_same(ours.predicate, theirs.predicate, table)
        )

    def type_pairs(self) -> Iterator[Pair]:
        """Yield enums whose labels differ and those left behind, and domains that differ."""
        mine, other = self.models.of(EnumFact), self.migrations.of(EnumFact)
        for key, fact in sorted(mine.items()):
            name = self.models.full_name(key)
            if key in other and fact.labels != other[key].labels:
                words = labels(fact.labels), labels(other[key].labels)
                yield Pair("enum", f"type {name}", f"the enum {name}", *words, key, key)
        for key, fact in sorted(other.items()):
            if key not in mine and not fact.is_used and key not in self.parts.enums:
                name = self.migrations.full_name(key)
                yield Pair("enum", f"type {name}", f"the enum {name}", "", labels(fact.labels), None, key)
        domains = self.migrations.of(DomainFact)
        for key, domain in sorted(self.models.of(DomainFact).items()):
            if key in domains and domain != domains[key]:
                name = self.models.full_name(key)
                words = domain_words(domain), domain_words(domains[key])
                yield Pair("type", f"type {name}", f"the domain {name}", *words, key, key)

    def sequence_pairs(self) -> Iterator[Pair]:
        """Yield standalone sequences that one side lacks or makes differently."""
        mine, other = self.models.of(SequenceFact), self.migrations.of(SequenceFact)
        for key in sorted(self.parts.sequences & mine.keys()):
            name = self.models.full_name(key)
            if key not in other:
                yield Pair(
                    "table", f"sequence {name}", f"the sequence {name}", sequence_words(mine[key]), "", key, None
                )
            elif not other[key].owner and mine[key].parameters != other[key].parameters:
                words = sequence_words(mine[key]), sequence_words(other[key])
                yield Pair("default", f"sequence {name}", f"the sequence {name}", *words, key, key)
        for key, fact in sorted(other.items()):
            if key not in mine and not fact.owner and not fact.is_used and key not in self.parts.sequences:
                name = self.migrations.full_name(key)
                yield Pair("table", f"sequence {name}", f"the sequence {name}", "", sequence_words(fact), None, key)


class Matching(Generic[Piece]):
    """Pairs the constraints (or the indexes) that both sides give one table; what is left over stays in `only_ours` and `only_theirs`."""

    def __init__(self, ours: dict[Key, Piece], theirs: dict[Key, Piece]) -> None:
        self.ours: dict[Key, Piece] = ours
        self.theirs: dict[Key, Piece] = theirs
        self.pairs: list[tuple[Key, Key]] = []
        self.only_ours = list(ours)
        self.only_theirs = list(theirs)

    def match(self, is_same: Callable[[Piece, Piece], bool], is_like: Callable[[Piece, Piece], bool]) -> None:
        """Pair by name and definition, by definition, by name, and at last by what they are over."""
        self._pair(lambda one, two: one.name == two.name and is_same(self.ours[one], self.theirs[two]))
        self._pair(lambda one, two: is_same(self.ours[one], self.theirs[two]))
        self._pair(lambda one, two: one.name == two.name)
        self._pair(lambda one, two: is_like(self.ours[one], self.theirs[two]))

    def _pair(self, is_pair: Callable[[Key, Key], bool]) -> None:
        for one in list(self.only_ours):
            for two in self.only_theirs:
                if is_pair(one, two):
                    self.pairs.append((one, two))
                    self.only_ours.remove(one)
                    self.only_theirs.remove(two)
                    break


def of(kind: type[Piece], pieces: Mapping[Key, Fact]) -> dict[Key, Piece]:
    return {key: fact for key, fact in pieces.items() if isinstance(fact, kind)}


def columns(pieces: Mapping[Key, Fact]) -> dict[Key, ColumnFact]:
    return {key: fact for key, fact in pieces.items() if isinstance(fact, ColumnFact)}


def is_like_constraint(one: ConstraintFact, two: ConstraintFact) -> bool:
    """Whether two constraints are meant to be one: the same kind over the same columns."""
    if one.type != two.type:
        return False
    return one.type == "p" or (bool(one.columns) and sorted(one.columns) == sorted(two.columns))


def is_like_index(one: IndexFact, two: IndexFact) -> bool:
    """Whether two indexes are meant to be one: the same keys in the same order, and as unique."""
    keys = [tuple(column.expression for column in index.columns) for index in (one, two)]
    return keys[0] == keys[1] and one.unique == two.unique


def index_form(index: IndexFact) -> tuple[object, ...]:
    """Return all that can be compared without knowing what an expression means."""
    return (
        index.unique,
        index.nulls_not_distinct,
        index.method,
        tuple(replace(column, expression="") for column in index.columns),
        index.include,
        bool(index.predicate),
        index.options,
        index.valid,
    )


def on_one_line(text: str) -> str:
    """Return PostgreSQL's text without its line breaks, whose depth depends on what stands around an expression."""
    return " ".join(text.split())


def deferral(constraint: ConstraintFact) -> tuple[bool, bool]:
    return (" DEFERRABLE" in constraint.definition, " INITIALLY DEFERRED" in constraint.definition)


def draws_from_a_sequence(column: ColumnFact) -> bool:
    return column.default.startswith("nextval(")


def constraint_name(table: str, key: Key, fact: ConstraintFact, name: str = "") -> tuple[str, str]:
    """Return the identity of a constraint and its name in a sentence; a foreign key, of which one column may have several, with its own `name`."""
    listed = ", ".join(fact.columns)
    match fact.type:
        case "p":
            return f"{table} :primary key", f"the primary key of {table}"
        case "u":
            return f"{table} :unique {listed}", f"the unique constraint on {table} ({listed})"
        case "f":
            return f"{table}.{listed}", f"the foreign key{f' {name}' if name else ''} of {table} ({listed})"
        case "c":
            return f"{table} :check {key.name}", f"the check {key.name} of {table}"
        case _:
            return f"{table} :exclude {key.name}", f"the exclusion constraint {key.name} of {table}"


def index_name(table: str, key: Key, fact: IndexFact) -> tuple[str, str]:
    listed = ", ".join(column.expression for column in fact.columns)
    return f"{table} :index {listed}", f"the index {key.name} of {table}"


def constraint_words(fact: ConstraintFact) -> str:
    options = f" WITH ({', '.join(fact.index.options)})" if fact.index and fact.index.options else ""
    return f"{fact.definition}{options}"


def index_words(fact: IndexFact) -> str:
    """Return the statement that makes an index from USING on: the name and the table are said elsewhere."""
    unique = "UNIQUE " if fact.unique else ""
    invalid = "" if fact.valid else " (INVALID: its building failed)"
    return f"{unique}{fact.definition[fact.definition.index(' USING ') + 1 :]}{invalid}"


def type_words(column: ColumnFact) -> str:
    return column.type + (f" COLLATE {column.collation}" if column.collation else "")


def column_words(column: ColumnFact) -> str:
    return type_words(column) + (" NOT NULL" if column.not_null else "")


def nullable(column: ColumnFact) -> str:
    return "NOT NULL" if column.not_null else "nullable"


def default_words(column: ColumnFact, other: ColumnFact) -> str:
    """Return how a column gets its value when none is given; the sequence's parameters only where both sides have one."""
    if column.generated:
        return f"GENERATED ALWAYS AS {column.default} {'STORED' if column.generated == 's' else 'VIRTUAL'}"
    numbered = column.sequence if column.sequence and other.sequence else None
    parameters = f" ({sequence_words(numbered)})" if numbered and numbered.parameters != parameters_of(other) else ""
    if column.identity:
        return f"GENERATED {'ALWAYS' if column.identity == 'a' else 'BY DEFAULT'} AS IDENTITY{parameters}"
    return f"{column.default}{parameters}" or "nothing"


def parameters_of(column: ColumnFact) -> object:
    return column.sequence.parameters if column.sequence else None


def sequence_words(fact: SequenceFact) -> str:
    cycle = " CYCLE" if fact.cycle else ""
    return (
        f"{fact.type} START {fact.start} INCREMENT {fact.increment} MINVALUE {fact.minimum} MAXVALUE {fact.maximum}"
        f" CACHE {fact.cache}{cycle}"
    )


def domain_words(fact: DomainFact) -> str:
    parts = (
        fact.type,
        f"COLLATE {fact.collation}" if fact.collation else "",
        f"DEFAULT {fact.default}" if fact.default else "",
        "NOT NULL" if fact.not_null else "",
        *fact.checks,
    )
    return " ".join(part for part in parts if part)


def labels(given: Iterable[str]) -> str:
    return f"({', '.join(given)})"


def comment(fact: TableFact | ColumnFact | ConstraintFact) -> str:
    return repr(fact.comment) if fact.comment else "not there"


def storage(fact: TableFact) -> tuple[str, ...]:
    """Return how a table is stored, in words; the usual way has none."""
    return (
        "UNLOGGED" if fact.persistence == "u" else "logged",
        f"partitioned by {fact.partition_key}" if fact.partition_key else "not partitioned",
        f"access method {fact.access_method}" if fact.access_method else "",
        f"WITH ({', '.join(fact.options)})" if fact.options else "no storage parameters",
        f"inherits from {', '.join(fact.parents)}" if fact.parents else "inherits from no table",
    )


def only(these: tuple[str, ...], those: tuple[str, ...]) -> str:
    """Return what is in the first and differs from the second at the same place."""
    return ", ".join(one for one, other in zip(these, those, strict=True) if one != other)
