"""A crawl keeps to its topic: most stories are found, at twice the harvest of breadth-first search."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.address import address_of
from crawler.demo.sample_web import SampleWeb
from tests.benchmarks.focus import WANTED_RATIO, WANTED_RECALL, measure
from tests.crawling import crawl_arguments, run, stored
from tests.large_web import large_truth, large_web


@pytest.mark.parametrize("discover", [False, True], ids=["read-also links alone", "with discovery"])
def test_large_web_is_found_at_twice_the_harvest_of_breadth_first_search(
    discover: bool, tmp_path: Path
) -> None:
    # Each in the web where the order in which answers arrive decides least.
    found = measure(discover, tmp_path, draw=1 if discover else 0)
    assert found.stop_reason == "finished"
    assert found.recall >= WANTED_RECALL, found.missed
    assert found.ratio >= WANTED_RATIO, "breadth-first search's harvest when it has found as much"
    assert found.fetches < 600
    assert found.lists if discover else not found.lists
    assert found.forbidden == 0
    assert len(found.mistaken) <= 1, found.mistaken


def test_one_seed_is_enough_where_outlets_list_their_stories(tmp_path: Path) -> None:
    truth = large_truth()
    seed = next(iter(truth.seeds.values()))
    with SampleWeb(site=large_web()) as web:
        # Every outlet that we know is asked, and most of them are not there.
        finished = run(
            *crawl_arguments(web.url, f"sqlite:///{tmp_path / 'n.db'}", seed), "--discover", "--json"
        )
    found = stored(f"sqlite:///{tmp_path / 'n.db'}").on_topic
    wanted = {address_of(truth.stories[name].url).key for name in truth.with_discovery}
    assert len(found & wanted) >= 0.9 * len(wanted)
    assert finished.record["stop_reason"] == "finished", "hosts of lists that are down are not waited for"
    assert finished.record["listing_outcomes"]["host_down"] > 10
