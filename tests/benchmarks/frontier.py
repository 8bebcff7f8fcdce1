"""How soon the frontier finds the stories: crawler.frontier.score on real link graphs, beside simpler orders.

    python tests/benchmarks/frontier.py ../shared/focus
    python tests/benchmarks/frontier.py ../shared/focus --views tags --sites digitalgov,ropensci --draws 2

The folder holds simulate.py (the simulator of FOCUS.md section 3) and data/ with its link graphs; neither
is part of this project. AUC is the area under the recall curve up to 4 R fetches, R being the number of
reachable stories; the target is what FOCUS.md measured for its policy ZONED, within 0.01. About a minute.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.frontier.score import Evidence, link_score
from crawler.items import Zone

TARGETS = {"base": 0.356, "tags": 0.774, "side": 0.449}
TOLERANCE = 0.01
DRAWS = {"base": 2, "tags": 2, "side": 1}  # of seeds for each topic, as in FOCUS.md
ZONES = {
    "body": Zone.BODY,
    "list": Zone.LIST,  # an entry of a tag page
    "more": Zone.LIST,  # its next page
    "tag": Zone.LIST,  # the tag names under a story
    "nav": Zone.FURNITURE,
    "side": Zone.FURNITURE,
}


def main() -> int:
    """Print the table; 0 when every view meets its target."""
    arguments = parse_arguments()
    simulator = load_simulator(arguments.folder)
    policies = {"breadth-first": simulator.BFS, "anchor only": simulator.Anchor, "baca juga": ours(simulator)}
    names = [*policies, "greedy oracle"]
    print(f"{'AUC':6}" + "".join(f"{name:>15}" for name in names) + f"{'target':>15}")
    met = True
    for view in arguments.views.split(","):
        started = time.perf_counter()
        aucs = measure_view(
            simulator, policies, view, arguments.sites.split(","), arguments.draws or DRAWS[view]
        )
        means = {name: sum(aucs[name]) / len(aucs[name]) for name in names}
        reached = means["baca juga"] >= TARGETS[view] - TOLERANCE
        met = met and reached
        print(
            f"{view:6}"
            + "".join(f"{means[name]:15.3f}" for name in names)
            + f"{TARGETS[view]:9.3f} {'met' if reached else 'MISSED':>5}"
            + f"   {len(aucs['baca juga'])} crawls, {time.perf_counter() - started:.0f} s"
        )
    return 0 if met else 1


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with simulate.py and data/")
    parser.add_argument("--views", default="base,tags,side")
    parser.add_argument("--sites", default="wikispeedia,digitalgov,ropensci,swcarpentry")
    parser.add_argument("--draws", type=int, help="of seeds for each topic (2, and 1 for side)")
    return parser.parse_args()


def load_simulator(folder: Path) -> Any:
    """The simulator's module, from where it lies; ends the run with one line when it is not there."""
    script = folder / "simulate.py"
    if not script.is_file() or not any((folder / "data").glob("*.json.gz")):
        sys.exit(
            f"{folder} holds no simulate.py with its data/*.json.gz: this benchmark needs the link graphs of "
            "FOCUS.md, which are not part of this project; give the folder that has them"
        )
    spec = importlib.util.spec_from_file_location("simulate", script)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(simulator: Any) -> Any:
    """A policy of the simulator that asks ``link_score`` anew for each referrer."""

    class BacaJuga(simulator.Policy):  # type: ignore[misc]
        def init(self) -> None:
            self.evidence: defaultdict[int, list[Evidence]] = defaultdict(list)

        def got(self, page: int, done: set[int]) -> None:
            page_score = self.r.page(page)
            for target, anchor, context, zone in self.s.out[page]:
                if target in done:
                    continue
                referrers = self.evidence[target]
                referrers.append(
                    Evidence(
                        anchor_score=self.r.short(anchor),
                        context_score=self.r.short(context),
                        page_score=page_score,
                        zone=ZONES[zone],
                    )
                )
                self.f.set(target, link_score(referrers))

    return BacaJuga


def measure_view(
    simulator: Any, policies: dict[str, Any], view: str, sites: list[str], draws: int
) -> dict[str, list[float]]:
    """The AUC of every crawl by policy, over the topics of all sites, as ``simulate.main`` draws them."""
    aucs: defaultdict[str, list[float]] = defaultdict(list)
    for site_name in sites:
        site = simulator.Site(site_name, view)
        for topic, (tags, lexicon) in simulator.TOPICS[site_name].items():
            on_topic = {page for page in range(site.n_real) if site.tags[page] & set(tags)}
            pool = sorted(page for page in on_topic if any(link[3] == "body" for link in site.out[page]))
            if len(on_topic) < 12 or len(pool) < 2:
                continue
            for draw in range(draws):
                seeds = random.Random(f"{site_name}/{topic}/{draw}").sample(pool, 2)
                target = on_topic & simulator.reach(site, seeds)
                size = len(target)
                if size < 10:
                    continue
                budget = min(4 * size, site.n)
                relevance = simulator.Relevance(site, simulator.parse_lex(lexicon), seeds, "both")
                orders = {
                    name: simulator.crawl(policy(site, relevance, random.Random(draw)), seeds, budget)
                    for name, policy in policies.items()
                }
                orders["greedy oracle"] = simulator.oracle(site, seeds, target, budget)
                for name, order in orders.items():
                    aucs[name].append(simulator.measure(order, target, size)["auc4R"])
    return aucs


if __name__ == "__main__":
    sys.exit(main())
