"""Writing pages into WARC files: one whole record at a time, so that a killed crawl's file can be read."""

from __future__ import annotations

import gzip
import io
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import __version__
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.raw_page import RawPage

MAX_FILE_BYTES = 10**9
# warcio itself takes level 9, which costs twice the time for one byte in a hundred.
LEVEL = 6
# A field of our own, as the format allows: which frontier entry the page answers.
KEY_HEADER = "Bacajuga-Key"
# They speak of the transfer, which is over: the body is written as it is after it.
_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_NOTE = (
    "bodies are stored decoded: Content-Encoding and Transfer-Encoding are left out, "
    "Content-Length is that of the stored body"
)


class ArchiveWriter:
    """The files of one crawl and worker: ``NAME-000.warc.gz``, and the next number when one is full."""

    def __init__(
        self, folder: Path, name: str, facts: dict[str, str], *, max_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self.folder = folder
        self.name = re.sub(r"[^\w.-]+", "-", name)
        self._facts = {"software": f"bacajuga/{__version__}", "format": "WARC File Format 1.1"} | facts
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None
        self._size = 0
        self._number = 0

    def add(self, page: RawPage) -> int:
        """Write a page; return how many bytes it takes in the file.

        Raises:
            ArchiveError: when the file cannot be written.
        """
        try:
            if self._file is None or self._size >= self._max_bytes:
                self._next_file()
            return self._write(_record_of(page))
        except OSError as error:
            raise ArchiveError(
                f"archive {self.folder}: cannot be written: {error.strerror or error}"
            ) from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next_file(self) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.name}-{self._number:03d}.warc.gz"
        self._number += 1
        # Without a buffer of our own, what was written is the system's when the process is killed.
        self._file = path.open("xb", buffering=0)
        self._size = 0
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
        facts = self._facts | {"description": _NOTE}
        writer.write_record(writer.create_warcinfo_record(path.name, facts))
        self._write(_compressed(buffer))

    def _write(self, record: bytes) -> int:
        assert self._file is not None
        rest = memoryview(record)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._size += len(record)
        return len(record)


def _record_of(page: RawPage) -> bytes:
    """Return the page as one WARC record, compressed by itself."""
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = "Unknown"
    kept = [(name, value) for name, value in page.headers if name.lower() not in _OF_THE_TRANSFER]
    kept.append(("Content-Length", str(len(page.body))))
    own = {"WARC-Date": warc_date(page.fetched_at)}
    if page.key is not None:
        own[KEY_HEADER] = page.key
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(f"{page.status} {phrase}", kept, protocol="HTTP/1.1"),
            warc_headers_dict=own,
        )
    )
    return _compressed(buffer)


def _compressed(record: io.BytesIO) -> bytes:
    return gzip.compress(record.getvalue(), LEVEL, mtime=0)


def warc_date(moment: datetime) -> str:
    """Return a moment as WARC writes it.

    >>> warc_date(datetime(2026, 11, 23, 7, tzinfo=UTC))
    '2026-11-23T07:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
