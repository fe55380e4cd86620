"""How a file of the user's gets another content: in one step, so that it is the old one or the new one at every moment."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path


def is_read_only(path: Path) -> bool:
    """Whether a file is not to be written: a mode without any right to says so to root as well."""
    return not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)


def replace_content(path: Path, content: bytes) -> None:
    """Give a file another content: whoever reads it, and whatever happens, sees the old one or the new one.

    The mode stays. Of a symbolic link it is what the link leads to. A file that is not there is made. Raises OSError where
    that cannot be done, also for a file that is read-only.
    """
    real = Path(os.path.realpath(path))
    before = real.stat() if real.exists() else None
    if before and is_read_only(real):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".schemalint", dir=real.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if before:
            with suppress(OSError):  # only root gives files away; the mode is kept in any case
                os.chown(name, before.st_uid, before.st_gid)
        Path(name).chmod(before.st_mode & 0o7777 if before else 0o666 & ~umask())
        Path(name).replace(real)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def umask() -> int:
    """Return which rights new files do not get; it can only be asked by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
