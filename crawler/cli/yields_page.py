"""What fetches brought, for a person to read and for a machine."""

from __future__ import annotations

import dataclasses
from typing import Any

from crawler.cli.terminal import hanging
from crawler.coverage import Coverage
from crawler.store.answers.yields import YieldReport
from crawler.yields import Yield, Yields, sparkline

WIDTH = 80
MOST_HOPS = 8  # that a crawl's report names
REASONS = {
    "finished": "nothing promising is left to fetch",
    "waiting": "every outlet that is left has to be left alone for a while; run the same command later",
    "max_pages": "the page budget is spent; run the same command to go on",
    "max_minutes": "the time budget is spent; run the same command to go on",
    "shutdown": "interrupted; run the same command to go on",
    "memusage_exceeded": "it took more memory than MEMUSAGE_LIMIT_MB; run the same command to go on",
}
HEADINGS = ("by", "", "fetched", "new stories", "harvest", "fetches a story")
LIST_NAMES = {
    "tag_page": ("tag page", "tag pages"),
    "date_index": ("index by date", "indexes by date"),
    "sitemap": ("sitemap", "sitemaps"),
    "feed": ("feed", "feeds"),
    "listing": ("other list", "other lists"),
}


def yield_record(report: YieldReport) -> dict[str, Any]:
    """Return the report as JSON values."""
    return {
        "topic": report.topic,
        "crawls": [dataclasses.asdict(crawl) for crawl in report.crawls],
        "stop_reason": report.stop_reason,
        **search_record(report),
        "left": report.left,
        "below_floor": report.below_floor,
        "best_left": report.best_left,
        "floor": report.floor,
    }


def search_record(report: YieldReport) -> dict[str, Any]:
    """Return what the fetches brought and may have missed, as JSON values."""
    return {
        "yields": report.yields.as_record(),
        "revisits": report.revisits,
        "coverage": report.coverage.as_record(),
        "closed_outlets": report.closed_outlets,
    }


def report_lines(report: YieldReport) -> list[str]:
    """Return the report but for its table, on lines that fit a terminal of 80 columns."""
    ran = len(report.crawls)
    best = f", the best scores {report.best_left:.2f}" if report.best_left is not None else ""
    facts = [
        ("cost", _cost(report.yields)),
        *_curve(report.yields),
        ("stopped", stop_text(report.stop_reason)),
        (
            "left",
            f"{report.left:,} {'link' if report.left == 1 else 'links'} to fetch; "
            f"{report.below_floor:,} below the floor of {report.floor:g}{best}",
        ),
        *closed_facts(report),
        ("coverage", coverage_text(report.coverage)),
    ]
    if report.revisits:
        asked_again = f"{report.revisits:,} {'story' if report.revisits == 1 else 'stories'} asked for again"
        facts.insert(1, ("again", f"{asked_again}, counted once"))
    heading = f"{report.topic}: {'1 crawl' if ran == 1 else f'{ran:,} crawls'}"
    return [heading, *(f"  {label:<9} {hanging(text, 12, WIDTH)}" for label, text in facts)]


def crawl_facts(report: YieldReport) -> list[tuple[str, str]]:
    """Return what a crawl's fetches brought, as names and texts for the report at its end."""
    yields = report.yields
    if not yields.total.fetches:
        return []
    facts = [("cost", _cost(yields)), *_curve(yields)]
    facts.append(("by zone", ", ".join(f"{zone} {_of(each)}" for zone, each in yields.by_zone.items())))
    hops = [f"{depth}: {_of(each)}" for depth, each in yields.by_depth.items()]
    more = f", and {len(hops) - MOST_HOPS} more" if len(hops) > MOST_HOPS else ""
    facts.append(("by hop", ", ".join(hops[:MOST_HOPS]) + more))
    if yields.listings:
        lists = (_lists(kind, number) for kind, number in yields.listings.most_common())
        facts.append(("lists", ", ".join(lists)))
    return [*facts, *closed_facts(report), ("coverage", coverage_line(report.coverage))]


