"""The one exception that front ends turn into a sentence and exit status 2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserLine:
    """A line of the user's own code that an error stands on; line and column count from 1, 0 where unknown."""

    path: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class SchemalintError(Exception):
    """Something could not be looked at; the message is one or more sentences for the user, no traceback needed."""

    def __init__(self, message: str, at: UserLine | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" if self.at else self.message
