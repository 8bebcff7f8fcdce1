"""A file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from crawler.errors import ExportError


@contextmanager
def output_file(path: Path | None) -> Iterator[IO[bytes]]:
    """Give a file to write to, which takes its name only when the block ends well; stdout without a path.

    When the block raises, a file of that name that was there before is left as it was.

    Raises:
        ExportError: when the file cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            # A device or a pipe keeps its name: /dev/stdout, a FIFO.
            with target.open("wb") as file:
                yield file
            return
        with _renamed_at_the_end(target) as file:
            yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise ExportError(f"cannot write {path}: {_reason(error, target)}") from error


@contextmanager
def _renamed_at_the_end(target: Path) -> Iterator[IO[bytes]]:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder; name a file in it")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _reason(error: OSError, target: Path) -> str:
    if not target.parent.is_dir():
        return f"there is no folder {target.parent}; make it first"
    return error.strerror or str(error)
