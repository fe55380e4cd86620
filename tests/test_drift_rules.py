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
