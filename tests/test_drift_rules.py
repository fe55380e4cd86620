"""The pages of the drift rules: the bad example is found by its own rule alone, the good one by none, through real Alembic."""

from pathlib import Path

import pytest

from drift_projects import project_drift, split_example, told
from schemalint.rule import Rule
from schemalint.rules import all_rules
from schemalint.throwaway.server import Server

RULES = pytest.mark.parametrize("rule", list(all_rules(["drift"])), ids=lambda rule: rule.name)


@RULES
def test_bad_example_is_found_by_its_own_rule(rule: Rule, server: Server, tmp_path: Path) -> None:
    (example,) = rule.examples("Bad")
    found = told(project_drift(tmp_path, server, *split_example(example)))
    assert {name for name, _, _ in found} == {rule.name}
    assert all(where for _, _, where in found)


@RULES
def test_good_example_is_clean(rule: Rule, server: Server, tmp_path: Path) -> None:
    (example,) = rule.examples("Good")
    assert told(project_drift(tmp_path, server, *split_example(example))) == []


READ_ONCE = """
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": "now()"})
"""
REVISION = """
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), server_default=%s, nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
"""


@pytest.mark.parametrize("default", ['"now()"', "sa.func.now()", "None"])
def test_a_default_that_is_the_moment_of_the_run_is_not_drift(default: str, server: Server, tmp_path: Path) -> None:
    assert told(project_drift(tmp_path, server, READ_ONCE, {"0001": REVISION % default})) == []


def test_a_moment_that_only_the_migrations_have_frozen_is_drift(server: Server, tmp_path: Path) -> None:
    models = READ_ONCE.replace('"now()"', "sa.func.now()")
    drift = project_drift(tmp_path, server, models, {"0001": REVISION % '"now()"'})
    assert [(rule, name) for rule, name, _ in told(drift)] == [("default-drift", "tasks.at")]
