"""The words of the story itself: what headlines of other outlets share with the stories found so far.

"Kotz", "279 juta", "Raid Forums" are in no topic file, and yet they tell the same news at another outlet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.topic.phrases import words_of

if TYPE_CHECKING:
    from datetime import datetime

NEAR = timedelta(days=4)  # other outlets have the same news within these days
KEPT = 400  # newest stories whose words count
COMMON = 0.02  # of all headlines seen: a word in more of them tells nothing
ENOUGH_HEADLINES = 50  # before that, no word is known to be common
CEILING = 0.35  # of a headline's score: a bridge ranks, and the topic's own phrases decide


class Bridge:
    """Words of on-topic headlines with the days on which they were news, against those of all headlines."""

    def __init__(self) -> None:
        self._days: dict[str, list[datetime]] = defaultdict(list)
        self._stories = 0
        self._seen: Counter[str] = Counter()  # in how many listed headlines each word stood
        self._headlines = 0

    def add_story(self, title: str, published_at: datetime | None) -> None:
        """Take in the headline of a story on the topic."""
        if published_at is None or self._stories >= KEPT:
            return
        self._stories += 1
        for word in _telling_words(title):
            self._days[word].append(published_at)

    def add_headline(self, text: str) -> None:
        """Take in any headline of a listing, for what is common."""
        self._headlines += 1
        self._seen.update(_telling_words(text))

    def score(self, headline: str, published_at: datetime | None) -> float:
        """Return how much a headline shares with stories of the same days, from 0 to ``CEILING``.

        Two words are the least: a figure counts like a word and a half, since figures are rarely shared by
        chance. Without a date the whole time counts, for half.
        """
        weight = 0.0
        for word in _telling_words(headline):
            days = self._days.get(word)
            if not days or self._is_common(word):
                continue
            near = published_at is None or any(abs(published_at - day) <= NEAR for day in days)
            weight += (1.5 if word.isdigit() else 1.0) if near else 0.0
        if published_at is None:
            weight /= 2
        return 0.0 if weight < 2 else round(CEILING * min(1.0, weight / 4), 3)

    def _is_common(self, word: str) -> bool:
        if self._headlines < ENOUGH_HEADLINES:
            return False
        return self._seen[word] > COMMON * self._headlines and self._seen[word] > len(self._days[word])


def _telling_words(headline: str) -> set[str]:
    words = words_of(headline)
    return {word for word in words if (word.isdigit() or len(word) > 2) and word not in _FILLERS}


# Words that headlines of any news share.
_FILLERS = frozenset((
    "ini", "itu", "dan", "yang", "untuk", "dari", "dengan", "soal", "usai", "akan", "bisa", "jadi", "kata",
    "minta", "sebut", "tak", "tidak", "para", "saat", "atas", "oleh", "pada", "dalam", "lagi", "baru", "juga",
    "sudah", "belum", "telah", "hingga", "lewat", "begini", "apa", "bagaimana", "kenapa", "siapa", "kok",
    "indonesia", "jakarta", "hari", "tahun", "juta", "ribu", "miliar", "orang", "warga", "berita", "fakta",
    "alasan", "cara", "ungkap", "dugaan", "diduga", "kasus",
))  # fmt: skip
