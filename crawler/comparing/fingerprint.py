"""What copies of a story share, in a few numbers: a key of the exact words and bands of MinHash values."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from xxhash import xxh3_64_intdigest, xxh64_intdigest

from crawler.comparing.text_blocks import folded, own_blocks, without_dateline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

# To be raised with every change that gives other keys for the same text: "bacajuga dedupe --redo" follows.
SIG_VERSION = 1
GRAM = 3  # words
BANDS, ROWS = 16, 4
# A shorter text has too few 3-grams for a likeness to mean anything: only the same words count.
MIN_WORDS = 25

_WORD = re.compile(r"\w+")
_HAS_DIGIT = re.compile(r"\d")
_CHUNK = 4096  # 3-grams at a time: a book of a story must not take the memory of a crawl


def _constants(name: str, count: int) -> Hashes:
    """Return fixed odd numbers, the same on every machine and with every version of numpy."""
    return np.array(
        [xxh64_intdigest(f"{name}{index}".encode()) | 1 for index in range(count)], dtype=np.uint64
    )


_WEIGHTS = _constants("weight", GRAM)
_FACTORS = _constants("factor", BANDS * ROWS).reshape(-1, 1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The numbers by which copies of a text find each other; all are signed, of 64 bits."""

    text_key: int  # of all words in order
    bands: tuple[int, ...] = ()  # none for a short text
    blocks: tuple[int, ...] = ()  # of its sentences, by host: those that recur are left out of the others
    sig_version: int = SIG_VERSION

    @property
    def keys(self) -> list[int]:
        """Every key that the text claims, in the order in which all workers claim them.

        A text that has bands needs no key of its own to be found: the same words give the same bands.
        """
        return sorted(set(self.bands)) or [self.text_key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a story that are its own, without dateline and repeated blocks."""

    tokens: list[str]
    blocks: tuple[int, ...]


def story_words(
    body: str, *, dateline: str | None = None, host: str = "", repeated: Collection[int] = ()
) -> Words:
    """Return the words of a story by which it is told from others.

    Args:
        body: its text, blocks parted by blank lines.
        dateline: left out where the text opens with it.
        host: whose blocks they are.
        repeated: keys of the host's repeated blocks, left out.
    """
    own, keys = own_blocks(folded(without_dateline(body, dateline)), host, repeated)
    return Words(tokens=_WORD.findall(own), blocks=keys)


def fingerprint(words: Words) -> Fingerprint | None:
    """Return the fingerprint of a story, or None when it has no words.

    >>> fingerprint(story_words("Data bocor.")).bands
    ()
    """
    if not words.tokens:
        return None
    text_key = _signed(xxh64_intdigest(" ".join(words.tokens).encode()))
    bands = _bands(_minhash(gram_hashes(words.tokens))) if len(words.tokens) >= MIN_WORDS else ()
    return Fingerprint(text_key=text_key, bands=bands, blocks=words.blocks)


def gram_hashes(tokens: list[str]) -> Hashes:
    """Return the distinct 3-grams of the words as sorted numbers; a shorter text is one gram."""
    if not tokens:
        return np.empty(0, dtype=np.uint64)
    encoded = " ".join(tokens).encode().split(b" ")
    words = np.fromiter(map(xxh3_64_intdigest, encoded), dtype=np.uint64, count=len(tokens))
    count = max(len(words) - GRAM + 1, 1)
    grams = np.zeros(count, dtype=np.uint64)
    for offset in range(min(GRAM, len(words))):
        grams += words[offset : offset + count] * _WEIGHTS[offset]
    grams ^= grams >> _SHIFT
    grams *= _MIX
    return np.unique(grams)


def number_tokens(tokens: list[str]) -> frozenset[str]:
    """Return the words that hold a digit: where a series with new figures differs."""
    return frozenset(token for token in tokens if _HAS_DIGIT.search(token))


def _minhash(grams: Hashes) -> Hashes:
    smallest = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(grams), _CHUNK):
        spread = grams[start : start + _CHUNK] * _FACTORS
        # The high bits of a product depend on all bits of the gram, the low ones do not.
        spread ^= spread >> _SHIFT
        spread *= _MIX
        np.minimum(smallest, spread.min(axis=1), out=smallest)
    return smallest


def _bands(values: Hashes) -> tuple[int, ...]:
    data = values.astype("<u8").tobytes()
    size = len(data) // BANDS
    return tuple(
        _signed(xxh64_intdigest(data[band * size : (band + 1) * size], seed=band)) for band in range(BANDS)
    )


def _signed(unsigned: int) -> int:
    return unsigned - (1 << 64) if unsigned >> 63 else unsigned
