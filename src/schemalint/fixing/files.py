"""The user's files: which of them may be changed, and how they are written so that each is either old or new at every moment."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.fixing.reasons import LeftAlone
from schemalint.writing import is_read_only, replace_content

INSTALLED = frozenset({"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox"})


@dataclass(frozen=True)
class Files:
    """The files of a project as they are now, with those that fixes have changed in memory; by the paths that locations carry."""

    config: Config
    originals: dict[str, bytes] = field(default_factory=dict)
    changed: dict[str, bytes] = field(default_factory=dict)

    def content(self, path: str) -> bytes:
        """Return a file's content, with what was changed so far; raises LeftAlone for one that is not to be changed."""
        if path not in self.originals:
            self.originals[path] = self._read(path)
        return self.changed.get(path, self.originals[path])

    def real(self, path: str) -> str:
        """Return the real path of a file: a symbolic link is not replaced, but what it leads to."""
        return os.path.realpath(self.config.root / path)

    def overlay(self, more: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the changed contents, and `more`, by real path."""
        return {self.real(path): content for path, content in {**self.changed, **more}.items()}

    def _read(self, path: str) -> bytes:
        real = Path(self.real(path))
        root = Path(os.path.realpath(self.config.root))
        if not real.is_relative_to(root) or not INSTALLED.isdisjoint(real.relative_to(root).parts):
            raise LeftAlone(f"{path} is outside of the project")
        below = [Path(os.path.realpath(one)) for one in self.config.paths]
        if below and not any(real.is_relative_to(one) for one in below):
            raise LeftAlone(f"{path} would have to be changed, which is none of the files that were named")
        if real.suffix != ".py":
            raise LeftAlone(f"{path} is no Python")
        try:
            return real.read_bytes()
        except OSError as error:
            raise LeftAlone(f"{path} cannot be read: {error.strerror}") from None

    def write(self) -> None:
        """Write the changed files; raises SchemalintError before the first where one cannot be written, or is not as it was read."""
        todo = {Path(self.real(path)): path for path in sorted(self.changed)}
        for real, path in todo.items():
            if is_read_only(real):
                raise SchemalintError(f"{path} is read-only; nothing was changed")
            if real.read_bytes() != self.originals[path]:
                raise SchemalintError(f"{path} has changed since it was read; nothing was changed, so run it again")
        for real, path in todo.items():
            try:
                replace_content(real, self.changed[path])
            except OSError as error:
                raise SchemalintError(f"{path} cannot be written: {error.strerror}") from error

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff of the changed files."""
        for path, new in sorted(self.changed.items()):
            old_lines, new_lines = lines(self.originals[path]), lines(new)
            for line in unified_diff(old_lines, new_lines, f"a/{path}", f"b/{path}"):
                yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def lines(content: bytes) -> list[str]:
    """Return a file's lines with their ends; what is not UTF-8 is read as Latin-1, so that every byte is shown."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.split("\n")[-1]) else [])
