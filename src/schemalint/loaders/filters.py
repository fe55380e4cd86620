"""The project's own `include_object` and `include_name`: what they hide from Alembic is hidden from the comparison too."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint
from sqlalchemy.types import NullType

from schemalint.loaders.comparison import Pair
from schemalint.loaders.environment import Configured
from schemalint.loaders.model_parts import Parts
from schemalint.subjects.catalog import Catalog, ConstraintFact, IndexFact, Key


@dataclass(frozen=True)
class Filters:
    """Asks the callables that `env.py` gave `context.configure(...)`, as Alembic's autogenerate asks them."""

    configured: Sequence[Configured]
    models: Catalog
    migrations: Catalog
    parts: Parts

    def let_through(self, pair: Pair) -> bool:
        """Whether some `configure` call lets a difference through; a callable that raises lets everything through."""
        if pair.key.kind in ("enum", "domain", "sequence") or not self.configured:
            return True
        return any(
            (one.include_object is None and one.include_name is None) or self.is_included(pair, one)
            for one in self.configured
        )

    def is_included(self, pair: Pair, by: Configured) -> bool:
        table = pair.key.table
        if not self.is_object_included(table, "table", self.parts.get(table), self.reflected(table), by):
            return False
        type_ = self.type_of(pair)
        if not type_:
            return True
        ours = self.parts.get(pair.ours) if pair.ours else None
        theirs = self.reflected_piece(pair.theirs, type_) if pair.theirs else None
        return self.is_object_included(pair.key, type_, ours, theirs, by)

    def is_object_included(self, key: Key, type_: str, ours: Any, theirs: Any, by: Configured) -> bool:
        """Ask about one object: by its name as the database has it, and as an object of the models or of the database."""
        name = key.name or key.relation
        schema = None if key.schema == self.models.default_schema else key.schema
        parents = {"schema_name": schema}
        if type_ != "table":
            parents["table_name"] = key.relation
        parents["schema_qualified_table_name"] = f"{schema}.{key.relation}" if schema else key.relation
        if theirs is not None and not says_yes(by.include_name, name, type_, parents):
            return False
        if ours is not None:
            return says_yes(by.include_object, ours, name, type_, False, theirs)
        return says_yes(by.include_object, theirs, name, type_, True, None)

    def type_of(self, pair: Pair) -> str:
        """Return Alembic's word for what differs; empty for a table, and for constraints that Alembic does not ask about."""
        match pair.key.kind:
            case "column" | "index":
                return pair.key.kind
            case "constraint":
                catalog = self.models if pair.ours else self.migrations
                fact = catalog.get(ConstraintFact, pair.key)
                return {"u": "unique_constraint", "f": "foreign_key_constraint"}.get(fact.type, "") if fact else ""
            case _:
                return ""

    def reflected(self, key: Key) -> Table | None:
        """Return a table of the migrations much as Alembic reflects it, with its columns' names."""
        if key not in self.migrations.facts:
            return None
        schema = None if key.schema == self.models.default_schema else key.schema
        columns = (Column(name, NullType()) for name in self.column_names[key])
        return Table(key.relation, MetaData(), *columns, schema=schema)

    @cached_property
    def column_names(self) -> dict[Key, list[str]]:
        """The columns of every table of the migrations."""
        names: dict[Key, list[str]] = {key: [] for key in self.migrations.facts if key.kind == "table"}
        for one in self.migrations.facts:
            if one.kind == "column":
                names[one.table].append(one.name)
        return names

    def reflected_piece(self, key: Key, type_: str) -> Any:
        table = self.reflected(key.table)
        assert table is not None
        fact = self.migrations.facts[key]
        if type_ == "column":
            return table.columns[key.name]
        if isinstance(fact, IndexFact):
            columns = [table.columns[one.expression] for one in fact.columns if one.expression in table.columns]
            return Index(key.name, *columns, unique=fact.unique, _table=table)
        assert isinstance(fact, ConstraintFact)
        if fact.type == "u":
            unique = UniqueConstraint(*fact.columns, name=key.name)
            table.append_constraint(unique)
            return unique
        referred = [f"{fact.referred}.{name}" for name in fact.columns]
        foreign = ForeignKeyConstraint(list(fact.columns), referred, name=key.name)
        table.append_constraint(foreign)
        return foreign


def says_yes(callable_: Any, *arguments: Any) -> bool:
    if callable_ is None:
        return True
    try:
        return bool(callable_(*arguments))
    except Exception:  # noqa: BLE001  # the user's code, asked about an object that is only much like a reflected one
        return True
