"""Rules for an outlet that we do not know, proposed from what two or three of its pages have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.errors import PageError
from crawler.items import Article
from crawler.outlet import Outlet
from crawler.outlet_proposal.landmarks import Landmarks, landmarks_of
from crawler.outlet_proposal.selector_choice import Choice, Wanted, choose, cost, selectors_of
from crawler.reading.dates import find_date, parse_date
from crawler.reading.page import Page
from crawler.urls import host_of, path_of, registrable_domain

# One thing, or all of a kind; a story's text must be found alone.
SINGLE = ("headline", "date", "author", "editor", "byline", "body", "read_also", "image", "caption")
GROUPS = ("tags", "section")
# How an address tells its story, the surest form first: searched in "host/path".
_IDS = (
    r"/(\d{4}/\d\d/\d\d/\d{5,})(?:/|$)",
    r"/(?:read|artikel|berita|news|baca)/(\d{4,})(?:/|$)",
    r"/[a-z]{1,3}-(\d{4,})(?:/|$)",
    r"/(\d{5,})(?:/|$)",
    r"-(\d{4,})(?:\.html?)?/?$",
    r"/(\d{4,})-",
)
_WHOLE = re.compile(r"\?((?:page|showpage)=all|single=1)\b")
_LATER = re.compile(r"[?&](?:page|halaman)=2\b")


@dataclass(kw_only=True, slots=True)
class Proposal:
    """An outlet's file as far as its pages tell it, and what a person has to look at."""

    name: str
    title: str
    hosts: tuple[str, ...]
    rules: dict[str, tuple[str, ...]]
    article_id: str | None
    whole_story: str | None
    doubts: list[str] = field(default_factory=list)
    landmarks: list[Landmarks] = field(default_factory=list)

    def outlet(self) -> Outlet:
        """Return the proposed outlet, to read pages with."""
        declared = {
            "title": self.title,
            "hosts": self.hosts,
            "name": self.name,
            "article_id": (self.article_id,) if self.article_id else (),
            "whole_story": self.whole_story,
            **self.rules,
        }
        proposed: type[Outlet] = type("Proposed", (Outlet,), declared)
        return proposed()


def propose(pages: Sequence[Page], name: str | None = None) -> Proposal:
    """Return the rules that a site's pages agree on.

    Args:
        pages: two or three stories of one site.
        name: the outlet's name; None for that of its domain.

    Raises:
        PageError: when there is no page, or they are of several sites.
    """
    domains = list(dict.fromkeys(registrable_domain(page.url) for page in pages))
    if len(domains) != 1:
        raise PageError(f"pages of one site are needed, and these are of {', '.join(domains) or 'none'}")
    found = [landmarks_of(page) for page in pages]
    proposal = Proposal(
        name=name or re.sub(r"\W", "", domains[0].partition(".")[0]),
        title=pages[0].meta("og:site_name") or domains[0],
        hosts=(domains[0],),
        rules={},
        article_id=_article_id(pages),
        whole_story=_whole_story(pages),
        landmarks=found,
    )
    if len(pages) < 2:
        proposal.doubts.append("only one page: what stands on every page of the site cannot be told")
    for rule in (*SINGLE, *GROUPS):
        _propose_rule(proposal, rule, found)
    _propose_noise(proposal, found)
    _order_rules(proposal)
    _doubt_addresses(proposal)
    _doubt_times(proposal, found)
    _doubt_lines(proposal, found)
    _try_out(proposal, pages)
    return proposal


def _propose_rule(proposal: Proposal, rule: str, found: list[Landmarks]) -> None:
    if rule == "image" and all(each.page.meta("og:image") for each in found):
        return  # every outlet's default
    wanted = [Wanted(each.page, getattr(each, rule), every=rule in GROUPS) for each in found]
    chosen = choose(wanted, exclusive=rule == "body")
    if rule == "body" and chosen.missed:
        # What stands elsewhere under the same name is better than no text at all.
        more = choose([each for each in wanted if each.page in chosen.missed])
        chosen = Choice((*chosen.rules, *more.rules), more.missed)
        proposal.doubts += [f"body: {css} finds more than the text on some page" for css in more.rules]
    if chosen.rules:
        proposal.rules[rule] = chosen.rules
    for page in chosen.missed:
        proposal.doubts.append(f"{rule}: no selector finds it on {page.url}")
    absent = [each.page.url for each in found if not getattr(each, rule)]
    if rule in ("headline", "date", "body"):
        proposal.doubts += [f"{rule}: nothing on {url} looks like it" for url in absent]
    elif chosen.rules and absent:
        proposal.doubts.append(f"{rule}: found on {len(found) - len(absent)} of {len(found)} pages")


