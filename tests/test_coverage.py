"""How much of a topic two halves of the seeds have found: the estimate, and what it is made from."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from random import Random

import pytest

from crawler.address import address_of
from crawler.cli import exit_status
from crawler.cli.yields_page import coverage_text
from crawler.coverage import Coverage, chapman, coverage_of, halves, interval
from crawler.demo.graph import Graph, first_day
from crawler.demo.sample_web import SampleWeb
from crawler.demo.truth import truth
from crawler.store.answers.yields import yield_report
from crawler.store.crawl.crawls import holdings
from crawler.store.database import Store, open_store
from tests.crawl_history import FLOOR, TOPIC, History, hub, url
from tests.crawling import crawl_arguments, run


@pytest.fixture
def history(store: Store) -> History:
    return History(store)


def test_seeds_are_halved_within_their_outlets() -> None:
    seeds = [(outlet, f"{outlet}{number}") for number in range(4) for outlet in ("kompas", "detik")]
    first, second = halves(seeds)
    assert sorted(first) == ["detik0", "detik2", "kompas0", "kompas2"]
    assert not set(first) & set(second)


@pytest.mark.parametrize(("n1", "n2", "both"), [(100, 150, 20), (12, 9, 7), (40, 41, 40), (30, 30, 29)])
def test_the_interval_is_the_exact_test_inverted(n1: int, n2: int, both: int) -> None:
    def chance(total: int, common: int) -> Fraction:
        ways = math.comb(n1, common) * math.comb(total - n1, n2 - common)
        return Fraction(ways, math.comb(total, n2))

    def is_no_surprise(total: int) -> bool:
        possible = range(max(0, n1 + n2 - total), min(n1, n2) + 1)
        fewer = sum(chance(total, common) for common in possible if common <= both)
        more = sum(chance(total, common) for common in possible if common >= both)
        return fewer >= Fraction(1, 40) and more >= Fraction(1, 40)

    totals = [total for total in range(n1 + n2 - both, 3000) if is_no_surprise(total)]
    assert interval(n1, n2, both) == (totals[0], totals[-1])
    assert totals[0] - 1 <= chapman(n1, n2, both) <= totals[-1]


def simulated(random: Random, *, stories: int, seeds: int, chance: float, longest: int) -> Coverage:
    """Stories in chains, whose first each seed links to with that chance."""
    edges: dict[str, list[str]] = {f"seed{number}": [] for number in range(seeds)}
    number = 0
    while number < stories:
        end = min(stories, number + random.randint(1, longest))
        for each in range(number, end - 1):
            edges[f"story{each}"] = [f"story{each + 1}"]
        for found in (found for found in list(edges) if found.startswith("seed")):
            if random.random() < chance:
                edges[found].append(f"story{number}")
        number = end
    numbers = {f"story{number}": number for number in range(stories)}
    return coverage_of(edges, [(f"outlet{seed % 3}", f"seed{seed}") for seed in range(seeds)], numbers)


@pytest.mark.parametrize(
    ("seeds", "chance", "longest"), [(4, 0.3, 1), (12, 0.1, 1), (12, 0.1, 9), (20, 0.05, 5)]
)
def test_the_interval_holds_the_truth_of_simulated_webs(seeds: int, chance: float, longest: int) -> None:
    random, truth_of_it = Random(20210521), 300
    drawn = [
        simulated(random, stories=truth_of_it, seeds=seeds, chance=chance, longest=longest) for _ in range(60)
    ]
    made = [each for each in drawn if each.estimate is not None and each.interval is not None]
    assert len(made) >= 55
    held = sum(each.interval[0] <= truth_of_it <= each.interval[1] for each in made if each.interval)
    assert held / len(made) >= 0.95
    mean = sum(each.estimate for each in made if each.estimate) / len(made)
    assert mean == pytest.approx(truth_of_it, rel=0.1)
    # And it says something: the stories that nobody caught are in it.
    assert all(each.either < truth_of_it for each in made)


def test_halves_that_lead_to_the_same_are_no_proof_of_all() -> None:
    ring = {f"p{number}": [f"p{(number + 1) % 30}"] for number in range(30)}
    seeds = [("kompas", "p0"), ("kompas", "p10"), ("detik", "p15"), ("detik", "p20")]
    found = coverage_of(ring, seeds, {f"p{number}": number for number in range(30)})
    assert (found.estimate, found.interval, found.seeds_found_again) == (26.0, (26, 26), 4)
    assert "says nothing of stories that no page links to" in coverage_text(found)


def test_copies_count_as_their_story_and_seeds_do_not_count() -> None:
    edges = {f"s{seed}": [f"c{number}" for number in range(10)] for seed in range(4)}
    stories = {f"s{seed}": 100 + seed for seed in range(4)} | {
        f"c{number}": number // 2 for number in range(20)
    }
    found = coverage_of(edges, [("kompas", f"s{seed}") for seed in range(4)], stories)
    assert (found.both, found.either, found.neither) == (5, 5, 5)
    assert found.no_estimate == "needs 7 stories that both halves of the seeds lead to; there are 5"


def test_the_estimate_is_made_from_the_stored_links(history: History) -> None:
    hub(history, seeds=4)
    found = history.report().coverage
    assert (found.seeds, found.reached, found.both, found.estimate) == ((2, 2), (10, 10), 10, 10.0)


def test_links_below_the_floor_lead_nowhere(history: History) -> None:
    hub(history, seeds=4, anchor_score=0.0)
    with history.store.read() as connection:
        found = yield_report(connection, TOPIC, 0.5).coverage
    assert (found.reached, found.neither) == ((0, 0), 10)


def test_without_enough_seeds_it_says_so(history: History) -> None:
    hub(history, seeds=3)
    assert (
        history.report().coverage.no_estimate == "needs 4 seeds that are stories, to halve them; there are 3"
    )


def test_a_crawl_that_has_not_ended_gives_no_estimate(history: History) -> None:
    hub(history, seeds=4)
    history.visit(url(200), minute=9, state="queued", outcome=None, has_page=False, done_at=None)
    reason = history.report().coverage.no_estimate
    assert reason == "needs a crawl that came to its end; there is 1 link to stories above the floor left"


def reached_from(graph: Graph, names: list[str]) -> set[str]:
    """The stories that a focused crawl finds from others by read-also lines, by the rule of ``Graph``."""
    found, waiting = set(names), list(names)
    while waiting:
        story = graph.stories[waiting.pop()]
        for line in story.read_also:
            target = graph.behind(line.target)
            if target is None or target.id in found or target.id not in graph.stories:
                continue
            if target.role == "story" and (story.on_topic or target.on_topic):
                found.add(target.id)
                waiting.append(target.id)
    return found


def test_on_the_sample_web_each_half_reaches_what_it_should(sample_web: SampleWeb, database_url: str) -> None:
    graph, true = first_day(), truth()
    chosen = [story for story in true.stories.values() if story.on_topic and story.reachable][::9][:5]
    arguments = crawl_arguments(sample_web.url, database_url, *(story.url for story in chosen))
    done = run(*arguments, "--no-discover", "--json", "--quiet")
    assert done.status == exit_status.OK, done.stderr
    report = json.loads(done.stdout)
    store = open_store(database_url)
    with store.read() as connection:
        searched = yield_report(connection, TOPIC, FLOOR)
        held = holdings(connection, TOPIC)
    store.close()
    found, yields = searched.coverage, searched.yields
    assert (report["yields"], report["coverage"]) == (yields.as_record(), found.as_record())
    by_key = {address_of(story.url).key: story.id for story in chosen}
    first, second = halves([(story.outlet, address_of(story.url).key) for story in chosen])
    expected = [
        {
            true.stories[name].duplicate_of or name
            for name in reached_from(graph, [by_key[key] for key in half])
            if true.stories[name].on_topic
        }
        - set(by_key.values())
        for half in (first, second)
    ]
    assert found.reached == (len(expected[0]), len(expected[1]))
    assert found.both == len(expected[0] & expected[1])
    whole = expected[0] | expected[1]
    assert found.either == len(whole)
    assert found.interval is None or found.interval[0] <= len(whole) <= found.interval[1]
    assert yields.total.stories == held.stories == report["stories"]
    for split in (yields.by_zone, yields.by_depth, yields.by_outlet):
        assert sum(each.fetches for each in split.values()) == yields.total.fetches - yields.listings.total()
        assert sum(each.stories for each in split.values()) == yields.total.stories
    asked = {hit.url for hit in sample_web.log if not hit.path.startswith("/robots.txt")}
    # Further parts of stories are asked for beside them.
    assert yields.total.stories < yields.total.fetches <= len(asked)
