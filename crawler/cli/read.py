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
    from crawler.items import Item, Outcome, PageKind

EXAMPLES = examples(
    "bacajuga read https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga read saved.html --url https://www.detik.com/...",
    "bacajuga read URL | jq '.links[].url'",
    "bacajuga read https://www.kompas.com/tag/kebocoran-data",
    "bacajuga read https://www.liputan6.com/news --as tag_page",
)
# The values of crawler.items.PageKind.
KINDS = ("story", "tag_page", "date_index", "sitemap", "feed")
# How a fetch ends when it is the site that does not let us have the page.
UNREACHABLE_KINDS = frozenset({"blocked", "host_down", "server_error", "forbidden", "untrusted"})


def read(
    page: Annotated[
        str, typer.Argument(metavar="PAGE_OR_URL", help="A saved page, - for stdin, or an address.")
    ],
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The address that a saved page was fetched from."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help=f"What to read it as: {', '.join(KINDS)}. Without it, what the address looks like.",
        ),
    ] = None,
    settings: Settings = None,
) -> None:
    """Read one page and print it as JSON: a story's fields, text and read-also links, or a list's entries."""
    overrides = setting_overrides(settings)
    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="'--as'")
    if is_web_address(page):
        item = _fetched(web_address(page, "PAGE_OR_URL"), kind, overrides)
    else:
        item = _saved(page, url, kind)

    from crawler.items import Article, Listing
    from crawler.reading.reader import as_record

    if isinstance(item, Article | Listing):
        print_json(as_record(item))
        if isinstance(item, Article) or item.links:
            return
        complain(f"{item.url} lists no stories")
        raise typer.Exit(exit_status.NOTHING_FOUND)
    complain(_told(item))
    raise typer.Exit(_status(item))


def _kind(named: str | None, url: str, content: bytes = b"") -> PageKind:
    from crawler.items import PageKind
    from crawler.reading.listing import kind_at

    return PageKind(named) if named else kind_at(url, content)


def _saved(page: str, url: str | None, kind: str | None) -> Item:
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
        raise PageError(f"page {page} cannot be read: {error.strerror}; name another one") from error
    except ValueError as error:
        raise PageError(f"page {page!r} cannot be read: {error}; name another one") from error

    from crawler.reading.reader import read_page

    return read_page(html, url, kind=_kind(kind, url, html))


def _fetched(url: str, kind: str | None, overrides: dict[str, str]) -> Item:
    from crawler.crawling.fetch import fetch_page

    return fetch_page(url, _kind(kind, url), **overrides)


def _told(outcome: Outcome) -> str:
    from crawler.store.answers.verdict import OUTCOME_SENTENCES

    detail = f" ({outcome.detail})" if outcome.detail else ""
    return f"{outcome.url}: {OUTCOME_SENTENCES[outcome.kind]}{detail}"


def _status(outcome: Outcome) -> int:
    if outcome.kind in UNREACHABLE_KINDS:
        return exit_status.UNREACHABLE
    return exit_status.NOTHING_FOUND if outcome.kind in {"gone", "not_a_story"} else exit_status.ERROR
