"""Stories grouped into incidents: the strength of pairs, and what they are joined to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.demo.truth import truth
from crawler.threads import strengths as by_words
from crawler.threads import wording
from crawler.threads.grouping import Told, group
from crawler.threads.linkage import average_linkage
from crawler.threads.strengths import Edges, strengths
from tests.large_web.truth import large_truth

DAY = datetime(2021, 5, 21, 3, tzinfo=UTC)
BPJS = "Data peserta BPJS Kesehatan bocor di Raid Forums"
TOKO = "Akun pelanggan Tokopedia dijual peretas"
BANK = "Nasabah bank syariah mengeluh layanan lumpuh"


def told(title: str, days: float | None = 0.0, lead: str = "") -> Told:
    moment = None if days is None else DAY + timedelta(days=days)
    return Told(title=title, lead=lead, published_at=moment)


def test_stories_on_the_same_words_and_days_are_one_incident() -> None:
    written = [told(BPJS), told(TOKO, 1), told(f"{BPJS} lagi", 1), told(f"Gugatan {TOKO}", 2), told(BANK, 2)]
    assert group(written, []) == [[0, 2], [1, 3], [4]]


def test_the_same_words_a_year_later_are_another_incident() -> None:
    written = [told(BPJS), told(BPJS, 1), told(BPJS, 366), told(BPJS, 367), told(TOKO), told(BANK)]
    assert group(written, [])[:2] == [[0, 1], [2, 3]]


def test_a_link_joins_stories_with_other_words() -> None:
    written = [told(BPJS), told(BANK, 0.5)]
    assert group(written, []) == [[0], [1]]
    assert group(written, [(1, 0)]) == [[0, 1]]


def test_one_link_does_not_join_two_incidents() -> None:
    written = [
        *(told(f"{BPJS} {number}", 0.1) for number in "abcd"),
        *(told(f"{TOKO} {number}") for number in "abcd"),
    ]
    assert group(written, [(0, 4)]) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_text_that_holds_another_is_of_the_same_incident() -> None:
    assert group([told(BPJS), told(BANK, 300)], [], [(0, 1)]) == [[0, 1]]


def test_stories_without_a_time_are_grouped_by_their_words() -> None:
    assert group([told(BPJS, None), told(BPJS, 5), told(TOKO, None), told(BANK)], [])[0] == [0, 1]


def test_nothing_makes_no_groups() -> None:
    assert group([], []) == []
    assert group([told("")], []) == [[0]]


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_words, "BLOCK_PAIRS", 1)
        patch.setattr(by_words, "LEAST_ROWS", 1)
        group([told(BPJS), told(TOKO)], [], progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 24))
def test_every_story_is_in_one_group_whatever_the_order_of_the_links(seed: int, count: int) -> None:
    random = Random(seed)
    words = [f"kata{number}" for number in range(12)]
    written = [
        told(" ".join(random.choices(words, k=4)), random.choice((None, random.uniform(0, 60))))
        for _ in range(count)
    ]
    links = [(random.randrange(count), random.randrange(count)) for _ in range(count)] if count else []
    groups = group(written, links)
    assert sorted(number for each in groups for number in each) == list(range(count))
    assert group(written, [(second, first) for first, second in reversed(links)]) == groups


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_strengths_are_the_same_both_ways(seed: int) -> None:
    random = Random(seed)
    written = [
        told(" ".join(random.choices(["abc", "def", "ghi", "jkl"], k=3)), random.choice((None, number, 90)))
        for number in range(8)
    ]
    found = as_pairs(strengths(written, {(0, 1), (1, 0)}, {(2, 3), (3, 2)}))
    assert found[2, 3] == 1.0
    assert all(found[other, number] == strength for (number, other), strength in found.items())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 40))
def test_strengths_are_those_of_every_pair_compared_alone(seed: int, count: int, pairs_at_once: int) -> None:
    random = Random(seed)
    words = [f"kata{number}" for number in range(9)] + [f"jarang{number}" for number in range(60)]
    written = [
        told(
            " ".join(random.choices(words, k=3)),
            random.choice((None, random.uniform(0, 400), random.uniform(0, 400))),
            " ".join(random.choices(words, k=6)),
        )
        for _ in range(count)
    ]
    linked = {(random.randrange(count), random.randrange(count)) for _ in range(count)}
    linked = {each for one, two in linked if one != two for each in ((one, two), (two, one))}
    with pytest.MonkeyPatch.context() as patch:
        # So few at once that there are many blocks, and words of both kinds.
        patch.setattr(by_words, "BLOCK_PAIRS", pairs_at_once)
        patch.setattr(by_words, "LEAST_ROWS", 2)
        patch.setattr(wording, "FREQUENT_SHARE", 0.3)
        found = as_pairs(strengths(written, linked, set()))
    assert found == pytest.approx(pair_by_pair(written, linked), abs=1e-8)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30), st.sampled_from([0.1, 0.3, 0.9]))
def test_linkage_joins_the_nearest_two_of_all_first(seed: int, count: int, share: float) -> None:
    random = Random(seed)
    strong = {
        pair: random.uniform(0.03, 1.2) for pair in combinations(range(count), 2) if random.random() < share
    }
    both_ways = strong | {(second, first): strength for (first, second), strength in strong.items()}
    edges = []
    for number in range(count):
        own = sorted(other for first, other in both_ways if first == number)
        edges.append(
            Edges(
                others=np.array(own, np.int32),
                strengths=np.array([both_ways[number, other] for other in own], float),
            )
        )
    assert average_linkage(edges, 0.2) == joined_greedily(count, strong, 0.2)


def as_pairs(edges: list[Edges]) -> dict[tuple[int, int], float]:
    return {
        (number, other): strength
        for number, each in enumerate(edges)
        for other, strength in zip(each.others.tolist(), each.strengths.tolist(), strict=True)
    }


def pair_by_pair(written: list[Told], linked: set[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Return what the docstring of ``strengths`` says, without blocks, matrices or a limit of time."""
    counts = [Counter(each.lead.split()[:60] + 2 * each.title.split()) for each in written]
    frequency = Counter(word for words in counts for word in words)
    vectors = []
    for words in counts:
        vector = {
            word: (1 + math.log(times)) * math.log((len(written) + 1) / (frequency[word] + 0.5))
            for word, times in words.items()
            if frequency[word] > 1
        }
        length = math.hypot(*vector.values()) or 1.0
        vectors.append({word: weight / length for word, weight in vector.items()})
    found = {}
    for one, two in permutations(range(len(written)), 2):
        strength = sum(weight * vectors[two].get(word, 0.0) for word, weight in vectors[one].items())
        strength += 0.2 * ((one, two) in linked)
        first, second = written[one].published_at, written[two].published_at
        if first is None or second is None:
            strength *= 0.5
        else:
            strength *= 0.5 ** (abs(first - second) / timedelta(days=14))
        if strength >= 0.03:
            found[one, two] = strength
    return found


