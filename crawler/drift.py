"""Whether an outlet changed its pages: its recent stories, field by field, against its own older ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import comb, log
from statistics import median, quantiles

RECENT = 20  # stories that are looked at
FEWEST_RECENT = 5
FEWEST_OLDER = 20  # a younger outlet has no history to be held against
# A field is broken when at most half as many stories have it as before, and chance alone (Fisher's exact
# test, one-sided) would bring that about less than once in a thousand times.
LEAST_SHARE = 0.5
CHANCE = 0.001
# A length is broken when its median is below half or above double, outside of where four of five older
# stories lie, and by more than so much.
LENGTHS = {"body": 30.0, "links": 2.0}  # words, and links a story
# The same headline on so many stories is the site's name or a slogan.
REPEATED_TITLE = 3

# "story" is whether a page gave one at all; "clock" is a time of publication that is not midnight.
FILLED = (
    "story", "title", "deck", "published_at", "clock", "authors", "editors", "section", "tags", "image",
    "caption", "body", "links", "dateline", "initials",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What one page of an outlet gave: the fields that were there, and how much text and how many links."""

    url: str
    seen_at: datetime
    title: str = ""
    filled: frozenset[str] = frozenset()  # of FILLED; "story" says that there was one at all
    words: int = 0
    links: int = 0

    def length(self, name: str) -> int:
        """Return the length that ``LENGTHS`` names."""
        return self.words if name == "body" else self.links


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldCheck:
    """One field then and now: the share of stories that have it (0 to 1), or its median length."""

    field: str
    measure: str  # "share" or "length"
    then: float
    now: float
    is_broken: bool = False
    first_bad_url: str | None = None
    first_bad_at: datetime | None = None  # when it was read


@dataclass(kw_only=True, slots=True)
class OutletCheck:
    """An outlet's fields then and now; none where there are too few stories to judge by."""

    outlet: str
    recent: int  # stories
    older: int
    fields: list[FieldCheck] = field(default_factory=list)

    @property
    def broken(self) -> list[FieldCheck]:
        """The fields that look broken."""
        return [each for each in self.fields if each.is_broken]


def check_outlet(
    outlet: str, samples: Sequence[Sample], *, recent: int = RECENT, since: datetime | None = None
) -> OutletCheck:
    """Return how an outlet's recent stories compare with its older ones.

    Args:
        outlet: its name.
        samples: its pages, the one read first first.
        recent: how many of the last stories are held against all before them.
        since: only what was read from then on is recent.
    """
    stories = _with_real_titles([each for each in samples if "story" in each.filled])
    old, new = _parted(stories, recent, since)
    check = OutletCheck(outlet=outlet, recent=len(new), older=len(old))
    check.fields += _check_pages(*_parted(samples, recent, since))
    if len(new) >= FEWEST_RECENT and len(old) >= FEWEST_OLDER:
        check.fields += [_check_share(name, old, new) for name in FILLED[1:]]
        check.fields += [_check_length(name, floor, old, new) for name, floor in LENGTHS.items()]
    return check


def chance_of_so_few(old_hits: int, old: int, new_hits: int, new: int) -> float:
    """Return how likely it is that so few of the new ones have what both share (Fisher's exact test).

    >>> round(chance_of_so_few(20, 20, 15, 20), 3)
    0.024
    """
    hits = old_hits + new_hits
    ways = sum(comb(new, k) * comb(old, hits - k) for k in range(new_hits + 1) if hits - k <= old)
    return ways / comb(old + new, hits)


def first_bad(is_good: Sequence[bool]) -> int | None:
    """Return where the good ones end: the first bad one from the likeliest break on.

    >>> first_bad([True, True, False, True, True, True, False, False, True, False, False])
    6
    """
    if all(is_good):
        return None
    total, before, best, start = sum(is_good), 0, float("-inf"), 0
    for split in range(len(is_good)):
        worth = _likelihood(before, split) + _likelihood(total - before, len(is_good) - split)
        gets_worse = split == 0 or before / split > (total - before) / (len(is_good) - split)
        if gets_worse and worth > best + 1e-9:
            best, start = worth, split
        before += is_good[split]
    return next((i for i in range(start, len(is_good)) if not is_good[i]), is_good.index(False))


def _check_pages(old: Sequence[Sample], new: Sequence[Sample]) -> list[FieldCheck]:
    """Compare how many pages gave a story; that most give none needs no history to be wrong."""
    if len(new) < FEWEST_RECENT:
        return []
    check = _check_share("story", old, new)
    if check.now <= LEAST_SHARE and not check.is_broken:
        check = _broken(check, [*old, *new], ["story" in each.filled for each in [*old, *new]])
    return [check] if check.is_broken or len(old) >= FEWEST_OLDER else []


def _check_share(name: str, old: Sequence[Sample], new: Sequence[Sample]) -> FieldCheck:
    has = [name in each.filled for each in [*old, *new]]
    before, now = sum(has[: len(old)]), sum(has[len(old) :])
    then_share, now_share = before / max(len(old), 1), now / len(new)
    check = FieldCheck(field=name, measure="share", then=then_share, now=now_share)
    if len(old) < FEWEST_OLDER or now_share > LEAST_SHARE * then_share:
        return check
    if chance_of_so_few(before, len(old), now, len(new)) >= CHANCE:
        return check
    return _broken(check, [*old, *new], has)


def _check_length(name: str, floor: float, old: Sequence[Sample], new: Sequence[Sample]) -> FieldCheck:
    lengths = [each.length(name) for each in [*old, *new]]
    before, after = lengths[: len(old)], lengths[len(old) :]
    then, now = float(median(before)), float(median(after))
    check = FieldCheck(field=name, measure="length", then=then, now=now)
    tenths = quantiles(before, n=10)
    usual = then / 2 <= now <= then * 2 or tenths[0] <= now <= tenths[-1]
    if usual or abs(now - then) <= floor:
        return check
    return _broken(check, [*old, *new], [then / 2 <= length <= then * 2 for length in lengths])


def _broken(check: FieldCheck, samples: Sequence[Sample], is_good: Sequence[bool]) -> FieldCheck:
    at = first_bad(is_good)
    first = samples[at] if at is not None else samples[-1]
    return FieldCheck(
        field=check.field,
        measure=check.measure,
        then=check.then,
        now=check.now,
        is_broken=True,
        first_bad_url=first.url,
        first_bad_at=first.seen_at,
    )


def _parted(
    samples: Sequence[Sample], recent: int, since: datetime | None
) -> tuple[Sequence[Sample], Sequence[Sample]]:
    start = max(len(samples) - recent, 0)
    while since is not None and start < len(samples) and samples[start].seen_at < since:
        start += 1
    return samples[:start], samples[start:]


def _with_real_titles(stories: list[Sample]) -> list[Sample]:
    times = Counter(each.title for each in stories)
    return [
        each
        if times[each.title] < REPEATED_TITLE
        else Sample(
            url=each.url,
            seen_at=each.seen_at,
            filled=each.filled - {"title"},
            words=each.words,
            links=each.links,
        )
        for each in stories
    ]


def _likelihood(hits: int, number: int) -> float:
    """Return the log-likelihood of so many hits at the rate that explains them best."""
    if hits in (0, number):
        return 0.0
    return hits * log(hits / number) + (number - hits) * log(1 - hits / number)
