"""The helper behind a server that the user names: it knows the databases we made there and drops those that a killed parent left."""

import json
import os
import sys
import time
from contextlib import suppress

from schemalint.errors import SchemalintError
from schemalint.throwaway.server import Server
from schemalint.throwaway.supervisor import ParentEndedError, answer, check_parent, ignore_signals, read_line
from schemalint.throwaway.url import is_ours, look_at

IN_FLIGHT = 5.0
"""Seconds that a CREATE DATABASE may still take after the process that asked for it was killed."""


def main() -> int:
    ignore_signals()
    task = json.loads(read_line() or "null")
    if task is None:
        return 0
    try:
        found = look_at(task["url"], task["major"])
    except SchemalintError as failure:
        answer({"failed": failure.message})
        return 1
    answer(found)
    left = listen(task["parent"])
    drop_left(Server("url", found["version"], found["url"]), left)
    return 0


def listen(parent: int) -> set[str]:
    """Follow what is made and dropped until the parent says stop or is gone; return what is left then."""
    left: set[str] = set()
    while True:
        with suppress(ParentEndedError):
            check_parent(parent, 0.5)
            continue
        line = read_line() if os.getppid() == parent else b""
        message = json.loads(line or "{}")
        match message:
            case {"made": str(name)} if is_ours(name):
                left.add(name)
            case {"dropped": str(name)}:
                left.discard(name)
            case _:
                return left


def drop_left(server: Server, left: set[str]) -> None:
    """Drop what is left. The parent may have been killed while the server made a database: then it appears later, and without a comment.

    Its name, which only the parent and we know, is proof enough to give it the comment that it misses; any other comment forbids it.
    """
    end = time.monotonic() + IN_FLIGHT
    while left and time.monotonic() < end:
        for name in sorted(left):
            with suppress(SchemalintError):
                if server.adopt_database(name):
                    server.drop_database(name)
                    left.discard(name)
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
