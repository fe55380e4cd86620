"""Alembic histories written as text, for tests of history rules and for the examples of their pages.

A block holds one or more files, each under a line `# versions/a1_name.py` (a line that is a comment with a path that ends in `.py`, and nothing
else). Files below `versions/` are put into an Alembic environment; all others, such as `# app/models.py`, stand in the project's root. A block
without such a line is one revision file.
"""

import re
from pathlib import Path

from schemalint.config import Config
from schemalint.loaders.alembic_settings import find_alembic
from schemalint.loaders.history import load_history
from schemalint.rule import Rule
from schemalint.subjects.history import History

FILE = re.compile(r"^# (\S+\.py)$", re.MULTILINE)

INI = """\
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
path_separator = os
version_path_separator = os
"""


def history_from_example(block: str, root: Path) -> History:
    """Return the history that `block` describes, written below the empty directory `root` and read by the real loader."""
    write_project(root, {"alembic.ini": INI, "migrations/env.py": "", **files_of(block)})
    return read_history(root)


def files_of(block: str) -> dict[str, str]:
    """Return the files of a block with their paths."""
    first, *rest = FILE.split(block)
    if not rest:
        return {"migrations/versions/a1_example.py": first}
    assert not first.strip(), f"a block that holds files begins with the path of one, not with {first!r}"
    paths = (f"migrations/{path}" if path.startswith("versions/") else path for path in rest[::2])
    return dict(zip(paths, (text.lstrip("\n") for text in rest[1::2]), strict=True))


def write_project(root: Path, files: dict[str, str | bytes]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def read_history(root: Path, alembic: str = "") -> History:
    """Return the history of the Alembic environment in `root`."""
    config = Config(root=root, alembic=alembic)
    settings = find_alembic(config)
    assert settings
    return load_history(config, settings)


def found_by(rule: Rule, history: History, **options: object) -> list[str]:
    """Return the identities of what `rule` finds, sorted."""
    asked = {**rule.options, **options}
    return sorted(history.place(problem.part).object for problem in rule.ask(history, asked))
