"""The end of a crawl as a person reads it."""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.cli.loudness import is_quiet
from crawler.cli.outlets.outlets_check import as_record, then_and_now
from crawler.cli.terminal import complain, one_line
from crawler.cli.yields_page import crawl_facts, search_record, stop_text
from crawler.crawling.crawl import CrawlReport
from crawler.crawling.ending import SENTENCES, Ending
from crawler.crawling.insecure_tls import warning as tls_warning

NEXT_STEPS = ("export articles -o stories.csv", "export links -o links.csv")
# Kinds of outcome that a person may be able to mend.
WITH_REASON = (
    "refused",
    "blocked",
    "layout_changed",
    "host_down",
    "server_error",
    "unreadable",
    "over_limit",
    "untrusted",
    "error",
)
MOST_TROUBLES = 5  # hosts that are named

OUTCOMES = {
    "not_a_story": "not a story",
    "layout_changed": "layout changed: known outlet, but nothing to read",
    "redirected": "redirected to another address",
    "forbidden": "forbidden by robots.txt",
    "refused": "refused by the address guard",
    "gone": "gone (deleted or never there)",
    "blocked": "blocked by the outlet",
    "host_down": "host down",
    "server_error": "server error",
    "unreadable": "not a readable page",
    "over_limit": "over a limit",
    "untrusted": "certificate not to be trusted",
    "error": "our own fault (see -v)",
}


def report_record(report: CrawlReport) -> dict[str, Any]:
    """Return the report as JSON values."""
    return {
        "topic": report.topic,
        "ending": str(report.ending),
        "stop_reason": report.stop_reason,
        "seconds": round(report.seconds, 1),
        "resumed": report.resumed,
        **report.figures.as_record(),
        "stored": dataclasses.asdict(report.holdings) | {"by_outlet": dict(report.holdings.by_outlet)},
        "left": report.left,
        "below_floor": report.below_floor,
        "best_left": report.best_left,
        "floor": report.floor,
        "troubles": [dataclasses.asdict(trouble) for trouble in report.troubles],
        **(search_record(report.searched) if report.searched is not None else {}),
        "broken_outlets": [as_record(check) for check in report.broken_outlets],
        "workers": report.workers,
        "workers_lost": report.workers_lost,
        "insecure_tls_hosts": report.insecure_tls_hosts,
        "database": report.database,
    }


def print_report(report: CrawlReport, next_steps: Sequence[str] = NEXT_STEPS) -> None:
    """Print what the crawl brought, why it stopped, where the data is and what to do next, on stderr.

    With -q only what stood in its way.
    """
    if report.offline and report.ending is Ending.DOWN:
        trouble = one_line(report.troubles[0].trouble)
        asked = _number(len(report.troubles), "host", "hosts")
        complain(f"no answer from {asked} ({trouble}); check the network, then run the same command again")
        return
    if is_quiet():
        if report.ending in SENTENCES:
            complain(f"{report.topic}: {SENTENCES[report.ending]}")
        return
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    console.print()
    console.print(_headline(report))
    if report.ending in SENTENCES:
        console.print(Padding(Text(SENTENCES[report.ending], style="yellow"), (0, 0, 0, 2), expand=False))
    console.print(Padding(Group(*_parts(report)), (1, 0, 0, 2), expand=False))
    if report.holdings.stories and next_steps:
        console.print("\n  next", style="dim")
        for step in next_steps:
            # In one piece, to be copied.
            console.print(f"  {program_name()} {step}{database_option(report)}", soft_wrap=True)


def _headline(report: CrawlReport) -> Text:
    held = report.holdings
    return Text.assemble(
        (one_line(report.title), "bold"),
        (
            f": {_number(held.stories, 'story', 'stories')} in the store",
            "bold green" if held.stories else "bold yellow",
        ),
        f", {report.figures.stories:,} of them new in this crawl" if held.stories else "",
    )


