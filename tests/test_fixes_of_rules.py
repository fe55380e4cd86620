"""Every fix that a rule offers for its own bad example is made and keeps its promise."""

import pytest

from fixes import fix
from schemalint.rule import Rule
from schemalint.rules import all_rules

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in all_rules(("schema", "source"))
    if rule.fixes
    for number, example in enumerate(rule.examples("Bad"))
]

COMES_TO_LIGHT = {
    "annotated-argument-lost": {"constraint-unnamed"},
    "default-evaluated-once": {"server-default-missing"},
    "default-is-function": {"server-default-missing"},
    "naive-datetime-value": {"server-default-missing"},
    "table-name-implicit": {"table-name-number"},
}
"""What another rule says only when the first mistake is mended: it would be odd to judge a default that is none, or a name that nobody wrote."""


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_fix_of_a_bad_example_puts_it_right_and_nothing_else(rule: Rule, example: str) -> None:
    result = fix(example, rule)
    offered = {one.identity for one in result.before.findings if one.rule == rule.name and one.fix}
    if not offered:
        pytest.skip("this example has no fix")
    assert result.reasons == [], "the fix is made, and keeps the promise of its kind"
    assert {one.identity for one in result.outcome.made} <= offered
    assert {one.fix.kind for one in result.outcome.made if one.fix} <= {*rule.fixes}
    identities = {one.identity for one in result.after.findings}
    assert offered & identities == set()
    new = identities - {one.identity for one in result.before.findings}
    assert {one.partition(" | ")[0] for one in new} <= COMES_TO_LIGHT.get(rule.name, set())
    assert result.after.failures == ()
    again = fix(result.source, rule)
    assert again.source == result.source