def joined_greedily(count: int, strong: dict[tuple[int, int], float], least: float) -> list[list[int]]:
    """Return the groups as the definition has it: look at every two groups, join the nearest, begin again."""
    groups = [[number] for number in range(count)]

    def mean(one: list[int], two: list[int]) -> float:
        pairs = [(min(pair), max(pair)) for pair in product(one, two)]
        return sum(strong.get(pair, 0.0) for pair in pairs) / len(pairs)

    while len(groups) > 1:
        nearest = max(combinations(groups, 2), key=lambda pair: mean(*pair))
        if mean(*nearest) < least:
            break
        groups = [each for each in groups if each not in nearest] + [sorted(nearest[0] + nearest[1])]
    return sorted(groups)


def pairwise_scores(labels: Iterable[tuple[int, str]]) -> tuple[float, float]:
    """Precision and recall of the pairs that are in one group."""
    both = together = same = 0
    for (group_one, incident_one), (group_two, incident_two) in combinations(labels, 2):
        together += group_one == group_two
        same += incident_one == incident_two
        both += group_one == group_two and incident_one == incident_two
    return both / together, both / same


@pytest.mark.parametrize(("web", "precision", "recall"), [(truth, 0.98, 0.8), (large_truth, 0.95, 0.9)])
def test_incidents_of_the_sample_webs_are_found(web: object, precision: float, recall: float) -> None:
    # "tokopedia-2020" of the small web holds a leak of 2018 and one of a voters' list, too.
    known = sorted(
        (story for story in web().stories.values() if story.on_topic and story.incident),  # type: ignore[operator]
        key=lambda story: (story.published_at, story.id),
    )
    number_of = {address: number for number, story in enumerate(known) for address in story.aliases}
    links = [
        (number, number_of[link.url])
        for number, story in enumerate(known)
        for link in story.links
        if link.url in number_of
    ]
    groups = group(
        [Told(title=story.title, lead=story.body[:800], published_at=story.published_at) for story in known],
        links,
    )
    label = {number: place for place, numbers in enumerate(groups) for number in numbers}
    found = pairwise_scores((label[number], story.incident) for number, story in enumerate(known))
    assert found[0] >= precision, f"incidents are mixed: {found}"
    assert found[1] >= recall, f"incidents are torn apart: {found}"
