"""What every rule promises: its names agree, its page teaches, its bad example is found by it alone, its good one by none."""

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args, get_origin

import pytest
from sqlmodel import SQLModel

from history_examples import history_from_example
from schemalint.check import check
from schemalint.config import Config
from schemalint.finding import Finding
from schemalint.rule import PROFILES, Rule, Subject
from schemalint.rules import all_rules, get_rule, rule_names
from snippets import USUAL, empty_sqlmodel
from sources import imported

RULES = list(all_rules())
BY_NAME = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


WITHOUT_SERVER = ("schema", "source", "history", "allowances")
"""Groups whose examples are judged here; those of drift need a server and are performed in tests of their own."""


def examples(heading: Literal["Bad", "Good"]) -> pytest.MarkDecorator:
    """Parametrize over the examples of all rules that need no server."""
    cases = [
        pytest.param(rule, block, id=f"{rule.name}-{number}")
        for rule in RULES
        if rule.group in WITHOUT_SERVER
        for number, block in enumerate(rule.examples(heading))
    ]
    return pytest.mark.parametrize(("rule", "example"), cases)


@BY_NAME
def test_file_function_and_rule_have_one_name(rule: Rule) -> None:
    module = rule.function.__module__.rpartition(".")[2]
    assert module == rule.function.__name__
    assert rule.name == module.replace("_", "-")
    assert get_rule(rule.name) is rule
    assert rule_names()[rule.name] == rule.group


@BY_NAME
def test_a_rule_is_annotated_with_its_subject(rule: Rule) -> None:
    assert rule.subject.__module__.startswith("schemalint.subjects.")
    assert issubclass(rule.subject, Subject)
    assert rule.subject.__module__.endswith(rule.group)


@BY_NAME
def test_an_option_is_keyword_only_with_a_default_that_a_file_can_hold(rule: Rule) -> None:
    _, *options = inspect.signature(rule.function).parameters.values()
    for option in options:
        assert option.kind is inspect.Parameter.KEYWORD_ONLY
        assert isinstance(option.default, (str, int, bool, tuple))
        if get_origin(option.annotation) is Literal:
            assert option.default in get_args(option.annotation)


@BY_NAME
def test_a_rule_belongs_to_a_profile(rule: Rule) -> None:
    assert rule.profile in PROFILES["all"]


@BY_NAME
def test_a_page_says_what_is_found_what_it_costs_and_when_it_is_right_anyway(rule: Rule) -> None:
    summary, *prose = rule.page.partition("\nBad")[0].strip().split("\n\n")
    assert summary == rule.summary
    assert summary.endswith(".")
    assert len(summary) <= 120
    assert "\n" not in summary
    assert prose, "the cost is missing"
    assert any("right anyway" in paragraph.lower() or "never right" in paragraph for paragraph in prose)


@BY_NAME
def test_a_page_says_every_option(rule: Rule) -> None:
    for option in rule.options:
        assert f"`{option}`" in rule.page or f"`{option} =" in rule.page


@BY_NAME
def test_a_page_has_examples(rule: Rule) -> None:
    assert rule.examples("Bad")
    assert rule.examples("Good")


@examples("Bad")
def test_a_bad_example_is_found_by_its_own_rule_and_no_other(rule: Rule, example: str) -> None:
    assert names_of_rules_that_speak(rule.group, example) == {rule.name}


@examples("Good")
def test_a_good_example_is_clean_under_all_rules_of_its_group(rule: Rule, example: str) -> None:
    assert names_of_rules_that_speak(rule.group, example) == set()


@examples("Bad")
def test_a_message_is_a_clause_and_comes_with_a_remedy(rule: Rule, example: str) -> None:
    for finding in findings(rule.group, example):
        assert finding.object
        assert finding.message
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message
        assert finding.remedy


