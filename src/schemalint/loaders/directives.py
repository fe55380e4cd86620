"""The project's own `process_revision_directives`: differences that it takes out of every generated script are hidden from the comparison too."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table

from schemalint.loaders.comparison import Pair
from schemalint.loaders.environment import Configured
from schemalint.loaders.filters import Filters
from schemalint.subjects.catalog import ColumnFact, ConstraintFact, Key

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

Operations = dict[Pair, list[ops.MigrateOperation]]
"""What `alembic revision --autogenerate` would write for each difference; nothing for what Alembic does not see."""


@dataclass(frozen=True)
class Directives:
    """Gives the hooks of `env.py` a script of the differences; `filters` knows both sides, `alembic` is the configuration that `env.py` saw."""

    filters: Filters
    alembic: "AlembicConfig | None"

    def let_through(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return the differences that some `configure` call leaves in its script.

        A hook that raises, or throws the whole script away, hides none; nor does one that writes other operations on the same table.
        """
        hidden: set[Pair] = set(pairs)
        for one in self.filters.configured:
            hook = one.options.get("process_revision_directives")
            hidden &= self.hidden_by(hook, one, pairs) if hook and hidden else set()
        return [one for one in pairs if one not in hidden]

    def hidden_by(self, hook: Callable[..., object], by: Configured, pairs: Sequence[Pair]) -> set[Pair]:
        operations = {one: list(self.operations(one)) for one in pairs}
        try:
            directives = [script_of(operations, self.schema)]
            self.call(hook, by, directives)
            left = [leaf for one in directives for each in one.upgrade_ops_list for leaf in leaves(each)]
        except (Exception, SystemExit):  # noqa: BLE001  # the user's code, about operations that are only much like Alembic's
            return set()
        if not directives:
            return set()
        ours = {id(one) for written in operations.values() for one in written}
        foreign = [names_of(one) for one in left if id(one) not in ours]
        survivors = set(map(id, left))
        return {
            pair
            for pair, written in operations.items()
            if written
            and not any(id(one) in survivors for one in written)
            and not any(not names or pair.key.relation in names for names in foreign)
        }

    def call(self, hook: Callable[..., object], by: Configured, directives: list[ops.MigrationScript]) -> None:
        """Call a hook as `alembic revision --autogenerate` does."""
        environment = None
        heads: Sequence[str] = ()
        if self.alembic is not None:
            script = ScriptDirectory.from_config(self.alembic)
            heads = script.get_heads()
            environment = EnvironmentContext(self.alembic, script)
            options = self.alembic.cmd_opts or Namespace()
            vars(options).update(autogenerate=True, message=None, rev_id=None, head="head")
        with environment or nullcontext():
            context = MigrationContext.configure(
                dialect_name="postgresql", environment_context=environment, opts=dict(by.options)
            )
            hook(context, tuple(heads), directives)

    def operations(self, pair: Pair) -> Iterator[ops.MigrateOperation]:
        match pair.key.kind:
            case "table":
                yield from self.table(pair)
            case "column":
                yield from self.column(pair)
            case "index" | "constraint" if pair.aspect != "comment":
                if pair.theirs:
                    yield from self.dropped(pair.theirs)
                if pair.ours:
                    yield from self.created(pair.ours)

    def table(self, pair: Pair) -> Iterator[ops.MigrateOperation]:
        ours: Table | None = self.filters.parts.get(pair.key)
        if pair.aspect == "table" and pair.ours is None:
            yield ops.DropTableOp.from_table(self.reflected(pair.key))
        elif pair.aspect == "table" and ours is not None:
            yield ops.CreateTableOp.from_table(ours)
        elif pair.aspect == "comment" and ours is not None and ours.comment:
            yield ops.CreateTableCommentOp(pair.key.relation, ours.comment, schema=self.schema(pair.key))
        elif pair.aspect == "comment":
            yield ops.DropTableCommentOp(pair.key.relation, schema=self.schema(pair.key))

    def column(self, pair: Pair) -> Iterator[ops.MigrateOperation]:
        name, schema = pair.key.relation, self.schema(pair.key)
        if pair.ours is None:
            theirs = self.reflected(pair.key).columns[pair.key.name]
            yield ops.DropColumnOp.from_column_and_tablename(schema, name, theirs)
            return
        ours: Column[Any] = self.filters.parts.get(pair.ours)
        if pair.theirs is None:
            yield ops.AddColumnOp.from_column_and_tablename(schema, name, ours)
            return
        fact = self.filters.migrations.get(ColumnFact, pair.theirs)
        operation = ops.AlterColumnOp(
            name, pair.key.name, schema=schema, existing_nullable=not fact.not_null if fact else None
        )
        match pair.aspect:
            case "type":
                operation.modify_type = ours.type
            case "nullable":
                operation.modify_nullable = ours.nullable
            case "default":
                operation.modify_server_default = ours.server_default
            case _:
                operation.modify_comment = ours.comment
        yield operation

    def created(self, key: Key) -> Iterator[ops.MigrateOperation]:
        part = self.filters.parts.get(key)
        if part is not None and key.kind == "index":
            yield ops.CreateIndexOp.from_index(part)
        elif part is not None and self.is_seen(self.filters.models.get(ConstraintFact, key)):
            yield ops.AddConstraintOp.from_constraint(part)

    def dropped(self, key: Key) -> Iterator[ops.MigrateOperation]:
        if key.kind == "index":
            yield ops.DropIndexOp.from_index(self.filters.reflected_piece(key, "index"))
            return
        fact = self.filters.migrations.get(ConstraintFact, key)
        if fact and self.is_seen(fact):
            type_ = "unique_constraint" if fact.type == "u" else "foreign_key_constraint"
            yield ops.DropConstraintOp.from_constraint(self.filters.reflected_piece(key, type_))

    def is_seen(self, fact: ConstraintFact | None) -> bool:
        """Whether Alembic compares constraints of this kind at all."""
        return fact is not None and fact.type in ("u", "f")

    def reflected(self, key: Key) -> Table:
        table = self.filters.reflected(key.table)
        assert table is not None
        return table

    def schema(self, key: Key) -> str | None:
        return None if key.schema == self.filters.models.default_schema else key.schema


def script_of(operations: Operations, schema: Callable[[Key], str | None]) -> ops.MigrationScript:
    """Return the script that Alembic would generate: what is about one table in one container."""
    whole: list[ops.MigrateOperation] = []
    by_table: dict[Key, list[ops.MigrateOperation]] = {}
    for pair, written in operations.items():
        if pair.aspect == "table":
            whole += written
        elif written:
            by_table.setdefault(pair.key.table, []).extend(written)
    whole += [ops.ModifyTableOps(key.relation, written, schema=schema(key)) for key, written in by_table.items()]
    upgrade = ops.UpgradeOps(whole)
    downgrade = upgrade.reverse_into(ops.DowngradeOps([]))
    return ops.MigrationScript("schemalint", upgrade, downgrade, head="head", splice=False)


def leaves(operation: ops.MigrateOperation) -> Iterator[ops.MigrateOperation]:
    """Yield what is written, without the containers."""
    if isinstance(operation, ops.OpContainer):
        for one in operation.ops:
            yield from leaves(one)
    else:
        yield operation


def names_of(operation: ops.MigrateOperation) -> Iterable[str]:
    """Return the tables that an operation is about, as far as it says so."""
    said = (getattr(operation, name, None) for name in ("table_name", "source_table", "new_table_name"))
    return {name for name in said if name}
