"""The guide's pages are all listed, lead somewhere, and name every key that can be configured."""

import re
from pathlib import Path

import pytest

from schemalint.config import KEYS
from schemalint.rules import rule_names

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [one for one in targets if not (page.parent / one).is_file()] == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {one for one in pages if f"({one})" not in index} == set()


def test_every_key_of_the_configuration_has_its_line() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert {key for key in KEYS if f"`{key}`" not in rows} == set()


def checklist() -> list[tuple[str, str]]:
    """Return the items of the checklist with what answers them."""
    lines = (ROOT / "docs" / "checklist.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [(item, answer) for item, answer in rows if item != "the checklist asks"]


def test_every_rule_that_the_checklist_names_exists() -> None:
    named = {name for _, answer in checklist() for name in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", answer)}
    assert named - rule_names().keys() - set(KEYS) == set()


def test_every_item_of_the_checklist_is_answered_by_a_rule_or_a_sentence() -> None:
    assert len(checklist()) > 50
    assert [item for item, answer in checklist() if "`" not in answer and not answer.endswith(".")] == []


def test_every_rule_about_models_and_drift_stands_beside_its_names_in_other_tools() -> None:
    lines = (ROOT / "docs" / "coming-from.md").read_text(encoding="utf-8").splitlines()
    named = [found[1] for line in lines if (found := re.match(r"\| `([a-z-]+)` \|", line))]
    asked = {name for name, group in rule_names().items() if group in ("schema", "source", "drift")}
    assert sorted(named) == sorted(asked)
