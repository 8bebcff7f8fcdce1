"""``bacajuga show``: one story with its addresses, versions, links and copies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.addresses import web_address
from crawler.cli.failing import found_nothing
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing
from crawler.cli.terminal import hanging, one_line, print_json, printable, stdout

if TYPE_CHECKING:
    from rich.text import Text

    from crawler.store.answers.shown_story import ShownStory
    from crawler.store.story.story_links import StoredLink

EXAMPLES = examples(
    "bacajuga show https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga show URL --text",
    "bacajuga show URL --json | jq .links_out",
)
NAME_WIDTH = 10
PLAIN, DIM, BOLD = "not bold not dim", "not bold dim", "bold not dim"


def show(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address of the story.")],
    text: Annotated[bool, typer.Option("--text", help="Print the story's text, too.")] = False,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Show a stored story: who wrote it and when, its links in and out, its versions and copies."""
    url = web_address(url)

    from crawler.store.answers.shown_story import show as look_up

    story = look_up(open_existing(database), url)
    if story is None:
        found_nothing(f"not stored: {url}; the reason: bacajuga why-not URL")
    if as_json:
        print_json(story)
        return
    console = stdout()
    console.print(_page(story, console.width), soft_wrap=True)
    if text:
        print(f"\n{printable(story.body)}")


def _page(story: ShownStory, width: int) -> Text:
    from rich.text import Text

    page = Text(hanging(story.title, 0, width), style="bold")
    if story.deck:
        page.append(f"\n{hanging(story.deck, 0, width)}", style=f"{PLAIN} italic")
    for name, value in _facts(story):
        if value:
            page.append(f"\n{name:>{NAME_WIDTH}}  ", style=DIM)
            page.append(hanging(value, NAME_WIDTH + 2, width), style=PLAIN)
    for heading, links in (("Links out", story.links_out), ("Links in", story.links_in)):
        if links:
            page.append(f"\n\n{heading}", style=BOLD)
        for link in links:
            page.append("\n  ")
            _add_link(page, link, width, incoming=heading == "Links in")
    if story.copies:
        page.append("\n\nCopies", style=BOLD)
    for copy in story.copies:
        told = (
            _time(copy.published_at),
            copy.outlet,
            copy.relation,
            f"by {copy.agency}" if copy.agency else "",
        )
        page.append(f"\n  {one_line(' · '.join(filter(None, told)))}", style=PLAIN)
        page.append(f"\n    {one_line(copy.url)}", style=DIM)
    return page


def _facts(story: ShownStory) -> list[tuple[str, str]]:
    """Return what is known of the story, each fact with its name; an unknown one has no value."""
    facts = [
        ("outlet", " · ".join(filter(None, (story.outlet, story.section, story.agency)))),
        ("published", _time(story.published_at)),
        ("modified", _time(story.modified_at)),
        ("authors", ", ".join(story.authors)),
        ("editors", ", ".join(story.editors)),
        ("tags", ", ".join(story.tags)),
        ("words", f"{story.word_count:,}"),
        ("address", story.url),
        *(("also at", address) for address in story.addresses),
    ]
    for fit in story.topics:
        phrases = f" ({', '.join(fit.matched)})" if fit.matched else ""
        facts.append(
            (
                "topic",
                f"{fit.topic}: {'' if fit.on_topic else 'off topic, '}relevance {fit.relevance:.2f}{phrases}",
            )
        )
        facts.append(("found via", fit.found_via or ""))
    facts += [
        ("repeats", story.duplicate_of or ""),
        *(("missing", address) for address in story.missing_pages),
        ("first seen", _time(story.first_seen_at)),
        ("last seen", _time(story.last_seen_at)),
        ("gone since", _time(story.gone_at)),
    ]
    if len(story.revisions) > 1:
        facts += [("version", f"{_time(each.seen_at)}  {each.title}") for each in story.revisions]
    return facts


def _add_link(page: Text, link: StoredLink, width: int, *, incoming: bool) -> None:
    label = f"{one_line(link.label) or 'link'}: "
    page.append(label, style=DIM)
    page.append(hanging(link.anchor_text, 2 + len(label), width), style=PLAIN)
    page.append(f"\n    {one_line(link.source_url if incoming else link.target_url)}", style=DIM)
    if not incoming and not link.target_stored:
        page.append("  not stored", style="yellow not bold")


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(sep=" ", timespec="minutes")
