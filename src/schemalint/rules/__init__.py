"""The rules: one file a rule, in one folder a subject; found by their file names, imported when they are asked."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache

from schemalint.rule import Rule

GROUPS = ("schema", "source", "history", "drift", "allowances")


@cache
def rule_names() -> dict[str, str]:
    """Return every rule's name with its group, read from the file names: nothing is imported."""
    return {
        module.name.replace("_", "-"): group
        for group in GROUPS
        for module in pkgutil.iter_modules([f"{path}/{group}" for path in __path__])
        if not module.name.startswith("_")
    }


@cache
def get_rule(name: str) -> Rule:
    """Import and return the rule called `name`; raises KeyError when there is none."""
    group = rule_names()[name]
    module = importlib.import_module(f"{__name__}.{group}.{name.replace('-', '_')}")
    found = getattr(module, name.replace("-", "_"))
    assert isinstance(found, Rule), f"{module.__name__} must define a rule of its own name"
    return found


def all_rules(groups: Iterable[str] = GROUPS) -> Iterator[Rule]:
    """Yield every rule of `groups`, by group and name."""
    wanted = tuple(groups)
    for name, group in sorted(rule_names().items(), key=lambda item: (GROUPS.index(item[1]), item[0])):
        if group in wanted:
            yield get_rule(name)
