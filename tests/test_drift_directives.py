"""`process_revision_directives` of the project: what it takes out of the script is hidden, whatever else it does is not."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops

from drift_cases import compared, configured
from drift_projects import ENV, project_drift
from schemalint.config import Config
from schemalint.throwaway.server import Server

MODELS = """
Table(
    "t", m, Column("id", Integer, primary_key=True),
    Column("a", Integer, nullable=False, unique=True),
    Column("b", String(20), index=True),
    Column("d", Integer, ForeignKey("t.id")),
    Column("e", Text, server_default="x", comment="said"),
    Column("f", Integer, nullable=False),
    Column("g", Enum("x", "y", name="letters")),
    CheckConstraint("id > 0", name="positive"),
)
Table("new", m, Column("id", Integer, primary_key=True))
Table("stored", m, Column("id", Integer, primary_key=True), prefixes=["UNLOGGED"])
Table("said", m, Column("id", Integer, primary_key=True), comment="said")
"""
SQL = """
    CREATE TYPE letters AS ENUM ('x');
    CREATE TABLE t (
        id serial PRIMARY KEY, b varchar(10), c int REFERENCES t, d int, e text, f int, g letters,
        CONSTRAINT negative CHECK (c < 0)
    );
    CREATE TABLE stored (id serial PRIMARY KEY);
    CREATE TABLE said (id serial PRIMARY KEY);
    CREATE INDEX old_index ON t (c, (id + 1));
    ALTER TABLE t ADD CONSTRAINT old_unique UNIQUE (c);
    COMMENT ON TABLE t IS 'old';
    CREATE TABLE old (id int);
"""
UNSEEN = {"t :check positive", "t :check negative", "stored", "type letters"}
"""What no script that Alembic generates would change."""

EVERYTHING = {
    "new", "old", "t", "t.a", "t.b", "t.c", "t.d", "t.e", "t.f", "said",
    "t :index b", "t :index c, ((id + 1))", "t :unique a", "t :unique c", *UNSEEN,
}  # fmt: skip

Hook = Callable[[Any, Any, list[ops.MigrationScript]], None]


def left(server: Server, tmp_path: Path, *hooks: Hook | None) -> set[str]:
    """Return what differs still with a `configure` call for every hook."""
    calls = [configured(options={"process_revision_directives": hook, "target_metadata": None}) for hook in hooks]
    outcome = compared(server, MODELS, SQL, config=Config(root=tmp_path), by=calls)
    return {pair.identity for pair in outcome.pairs}


def upgrade_of(directives: list[ops.MigrationScript]) -> ops.UpgradeOps:
    upgrade = directives[0].upgrade_ops
    assert upgrade is not None
    return upgrade


def nothing_when_empty(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    if upgrade_of(directives).is_empty():
        directives[:] = []


def reorder(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    upgrade_of(directives).ops.reverse()


def throw_away(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    directives[:] = []


def fail(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    upgrade_of(directives).ops.clear()
    raise LookupError


def leave(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    upgrade_of(directives).ops.clear()
    sys.exit()


def edit(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    for one in upgrade_of(directives).ops:
        if isinstance(one, ops.ModifyTableOps):
            for each in one.ops:
                if isinstance(each, ops.AlterColumnOp):
                    each.kw["postgresql_using"] = "b"


def write_statement(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    upgrade_of(directives).ops[:] = [ops.ExecuteSQLOp("SELECT make_all()")]


rewriting = Rewriter()


@rewriting.rewrites(ops.AddColumnOp)
def in_two_steps(_context: Any, _revision: Any, op: ops.AddColumnOp) -> Any:
    return [
        ops.AddColumnOp(op.table_name, op.column),
        ops.AlterColumnOp(op.table_name, op.column.name, modify_nullable=False),
    ]


HARMLESS: list[Hook] = [
    nothing_when_empty,
    reorder,
    throw_away,
    fail,
    leave,
    edit,
    write_statement,
    rewriting,
]


@pytest.mark.parametrize("hook", HARMLESS, ids=lambda hook: getattr(hook, "__name__", "rewriter"))
def test_hook_that_takes_nothing_out_hides_nothing(hook: Hook, server: Server, tmp_path: Path) -> None:
    assert left(server, tmp_path, hook) == EVERYTHING


def empty(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    upgrade_of(directives).ops.clear()


def test_what_alembic_does_not_see_cannot_be_taken_out(server: Server, tmp_path: Path) -> None:
    assert left(server, tmp_path, empty) == UNSEEN


def test_difference_must_be_taken_out_by_every_call(server: Server, tmp_path: Path) -> None:
    assert left(server, tmp_path, empty, None) == EVERYTHING
    assert left(server, tmp_path, empty, reorder) == EVERYTHING
    assert left(server, tmp_path, empty, empty) == UNSEEN


contract_is_for_later = Rewriter()


@contract_is_for_later.rewrites(ops.DropColumnOp)
@contract_is_for_later.rewrites(ops.DropTableOp)
@contract_is_for_later.rewrites(ops.DropIndexOp)
@contract_is_for_later.rewrites(ops.DropConstraintOp)
def keep(_context: Any, _revision: Any, _op: ops.MigrateOperation) -> Any:
    return []


def test_rewriter_that_keeps_what_old_releases_need_hides_that(server: Server, tmp_path: Path) -> None:
    assert left(server, tmp_path, contract_is_for_later) == EVERYTHING - {
        "old",
        "t.c",
        "t :index c, ((id + 1))",
        "t :unique c",
    }


def test_operation_that_moves_to_another_script_is_still_there(server: Server, tmp_path: Path) -> None:
    def split(_context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
        operations = list(upgrade_of(directives).ops)
        upgrade_of(directives).ops[:] = operations[:1]
        second = ops.MigrationScript("second", ops.UpgradeOps(operations[1:]), ops.DowngradeOps([]))
        directives.append(second)

    assert left(server, tmp_path, split) == EVERYTHING


HOOK = """
config = context.config

def process(migration, revision, directives):
    assert config.cmd_opts.autogenerate
    assert context.config is config and migration.config is config
    assert revision == ("0002",)
    assert migration.opts["target_metadata"] is target_metadata
    for one in directives[0].upgrade_ops.ops:
        one.ops[:] = [each for each in one.ops if each.to_diff_tuple()[0] != "remove_column"]

"""


def test_hook_in_env_py_is_called_as_autogenerate_calls_it(server: Server, tmp_path: Path) -> None:
    env = ENV.replace("engine =", HOOK + "engine =").replace(
        "target_metadata=target_metadata)", "target_metadata=target_metadata, process_revision_directives=process)"
    )
    models = """
        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            done: bool
    """
    revisions = {
        "0001": 'op.create_table("tasks", sa.Column("id", sa.Integer(), primary_key=True))',
        "0002": 'op.add_column("tasks", sa.Column("old", sa.Integer()))',
    }
    drift = project_drift(tmp_path, server, models, revisions, env=env)
    assert [one.identity for one in drift.differences] == ["tasks.done"]
