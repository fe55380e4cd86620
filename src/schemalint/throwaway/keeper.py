"""The parent's side of a helper process that holds a server for as long as the parent lives.

A helper is a process of its own with its own session, so Ctrl-C in the terminal does not reach it. It reads what it shall do as one line
of JSON on its standard input, answers with one line of JSON on its standard output, and ends, everything put away, when its input ends:
when we close it, and also when we are killed.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from schemalint.errors import SchemalintError


class NoServerError(SchemalintError):
    """A provider has no server to give; the message is the reason, a sentence without its full stop."""


def helper_module(name: str) -> list[str]:
    """Return the arguments that run one of our modules as a helper."""
    return ["-P", "-m", name]


class Keeper:
    """A helper process, started by the constructor, which returns at once.

    `task` is what the helper shall do; it travels through a pipe, so that no password is seen in a list of processes.
    """

    def __init__(self, program: Sequence[str], task: Mapping[str, Any]) -> None:
        self.owner = os.getpid()
        try:
            self.process = subprocess.Popen(
                [sys.executable, *program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                cwd="/",
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path),
                },
            )
        except OSError as error:
            raise NoServerError(f"its helper process cannot be started: {error}") from error
        self.tell({**task, "parent": self.owner})

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send the helper a line; a helper that has ended needs none."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def answer(self, within: float) -> dict[str, Any]:
        """Return what the helper answers; raise NoServerError when it failed, or said nothing for `within` seconds."""
        line = self.line(within)
        if not line.endswith(b"\n"):
            raise NoServerError(self.last_words() if self.is_over() else f"it did not answer for {within:.0f} seconds")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise NoServerError(answer["failed"])
        return answer

    def line(self, within: float) -> bytes:
        assert self.process.stdout is not None
        output = self.process.stdout.fileno()
        line = b""
        end = time.monotonic() + within
        while not line.endswith(b"\n"):
            if not select.select([output], [], [], max(0, end - time.monotonic()))[0]:
                break
            piece = os.read(output, 65536)
            if not piece:
                break
            line += piece
        return line

    def is_over(self) -> bool:
        """Return whether the helper has ended, or is just about to."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        return self.process.returncode is not None

    def last_words(self) -> str:
        assert self.process.stderr is not None
        words = self.process.stderr.read().decode(errors="replace").strip().splitlines()
        return f"its helper process ended with status {self.process.returncode}" + (f": {words[-1]}" if words else "")

    def stop(self, within: float = 15) -> None:
        """End the helper and all it holds; wait for it. A forked child of the owner must not end its owner's server: it does nothing."""
        if os.getpid() != self.owner:
            return
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.tell({"stop": True})
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        finally:
            self.process.stdout.close()
            self.process.stderr.close()
