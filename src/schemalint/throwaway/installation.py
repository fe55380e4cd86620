"""A PostgreSQL installation on this machine, and a private server from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemalint.throwaway.keeper import Keeper

SUPERVISOR = Path(__file__).with_name("supervisor.py")
FLAGS = ("-I", "-S")
"""Nothing of the user's environment or packages: it starts in half the time."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Programs of PostgreSQL: in `bin` below `base`.

    `folders` (below `base`) is all they need, when they can be moved; `archive` is what to unpack at `base` when `bin` is not there yet;
    `major` is empty when it is not known without asking the program.
    """

    base: Path
    bin: str
    folders: tuple[str, ...] = ()
    archive: Path | None = None
    major: str = ""

    def start(self) -> Keeper:
        """Begin to make a private server; return at once."""
        task: dict[str, Any] = {"base": str(self.base), "bin": self.bin, "folders": self.folders}
        if self.archive:
            task["archive"] = str(self.archive)
        return Keeper([*FLAGS, str(SUPERVISOR)], task)
