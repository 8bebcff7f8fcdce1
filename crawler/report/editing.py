"""What editors changed after publication, the changes that say most first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crawler.comparing.revision_diff import Difference, Wording, difference
from crawler.comparing.word_diff import stretches
from crawler.store.answers.report import ReportStory
from crawler.store.story.revisions import StoredRevision

MOST_CHANGES = 6  # shown of one edit


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a headline: ``same``, ``old`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One version of a story that followed another one."""

    story: ReportStory
    version: int  # the later one's number
    seen_at: datetime
    title: list[Piece]
    difference: Difference

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """What makes an edit worth telling: the headline, then figures, then how many words."""
        changed = self.difference
        return changed.title_changed, bool(changed.figures), changed.words_added + changed.words_removed


def edits_of(
    story: ReportStory, versions: Sequence[StoredRevision], clean: Callable[[str], str]
) -> list[Edit]:
    """Return what changed from each version of a story to the next.

    Args:
        story: whose versions they are.
        versions: in the order in which they were seen.
        clean: makes a text fit to be shown, before it is compared: what it masks can then not differ.
    """
    wordings = [
        Wording(title=clean(each.title), deck=clean(each.deck or ""), body=clean(each.body))
        for each in versions
    ]
    found = []
    for (old, new), seen in zip(pairwise(wordings), versions[1:], strict=True):
        changed = difference(old, new)
        if changed.changes:
            found.append(
                Edit(
                    story=story,
                    version=seen.number,
                    seen_at=seen.seen_at,
                    title=headline(old.title, new.title),
                    difference=changed,
                )
            )
    return found


def headline(old: str, new: str) -> list[Piece]:
    """Return two headlines as one, word by word.

    >>> [(piece.kind, piece.text) for piece in headline("279 juta data bocor", "34 juta data bocor")]
    [('old', '279'), ('new', '34'), ('same', 'juta data bocor')]
    """
    before, after = old.split(), new.split()
    pieces = []
    at = 0
    for stretch in stretches(before, after):
        pieces += [
            Piece("same", " ".join(after[at : stretch.new_from])),
            Piece("old", " ".join(before[stretch.old_from : stretch.old_to])),
            Piece("new", " ".join(after[stretch.new_from : stretch.new_to])),
        ]
        at = stretch.new_to
    pieces.append(Piece("same", " ".join(after[at:])))
    return [piece for piece in pieces if piece.text]
