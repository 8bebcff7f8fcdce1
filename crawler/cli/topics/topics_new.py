"""``bacajuga topics new``: a topic file, proposed from example stories."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.addresses import is_web_address, stated_address, web_address
from crawler.cli.options import Settings, examples, on_disk, open_existing, setting_overrides
from crawler.cli.terminal import one_line, say
from crawler.errors import PageError, TopicError

if TYPE_CHECKING:
    from crawler.store.database import Store
    from crawler.topic_proposal.example import Example

EXAMPLES = examples(
    "bacajuga topics new kebocoran-data --from https://www.tribunnews.com/...",
    "bacajuga topics new kebocoran-data --from artikel.txt saved.html https://...",
    "bacajuga topics new kebocoran-data --from https://... --db news.db",
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|article|meta)\b", re.IGNORECASE)
_HTML_WITHIN = 4096  # bytes from the file's beginning


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="FILE_OR_URL", help="Further example stories.")
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="FILE_OR_URL",
            help="An example story: an address, a saved page, or a plain text with a headline and its "
            '"Baca juga:" lines. Repeatable; several may follow each other.',
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Language of the stories; default: what they say, else id."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Default: NAME.toml in this folder; - for stdout."
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="ADDRESS",
            callback=on_disk,
            help="Take stories that are stored there without fetching.",
        ),
    ] = None,
    settings: Settings = None,
) -> None:
    """Propose a topic file from example stories, for you to edit.

    Two to five stories of different events tell more than one. What the headlines, sub-headings and
    "Baca juga" lines of the examples have in common, and other news has not, becomes what to look for.
    """
    from crawler.topic.topic_file import LANGUAGE, NAME

    if not NAME.fullmatch(name):
        raise typer.BadParameter(
            f"{name!r} is no topic's name; wanted: small letters, digits and hyphens, such as kebocoran-data",
            param_hint="'NAME'",
        )
    if language is not None and not LANGUAGE.fullmatch(language):
        raise typer.BadParameter(
            f"{language!r} is no language code; wanted: such as id", param_hint="'--language'"
        )
    given = list(dict.fromkeys([*(sources or []), *(more or [])]))
    if not given:
        raise typer.BadParameter(
            "no example stories; give one at least: --from FILE_OR_URL", param_hint="'--from'"
        )
    file = output or Path(f"{name}.toml")
    if file.exists():
        raise TopicError(f"topic file {file} is there already; move it away, or choose another one with -o")
    found = _examples(given, database, setting_overrides(settings))

    from crawler.topic.topic_file import read_topic_file
    from crawler.topic_proposal.counting import Counts
    from crawler.topic_proposal.proposal import propose_topic
    from crawler.topic_proposal.writing import topic_file_of

    proposal = propose_topic(name, found, language)
    text = topic_file_of(proposal, Counts(found, proposal.language).units)
    read_topic_file(text, str(file))
    if str(file) == "-":
        print(text, end="")
    else:
        _write(text, file)
        print(file)
    for headline in proposal.unmatched:
        say(f"? it would not take an example of yours: {one_line(headline)}")
    if len(found) == 1:
        say("? one example tells its event more than the topic; two to five of different events tell more")
    if proposal.since is None:
        say("? the examples do not tell their day: set since and until yourself")
    path = f"./{name}.toml" if str(file) == "-" else str(file) if "/" in str(file) else f"./{file}"
    say(
        f"Look it through; then: bacajuga topics check {path} HEADLINES.tsv"
        f"   (columns headline, label)\nand: bacajuga crawl {path}"
    )


def _write(text: str, file: Path) -> None:
    try:
        with file.open("x", encoding="utf-8") as into:
            into.write(text)
    except OSError as error:
        raise TopicError(
            f"topic file {file} cannot be written: {error.strerror}; name another with -o"
        ) from error


def _examples(given: list[str], database: str | None, overrides: dict[str, str]) -> list[Example]:
    """The examples in the order given; stored stories and files are taken before anything is fetched."""
    found: dict[str, Example] = {}
    to_fetch = []
    store = open_existing(database) if database else None
    for source in given:
        if not is_web_address(source):
            found[source] = _from_file(source)
            continue
        stored = _from_store(store, web_address(source, "--from")) if store else None
        if stored:
            found[source] = stored
        else:
            to_fetch.append(source)
    if to_fetch:
        from crawler.crawling.fetch import fetch_html
        from crawler.topic_proposal.example import example_of_page

        say(f"fetching {len(to_fetch)} page{'' if len(to_fetch) == 1 else 's'}")
        pages = fetch_html([web_address(url, "--from") for url in to_fetch], **overrides)
        for url, page in zip(to_fetch, pages, strict=True):
            found[url] = example_of_page(page.html, page.url, page.url)
    return [found[source] for source in given]


def _from_file(path: str) -> Example:
    from crawler.topic_proposal.example import example_of_page
    from crawler.topic_proposal.plain_text import example_of_text

    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PageError(f"example {path} cannot be read: {reason}; name a file or a web address") from error
    if _HTML.search(content[:_HTML_WITHIN]):
        url = stated_address(content)
        if url is None:
            raise PageError(
                f"example {path} is a saved page that does not tell its address; write this line on top: "
                "<!-- saved from https://... -->"
            )
        return example_of_page(content, url, path)
    try:
        return example_of_text(content.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise PageError(f"example {path} is neither a page nor UTF-8 text: {error.reason}") from error


def _from_store(store: Store, url: str) -> Example | None:
    from crawler.store.answers.shown_story import show
    from crawler.topic_proposal.example import example_of

    story = show(store, url)
    if story is None:
        return None
    return example_of(
        headline=story.title,
        paragraphs=[story.deck or "", *story.body.split("\n\n")],
        related=[link.anchor_text for link in story.links_out],
        source=story.url,
        url=story.canonical_url,
        outlet=story.outlet,
        language=story.language,
        published_on=story.published_at.date() if story.published_at else None,
        tags=tuple(story.tags),
    )
