"""``bacajuga dedupe``: how many stories there are behind the articles, and finding all copies anew."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.given_topic import nothing_stored
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing
from crawler.cli.terminal import print_json, say

if TYPE_CHECKING:
    from crawler.comparing.likeness import Thresholds
    from crawler.store.database import Store
    from crawler.store.dedupe.redo_changes import Changes

EXAMPLES = examples(
    "bacajuga dedupe                            articles and stories in the store",
    "bacajuga dedupe --redo --dry-run           what would change",
    "bacajuga dedupe --redo --near .8 --yes",
)
KINDS = ("exact", "near", "contained")


def _share(name: str, help_text: str) -> object:
    return typer.Option(name, metavar="SHARE", min=0.0, max=1.01, help=help_text)


def dedupe(
    redo: Annotated[
        bool, typer.Option("--redo", help="Find all copies anew, from the stored texts; nothing is fetched.")
    ] = False,
    near: Annotated[float, _share("--near", "A copy has at least this share of 3-word phrases.")] = 0.7,
    near_with_numbers: Annotated[
        float, _share("--near-with-numbers", "Or this share, if the figures are the same.")
    ] = 0.5,
    numbers: Annotated[float, _share("--numbers", "Figures are the same from this share on.")] = 0.7,
    contained: Annotated[
        float, _share("--contained", "A story stands in a longer one from this share on.")
    ] = 0.9,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing anything.")] = False,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell articles from stories, or find all copies anew with other thresholds.

    A run with --redo that was stopped goes on where it was; crawls may go on meanwhile.
    """
    store = open_existing(database)
    if not redo:
        _tell(store, as_json)
        return
    from crawler.comparing.likeness import Thresholds

    chosen = Thresholds(near=near, near_with_numbers=near_with_numbers, numbers=numbers, contained=contained)
    _redo(store, chosen, dry_run=dry_run, sure=yes, as_json=as_json)


def _tell(store: Store, as_json: bool) -> None:
    from crawler.store.dedupe.group_counts import group_counts

    with store.read() as connection:
        counts = group_counts(connection)
    if as_json:
        print_json(counts)
    if not counts.articles:
        found_nothing(nothing_stored(store))
    if as_json:
        return
    kinds = ", ".join(f"{counts.links[kind]:,} {kind}" for kind in KINDS)
    print(f"{counts.articles:,} articles, {counts.stories:,} stories; links: {kinds}")
    if counts.outdated:
        print(f"{counts.outdated:,} articles have outdated fingerprints: bacajuga dedupe --redo mends that")
    for alarm in counts.alarms:
        print(f"{alarm.stories:,} stories of {alarm.host} have the same text: {alarm.example_url}")


def _redo(store: Store, thresholds: Thresholds, *, dry_run: bool, sure: bool, as_json: bool) -> None:
    from crawler.cli.progress_line import ProgressLine
    from crawler.store.dedupe.redo import make_plan
    from crawler.store.dedupe.redo_apply import carry_out
    from crawler.store.dedupe.redo_changes import changes
    from crawler.store.dedupe.redo_plan import open_plan

    plan = open_plan(store, thresholds)
    with ProgressLine() as progress:
        make_plan(store, plan, thresholds, progress)
    found = changes(store, plan)
    if not found.articles:
        found_nothing(nothing_stored(store))
    if as_json:
        print_json(found)
    else:
        _print_changes(found)
    if dry_run:
        say(f"nothing was changed; without --dry-run the plan kept in {plan.path} is carried out")
        return
    if not sure and sys.stdin.isatty():
        typer.confirm("Change the store?", abort=True, err=True)
    carry_out(store, plan, thresholds)
    say(f"database {store.address}: links written")


def _print_changes(found: Changes) -> None:
    print(f"{found.articles:,} articles")
    for kind in KINDS:
        print(f"{kind:>10}  {found.before[kind]:,} → {found.after[kind]:,}")
    for what, number in found.changed.most_common():
        print(f"{what}: {number:,}")
    for sample in found.samples:
        print(f"  {sample.what}: {sample.url}")
    if found.alarms:
        print(f"{found.alarms:,} texts under many headlines of one host: not copies, but unreadable pages")
    if found.are_none:
        print("all copies stay as they are")
