"""The sentences of a story as countable blocks: what a host prints under every story is none of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from xxhash import xxh3_64_intdigest

# Shorter pieces ("Rp", "Jakarta", initials) recur in any text and say nothing of a host.
MIN_BLOCK_CHARS = 20
_BREAK = re.compile(r"(?:\n|[.!?][\"”’)\]]*\s)\s*")
_ENDINGS = ' .!?"”’)]'
_FIGURES = bytes.maketrans(b"123456789", b"0" * 9)
# What every host prints, known before its blocks have been counted; texts are compared in lower case.
_STANDING = re.compile(
    r"\W*(?:baca juga|advertisement|scroll to continue|dilarang keras mengambil konten"
    r"|artikel ini telah tayang di|kirim komentar|gambas:)"
)


def folded(text: str) -> str:
    """Return the text as it is compared: compatibility forms and capitals levelled.

    >>> folded("２７９ Juta DATA")
    '279 juta data'
    """
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.casefold()


def without_dateline(text: str, dateline: str | None) -> str:
    """Return the text without its dateline, which each outlet puts in its own way."""
    if dateline and text.startswith(dateline):
        return text[len(dateline) :]
    return text


def blocks(folded_text: str) -> list[str]:
    """Return the lines and sentences of a folded text."""
    return _BREAK.split(folded_text)


def block_key(block: str, host: str) -> int | None:
    """Return a signed 64-bit number for a block of a host, the same whatever digits it has.

    None for one that is too short to be counted.
    """
    if len(block) < MIN_BLOCK_CHARS:
        return None
    unsigned = xxh3_64_intdigest(f"{host}\n{block.rstrip(_ENDINGS)}".encode().translate(_FIGURES))
    return unsigned - (1 << 64) if unsigned >> 63 else unsigned


def own_blocks(folded_text: str, host: str, repeated: Collection[int]) -> tuple[str, tuple[int, ...]]:
    """Return the text without standing and repeated blocks, and the keys of the blocks that are left.

    Args:
        folded_text: what ``folded`` gave.
        host: whose page it stands on; blocks are counted by host.
        repeated: keys of blocks to leave out.
    """
    kept: list[str] = []
    keys: list[int] = []
    for block in blocks(folded_text):
        if _STANDING.match(block):
            continue
        key = block_key(block, host)
        if key is not None:
            if key in repeated:
                continue
            keys.append(key)
        kept.append(block)
    return "\n".join(kept), tuple(sorted(set(keys)))
