"""How well a crawl keeps to its topic: the real crawl of the large sample web, beside breadth-first search.

    python tests/benchmarks/focus.py [--draws 1] [--keep FOLDER] [--json]

The web (tests/large_web) has some 420 stories on eight outlets, a fifth of them on the topic, and traps
without end. The crawl starts from one story an outlet, once with read-also links alone and once with
discovery, and runs until nothing above its score floor is left. Printed are

    recall    share of the reachable stories on the topic that the crawl has kept as such
    harvest   stories on the topic kept, by fetches; robots.txt is not counted, everything else is
    BFS       the same of breadth-first search over the same links, at as many fetches, and at a recall of .95

Draw 0 is the web as the tests know it; the others mix the same sentences and links anew, and show whether a
figure holds beyond the one web that people look at. Below 0.95 of recall, or below twice the harvest of
breadth-first search at that recall, the exit status is 1. Under a minute a draw.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.address import address_of
from crawler.demo.rabbit_hole import is_in_rabbit_hole
from crawler.demo.sample_web import SampleWeb
from tests.crawling import crawl_arguments, run, stored
from tests.large_web import large_truth, large_web
from tests.large_web.baseline import breadth_first
from tests.large_web.graph import large_graph

WANTED_RECALL = 0.95
WANTED_RATIO = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One crawl beside breadth-first search; shares from 0 to 1."""

    draw: int
    discover: bool
    seconds: float
    stop_reason: str
    fetches: int
    reachable: int
    found: int  # of these, kept as on topic
    fetched: int  # of these, fetched at all
    recall: float
    harvest: float
    harvest_of_stories: float  # with the fetches of lists left out
    lists: int  # fetches of tag pages, indexes, feeds and sitemaps
    in_traps: int  # fetches of addresses that are no story
    forbidden: int
    bfs_harvest: float  # at as many fetches
    bfs_recall: float
    bfs_fetches: int | None  # that it needs for the wanted recall
    bfs_harvest_then: float
    bfs_harvest_of_stories_then: float
    missed: list[str]  # ids and roles of reachable stories not found
    mistaken: list[str]  # kept as on topic, and are not

    @property
    def ratio(self) -> float:
        """How many times breadth-first search's harvest at the wanted recall."""
        return self.harvest / self.bfs_harvest_then if self.bfs_harvest_then else float("inf")

    @property
    def ratio_at_same_cost(self) -> float:
        """The same at as many fetches."""
        return self.harvest / self.bfs_harvest if self.bfs_harvest else float("inf")

    @property
    def is_met(self) -> bool:
        """Whether recall and ratio are what is wanted."""
        return self.recall >= WANTED_RECALL and self.ratio >= WANTED_RATIO


