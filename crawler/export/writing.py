"""A file that appears whole or not at all."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from crawler.errors import ExportError

_DESCRIPTOR = re.compile(r"/dev/(stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)")
_STANDARD = {"stdout": 1, "stderr": 2}


@contextmanager
def output_file(path: Path | None) -> Iterator[IO[bytes]]:
    """Give a file to write to, which takes its name only when the block ends well; stdout without a path.

    When the block raises, a file of that name that was there before is left as it was. What is no file, such
    as /dev/stdout or a FIFO, is written to straight; - is stdout.

    Raises:
        ExportError: when the file cannot be written.
    """
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    try:
        if is_stream(path):
            with _stream(path) as file:
                yield file
            return
        with _renamed_at_the_end(target) as file:
            yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise ExportError(f"cannot write {path}: {_reason(error, target)}") from error


def is_stream(path: Path) -> bool:
    """Return whether what is written there goes on somewhere else: stdout, a device, a pipe."""
    # Before it is resolved: of a pipe, /dev/stdout leads to a name that is no file's.
    there = path.exists() and not path.is_file() and not path.is_dir()
    return str(path) == "-" or there or _DESCRIPTOR.fullmatch(str(path)) is not None


def _stream(path: Path) -> IO[bytes]:
    named = _DESCRIPTOR.fullmatch(str(path))
    if named is None:
        return path.open("wb")
    sys.stdout.flush()
    # Not opened by its name: that would empty the file that a shell has led it to with >>.
    return os.fdopen(os.dup(_STANDARD.get(named[1]) or int(named[2])), "wb")


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