@pytest.mark.parametrize(
    "rule", [one for one in RULES if one.group in ("schema", "source")], ids=lambda rule: rule.name
)
def test_a_rule_declares_the_kinds_of_fix_that_it_offers(rule: Rule) -> None:
    shown = [*rule.examples("Bad"), *OFFERED.get(rule.name, ())]
    assert {kind for example in shown for kind in kinds_offered(rule, example)} == {*rule.fixes}


OFFERED: dict[str, tuple[str, ...]] = {
    "naive-datetime-value": (
        """
class UTCDateTime(sa.TypeDecorator):  # SQLModel's own, which it has since 0.0.45
    __module__ = "sqlmodel.sql.sqltypes"
    impl = sa.DateTime(timezone=True)

class Task(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=datetime.utcnow, sa_type=UTCDateTime)
""",
    ),
    "reserved-word-name": (
        """
class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
    ),
}
"""Models for which a rule offers a kind of fix that its page does not show."""


def kinds_offered(rule: Rule, example: str) -> set[str]:
    with subjects_of(rule.group, example) as subjects:
        return {problem.fix.kind for problem in rule.ask(subjects[rule.group], rule.options) if problem.fix}


def test_no_rule_is_written_twice() -> None:
    modules = [importlib.import_module(rule.function.__module__) for rule in RULES]
    assert len({module.__doc__ for module in modules}) == len(RULES)


def names_of_rules_that_speak(group: str, example: str) -> set[str]:
    return {finding.rule for finding in findings(group, example)}


def findings(group: str, example: str) -> list[Finding]:
    """Return what all rules of a group say about an example; an allowance is judged by a whole run over all groups."""
    if group == "allowances":
        with TemporaryDirectory() as root:
            return findings_of_a_run(example, Path(root))
    with subjects_of(group, example) as subjects:
        return [
            Finding(rule.name, subject.place(problem.part).object, None, problem.message, problem.remedy)
            for rule in RULES
            if rule.group in subjects
            for subject in [subjects[rule.group]]
            for problem in rule.ask(subject, rule.options)
        ]


@contextmanager
def subjects_of(group: str, example: str) -> Iterator[dict[str, Subject]]:
    """Give what an example is, by the groups of the rules that judge it; models are judged by their source, too, and alone where they do not import."""
    with TemporaryDirectory() as directory:
        root = Path(directory)
        if group not in ("schema", "source"):
            yield {group: history_from_example(example, root)}
            return
        models = re.findall(r"^# models = (\S+)$", example, re.MULTILINE)
        files = files_of(example, f"example_{root.name}.py")
        with named_constraints(), imported(root, files, tuple(models)) as (schema, source):
            yield {"schema": schema, "source": source} if schema.is_whole else {"source": source}


@contextmanager
def named_constraints() -> Iterator[None]:
    """Give SQLModel's metadata a naming convention, as `constraint-unnamed` asks of a project once: no page repeats it."""
    metadata = SQLModel.metadata
    before = metadata.naming_convention
    metadata.naming_convention = {
        "ix": "ix_%(column_0_label)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
    try:
        yield
    finally:
        metadata.naming_convention = before


def files_of(example: str, name: str) -> dict[str, str]:
    """Return the files of an example, which comments such as `# models/user.py` separate, or the one file that it is."""
    parts = re.split(r"^# ([\w/]+\.py)\n", example, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)) or {name: example}


def findings_of_a_run(example: str, root: Path) -> list[Finding]:
    name = f"example_{root.name}"
    (root / f"{name}.py").write_text(USUAL + example, encoding="utf-8")
    accepted = re.findall(r"^# (schemalint-baseline\.txt): (.*)", example, re.MULTILINE)
    for file, line in accepted:
        (root / file).write_text(f"{line}\n", encoding="utf-8")
    baseline = "schemalint-baseline.txt" if accepted else ""
    with empty_sqlmodel():
        try:
            report = check(Config(root=root, models=(name,), offline=True, baseline=baseline))
        finally:
            sys.modules.pop(name, None)
    return list(report.findings)
