"""Small Alembic projects written for a test, performed through the whole of `load_drift`."""

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemalint.config import Config
from schemalint.loaders.alembic_settings import find_alembic
from schemalint.loaders.drift import load_drift
from schemalint.loaders.history import load_history
from schemalint.loaders.models import load_schema
from schemalint.rules import all_rules
from schemalint.subjects.drift import Drift
from schemalint.throwaway.server import Server, StartingServer
from snippets import USUAL, empty_sqlmodel

ENV = """
from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel
import models

target_metadata = SQLModel.metadata

engine = create_engine("postgresql+psycopg://nobody@db.invalid/production")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = """\
\"\"\"{name}\"\"\"
import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = {name!r}
down_revision = {down!r}


def upgrade() -> None:
{body}
"""


class Started(StartingServer):
    """A server that runs already."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def ready(self) -> Server:
        return self.server


def write_project(root: Path, models: str, revisions: Mapping[str, str], env: str = ENV, imports: str = USUAL) -> None:
    """Write models.py, an Alembic environment, and revisions in a row: the bodies of their `upgrade` by id."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (root / "models.py").write_text(imports + models)
    (root / "migrations" / "env.py").write_text(env)
    down = None
    for name, body in revisions.items():
        text = REVISION.format(
            name=name, down=down, body=textwrap.indent(textwrap.dedent(body).strip() or "pass", "    ")
        )
        (versions / f"{name}.py").write_text(text)
        down = name


def drift_of(root: Path, server: Server, **options: Any) -> Drift:
    """Return the drift of the project under `root`."""
    config = Config(**{"root": root, "models": ("models",), **options})
    settings = find_alembic(config)
    assert settings
    with empty_sqlmodel():
        sys.modules.pop("models", None)
        try:
            schema = load_schema(config)
            return load_drift(config, settings, schema, load_history(config, settings), Started(server))
        finally:
            sys.modules.pop("models", None)


def project_drift(
    root: Path, server: Server, models: str, revisions: Mapping[str, str], env: str = ENV, **options: Any
) -> Drift:
    """Write a project and return its drift."""
    write_project(root, textwrap.dedent(models), revisions, env)
    return drift_of(root, server, **options)


def told(drift: Drift) -> list[tuple[str, str, str]]:
    """Return what the rules of drift say, as rule, object and `path:line`."""
    found = []
    for rule in all_rules(["drift"]):
        for problem in rule.ask(drift, rule.options):
            place = drift.place(problem.part)
            where = f"{place.location.path}:{place.location.line}" if place.location else ""
            found.append((rule.name, place.object, where))
    return sorted(found)


def split_example(block: str) -> tuple[str, dict[str, str]]:
    """Return the models and the revisions of a page's example: files begin with `# models.py` and `# versions/NAME.py`."""
    files: dict[str, str] = {}
    current = ""
    for line in block.splitlines():
        if line.startswith("# ") and line.endswith(".py"):
            current = line.removeprefix("# ")
            files[current] = ""
        else:
            files[current] += f"{line}\n"
    models = files.pop("models.py")
    return models, {Path(name).stem: body for name, body in files.items()}