def main() -> int:
    """Print the table; 0 when both crawls do what they should."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=1, help="how many webs to crawl (default 1)")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them (default 0)")
    parser.add_argument("--keep", type=Path, help="folder for the stores and the server's logs")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        draws = range(options.first, options.first + options.draws)
        results = [measure(discover, folder, draw) for draw in draws for discover in (False, True)]
    if options.json:
        print(json.dumps([asdict(result) | {"ratio": result.ratio} for result in results], indent=1))
    else:
        for result in results:
            report(result)
    return 0 if all(result.is_met for result in results) else 1


def measure(discover: bool, folder: Path, draw: int = 0) -> Measured:
    """Crawl the large web and return the figures; the folder gets the store and the server's log."""
    truth, graph = large_truth(draw), large_graph(draw)
    name = f"{'discovery' if discover else 'read_also'}-{draw}"
    store = f"sqlite:///{folder / name}.db"
    started = time.perf_counter()
    with SampleWeb(site=large_web(draw), log_file=folder / f"{name}.jsonl") as web:
        arguments = crawl_arguments(web.url, store, *truth.seeds.values())
        outlets = ",".join(truth.seeds)
        finished = run(*arguments, "-s", f"DISCOVER={discover}", "-s", f"OUTLETS={outlets}", "--json")
        log = [hit for hit in web.log if hit.path != "/robots.txt"]
    seconds = time.perf_counter() - started
    if not finished.stdout.strip():
        raise SystemExit(f"the crawl failed with status {finished.status}: {finished.stderr.strip()}")
    key_of = {address_of(story.url).key: name for name, story in truth.stories.items()}
    kept = {key_of.get(key, key) for key in stored(store).on_topic}
    asked = [key_of.get(address_of(hit.url).key) for hit in log]
    lists = sum(is_list(hit.url) for hit in log)
    wanted = truth.with_discovery if discover else truth.by_read_also
    curve = breadth_first(graph, lists=discover)
    needed = curve.fetches_for(WANTED_RECALL, wanted)
    return Measured(
        draw=draw,
        discover=discover,
        seconds=seconds,
        stop_reason=str(finished.record.get("stop_reason", "")),
        fetches=len(log),
        reachable=len(wanted),
        found=len(kept & wanted),
        fetched=len(set(asked) & wanted),
        recall=len(kept & wanted) / len(wanted),
        harvest=len(kept & truth.on_topic) / max(1, len(log)),
        harvest_of_stories=len(kept & truth.on_topic) / max(1, len(log) - lists),
        lists=lists,
        in_traps=sum(is_trap(hit.url) for hit in log),
        forbidden=sum(hit.url in truth.forbidden for hit in log),
        bfs_harvest=curve.harvest(len(log)),
        bfs_recall=curve.recall(len(log), wanted),
        bfs_fetches=needed,
        bfs_harvest_then=curve.harvest(needed) if needed else 0.0,
        bfs_harvest_of_stories_then=curve.harvest_of_stories(needed) if needed else 0.0,
        missed=sorted(
            f"{name} ({truth.stories[name].role}, {truth.stories[name].outlet}, "
            f"{'fetched' if name in asked else 'not fetched'}): {truth.stories[name].title}"
            for name in wanted - kept
        ),
        mistaken=sorted(kept - truth.on_topic),
    )


def is_trap(url: str) -> bool:
    """Whether the address is one of a trap, with whatever query."""
    plain = url.partition("?")[0]
    traps = {trap.partition("?")[0] for urls in large_truth().traps.values() for trap in urls}
    return plain in traps or is_in_rabbit_hole(url)


def is_list(url: str) -> bool:
    """Whether the address is, by its form, a list's."""
    return any(mark in url for mark in ("/tag/", "indeks", "index-news", "rss", "sitemap"))


def report(result: Measured) -> None:
    """Print the figures of one crawl."""
    print(f"\ndraw {result.draw}, {'with discovery' if result.discover else 'read-also links alone'}")
    print(
        f"  baca juga      recall {result.recall:.3f} ({result.found} of {result.reachable}, "
        f"{result.fetched} fetched)   harvest {result.harvest:.3f}   {result.fetches} fetches, "
        f"{result.lists} of them lists, {result.in_traps} in traps   "
        f"{result.seconds:.1f} s, {result.stop_reason}"
    )
    print(
        f"  breadth-first  recall {result.bfs_recall:.3f} and harvest {result.bfs_harvest:.3f} at as many "
        f"fetches; recall {WANTED_RECALL} after {result.bfs_fetches}, harvest {result.bfs_harvest_then:.3f}"
    )
    print(
        f"  harvest ratio  {result.ratio:.2f} at that recall ({'met' if result.is_met else 'MISSED'}: recall "
        f">= {WANTED_RECALL}, ratio >= {WANTED_RATIO}), {result.ratio_at_same_cost:.2f} at as many fetches"
    )
    if result.lists:
        print(
            f"  lists left out harvest {result.harvest_of_stories:.3f}, breadth-first's "
            f"{result.bfs_harvest_of_stories_then:.3f} at that recall"
        )
    for name, lines in (("not found", result.missed), ("mistaken for on topic", result.mistaken)):
        if lines:
            print(f"  {name}: {len(lines)}")
            print("".join(f"    {line}\n" for line in lines), end="")
    if result.forbidden:
        print(f"  asked for what robots.txt forbids: {result.forbidden}")


if __name__ == "__main__":
    raise SystemExit(main())
