"""Who had a text first, and who printed it again when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from crawler.comparing.likeness import CopyKind
from crawler.store.answers.report import ReportCopy, ReportStory

REFERENCE = "reference"


@dataclass(frozen=True, kw_only=True, slots=True)
class Printing:
    """A story of a group of copies."""

    story: ReportStory
    after: timedelta | None  # the first one; None for that one, and where a time is not known
    kind: str  # a CopyKind, or "reference" for the one that the others are compared with
    likeness: (
        float | None
    )  # 0 to 1: of the word 3-grams (Jaccard), for a contained one of those of the shorter


@dataclass(frozen=True, kw_only=True, slots=True)
class Republishing:
    """A text and all who printed it, the first published on top."""

    printings: list[Printing]

    @property
    def is_sure(self) -> bool:
        """Whether the first one and another one have a time of publication: else nobody can tell."""
        return sum(printing.story.published_at is not None for printing in self.printings) > 1


@dataclass(kw_only=True, slots=True)
class OutletRecord:
    """How often an outlet had a text first, and how often it printed another one's."""

    outlet: str
    first: int = 0
    again: int = 0
    waits: list[timedelta] = field(default_factory=list)

    @property
    def wait(self) -> timedelta | None:
        """How long after the first one it printed a text, in the middle of all its cases (median)."""
        return timedelta(seconds=median(each.total_seconds() for each in self.waits)) if self.waits else None


def republishings(stories: Mapping[int, ReportStory], copies: Iterable[ReportCopy]) -> list[Republishing]:
    """Return the groups of stories with the same text, those with most outlets first.

    Args:
        stories: by number, copies among them.
        copies: what they have in common, exact, near or contained.
    """
    members: dict[int, dict[int, tuple[str, float | None]]] = {}
    for copy in copies:
        if copy.article_id not in stories or copy.of_id not in stories:
            continue
        if copy.kind == CopyKind.CONTAINED:
            root, other, likeness = copy.article_id, copy.of_id, copy.containment
            root = stories[root].duplicate_of or root
        else:
            root, other, likeness = copy.of_id, copy.article_id, copy.j3
        if root in stories and other != root:
            group = members.setdefault(root, {root: (REFERENCE, None)})
            group.setdefault(other, (copy.kind, likeness))
    found = [_group(stories, group) for group in members.values()]
    found.sort(key=lambda group: (-_outlets(group), group.printings[0].story.known_at))
    return found


def outlet_records(groups: Sequence[Republishing]) -> list[OutletRecord]:
    """Return what each outlet did in all groups whose first one is sure, the most often first on top.

    Where a text only stands in a longer one, nobody printed it again as it was: these do not count.
    """
    records: dict[str, OutletRecord] = {}
    for group in groups:
        printings = [each for each in group.printings if each.kind != CopyKind.CONTAINED]
        if not group.is_sure or len(printings) < 2:
            continue
        first = printings[0].story
        records.setdefault(first.outlet, OutletRecord(outlet=first.outlet)).first += 1
        for printing in printings[1:]:
            name = printing.story.outlet
            record = records.setdefault(name, OutletRecord(outlet=name))
            record.again += 1
            if printing.story.published_at is not None and first.published_at is not None:
                record.waits.append(printing.story.published_at - first.published_at)
    return sorted(records.values(), key=lambda record: (-record.first, record.again, record.outlet))


def _group(
    stories: Mapping[int, ReportStory], members: Mapping[int, tuple[str, float | None]]
) -> Republishing:
    ordered = sorted(
        members, key=lambda number: (stories[number].published_at is None, stories[number].known_at, number)
    )
    first = stories[ordered[0]]
    return Republishing(
        printings=[
            Printing(
                story=stories[number],
                after=(stories[number].known_at - first.known_at)
                if number != first.id and stories[number].published_at and first.published_at
                else None,
                kind=members[number][0],
                likeness=members[number][1],
            )
            for number in ordered
        ]
    )


def _outlets(group: Republishing) -> int:
    return len({printing.story.outlet for printing in group.printings})
