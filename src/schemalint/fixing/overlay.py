"""Shows the interpreter other contents of files than those on the disk, so that fixes are proved before anything is written."""

import builtins
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.machinery import SourceFileLoader
from typing import Any
from unittest.mock import patch


@contextmanager
def laid_over(contents: Mapping[str, bytes]) -> Iterator[None]:
    """In the block, whoever imports or reads one of these files (by its real path) gets these contents; compiled files on the disk are not used."""
    names = {os.path.basename(path) for path in contents}  # noqa: PTH119  # called for every module that is imported

    def content_of(path: Any) -> bytes | None:
        if not isinstance(path, (str, os.PathLike)):
            return None
        # A link may be called otherwise than what it leads to.
        if os.path.basename(path) in names or os.path.islink(path):  # noqa: PTH114, PTH119
            return contents.get(os.path.realpath(path))
        return None

    def opening(original: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
            content = content_of(file) if mode in ("r", "rt", "rb") else None
            if content is None:
                return original(file, mode, buffering, *args, **kwargs)
            return io.BytesIO(content) if mode == "rb" else io.TextIOWrapper(io.BytesIO(content), *args, **kwargs)

        return opened

    get_data, path_stats = SourceFileLoader.get_data, SourceFileLoader.path_stats

    def data(self: SourceFileLoader, path: str) -> bytes:
        content = content_of(path)
        return get_data(self, path) if content is None else content

    def stats(self: SourceFileLoader, path: str) -> Mapping[str, Any]:
        if content_of(path) is not None:
            raise OSError("what is compiled of the file on the disk is not what is to be run")
        return path_stats(self, path)

    with ExitStack() as stack:
        stack.enter_context(patch.object(SourceFileLoader, "get_data", data))
        stack.enter_context(patch.object(SourceFileLoader, "path_stats", stats))
        stack.enter_context(patch.object(io, "open", opening(io.open)))  # what pathlib calls
        stack.enter_context(patch.object(builtins, "open", opening(open)))
        yield
