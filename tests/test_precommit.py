"""The hooks that this repository offers, run by the real pre-commit on a git repository made for the test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECTS = Path(__file__).parent / "projects"


class Repository:
    """A git repository whose commits pre-commit checks with our hooks."""

    def __init__(self, path: Path, home: Path) -> None:
        self.path = path
        bin_directory = Path(sys.executable).parent
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
            "PATH": f"{bin_directory}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Somebody",
            "GIT_AUTHOR_EMAIL": "somebody@example.org",
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_COMMITTER_EMAIL": "somebody@example.org",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.path, env=self.environment, capture_output=True, encoding="utf-8", check=False
        )

    def commit(self) -> subprocess.CompletedProcess[str]:
        assert self.run("git", "add", "--all").returncode == 0
        return self.run("git", "commit", "--message", "A change")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    hooks = Repository(tmp_path / "hooks", tmp_path)
    hooks.path.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks.path)
    assert hooks.run("git", "init", "--quiet").returncode == 0
    assert hooks.commit().returncode == 0
    revision = hooks.run("git", "rev-parse", "HEAD").stdout.strip()

    made = Repository(tmp_path / "shop", tmp_path)
    shutil.copytree(PROJECTS / "shop", made.path, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (made.path / ".gitignore").write_text("__pycache__/\n")
    (made.path / ".pre-commit-config.yaml").write_text(
        f"""
repos:
  - repo: {hooks.path}
    rev: {revision}
    hooks:
      - id: schemalint
      - id: schemalint-migrations
        stages: [manual]
"""
    )
    assert made.run("git", "init", "--quiet").returncode == 0
    installed = made.run("pre-commit", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return made


def test_a_commit_with_mistakes_is_refused_with_their_places(repository: Repository) -> None:
    ended = repository.commit()
    told = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "schemalint (models and history)" in told
    assert "shop/models.py:19:" in told
    assert "foreign-key-without-index" in told
    assert "type-drift" not in told
    assert repository.run("git", "rev-parse", "--verify", "HEAD").returncode != 0


def test_a_commit_without_mistakes_is_made(repository: Repository) -> None:
    with (repository.path / "pyproject.toml").open("a") as file:
        file.write('ignore = ["schema", "history"]\n')
    ended = repository.commit()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert repository.run("git", "rev-parse", "--verify", "HEAD").returncode == 0


def test_the_hook_with_the_server_finds_drift(repository: Repository) -> None:
    assert repository.run("git", "add", "--all").returncode == 0
    ended = repository.run(
        "pre-commit", "run", "schemalint-migrations", "--hook-stage", "manual", "--all-files", "--verbose"
    )
    assert ended.returncode == 1
    assert "type-drift" in ended.stdout


def test_a_hook_that_passes_file_names_reports_what_stands_in_these_files(repository: Repository) -> None:
    configuration = repository.path / ".pre-commit-config.yaml"
    text = configuration.read_text()
    hook = "      - id: schemalint\n"
    assert hook in text
    configuration.write_text(text.replace(hook, f"{hook}        pass_filenames: true\n        require_serial: true\n"))
    assert repository.run("git", "add", "--all").returncode == 0
    ended = repository.run("pre-commit", "run", "schemalint", "--files", "alembic.ini", "shop/__init__.py")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = repository.run("pre-commit", "run", "schemalint", "--files", "alembic.ini", "shop/models.py")
    assert ended.returncode == 1
    assert "string-length" in ended.stdout
    assert "downgrade-missing" not in ended.stdout


def test_this_repository_runs_only_local_hooks() -> None:
    validated = subprocess.run(
        ["pre-commit", "validate-config", ".pre-commit-config.yaml"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    assert validated.returncode == 0
    assert "repo: https" not in (ROOT / ".pre-commit-config.yaml").read_text()
