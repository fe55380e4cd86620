"""Which modules of an application create tables by themselves, though Alembic migrates its database."""

import ast
import re
from collections.abc import Iterable

from schemalint.loaders.alembic_settings import AlembicSettings
from schemalint.subjects.source import Module

NO_APPLICATION = frozenset(
    {
        *(
            "alembic",
            "bin",
            "cli",
            "command",
            "commands",
            "conftest",
            "demo",
            "dev",
            "example",
            "examples",
            "factories",
        ),
        *("fixtures", "manage", "management", "script", "scripts", "seed", "seeds", "testing", "tools"),
    }
)
"""Names of modules and packages that people run by hand, or tests."""


def is_application(name: str) -> bool:
    """Whether a module may be a part of what runs in production, by its dotted name."""
    return not NO_APPLICATION & {*name.split(".")}


def has_revisions(settings: AlembicSettings | None) -> bool:
    return settings is not None and any(any(one.rglob("*.py")) for one in settings.version_locations)


def functions_used(module: Module, texts: Iterable[bytes]) -> frozenset[str]:
    """Return the names of a module's functions that some text calls, or hands on: not what is only defined, imported or tested."""
    functions = (one for one in ast.walk(module.tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(name for name in {one.name for one in functions} if is_used(name.encode(), texts))


def is_used(name: bytes, texts: Iterable[bytes]) -> bool:
    word = re.escape(name)
    use = re.compile(rb"(?<!def )\b%s[ \t]*\(|[(\[,=][ \t]*%s[ \t]*[\]),]" % (word, word))
    return any(
        use.search(line) is not None
        for text in texts
        if name in text
        for line in text.splitlines()
        if not line.lstrip().startswith((b"from ", b"import "))
    )
