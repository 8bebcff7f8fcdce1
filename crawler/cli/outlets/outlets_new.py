"""``bacajuga outlets new``: rules for an outlet, proposed from two or three of its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.addresses import is_web_address, stated_address, web_address
from crawler.cli.options import Settings, examples, setting_overrides
from crawler.cli.terminal import complain, one_line, say
from crawler.errors import PageError

if TYPE_CHECKING:
    from crawler.outlet_proposal.proposal import Proposal
    from crawler.reading.page import Page

EXAMPLES = examples(
    "bacajuga outlets new https://example.co.id/1/... https://example.co.id/2/...",
    "bacajuga outlets new first.html second.html --folder my-outlets",
    "bacajuga outlets new 1.html 2.html --url https://... --url https://...",
    "BACAJUGA_OUTLETS=my-outlets bacajuga read https://example.co.id/3/...",
)


def new(
    pages: Annotated[
        list[str],
        typer.Argument(metavar="URL_OR_PAGE", help="Two or three stories: addresses or saved pages."),
    ],
    urls: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="URL", help="The address of a saved page, in their order; repeatable."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The outlet's name; default: that of its domain.")
    ] = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the files go.", envvar="BACAJUGA_OUTLETS")
    ] = Path("outlets"),
    settings: Settings = None,
) -> None:
    """Propose rules for an outlet from what its pages agree on; write them down for you to finish.

    It writes the outlet's file, and for each page a skeleton for your own sentences with what it should
    give. Nothing of the pages' text is kept. On stderr it says what it was not sure about.
    """
    if name is not None and not name.isidentifier():
        raise typer.BadParameter(f"{name!r} cannot name a Python file", param_hint="'--name'")
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)  # it may be the folder that outlets are loaded from
    loaded = _loaded(pages, urls or [], setting_overrides(settings))

    from crawler.outlet_proposal.proposal import propose

    proposal = propose(loaded, name)
    written = _write(proposal, loaded, folder)
    for path in written:
        print(path)
    for doubt in dict.fromkeys(proposal.doubts):
        say(f"? {one_line(doubt)}")
    say(
        f"{proposal.name}: {len(proposal.rules)} rules. Look through {written[0]}, write "
        f"your own sentences into its pages, then: BACAJUGA_OUTLETS={folder} bacajuga read URL"
    )
    if "headline" not in proposal.rules or "body" not in proposal.rules:
        complain("neither headline nor text could be told on these pages; other pages may do better")
        raise typer.Exit(exit_status.NOTHING_FOUND)


def _loaded(pages: list[str], urls: list[str], overrides: dict[str, str]) -> list[Page]:
    from crawler.reading.page import Page

    given = iter(urls)
    found: dict[int, Page] = {}
    asked = {at: web_address(page, "URL_OR_PAGE") for at, page in enumerate(pages) if is_web_address(page)}
    for at, page in enumerate(pages):
        if at not in asked:
            found[at] = _saved(page, next(given, None))
    if asked:
        from crawler.crawling.fetch import fetch_html

        fetched = fetch_html(list(asked.values()), **overrides)
        found.update((at, Page(each.url, each.html)) for at, each in zip(asked, fetched, strict=True))
    return [found[at] for at in sorted(found)]


def _saved(path: str, url: str | None) -> Page:
    from crawler.reading.page import Page

    try:
        html = Path(path).read_bytes()
    except OSError as error:
        raise PageError(
            f"page {path} cannot be read: {error.strerror}; name a saved page or an address"
        ) from error
    address = url or stated_address(html)
    if not address or not is_web_address(address):
        raise typer.BadParameter(f"{path} does not tell its address; give it", param_hint="'--url'")
    return Page(web_address(address, "--url"), html)


def _write(proposal: Proposal, pages: list[Page], folder: Path) -> list[Path]:
    """Write the outlet's file and its page pairs; return their paths."""
    from crawler.outlet_proposal.writing import expectation_of, skeleton_of, source_of

    files = {folder / f"{proposal.name}.py": source_of(proposal)}
    for number, page in enumerate(pages, start=1):
        stem = folder / "pages" / proposal.name / f"page-{number}"
        skeleton = skeleton_of(proposal, page)
        files[stem.with_suffix(".html")] = skeleton
        expectation = expectation_of(proposal, skeleton)
        files[stem.with_suffix(".json")] = json.dumps(expectation, ensure_ascii=False, indent=2) + "\n"
    there = [str(path) for path in files if path.exists()]
    if there:
        raise PageError(
            f"{', '.join(there)}: already there; move it away, or choose another --name or --folder"
        )
    with _explained(folder):
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return list(files)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise PageError(f"folder {folder} cannot be written: {reason}; name another with --folder") from error
