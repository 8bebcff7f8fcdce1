"""``bacajuga read``: one page as JSON, without any crawl."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.addresses import is_web_address, web_address
from crawler.cli.options import Settings, examples, setting_overrides
from crawler.cli.terminal import complain, print_json
from crawler.errors import PageError

if TYPE_CHECKING:
    from crawler.items import Item, Outcome

EXAMPLES = examples(
    "bacajuga read https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga read saved.html --url https://www.detik.com/...",
    "bacajuga read URL | jq '.links[].url'",
)
# How a fetch ends when it is the site that does not let us have the page.
UNREACHABLE_KINDS = frozenset({"blocked", "host_down", "server_error", "forbidden"})


def read(
    page: Annotated[
        str, typer.Argument(metavar="PAGE_OR_URL", help="A saved page, - for stdin, or an address.")
    ],
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The address that a saved page was fetched from."),
    ] = None,
    settings: Settings = None,
) -> None:
    """Read one page and print the story as a JSON object: its fields, text and read-also links."""
    overrides = setting_overrides(settings)
    if is_web_address(page):
        item = _fetched(web_address(page, "PAGE_OR_URL"), overrides)
    else:
        item = _saved(page, url)

    from crawler.items import Article, Listing
    from crawler.reading.reader import as_record

    if isinstance(item, Article):
        print_json(as_record(item))
        return
    if isinstance(item, Listing):
        complain(f"{item.url} is a list of {len(item.links)} stories, not a story")
        raise typer.Exit(exit_status.NOTHING_FOUND)
    complain(_told(item))
    raise typer.Exit(_status(item))


def _saved(page: str, url: str | None) -> Item:
    if page != "-" and "\0" not in page and not Path(page).exists():
        raise PageError(f"page {page} is not there; name a saved page, or a web address with https://")
    if url is None:
        raise typer.BadParameter(
            "a saved page needs its address, which tells the outlet: --url https://...", param_hint="'--url'"
        )
    url = web_address(url, "--url")
    try:
        html = sys.stdin.buffer.read() if page == "-" else Path(page).read_bytes()
    except OSError as error:
        raise PageError(f"page {page} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PageError(f"page {page!r} cannot be read: {error}") from error

    from crawler.reading.reader import read_page

    return read_page(html, url)


def _fetched(url: str, overrides: dict[str, str]) -> Item:
    from crawler.crawling.fetch import fetch_page

    return fetch_page(url, **overrides)


def _told(outcome: Outcome) -> str:
    from crawler.store.verdict import OUTCOME_SENTENCES

    detail = f" ({outcome.detail})" if outcome.detail else ""
    return f"{outcome.url}: {OUTCOME_SENTENCES[outcome.kind]}{detail}"


def _status(outcome: Outcome) -> int:
    if outcome.kind in UNREACHABLE_KINDS:
        return exit_status.UNREACHABLE
    return exit_status.NOTHING_FOUND if outcome.kind in {"gone", "not_a_story"} else exit_status.ERROR
