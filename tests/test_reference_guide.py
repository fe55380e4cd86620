"""The guide to the reference project does what it says."""

import re

import pytest
from sqlalchemy import Engine

from reference_project import ROOT, upgrade
from schemalint.throwaway.server import Database

GUIDE = ROOT / "docs" / "reference-project.md"


def test_every_block_of_the_guide_runs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(database.url)
    monkeypatch.setenv("DATABASE_URL", database.url)
    guide = GUIDE.read_text()
    blocks = list(re.finditer(r"^```python\n(.*?)^```", guide, re.MULTILINE | re.DOTALL))
    assert len(blocks) == guide.count("```python") > 10
    namespace: dict[str, object] = {"__name__": "guide"}
    for block in blocks:
        line = guide.count("\n", 0, block.start(1))
        code = compile("\n" * line + block[1], str(GUIDE), "exec")
        exec(code, namespace)  # noqa: S102
    engine = namespace["engine"]
    assert isinstance(engine, Engine)
    engine.dispose()
