"""Reading pages back from WARC files, ours or another tool's, those of a killed crawl included."""

from __future__ import annotations

import logging
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.address import address_of
from crawler.archive.raw_page import PageRef, RawPage
from crawler.archive.writer import KEY_HEADER
from crawler.errors import ArchiveError

logger = logging.getLogger(__name__)

# The last two are warcio's own, from a record whose header was cut short.
BROKEN = (ArchiveLoadFailed, EOFError, zlib.error, ValueError, AttributeError, TypeError)


class Archive:
    """The pages of a folder of WARC files; only where they stand is held in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted((*folder.rglob("*.warc.gz"), *folder.rglob("*.warc")))
        if not files:
            raise ArchiveError(
                f"archive {folder}: no .warc.gz file there; make one with: bacajuga crawl --archive"
            )
        refs = sorted((ref for file in files for ref in _index(file)), key=attrgetter("fetched_at"))
        self._pages = [ref for ref in refs if ref.key is not None]
        self._by_url: dict[str, list[PageRef]] = defaultdict(list)
        for ref in refs:
            self._by_url[ref.url].append(ref)

    def pages(self) -> list[PageRef]:
        """Return the pages that answered a frontier entry with status 200, oldest first."""
        return self._pages

    def load(self, ref: PageRef) -> RawPage:
        """Return a page as it was fetched.

        Raises:
            ArchiveError: when its file has changed or gone meanwhile.
        """
        path, offset = ref.place
        try:
            with Path(path).open("rb") as file:
                file.seek(offset)
                record = next(iter(ArchiveIterator(file)))
                if record.rec_headers.get_header("WARC-Target-URI") != ref.url:
                    raise ArchiveError(f"archive {path}: changed while it was read; run the command again")
                return RawPage(
                    url=ref.url,
                    key=ref.key,
                    fetched_at=ref.fetched_at,
                    status=int(record.http_headers.get_statuscode()),
                    headers=tuple(record.http_headers.headers),
                    body=record.content_stream().read(),
                )
        except (OSError, StopIteration, *BROKEN) as error:
            raise ArchiveError(f"archive {path}: cannot be read at byte {offset}: {error}") from error

    def part(self, url: str, near: datetime) -> RawPage | None:
        """Return the page at an address that was fetched first after that moment, else last before it."""
        refs = self._by_url.get(url)
        if not refs:
            return None
        after = bisect_left(refs, near, key=attrgetter("fetched_at"))
        return self.load(refs[min(after, len(refs) - 1)])


def _index(path: Path) -> Iterator[PageRef]:
    """Yield where each whole page of status 200 stands; what a killed crawl left half written is not one."""
    topic, crawl_id, ours = None, 0, False
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                if record.rec_type == "warcinfo":
                    facts = _facts(record)
                    topic, crawl_id = facts.get("topic"), int(facts.get("crawl", "0"))
                    ours = facts.get("software", "").startswith("bacajuga/")
                elif record.rec_type == "response" and record.http_headers is not None:
                    headers = record.rec_headers
                    url = headers.get_header("WARC-Target-URI")
                    status, key = record.http_headers.get_statuscode(), headers.get_header(KEY_HEADER)
                    fetched_at = _moment(headers.get_header("WARC-Date"))
                    offset = records.get_record_offset()
                    if record.raw_stream.limit > 0:
                        break
                    if status == "200":
                        yield PageRef(
                            url=url,
                            # Another tool's archive does not say what is a page and what is a part.
                            key=key if ours else address_of(url).key,
                            fetched_at=fetched_at,
                            topic=topic,
                            crawl_id=crawl_id,
                            place=(str(path), offset),
                        )
                else:
                    continue
    except OSError as error:
        raise ArchiveError(f"archive {path}: cannot be read: {error.strerror or error}") from error
    except BROKEN as error:
        logger.warning("archive %s: read up to its last whole record (%s)", path, error)


def _facts(record: Any) -> dict[str, str]:
    lines = record.content_stream().read().decode("utf-8", "replace").splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