def _propose_noise(proposal: Proposal, found: list[Landmarks]) -> None:
    """Take for noise what bears a name of its kind, on any of the pages, inside the story's text."""
    noise: dict[str, None] = {}
    for each in found:
        for element in each.noise:
            # By its own name only: "div.text div" would leave out half of the story on another page.
            own = [css for css in selectors_of(element) if " " not in css and css != element.tag]
            if own:
                noise[min(own, key=cost)] = None
    kept = [css for css in noise if css not in proposal.rules.get("read_also", ())]
    if kept:
        proposal.rules["noise"] = tuple(kept)
        proposal.doubts.append(f"noise: left out of the text by its name alone: {', '.join(kept)}")


def _order_rules(proposal: Proposal) -> None:
    order = [name for name in Outlet.__annotations__ if name in proposal.rules]
    proposal.rules = {name: proposal.rules[name] for name in order}
    if "headline" in proposal.rules and "h1" not in proposal.rules["headline"]:
        proposal.rules["headline"] += ("h1",)


def _article_id(pages: Sequence[Page]) -> str | None:
    """Return the first form of an id that all addresses have, each another one."""
    places = [f"{host_of(page.url)}{path_of(page.url)}" for page in pages]
    for pattern in _IDS:
        ids = [match[1] for place in places if (match := re.search(pattern, place))]
        if len(set(ids)) == len(set(places)):
            return pattern
    return None


def _whole_story(pages: Sequence[Page]) -> str | None:
    for page in pages:
        for href in _hrefs(page):
            match = _WHOLE.search(href)
            if match and path_of(page.absolute(href)) == path_of(page.url):
                return match[1]
    return None


def _hrefs(page: Page) -> list[str]:
    return [anchor.get("href") or "" for anchor in page.root.iter("a")]


def _doubt_addresses(proposal: Proposal) -> None:
    if proposal.article_id is None:
        proposal.doubts.append("article_id: the addresses share no number; a whole address tells a story")
    else:
        proposal.doubts.append(f"article_id: {proposal.article_id} is a guess; AMP and mobile addresses too?")
    split = any(_LATER.search(href) for each in proposal.landmarks for href in _hrefs(each.page))
    if split and proposal.whole_story is None:
        proposal.doubts.append(
            "whole_story: stories come in pages; is there an address that gives all of one?"
        )


def _doubt_times(proposal: Proposal, found: list[Landmarks]) -> None:
    for each in found:
        stated = parse_date(each.page.text(("ld:datePublished", "meta:article:published_time")))
        printed = find_date(each.page.text(proposal.rules.get("date", ())) or "")
        if stated and printed and printed.has_clock and abs(stated - printed.at).total_seconds() >= 60:
            proposal.doubts.append(
                f"date: {each.page.url} prints {printed.at.isoformat()}, "
                f"its metadata say {stated.isoformat()}"
            )


def _doubt_lines(proposal: Proposal, found: list[Landmarks]) -> None:
    lines, bare = sum(each.lines for each in found), sum(each.unlabelled for each in found)
    if bare:
        proposal.doubts.append(
            f"read_also: {bare} lines of the text are only a link, without a label; where they are read-also "
            "links, name their element in read_also"
        )
    elif not lines:
        proposal.doubts.append("read_also: no such line on these pages; save a page that has one")


def _try_out(proposal: Proposal, pages: Sequence[Page]) -> None:
    """Read the pages by the proposed rules and doubt what comes out less than well."""
    outlet = proposal.outlet()
    for page in pages:
        item = outlet.read(page)
        if not isinstance(item, Article):
            proposal.doubts.append(
                f"{page.url} is read as {type(item).__name__}: {getattr(item, 'detail', '')}"
            )
            continue
        missing = [name for name in ("published_at", "authors") if not getattr(item, name)]
        proposal.doubts += [f"{name}: nothing is read from {page.url}" for name in missing]
