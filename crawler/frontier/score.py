"""How much a link promises, by the pages that print it; tests/benchmarks/frontier.py measures it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.items import Zone

if TYPE_CHECKING:
    from collections.abc import Iterable

ANCHOR_SHARE, PAGE_SHARE, CONTEXT_SHARE = 0.5, 0.5, 0.1
SEED_SCORE = 1.0
# A link that a template prints on every page says half as much of the page that it stands on.
ZONE_WEIGHT = dict.fromkeys(Zone, 1.0) | {Zone.FURNITURE: 0.5}
# Two unseen referrers of page score 0.3 steady the mean while there are few real ones.
PRIOR_SUM, PRIOR_COUNT = 0.6, 2


@dataclass(kw_only=True, slots=True, frozen=True)
class Evidence:
    """What one referrer says of a link; every score from 0 to 1."""

    anchor_score: float  # of the anchor text, or of the slug where there is none
    context_score: float = 0.0  # of the words around the link
    page_score: float = 0.0  # of the page that prints it
    zone: Zone = Zone.BODY


def link_score(evidence: Iterable[Evidence]) -> float:
    """What the referrers of one link say together, from 0 to 1; to be asked again for each new referrer.

    >>> link_score([Evidence(anchor_score=0.6, page_score=0.9)])
    0.65
    >>> link_score([Evidence(anchor_score=0.6, page_score=0.9, zone=Zone.FURNITURE)])
    0.5
    """
    referrers = list(evidence)
    if not referrers:
        return 0.0
    if any(referrer.zone is Zone.SEED for referrer in referrers):
        return SEED_SCORE
    anchor = max(referrer.anchor_score for referrer in referrers)
    context = max(referrer.context_score for referrer in referrers)
    pages = [referrer.page_score * ZONE_WEIGHT[referrer.zone] for referrer in referrers]
    steadied_mean = (sum(pages) + PRIOR_SUM) / (len(pages) + PRIOR_COUNT)
    page = (max(pages) + steadied_mean) / 2
    score = ANCHOR_SHARE * anchor + PAGE_SHARE * page + CONTEXT_SHARE * context
    return round(min(1.0, max(0.0, score)), 6)


def anchor_or_slug(anchor_text: str, url: str) -> str:
    """The words to score a link by: its anchor text, or where that has no word, the slug of its address."""
    return anchor_text if _WORD.search(anchor_text) else slug_text(url)


def slug_text(url: str) -> str:
    """The words in the path of an address: its wordiest part, without numbers of articles and file endings.

    >>> slug_text("https://tekno.kompas.com/read/2021/05/21/14351007/data-279-juta-penduduk-yang-bocor")
    'data 279 juta penduduk yang bocor'
    >>> slug_text("https://www.antaranews.com/tag/kebocoran-data?page=2"), slug_text("https://www.kompas.com/")
    ('kebocoran data', '')
    """
    best: list[str] = []
    try:
        path = urlsplit(url).path
    except ValueError:  # "http://[" and the like; an address that nobody can fetch promises nothing
        return ""
    for part in unquote(path).split("/"):
        words = [word for word in _WORD.findall(_ENDING.sub("", part)) if not _ARTICLE_NUMBER.fullmatch(word)]
        if sum(not word.isdigit() for word in words) >= max(1, sum(not word.isdigit() for word in best)):
            best = words
    return " ".join(best)


_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|amp)$", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"\d{5,}")
