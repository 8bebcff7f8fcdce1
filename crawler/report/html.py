"""The report as one HTML file that needs nothing else, neither network nor a second file."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from crawler import __version__
from crawler.coverage import MIN_OVERLAP, MIN_SEEDS, Coverage
from crawler.export.csv_file import writable
from crawler.printable import printable
from crawler.report.data import MOST_REPUBLISHED, Report, drawn
from crawler.report.layout import positions
from crawler.report.republishing import REFERENCE, Printing, outlet_records
from crawler.report.wording import Wording
from crawler.report.words import WORDS
from crawler.urls import is_web_address

SMALLEST, LARGEST = 7.0, 40.0  # dots, in pixels across
# Distances of the layout that a pixel is wide when the whole of a graph is seen, by the root of its size.
_PIXEL = 0.006
_CAPTION = 16.0  # pixels that a group keeps free for its caption
_MOST_HUBS = 15


def report_html(report: Report, title: str, say: Wording) -> str:
    """Return the report as an HTML document: every value escaped, scripts allowed by their digests alone.

    Args:
        report: what it tells.
        title: the topic's.
        say: the language's words, and the zone of the times.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    environment.filters["href"] = lambda url: url if is_web_address(url) else ""
    charts, script, style = _asset("assets/echarts.min.js"), _asset("report.js"), _asset("report.css")
    colour_of = {outlet: number for number, outlet in enumerate(report.timeline.outlets)}
    data = _page_data(report, say)
    text = environment.from_string(_asset("report.html.jinja")).render(
        report=report,
        title=" ".join(title.split()),
        say=say,
        version=__version__,
        charts=Markup(charts),
        script=Markup(script),
        style=Markup(style),
        script_digests=[_digest(charts), _digest(script)],
        style_digest=_digest(style),
        data=Markup(_script_json(data)),
        colour=lambda outlet: f"o{colour_of.get(outlet, len(colour_of) - 1)}",
        drawn_count=len(data["nodes"]),
        drawn_links=len(data["edges"]),
        zone_name=lambda zone: say(f"zone_{zone}") if f"zone_{zone}" in WORDS[say.language] else zone,
        depth_name=str,
        hubs=[each for each in drawn(report) if each.links_in][:_MOST_HUBS],
        records=outlet_records(report.republished),
        groups=report.republished[:MOST_REPUBLISHED],
        likeness=lambda printing: _likeness(printing, say),
        coverage=coverage_text(report.yields.coverage, say),
        stop=_stop(report, say),
    )
    return writable(text)


def coverage_text(coverage: Coverage, say: Wording) -> str:
    """Return the estimate of what links could have led to in words, or why there is none."""
    if coverage.estimate is None or coverage.interval is None:
        seeds = sum(coverage.seeds)
        if min(coverage.seeds) < MIN_SEEDS:
            return say("coverage_seeds", needed=2 * MIN_SEEDS, number=say.number(seeds))
        return say("coverage_overlap", needed=MIN_OVERLAP, number=say.number(coverage.both))
    low, high = coverage.interval
    found = say.number(coverage.either)
    if low == high == coverage.either:
        return say("coverage_same", found=found)
    estimate = say.number(round(coverage.estimate))
    return say("coverage_line", found=found, estimate=estimate, low=say.number(low), high=say.number(high))


def dot_size(links_in: int) -> float:
    """Return the width of a story's dot in pixels: its area grows with the links to it.

    >>> dot_size(0), dot_size(4)
    (7.0, 15.0)
    """
    return min(SMALLEST + 4.0 * math.sqrt(links_in), LARGEST)


def _harmless(value: object) -> object:
    """Return a value without marks that turn the reading direction round; what is ours stays as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _page_data(report: Report, say: Wording) -> dict[str, Any]:
    """Return what the page's script draws from; headlines it reads from the list of stories."""
    chosen = drawn(report)
    node_of = {each.story.id: number for number, each in enumerate(chosen)}
    row_of = {each.story.id: number for number, each in enumerate(report.stories)}
    edges = [(node_of[a], node_of[b]) for a, b in report.links if a in node_of and b in node_of]
    parts = sorted({each.thread for each in chosen})
    part_of = {thread: number for number, thread in enumerate(parts)}
    pixel = _PIXEL * len(chosen) ** 0.5
    spots = positions(
        [part_of[each.thread] for each in chosen],
        edges,
        [dot_size(each.links_in) / 2 * pixel for each in chosen],
        room=_CAPTION * pixel,
    )
    outlets = report.timeline.outlets
    colour_of = {outlet: number for number, outlet in enumerate(outlets)}
    return {
        "language": say.language,
        "outlets": outlets,
        "timeline": {
            "labels": [say.day(start, report.timeline.step) for start in report.timeline.starts],
            "starts": [start.isoformat() for start in report.timeline.starts],
            "ends": [end.isoformat() for end in _ends(report.timeline.starts)],
            "counts": report.timeline.counts,
        },
        "nodes": [
            [
                row_of[each.story.id],
                round(float(x), 2),
                round(float(y), 2),
                colour_of.get(each.story.outlet, len(outlets) - 1),
                dot_size(each.links_in),
            ]
            for each, (x, y) in zip(chosen, spots, strict=True)
        ],
        "edges": edges,
        "curve": [[0, 0], *map(list, report.yields.yields.curve)] if report.yields.yields.curve else [],
        "words": say.templates(),
    }


def _ends(starts: list[date]) -> list[date]:
    """Return the first day after each period; the last one is open."""
    return [*starts[1:], date.max] if starts else []


def _likeness(printing: Printing, say: Wording) -> str:
    if printing.kind in (REFERENCE, "exact"):
        return say(printing.kind)
    return say(printing.kind, share=say.share(printing.likeness))


def _stop(report: Report, say: Wording) -> str:
    reason = report.yields.stop_reason
    if reason is None:
        return say("stop_none")
    known = {"finished", "waiting", "max_pages", "max_minutes", "shutdown"}
    return say(f"stop_{reason}") if reason in known else reason


def _script_json(value: object) -> str:
    """Return JSON that stays data inside a script element, whatever is in it."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    """Return the source expression that allows this very text (CSP Level 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _asset(name: str) -> str:
    return writable((files("crawler.report") / name).read_text(encoding="utf-8"))
