"""Holds a throwaway server for one test session, whichever of its processes asked for it first.

Started by the pytest plugin as `python -m schemalint.pytest_server FILE [--migrate URL]`. It goes into the background, writes the
server's URL (or, with --migrate, the name of a migrated database on that server) to FILE, and ends, with all that it made, when
the session's controlling process gives up the lock on `alive` beside FILE: the kernel does that for a killed process, too.
"""

import fcntl
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from schemalint.config import load_config
from schemalint.errors import SchemalintError
from schemalint.throwaway.server import Wish, throwaway_server


def main(argv: Sequence[str]) -> int:
    """Print "ready" or the reason why there is no server, and return at once; the server is held in the background."""
    path, *rest = argv
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as child:
            print(child.read())
        return 0
    os.close(reading)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with os.fdopen(writing, "w", encoding="utf-8") as parent:
        try:
            with ExitStack() as stack, Path(path).with_name("alive").open() as alive:
                Path(path).write_text(json.dumps(hold(stack, *rest)), encoding="utf-8")
                parent.write("ready")
                parent.close()
                fcntl.flock(alive, fcntl.LOCK_SH)
        except SchemalintError as error:
            if not parent.closed:
                parent.write(str(error))
    os._exit(0)


def hold(stack: ExitStack, *arguments: str) -> dict[str, str]:
    """Start a server, or migrate a database on one, for as long as `stack` lives; return what the session needs to know of it."""
    config = load_config(Path.cwd())
    match arguments:
        case ("--migrate", url):
            from schemalint.loaders.alembic_settings import find_alembic
            from schemalint.loaders.environment import upgrade

            settings = find_alembic(config)
            if not settings:
                raise SchemalintError(
                    f"{config.root} has no alembic.ini and no [tool.alembic]: there are no migrations to perform"
                )
            server = stack.enter_context(throwaway_server(Wish(database=url))).ready()
            database = stack.enter_context(server.database())
            upgrade(config, settings, database.url)
            return {"name": database.name}
        case _:
            wish = Wish(database=config.database, postgres=config.postgres, image=config.image)
            return {"url": stack.enter_context(throwaway_server(wish)).ready().url}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
