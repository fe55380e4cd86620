"""Everything `pg_catalog` says about the tables of one database, as flat facts in PostgreSQL's own words that compare with `==`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, TypeVar

Kind: TypeAlias = Literal["table", "column", "constraint", "index", "enum", "domain", "sequence"]


class Key(NamedTuple):
    """What a fact is about. `relation` is the table (or the type or sequence itself), `name` the piece of the table."""

    kind: Kind
    schema: str
    relation: str
    name: str = ""

    @property
    def table(self) -> "Key":
        """The key of the table that this is a piece of."""
        return Key("table", self.schema, self.relation)


@dataclass(frozen=True, slots=True)
class TableFact:
    """A relation that holds or shows rows; `kind` is `pg_class.relkind`: r plain, p partitioned, f foreign, v view, m materialized."""

    kind: str
    persistence: str
    access_method: str
    options: tuple[str, ...]
    partition_key: str
    parents: tuple[str, ...]
    is_partition: bool
    row_security: bool
    comment: str

    @property
    def is_table(self) -> bool:
        return self.kind in "rp"


@dataclass(frozen=True, slots=True)
class SequenceFact:
    """A sequence's parameters. `owner` is the column it is dropped with, as `table.column`; `is_used` by any default or other object."""

    name: str
    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    owner: str = ""
    is_used: bool = False

    @property
    def parameters(self) -> tuple[str, int, int, int, int, int, bool]:
        return (self.type, self.start, self.increment, self.minimum, self.maximum, self.cache, self.cycle)


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """A column. `collation` is empty where it is the type's own; `identity` is a (always), d (by default) or empty.

    `generated` is s (stored), v (virtual) or empty: `default` is then the expression. `sequence` is the one the column owns.
    """

    type: str
    collation: str
    not_null: bool
    default: str
    identity: str
    generated: str
    sequence: SequenceFact | None
    comment: str

    @property
    def is_serial(self) -> bool:
        """Whether the default draws from the column's own sequence, as SERIAL says."""
        return self.sequence is not None and self.default == f"nextval({quoted(self.sequence.name)}::regclass)"


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """One key of an index: a column's name or an expression, with what is not the default of its type."""

    expression: str
    operator_class: str = ""
    collation: str = ""
    descending: bool = False
    nulls_first: bool = False
    operator: str = ""


@dataclass(frozen=True, slots=True)
class IndexFact:
    """An index, also the one behind a constraint; `definition` is the whole statement that makes it."""

    unique: bool
    nulls_not_distinct: bool
    method: str
    columns: tuple[IndexColumn, ...]
    include: tuple[str, ...]
    predicate: str
    options: tuple[str, ...]
    valid: bool
    definition: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ConstraintFact:
    """A constraint. `type` is `pg_constraint.contype`: p primary key, u unique, f foreign key, c check, x exclusion.

    `definition` says all but whether existing rows were validated; `expression` is a check's alone.
    """

    type: str
    definition: str
    columns: tuple[str, ...]
    validated: bool
    expression: str
    index: IndexFact | None
    referred: str
    comment: str


@dataclass(frozen=True, slots=True)
class EnumFact:
    """An enum's labels in order; `is_used` by a column, a function or any other object."""

    labels: tuple[str, ...]
    is_used: bool


@dataclass(frozen=True, slots=True)
class DomainFact:
    """A domain over a type, with its checks by expression."""

    type: str
    not_null: bool
    default: str
    collation: str
    checks: tuple[str, ...]


Fact: TypeAlias = TableFact | ColumnFact | ConstraintFact | IndexFact | EnumFact | DomainFact | SequenceFact
SomeFact = TypeVar("SomeFact", TableFact, ColumnFact, ConstraintFact, IndexFact, EnumFact, DomainFact, SequenceFact)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The facts of one database at one moment; `default_schema` is the one whose names are written without a schema."""

    facts: Mapping[Key, Fact]
    default_schema: str = "public"

    def of(self, kind: type[SomeFact], table: Key | None = None) -> dict[Key, SomeFact]:
        """Return the facts of one class, of all tables or of one."""
        return {
            key: fact
            for key, fact in self.facts.items()
            if isinstance(fact, kind) and (table is None or key.table == table)
        }

    def get(self, kind: type[SomeFact], key: Key) -> SomeFact | None:
        """Return the fact of that class under `key`, None where there is none."""
        fact = self.facts.get(key)
        return fact if isinstance(fact, kind) else None

    def full_name(self, key: Key) -> str:
        """Return the relation's name as models write it: `tasks`, `billing.invoices`."""
        return key.relation if key.schema == self.default_schema else f"{key.schema}.{key.relation}"

    def quoted_name(self, key: Key) -> str:
        """Return the relation's name for a statement."""
        return f"{identifier(key.schema)}.{identifier(key.relation)}"

    def pieces(self) -> "dict[Key, dict[Key, Fact]]":
        """Return, for each table, its columns, constraints and indexes."""
        found: dict[Key, dict[Key, Fact]] = {key: {} for key in self.of(TableFact)}
        for key, fact in self.facts.items():
            if key.kind in ("column", "constraint", "index"):
                found[key.table][key] = fact
        return found

    def __iter__(self) -> Iterator[Key]:
        return iter(self.facts)


def identifier(name: str) -> str:
    """Quote a name for a statement, needed or not."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Quote a string for a statement (standard_conforming_strings is on, as it is by default since 9.1)."""
    return "'" + text.replace("'", "''") + "'"
