"""``bacajuga diff``: what the editors changed in a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.addresses import web_address
from crawler.cli.failing import found_nothing
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing
from crawler.cli.terminal import one_line, print_json, stdout

if TYPE_CHECKING:
    from rich.text import Text

    from crawler.comparing.revision_diff import Change
    from crawler.store.story.revisions import RevisionDifference, StoredRevision

EXAMPLES = examples(
    "bacajuga diff https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga diff URL --from 1 --to 3",
    "bacajuga diff URL --json | jq .difference.figures",
)
NAME_WIDTH = 8
SHOWN_DELETIONS = 200  # characters


def diff(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address of the story.")],
    old: Annotated[
        int | None, typer.Option("--from", metavar="N", help="Number of the first version.")
    ] = None,
    new: Annotated[
        int | None, typer.Option("--to", metavar="N", help="Number of the second version; the newest.")
    ] = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Show what changed between two versions of a story: title, figures, deletions, word by word.

    Without numbers: from the last version but one to the newest. Exit status 3 when there is no other
    version to compare with.
    """
    url = web_address(url)

    from crawler.store.story.revisions import compare_revisions

    found = compare_revisions(open_existing(database), url, old, new)
    if found is None:
        found_nothing(f"no two versions stored of {url}; what is known of it: bacajuga show URL")
    if as_json:
        print_json(found)
        return
    stdout().print(_page(found), soft_wrap=True)


def _page(found: RevisionDifference) -> Text:
    from rich.text import Text

    page = Text(one_line(found.new.title), style="bold")
    for name, value in _facts(found):
        page.append(f"\n{name:>{NAME_WIDTH}}  ", style="dim not bold")
        page.append(value, style="not bold")
    for change in found.difference.changes:
        page.append("\n\n" if change is found.difference.changes[0] else "\n")
        _add_change(page, change)
    return page


def _facts(found: RevisionDifference) -> list[tuple[str, str]]:
    changed = found.difference
    facts = [
        ("versions", f"{_version(found.old)} → {_version(found.new)}, of {found.versions}"),
        ("words", f"{changed.words_added:,} added, {changed.words_removed:,} removed"),
    ]
    if changed.title_changed:
        facts.append(("title", f"{one_line(found.old.title)} → {one_line(found.new.title)}"))
    facts += [("figure", f"{one_line(each.old)} → {one_line(each.new)}") for each in changed.figures]
    facts += [("deleted", one_line(each)[:SHOWN_DELETIONS]) for each in changed.deletions]
    return facts


def _version(revision: StoredRevision) -> str:
    seen_at = revision.seen_at.isoformat(sep=" ", timespec="minutes")
    return f"{revision.number} (seen {seen_at})"


def _add_change(page: Text, change: Change) -> None:
    """Add the change within the words around it; the signs say without colours what went and what came."""
    page.append(f"{change.place:>{NAME_WIDTH}}  ", style="dim not bold")
    page.append(_before(change), style="not bold")
    if change.old:
        page.append(f"[-{one_line(change.old)}-]", style="red not bold")
    if change.new:
        page.append(f"{{+{one_line(change.new)}+}}", style="green not bold")
    page.append(_after(change), style="not bold")


def _before(change: Change) -> str:
    return f"{one_line(change.before)} " if change.before else ""


def _after(change: Change) -> str:
    # No space before the comma that follows the words.
    after = one_line(change.after)
    return f" {after}" if after and after[0].isalnum() else after
