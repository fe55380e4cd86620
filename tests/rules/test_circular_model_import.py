"""Tests of circular-model-import: what it says of an import is what Python does."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from schemalint.config import Config
from schemalint.loaders.source import load_source
from schemalint.rules.source._execution import first_failure
from schemalint.rules.source.circular_model_import import circular_model_import
from sources import BARE, check_clean, check_found, marked, write_files, written

MODEL = "class {0}(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
A, B = MODEL.format("A"), MODEL.format("B")

PROJECTS: Mapping[str, Mapping[str, str]] = {
    "names of each other": {"m/a.py": "from m.b import B\nA = 1", "m/b.py": "from m.a import A\nB = 1"},
    "modules of each other": {"m/a.py": "from m import b\nA = 1", "m/b.py": "from m import a\nB = 1"},
    "import statements": {"m/a.py": "import m.b\nA = 1", "m/b.py": "import m.a\nB = 1"},
    "as": {"m/a.py": "import m.b as b\nA = b.B", "m/b.py": "import m.a as a\nB = a.A"},
    "bound before": {"m/a.py": "A = 1\nfrom m.b import B", "m/b.py": "from m.a import A\nB = 1"},
    "a function": {"m/a.py": "from m.b import B\nA = 1", "m/b.py": "def f():\n    from m.a import A\nB = 1"},
    "for typing": {
        "m/a.py": "from m.b import B\nA = 1",
        "m/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from m.a import A\nB = 1",
    },
    "relative": {"m/a.py": "from .b import B\nA = 1", "m/b.py": "from .a import A\nB = 1"},
    "through the package": {
        "m/__init__.py": "from m.a import A\nfrom m.b import B",
        "m/a.py": "from m import B\nA = 1",
        "m/b.py": "B = 1",
    },
    "in the package's order": {
        "m/__init__.py": "from m.b import B\nfrom m.a import A",
        "m/a.py": "from m import B\nA = 1",
        "m/b.py": "B = 1",
    },
    "three": {
        "m/a.py": "from m.b import B\nA = 1",
        "m/b.py": "from m.c import C\nB = 1",
        "m/c.py": "from m.a import A\nC = 1",
    },
    "attribute in a class": {
        "m/a.py": "from m import b\nclass A:\n    x = 1",
        "m/b.py": "from m import a\nclass B(a.A):\n    pass",
    },
    "attribute in a function": {
        "m/a.py": "from m import b\nclass A:\n    x = 1",
        "m/b.py": "from m import a\nclass B:\n    def f(self):\n        return a.A\n    g = lambda: a.A",
    },
    "attribute in a branch": {
        "m/a.py": "from m import b\nclass A:\n    x = 1",
        "m/b.py": "import sys\nfrom m import a\nclass B:\n    if False:\n        x = a.A\n    y = [a, sys.path]",
    },
    "something in a branch": {
        "m/a.py": "from m import b\nA = 1",
        "m/b.py": "from m import a\nif a:\n    B = 1",
    },
    "a star": {"m/a.py": "from m.b import *\nA = 1", "m/b.py": "from m.a import *\nB = 1"},
    "a submodule of a package that is being imported": {
        "m/__init__.py": "from m.a import A",
        "m/a.py": "from m import b\nA = b.B",
        "m/b.py": "from m import a\nB = 1",
    },
    "a module's __getattr__": {
        "m/__init__.py": "def __getattr__(name):\n    return name\nfrom m.a import A",
        "m/a.py": "from m import Anything\nA = 1",
    },
}


@pytest.mark.parametrize("name", PROJECTS)
def test_an_import_is_followed_as_python_performs_it(name: str) -> None:
    files = {path: f"{BARE}\n{text}\n" for path, text in PROJECTS[name].items()}
    with TemporaryDirectory() as directory:
        root = Path(directory)
        known = load_source(Config(root=root, models=write_files(root, files)), None).known
        for start in sorted(known):
            ended = subprocess.run(
                [sys.executable, "-c", f"import {start}"], cwd=root, capture_output=True, text=True, check=False
            )
            failure = first_failure(start, known)
            assert (failure is not None) == (ended.returncode != 0), f"{start}: {ended.stderr}"
            if failure:
                at = failure.module.locate(failure.node)
                assert f'{at.path}", line {at.line}' in ended.stderr


def test_a_chain_that_is_too_long_to_follow_is_left_alone() -> None:
    files = {f"m/a{number}.py": f"{BARE}\nimport m.a{number + 1}\n" for number in range(500)}
    with written(files | {"m/a500.py": f"{BARE}\nfrom m.a0 import nothing\n"}) as source:
        assert first_failure("m.a0", source.known) is None


def test_a_circle_that_fails_is_found_once_where_it_breaks() -> None:
    files = {"m/a.py": f"from m.b import B\n{A}", "m/b.py": f"from m.a import A\n{B}"}
    check_found(circular_model_import, files, "import of m.a, m.b")
    assert marked(circular_model_import, files) == ["from m.a import A"]


def test_a_circle_that_only_fails_from_one_of_its_modules_is_found() -> None:
    files = {"m/a.py": f"{A}from m.b import B\n", "m/b.py": f"from m.a import A\n{B}"}
    (problem,) = check_found(circular_model_import, files, "import of m.a, m.b")
    assert "where m.b is imported first, m.a asks m.b for B" in problem.message


def test_each_circle_has_its_finding() -> None:
    check_found(
        circular_model_import,
        {
            "m/a.py": f"from m.b import B\n{A}",
            "m/b.py": f"from m.a import A\n{B}",
            "n/a.py": f"from n.b import B\nfrom m.a import A as C\n{A}",
            "n/b.py": f"from n.a import A\n{B}",
        },
        "import of m.a, m.b",
        "import of n.a, n.b",
    )


def test_a_large_circle_is_told_in_short() -> None:
    names = "abcdef"
    files = {
        f"m/{one}.py": f"from m.{following} import X{following}\n{MODEL.format(f'X{one}')}"
        for one, following in zip(names, names[1:] + names[:1], strict=True)
    }
    (problem,) = check_found(circular_model_import, files, f"import of {', '.join(f'm.{one}' for one in names)}")
    assert problem.message.startswith("m.a, m.b, m.c and 3 more import each other")


TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from m.a import A\n"


@pytest.mark.parametrize(
    "files",
    [
        {"m/a.py": f"from m.b import B\n{A}", "m/b.py": f"{TYPING}{B}"},
        {"m/a.py": f"from m.b import B\n{A}", "m/b.py": f"def f():\n    from m.a import A\n{B}"},
        {"m/a.py": f"from m import b\n{A}", "m/b.py": f"from m import a\n{B}"},
        {"m/a.py": f"from m.b import B\n{A}", "m/b.py": f"{B}"},
        {
            "m/a.py": f"from m.b import B\n{A}",
            "m/b.py": f"try:\n    from m.a import A\nexcept ImportError:\n    A = None\n{B}",
        },
        {"m/__init__.py": "from m.b import B\nfrom m.a import A\n", "m/a.py": f"from m import B\n{A}", "m/b.py": B},
        {"m/a.py": f"{BARE}\nfrom m.b import B\nA = 1\n", "m/b.py": f"{BARE}\nfrom m.a import A\nB = 1\n"},  # no models
        {"m/a.py": f"from m.a import A\n{A}"},
    ],
)
def test_a_circle_that_every_module_survives_is_fine(files: Mapping[str, str]) -> None:
    check_clean(circular_model_import, files)