def closed_facts(report: YieldReport) -> list[tuple[str, str]]:
    """Return the outlets that the guards gave up, and why."""
    closed = "; ".join(f"{outlet} ({why})" for outlet, why in report.closed_outlets.items())
    return [("given up", closed)] if closed else []


def stop_text(reason: str | None) -> str:
    """Return in words why a crawl stopped."""
    if reason is None:
        return "it runs, or was killed; run the same command to go on"
    return REASONS.get(reason, reason)


def coverage_line(coverage: Coverage) -> str:
    """Return the estimate in words, with what it measures, or why there is none."""
    if coverage.estimate is None or coverage.interval is None:
        return f"no estimate: {coverage.no_estimate}"
    low, high = coverage.interval
    if low == high == coverage.either:
        return f"either half of the seeds alone leads to the same {coverage.either:,} stories"
    return (
        f"{coverage.either:,} of about {coverage.estimate:,.0f} stories within reach of links from such "
        f"seeds (95 % interval {low:,} to {high:,})"
    )


def coverage_text(coverage: Coverage) -> str:
    """Return the same with what it was made from and what it assumes."""
    line = coverage_line(coverage)
    if coverage.estimate is None or coverage.interval is None:
        return line
    if coverage.interval == (coverage.either, coverage.either):
        return (
            f"{line}: no sign of more within reach of their links, which says nothing of stories that no "
            "page links to"
        )
    n1, n2 = coverage.reached
    return (
        f"{line}, not of all on the web: two halves of the seeds lead to {n1:,} and {n2:,}, both to "
        f"{coverage.both:,}; too low where hubs lead everywhere, too high where the halves are about "
        "different events"
    )


def table_rows(yields: Yields) -> list[tuple[str, ...]]:
    """Return the rows of a table with ``HEADINGS``, as text."""
    rows = [_row("zone", zone, each) for zone, each in yields.by_zone.items()]
    rows += [_row("hop", str(depth), each) for depth, each in yields.by_depth.items()]
    rows += [_row("outlet", outlet, each) for outlet, each in yields.by_outlet.items()]
    rows += [
        ("list", LIST_NAMES[kind][0] if kind in LIST_NAMES else kind, str(number), "", "", "")
        for kind, number in yields.listings.most_common()
    ]
    return rows


def _row(by: str, name: str, each: Yield) -> tuple[str, ...]:
    cost = each.fetches_per_story
    return (
        by, name, str(each.fetches), str(each.stories), f"{each.harvest:.0%}",
        f"{cost:.1f}" if cost is not None else "",
    )  # fmt: skip


def _cost(yields: Yields) -> str:
    total, recent = yields.total, yields.recent
    if total.fetches_per_story is None:
        return f"{total.fetches:,} {'fetch' if total.fetches == 1 else 'fetches'}, no new story"
    lists = f", {yields.listings.total():,} of them lists" if yields.listings else ""
    text = (
        f"{total.fetches_per_story:.1f} fetches a story ({total.fetches:,} for {total.stories:,}{lists}), "
        f"harvest {total.harvest:.0%}"
    )
    if total.fetches == recent.fetches:
        return text
    late = recent.fetches_per_story
    return f"{text}; {f'{late:.1f}' if late is not None else 'no story'} over the last {recent.fetches}"


def _curve(yields: Yields) -> list[tuple[str, str]]:
    bars = sparkline(yields.curve)
    return [("harvest", f"{bars} from first to last; a full bar: each a story")] if len(bars) > 1 else []


def _of(each: Yield) -> str:
    return f"{each.stories:,}/{each.fetches:,}"


def _lists(kind: str, number: int) -> str:
    one, many = LIST_NAMES.get(kind, (kind, kind))
    return f"{number:,} {one if number == 1 else many}"
