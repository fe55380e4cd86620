"""Models written as files, read as a Source and never imported, for tests of the rules that look at the source."""

import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from schemalint.config import Config
from schemalint.loaders.models import load_schema
from schemalint.loaders.source import load_source
from schemalint.rule import Problem, Rule
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Source
from snippets import USUAL, empty_sqlmodel

Files = str | Mapping[str, str]
"""The text of `models.py`, or the texts of several files by their paths; each has the usual imports, unless it begins with BARE."""

BARE = "# no usual imports"


def source_of(files: Files, **config: Any) -> Source:
    """Return the source of some files; they are all that `models` names, and nothing of them is imported."""
    with written(files, **config) as source:
        return source


@contextmanager
def written(files: Files, **config: Any) -> Iterator[Source]:
    """Write the files and give their source, as long as they exist."""
    with TemporaryDirectory() as root:
        names = write_files(Path(root), files)
        yield load_source(Config(root=Path(root), **({"models": names} | config)), None)


@contextmanager
def imported(root: Path, files: Files, models: tuple[str, ...] = ()) -> Iterator[tuple[Schema, Source]]:
    """Write the files below `root`, import them (or `models` only) and give the schema and the source; SQLModel is emptied before and after."""
    names = write_files(root, files)
    config = Config(root=root, models=models or names)
    with empty_sqlmodel(), warnings.catch_warnings():
        try:
            schema = load_schema(config)
            yield schema, load_source(config, schema)
        finally:
            for name in {one for one in sys.modules if one.partition(".")[0] in names}:
                del sys.modules[name]


def write_files(root: Path, files: Files) -> tuple[str, ...]:
    """Write the files below `root`, every directory a package, and return the top-level modules and packages.

    A file in a directory `versions` is a revision of Alembic's.
    """
    texts = {"models.py": files} if isinstance(files, str) else files
    for name, text in texts.items():
        path = root / name
        for directory in [path.parent, *path.parent.parents]:
            if directory != root and directory.is_relative_to(root):
                directory.mkdir(parents=True, exist_ok=True)
                (directory / "__init__.py").touch()
        text = textwrap.dedent(text)
        path.write_text(text if text.lstrip().startswith(BARE) else USUAL + text, encoding="utf-8")
        if path.parent.name == "versions":
            (path.parent.parent / "env.py").touch()
            (root / "alembic.ini").write_text(f"[alembic]\nscript_location = {path.parent.parent}\n", encoding="utf-8")
    names = (name for name in texts if Path(name).parent.name != "versions")
    return tuple(dict.fromkeys(Path(name).parts[0].removesuffix(".py") for name in names))


def check_found(rule: Rule, files: Files, *objects: str, **options: Any) -> list[Problem]:
    """Assert that `rule` finds exactly `objects` (identities, such as `loans.book_id`), in any order; return the problems."""
    with written(files) as source:
        found = list(ask(rule, source, options))
        assert sorted(source.place(problem.part).object for problem in found) == sorted(objects)
        return found


def check_clean(rule: Rule, files: Files, **options: Any) -> None:
    """Assert that `rule` stays silent about these files."""
    check_found(rule, files, **options)


def marked(rule: Rule, files: Files, **options: Any) -> list[str]:
    """Return the stretches of source that the problems of `rule` mark, in the order of the source."""
    with written(files) as source:
        places = [source.place(problem.part, problem.at).location for problem in ask(rule, source, options)]
        lines = {module.path: Path(module.file).read_text(encoding="utf-8").splitlines() for module in source.modules}
    found = []
    for at in sorted(place for place in places if place):
        assert at.line == at.end_line, "several lines are marked"
        found.append(lines[at.path][at.line - 1][at.column - 1 : at.end_column - 1])
    return found


def ask(rule: Rule, source: Source, options: dict[str, Any]) -> Iterator[Problem]:
    known = {name.replace("_", "-"): value for name, value in options.items()}
    assert known.keys() <= rule.options.keys()
    return rule.ask(source, {**rule.options, **known})
