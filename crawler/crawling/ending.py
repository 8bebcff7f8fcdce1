"""How a crawl ended, in one word: what a script, a job or a person acts on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from crawler.crawling.figures import Figures
from crawler.store.crawl.hosts import HostTrouble


class Ending(StrEnum):
    """What came of a crawl, or what stood in its way."""

    OK = "ok"
    NOTHING_FOUND = "nothing_found"  # pages were read, and none is on topic
    BLOCKED = "blocked"  # the outlets would not have us
    DOWN = "down"  # the outlets did not answer, or only with errors of their own
    FORBIDDEN = "forbidden"  # robots.txt allows none of the pages
    GONE = "gone"  # none of the pages is there any more
    LAYOUT_CHANGED = "layout_changed"  # pages of known outlets came, and nothing in them could be read
    INTERRUPTED = "interrupted"


SENTENCES = {
    Ending.NOTHING_FOUND: "the pages could be read, and none of them is on topic; try other seeds or phrases",
    Ending.BLOCKED: "the outlets do not let this crawler in; ask less of them, later, and set a contact",
    Ending.DOWN: "the outlets do not answer; check the network, then run the same command again",
    Ending.FORBIDDEN: "robots.txt of the outlets allows none of the pages; start from others",
    Ending.GONE: "none of the pages is there any more; start from others",
    Ending.LAYOUT_CHANGED: "pages of known outlets came, and nothing in them could be read; did they change? "
    "see bacajuga outlets check",
}
_BLOCKED, _DOWN = ("blocked",), ("host_down", "server_error", "untrusted")
_NO_PAGE = {
    "layout_changed": Ending.LAYOUT_CHANGED,
    "forbidden": Ending.FORBIDDEN,
    "gone": Ending.GONE,
}


def ending_of(
    figures: Figures, *, stop_reason: str, troubles: Sequence[HostTrouble], stories_stored: int
) -> Ending:
    """Return how a crawl ended.

    A crawl that brought a story is well, whatever else it met; one that brought none and met closed doors
    says which, even when the store holds stories of earlier crawls.

    Args:
        figures: what the crawl counted.
        stop_reason: why it stopped.
        troubles: the hosts that failed when last asked.
        stories_stored: how many stories on the topic the store holds.

    >>> ending = dict(stop_reason="finished", troubles=[], stories_stored=0)
    >>> ending_of(Figures(fetches=3, outcomes=Counter(gone=2, forbidden=1)), **ending)
    <Ending.GONE: 'gone'>
    >>> ending_of(Figures(fetches=3, off_topic=1, outcomes=Counter(gone=2)), **ending)
    <Ending.NOTHING_FOUND: 'nothing_found'>
    """
    if stop_reason == "shutdown":
        return Ending.INTERRUPTED
    if figures.stories:
        return Ending.OK
    met = figures.outcomes + figures.put_back
    if not _sum(met, _BLOCKED + _DOWN):
        # Nobody was asked, because all asked for patience before.
        met = Counter("blocked" if _is_refusal(trouble) else "host_down" for trouble in troubles)
    blocked, down = _sum(met, _BLOCKED), _sum(met, _DOWN)
    if blocked or down or stop_reason == "waiting":
        return Ending.BLOCKED if blocked and blocked >= down else Ending.DOWN
    if stories_stored:
        return Ending.OK
    if not (figures.copies or figures.off_topic or figures.edited or figures.unchanged):
        for kind, _ in figures.outcomes.most_common():
            if kind in _NO_PAGE:
                return _NO_PAGE[kind]
    return Ending.NOTHING_FOUND


def _sum(met: Counter[str], kinds: Sequence[str]) -> int:
    return sum(met[kind] for kind in kinds)


def _is_refusal(trouble: HostTrouble) -> bool:
    # As crawler.crawling.answers words it: 401, 402, 403, 407, 429, 451; an overloaded server says 5xx.
    return trouble.trouble.startswith("status 4")