def _parts(report: CrawlReport) -> list[RenderableType]:
    figures, held = report.figures, report.holdings
    parts: list[RenderableType] = [_facts(report)]
    if figures.fetches_by_outlet:
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
        table.add_column("outlet")
        for heading in ("fetched", "new stories", "stories in the store"):
            table.add_column(heading, justify="right")
        for outlet, fetched in (+figures.fetches_by_outlet).most_common():
            table.add_row(
                outlet, str(fetched), str(figures.stories_by_outlet[outlet]), str(held.by_outlet[outlet])
            )
        parts += ["", table]
    if figures.outcomes:
        parts += ["", Text("pages that gave no story", style="dim")]
        parts += [
            Text(f"{number:>5}  {OUTCOMES.get(kind, kind)}{_reason(report, kind)}")
            for kind, number in figures.outcomes.most_common()
        ]
    parts += [
        Text(f"{trouble.host}: {one_line(trouble.trouble)}", style="yellow")
        for trouble in report.troubles[:MOST_TROUBLES]
    ]
    if len(report.troubles) > MOST_TROUBLES:
        parts.append(Text(f"... and {len(report.troubles) - MOST_TROUBLES} more hosts", style="yellow"))
    for check in report.broken_outlets:
        fields = ", ".join(f"{field.field} {then_and_now(field)}" for field in check.broken)
        parts.append(Text(f"{check.outlet} looks broken: {fields}; see bacajuga outlets check", style="red"))
    return parts


def _reason(report: CrawlReport, kind: str) -> str:
    """Return what the first such page said, where the kind alone does not tell what to mend."""
    detail = report.figures.details.get(kind, "") if kind in WITH_REASON else ""
    return f" ({one_line(detail)})" if detail else ""


def program_name() -> str:
    """Return how the person can call the program again."""
    if shutil.which("bacajuga"):
        return "bacajuga"
    return sys.argv[0] if sys.argv[0].endswith("bacajuga") else "python -m crawler"


def database_option(report: CrawlReport) -> str:
    """Return the option that names the crawl's database, where it is needed."""
    if os.environ.get("DATABASE_URL") or report.database == "bacajuga.db":
        return ""
    # A server's address may hold a password: it is not printed.
    return " --db ADDRESS" if "://" in report.database else f" --db {shlex.quote(report.database)}"


def _facts(report: CrawlReport) -> Table:
    figures, held = report.figures, report.holdings
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim")
    facts.add_column()
    searching = figures.fetches - figures.revisit_fetches
    per_story = f", {searching / figures.stories:.1f} fetches a story" if figures.stories else ""
    if report.searched is not None:
        several = searching > report.searched.yields.total.fetches
        per_story = ", further parts and tries counted" if several else ""
    pages = _number(figures.fetches, "page", "pages")
    facts.add_row("fetched", f"{pages} in {_duration(report.seconds)}{per_story}")
    if figures.recent and report.searched is None:
        facts.add_row(
            "harvest",
            f"{figures.harvest:.0%} on topic; {figures.recent_harvest:.0%} of the last {len(figures.recent)}",
        )
    for label, text in crawl_facts(report.searched) if report.searched is not None else ():
        facts.add_row(label, one_line(text))
    facts.add_row(
        "also",
        f"{_number(held.copies, 'copy', 'copies')} of stories, {held.off_topic:,} off topic, "
        f"{_number(held.read_also_links, 'read-also link', 'read-also links')}",
    )
    if figures.edited or figures.unchanged:
        facts.add_row(
            "again",
            f"{_number(figures.edited, 'story', 'stories')} edited, {figures.unchanged:,} as they were",
        )
    facts.add_row("stopped", f"{stop_text(report.stop_reason)}")
    best = f", the best scores {report.best_left:.2f}" if report.best_left is not None else ""
    facts.add_row(
        "left",
        f"{_number(report.left, 'link', 'links')} to fetch; "
        f"{report.below_floor:,} below the floor of {report.floor:g}{best}",
    )
    if report.workers > 1:
        lost = f", {report.workers_lost:,} of them died" if report.workers_lost else ""
        facts.add_row("workers", f"{report.workers:,}{lost}")
    facts.add_row("database", report.database)
    if report.insecure_tls_hosts:
        facts.add_row("TLS", tls_warning(report.insecure_tls_hosts), style="bold red")
    if report.contact_missing:
        facts.add_row(
            "contact",
            "not set: outlets cannot reach you; export BACAJUGA_CONTACT=you@example.org",
            style="yellow",
        )
    return facts


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
