"""``bacajuga reread``: read the kept pages again after a rule was mended, without the network."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, TopicName, examples, open_existing
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import one_line, print_json, print_table, say

if TYPE_CHECKING:
    from crawler.archive.raw_page import PageSource
    from crawler.reread.apply import Applied
    from crawler.reread.plan import Plan
    from crawler.store.database import Store

EXAMPLES = examples(
    "bacajuga reread --from archive --dry-run",
    "bacajuga reread --from archive --outlet detik --yes",
    "bacajuga reread --topic data-breach          pages kept with RAW_PAGES_DAYS",
)
SHOWN = 60  # characters of a value
SKIPPED = {
    "newer": "left alone: the store's text is from a later page that was not kept",
    "incomplete": "left alone: a part of the story was not kept",
    "unknown_topic": "left alone: their topic is a file of yours; name it with --topic FILE",
}


def reread(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="The archive that 'crawl --archive' wrote; default: the pages kept in the store.",
        ),
    ] = None,
    topic: TopicName = None,
    outlet: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this outlet; see 'bacajuga outlets'.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Change the store without asking.")] = False,
    database: Database = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Read all kept pages again with today's rules, show what changes, then change the store.

    A text that our rules had wrong is put right in its place: it does not become a new version of the story.
    Interrupted, it leaves whole stories behind; the same command goes on.
    """
    from crawler.comparing.text_marks import thresholds_of
    from crawler.crawling.crawl import crawl_settings
    from crawler.reread.apply import apply_reread
    from crawler.reread.page import RedactedPages
    from crawler.reread.plan import plan_reread
    from crawler.reread.topics import Topics

    settings = crawl_settings({})  # with the user's own outlets
    if outlet is not None:
        from crawler.outlets import outlet_named

        outlet = outlet_named(outlet).name
    topics = Topics(topic)
    max_parts = settings.getint("MAX_PARTS")
    store = open_existing(database)
    source = _source(store, folder)
    if settings.getbool("REDACT_AT_STORE"):
        source = RedactedPages(source)
    with ProgressLine() as progress:
        plan = plan_reread(
            store,
            source,
            topics,
            outlet=outlet,
            max_parts=max_parts,
            on_page=partial(progress, "reading pages"),
        )
    if not as_json:
        _print_plan(plan)
    applied = None
    if not plan.is_empty and not dry_run and (yes or _confirmed(plan)):
        with ProgressLine() as progress:
            applied = apply_reread(
                store,
                source,
                topics,
                plan,
                thresholds=thresholds_of(settings),
                revisit_hours=[float(hours) for hours in settings.getlist("REVISIT_AFTER_HOURS")],
                max_parts=max_parts,
                on_page=partial(progress, "writing stories"),
            )
        say(f"{applied.changed:,} stories changed, {applied.added:,} added")
    elif not plan.is_empty:
        say("nothing was changed" + ("" if dry_run else "; to change it, add --yes"))
    if as_json:
        print_json(_record(plan, applied))


def _source(store: Store, folder: Path | None) -> PageSource:
    """Return where the kept pages are.

    Raises:
        typer.Exit: when there are none.
    """
    if folder is not None:
        from crawler.archive import require_warcio

        require_warcio(f"the archive {folder}")
        from crawler.archive.reader import Archive

        return Archive(folder)
    from crawler.store.crawl.raw_pages import StoredPages

    source = StoredPages(store)
    if not source.pages():
        found_nothing(
            f"no pages are kept in {store.address}; keep them with crawl -s RAW_PAGES_DAYS=30, or read an "
            "archive that crawl --archive DIR wrote: bacajuga reread --from DIR"
        )
    return source


def _print_plan(plan: Plan) -> None:
    rows = [
        (outlet, name, f"{count:,}")
        for outlet, counts in sorted(plan.fields.items())
        for name, count in counts.most_common()
    ]
    rows += [(outlet, "new story", f"{count:,}") for outlet, count in sorted(plan.added_by_outlet.items())]
    if rows:
        print_table(("OUTLET", "FIELD", "STORIES"), rows, flexible=1)
    for example in plan.examples:
        print(f"\n{example.outlet} {example.field}  {one_line(example.url)}")
        old, new = shown_change(example.old, example.new)
        print(f"  - {one_line(old)}\n  + {one_line(new)}")
    for unread in plan.unread[:10]:
        print(f"\n{unread.outlet} reads no more  {one_line(unread.url)}\n  {one_line(unread.reason)}")
    for reason, count in sorted(plan.skipped.items()):
        say(f"{count:,} stories {SKIPPED[reason]}")
    if plan.unread:
        say(f"{len(plan.unread):,} stories read no more; the store keeps them as they are")
    say(
        f"{plan.pages:,} pages read: {len(plan.changed):,} stories change, {len(plan.added):,} are new, "
        f"{plan.unchanged:,} stay as they are"
    )


def shown_change(old: Any, new: Any) -> tuple[str, str]:
    """Return both values, of long ones the part around the first difference, of lists what only one has.

    >>> shown_change("Andi", "Budi")
    ('Andi', 'Budi')
    >>> [len(text) for text in shown_change("x" * 500 + "lama", "x" * 500 + "baru")]
    [25, 25]
    """
    if isinstance(old, list) and isinstance(new, list) and sorted(old) != sorted(new):
        old, new = [e for e in old if e not in new], [e for e in new if e not in old]
    texts = [value if isinstance(value, str) else _listed(value) for value in (old, new)]
    same = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    start = max(0, same - SHOWN // 3) if max(map(len, texts)) > SHOWN else 0
    shown = []
    for text in texts:
        end = "…" if len(text) > start + SHOWN else ""
        shown.append(f"{'…' if start else ''}{text[start : start + SHOWN]}{end}")
    return shown[0], shown[1]


def _listed(value: Any) -> str:
    if value is None:
        return "(nothing)"
    if not isinstance(value, list):
        return str(value)
    entries = (_link(e) if isinstance(e, tuple) else str(e) for e in value)
    return "; ".join(entries) or "(nothing)"


def _link(link: tuple[int, str, str, str]) -> str:
    position, label, anchor_text, _ = link
    return f"{label} {anchor_text} (after block {position})".strip()


def _confirmed(plan: Plan) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    count = len(plan.changed) + len(plan.added)
    return typer.confirm(f"Change {count:,} stories in the store?", err=True)


def _record(plan: Plan, applied: Applied | None) -> dict[str, Any]:
    return {
        "pages": plan.pages,
        "changed": len(plan.changed),
        "added": len(plan.added),
        "unchanged": plan.unchanged,
        "not_stories": plan.not_stories,
        "unread": plan.unread,
        "skipped": plan.skipped,
        "fields": plan.fields,
        "added_by_outlet": plan.added_by_outlet,
        "examples": plan.examples,
        "applied": applied,
    }
