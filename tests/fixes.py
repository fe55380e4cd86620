"""A rule's fixes performed on models written as a snippet, and proved, for tests of single rules.

What `schemalint check --fix --unsafe-fixes` does with processes is done here in this one, so that it takes no second a time.
"""

import itertools
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from schemalint.config import Config
from schemalint.fixing.files import Files
from schemalint.fixing.looking import look_here
from schemalint.fixing.promises import Look
from schemalint.fixing.rounds import ORDER, Outcome, fix_all
from schemalint.rule import Rule
from schemalint.rules import rule_names
from snippets import USUAL, empty_sqlmodel

BELOW = "\n# what is below is the snippet\n"

_numbers = itertools.count()


@dataclass(frozen=True)
class Fixed:
    """What fixing a snippet came to: the snippet afterwards, what was done, and what all rules find before and after."""

    source: str
    outcome: Outcome
    before: Look
    after: Look

    @property
    def reasons(self) -> list[str]:
        """Why fixes were left alone or undone."""
        return [reason for _, reason in [*self.outcome.left, *self.outcome.undone]]


def fixed(rule: Rule, source: str, **options: Any) -> str:
    """Return a snippet after all the fixes that `rule` offers for it.

    Asserts that every one of them is made and keeps the promise of its kind (see `promises.py`): `safe` changes neither DDL nor mappers, `behaviour` no
    DDL, `schema` nothing of other tables; the models are loaded, the findings are gone, and fixing again would do nothing.
    """
    result = fix(source, rule, **options)
    assert result.reasons == []
    assert result.outcome.made
    assert {one.rule for one in result.outcome.made} == {rule.name}
    return result.source


def left_alone(rule: Rule, source: str, **options: Any) -> list[str]:
    """Return why the fixes of `rule` are not made in a snippet, which then stays as it is."""
    result = fix(source, rule, **options)
    assert result.outcome.made == []
    assert result.source == textwrap.dedent(source)
    return result.reasons


def fix(source: str, rule: Rule | None = None, **options: Any) -> Fixed:
    """Perform the fixes of `rule`, or of all rules, on a snippet; `options` are the rule's."""
    with project(USUAL + BELOW + textwrap.dedent(source), rule, options) as config:
        files = Files(config)

        def look(contents: Mapping[str, bytes]) -> Look:
            seen = looked(config, contents)
            named = tuple(one for one in seen.findings if rule is None or one.rule == rule.name)
            return replace(seen, findings=named)

        before = looked(config, {})
        outcome = fix_all(files, ORDER, look)
        assert outcome.is_finished
        (path,) = (f"{name}.py" for name in config.models)
        text = files.content(path).decode("utf-8")
        return Fixed(text.partition(BELOW)[2], outcome, before, looked(config, files.overlay({})))


@contextmanager
def project(text: str, rule: Rule | None, options: Mapping[str, Any]) -> Iterator[Config]:
    """Write a module of models and give the configuration of the project that consists of it."""
    name = f"fixed_{next(_numbers)}"
    group = rule_names()[rule.name] if rule else "schema"
    given = {rule.name: {key.replace("_", "-"): value for key, value in options.items()}} if rule else {}
    with TemporaryDirectory() as root:
        (Path(root) / f"{name}.py").write_text(text, encoding="utf-8")
        yield Config(root=Path(root), models=(name,), profile="all", select=(group,), rules=given, offline=True)


def looked(config: Config, contents: Mapping[str, bytes]) -> Look:
    """Return what is found in the models where files have these contents; SQLModel and the models are forgotten afterwards."""
    (name,) = config.models
    with empty_sqlmodel(), warnings.catch_warnings():
        try:
            return look_here(config, contents)
        finally:
            sys.modules.pop(name, None)
