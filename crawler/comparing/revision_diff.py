"""What an edit changed in a story: words that came and went, headlines, figures, deletions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from crawler.comparing.word_diff import stretches

# A figure with its unit is one word, so that "279 juta" becomes "34 juta" and not "34".
_TOKEN = re.compile(
    r"(?:Rp\s?)?\d+(?:[.,]\d+)*(?:\s?%|\s(?:ribu|juta|miliar|triliun|persen)\b)?|\w+(?:[-'’]\w+)*|\n\n|[^\w\s]",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?:Rp\s?)?\d", re.IGNORECASE)
_CONTEXT = 6  # words shown on either side of a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one version of a story."""

    title: str
    deck: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A figure that stands where another one stood: "279 juta", "34 juta"."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Words that were replaced, came in (``old`` is empty) or went (``new`` is empty)."""

    place: str  # "title", "deck" or "body"
    before: str  # a few words that stand before and after
    old: str
    new: str
    after: str
    figures: list[FigureChange] = field(default_factory=list)

    @property
    def is_deletion(self) -> bool:
        """Whether nothing stands in the place of the old words."""
        return not self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two versions."""

    title_changed: bool
    figures: list[FigureChange]
    deletions: list[str]
    words_added: int
    words_removed: int
    changes: list[Change]


def difference(old: Wording, new: Wording) -> Difference:
    """Return what differs between two versions of a story, title first."""
    changes = [
        *_changes("title", old.title, new.title),
        *_changes("deck", old.deck or "", new.deck or ""),
        *_changes("body", old.body, new.body),
    ]
    return Difference(
        title_changed=old.title != new.title,
        figures=[figure for change in changes for figure in change.figures],
        deletions=[change.old for change in changes if change.is_deletion],
        words_added=sum(_word_count(change.new) for change in changes),
        words_removed=sum(_word_count(change.old) for change in changes),
        changes=changes,
    )


def words_of(text: str) -> list[str]:
    """Return words, figures with their units, signs and paragraph breaks.

    >>> words_of("Data 279 juta, bukan 1,5 persen.")
    ['Data', '279 juta', ',', 'bukan', '1,5 persen', '.']
    """
    return _TOKEN.findall(text)


def _changes(place: str, old: str, new: str) -> Iterator[Change]:
    if old == new:
        return
    old_words, new_words = _spans(old), _spans(new)
    for stretch in stretches(words_of(old), words_of(new)):
        gone = _cut(old, old_words, stretch.old_from, stretch.old_to)
        come = _cut(new, new_words, stretch.new_from, stretch.new_to)
        if gone or come:
            yield Change(
                place=place,
                before=_cut(new, new_words, max(stretch.new_from - _CONTEXT, 0), stretch.new_from),
                old=gone,
                new=come,
                after=_cut(new, new_words, stretch.new_to, stretch.new_to + _CONTEXT),
                figures=_figure_changes(gone, come),
            )


def _figure_changes(old: str, new: str) -> list[FigureChange]:
    old_figures, new_figures = _figures(old), _figures(new)
    return [
        FigureChange(old=before, new=after)
        for before, after in zip_longest(old_figures, new_figures)
        if before and after and before != after
    ]


def _figures(text: str) -> list[str]:
    return [word for word in words_of(text) if _FIGURE.match(word)]


def _spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _TOKEN.finditer(text)]


def _cut(text: str, words: list[tuple[int, int]], first: int, last: int) -> str:
    """Return the text from one word to before another, as it is printed."""
    chosen = words[first:last]
    return text[chosen[0][0] : chosen[-1][1]].strip() if chosen else ""


def _word_count(text: str) -> int:
    return len(re.findall(r"\w+", text))
