"""Files of the user's are the old ones or the new ones, whatever happens."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from schemalint.allowing import write_allowances
from schemalint.baseline import Baseline, write
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.finding import Finding, Location
from schemalint.writing import replace_content


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = tmp_path / "models.py"
    path.write_bytes(b"a = 1\n")
    return path


def test_a_content_is_replaced_in_one_step(models: Path) -> None:
    with models.open("rb") as before:
        replace_content(models, b"new")
        assert before.read() == b"a = 1\n"
    assert models.read_bytes() == b"new"


def test_a_file_keeps_its_mode_and_a_new_one_has_the_usual(models: Path) -> None:
    models.chmod(0o750)
    replace_content(models, b"new")
    assert models.stat().st_mode & 0o777 == 0o750
    before = os.umask(0o027)
    try:
        replace_content(models.with_name("more.py"), b"new")
    finally:
        os.umask(before)
    assert models.with_name("more.py").stat().st_mode & 0o777 == 0o640


def test_what_a_link_leads_to_is_replaced(models: Path) -> None:
    link = models.with_name("link.py")
    link.symlink_to("models.py")
    replace_content(link, b"new")
    assert link.is_symlink()
    assert models.read_bytes() == b"new"


def test_a_read_only_file_stays(models: Path) -> None:
    models.chmod(0o444)
    with pytest.raises(PermissionError, match="Permission denied"):
        replace_content(models, b"new")
    assert models.read_bytes() == b"a = 1\n"
    assert [one.name for one in models.parent.iterdir()] == ["models.py"]


def add_allowance(models: Path) -> None:
    finding = Finding("string-length", "a", Location("models.py", 1, 1, 1, 6), "")
    write_allowances(Config(root=models.parent), [finding], "")


def update_baseline(models: Path) -> None:
    write(Baseline(models, "models.py"))


@pytest.mark.parametrize("writing", [add_allowance, update_baseline])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_the_old_one_where_writing_ends_early(
    writing: Callable[[Path], None], error: BaseException, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise error

    monkeypatch.setattr("os.fsync", full)
    with suppress(SchemalintError, KeyboardInterrupt):
        writing(models)
    assert models.read_bytes() == b"a = 1\n"
    assert [one.name for one in models.parent.iterdir()] == ["models.py"]
