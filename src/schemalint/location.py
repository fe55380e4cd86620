"""Where something stands in the user's source."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Location:
    """A stretch of the user's source: lines and columns count from 1, columns in characters, the end is exclusive."""

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
