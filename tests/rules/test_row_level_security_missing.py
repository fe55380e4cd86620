"""Tables without row-level security beside others that have it; performed on a server."""

from pathlib import Path

import pytest

from drift_projects import project_drift
from schemalint.rules import get_rule
from schemalint.throwaway.server import Server

MODELS = """
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)

class Note(SQLModel, table=True):
    __tablename__ = "notes"
    id: int | None = Field(default=None, primary_key=True)

class Plan(SQLModel, table=True):
    __tablename__ = "plans"
    id: int | None = Field(default=None, primary_key=True)
"""

CREATE = """
for name in ("tasks", "notes"):
    op.create_table(name, sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))
"""
ENABLE = 'op.execute("ALTER TABLE {} ENABLE ROW LEVEL SECURITY")\n'


def found(root: Path, server: Server, body: str, **options: object) -> list[str]:
    rule = get_rule("row-level-security-missing")
    drift = project_drift(root, server, MODELS, {"0001": CREATE + body})
    return [drift.place(problem.part).object for problem in rule.ask(drift, {**rule.options, **options})]


@pytest.mark.parametrize(
    ("body", "tables", "missing"),
    [
        (ENABLE.format("tasks"), (), ["notes"]),
        (ENABLE.format("tasks"), ("*s",), ["notes"]),
        ("", ("tasks",), ["tasks"]),
        ("", ("public.tasks", "note?"), ["notes"]),
        (ENABLE.format("tasks"), ("tasks",), []),
        (ENABLE.format("tasks") + ENABLE.format("notes"), (), []),
        # Nobody uses it; and what the migrations do not make is told by table-drift.
        ("", (), []),
        ("", ("plans",), []),
    ],
)
def test_tables_without_it_are_found_where_it_is_wanted(
    server: Server, tmp_path: Path, body: str, tables: tuple[str, ...], missing: list[str]
) -> None:
    assert found(tmp_path, server, body, tables=tables) == missing
