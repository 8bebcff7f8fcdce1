"""What a perfect crawl of the sample web finds, computed from the same declarations as the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.demo.addresses import MOBILE_TRIBUN, NATIONAL_TRIBUN, amp_url, outlet_of, variant_url
from crawler.demo.graph import first_day
from crawler.demo.layouts.render import pieces
from crawler.demo.layouts.view import Anchor, dateline
from crawler.demo.rabbit_hole import is_in_rabbit_hole
from crawler.demo.site import layout_for, without_tracking
from crawler.demo.story import ReadAlso
from crawler.demo.trap import TrapKind

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.demo.graph import Graph
    from crawler.demo.story import Story

# Page 2 of the story, on the mobile host: where the project's first user began.
SEED = (
    "https://m.tribunnews.com/nasional/2021/05/21/"
    "kominfo-telah-blokir-dua-tautan-situs-berisi-data-warga-peserta-bpjs-kesehatan-yang-bocor?page=2"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryTruth:
    """What is true of one story."""

    id: str
    url: str  # canonical
    aliases: frozenset[str]  # every address that shows the story or a part of it, the canonical one too
    outlet: str  # "tribunnews", "kompas", "detik", or the host of an unknown site
    title: str
    deck: str | None
    authors: list[str]
    editors: list[str]
    initials: str | None
    published_at: datetime
    modified_at: datetime
    tags: list[str]
    body: str  # blocks joined by a blank line, dateline included
    links: list[Anchor]  # read-also lines in order, as printed; a tag page under that label is none
    parts: int
    incident: str | None
    on_topic: bool
    reachable: bool  # by read-also lines from the seed, see Graph.reachable
    duplicate_of: str | None  # the id of the story it repeats word for word


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What is true of the whole web; every set holds addresses."""

    seed: str
    stories: dict[str, StoryTruth]
    must_not_fetch: frozenset[str]  # stories that only side boxes lead to
    forbidden: frozenset[str]  # closed by robots.txt, linked by read-also lines
    below_floor: frozenset[str]  # off-topic stories that only off-topic stories lead to
    gone: frozenset[str]
    soft_404: frozenset[str]
    redirects: dict[str, str]  # address to the address it names
    loops: frozenset[str]
    other_types: frozenset[str]
    listings: frozenset[str]
    fails_first: dict[str, tuple[int, ...]]  # story id to the statuses of its first visits

    @property
    def on_topic_reachable(self) -> dict[str, StoryTruth]:
        """The stories a crawl should find, by id, word-for-word copies included."""
        return {name: story for name, story in self.stories.items() if story.on_topic and story.reachable}

    @property
    def lures(self) -> dict[str, StoryTruth]:
        """The off-topic stories that on-topic stories lead to, by id."""
        return {name: story for name, story in self.stories.items() if not story.on_topic and story.reachable}

    def story_at(self, url: str) -> StoryTruth | None:
        """Return the story that an address shows, wholly or in part; None where it shows none."""
        plain = without_tracking(url.replace("http://", "https://", 1))
        return next((story for story in self.stories.values() if plain in story.aliases), None)

    def is_in_rabbit_hole(self, url: str) -> bool:
        """Whether the address is a page of the endless calendar."""
        return is_in_rabbit_hole(url)


def truth(graph: Graph | None = None) -> Truth:
    """Return the truth about the bundled web, or about another graph."""
    graph = graph or first_day()
    reached = graph.reachable()
    stories = {name: story_truth(graph, story, reached) for name, story in graph.stories.items()}

    def addresses(kind: TrapKind) -> frozenset[str]:
        return frozenset(trap.url for trap in graph.traps.values() if trap.kind is kind)

    def all_addresses(role: str) -> frozenset[str]:
        chosen = [stories[name].aliases for name, story in graph.stories.items() if story.role == role]
        return frozenset[str]().union(*chosen)

    return Truth(
        seed=SEED,
        stories=stories,
        must_not_fetch=all_addresses("side_only"),
        forbidden=all_addresses("forbidden"),
        below_floor=frozenset[str]().union(
            *(
                stories[name].aliases
                for name, story in graph.stories.items()
                if story.role == "story" and not story.on_topic and name not in reached
            )
        ),
        gone=addresses(TrapKind.GONE),
        soft_404=addresses(TrapKind.SOFT_404),
        redirects={
            trap.url: (graph.traps.get(trap.leads_to) or graph.stories[trap.leads_to]).url
            for trap in graph.traps.values()
            if trap.kind is TrapKind.REDIRECT
        },
        loops=addresses(TrapKind.LOOP),
        other_types=addresses(TrapKind.PDF),
        listings=addresses(TrapKind.LISTING),
        fails_first={name: story.fails_first for name, story in graph.stories.items() if story.fails_first},
    )


def story_truth(graph: Graph, story: Story, reached: set[str]) -> StoryTruth:
    """Return what is true of one story."""
    texts = [block.text for block in story.blocks if not isinstance(block, ReadAlso)]
    texts[0] = f"{dateline(story)} {texts[0]}"
    return StoryTruth(
        id=story.id,
        url=story.url,
        aliases=aliases(story),
        outlet=outlet_of(story.host),
        title=story.title,
        deck=story.deck if shows_deck(story) else None,
        authors=list(story.authors),
        editors=list(story.editors),
        initials=story.initials or None,
        published_at=story.published_at,
        modified_at=story.modified_at,
        tags=list(story.tags),
        body="\n\n".join(texts),
        links=[graph.anchor(line) for line in story.read_also if not leads_to_listing(graph, line)],
        parts=len(story.parts),
        incident=story.incident or None,
        on_topic=story.on_topic,
        reachable=story.id in reached,
        duplicate_of=story.copy_of or None,
    )


def shows_deck(story: Story) -> bool:
    """Whether the story has a summary and its layout prints it where a reader sees it."""
    return bool(story.deck) and "$deck" in pieces(layout_for(story))["page"]


def leads_to_listing(graph: Graph, line: ReadAlso) -> bool:
    """Whether the line names a tag page."""
    trap = graph.traps.get(line.target)
    return trap is not None and trap.kind is TrapKind.LISTING


def aliases(story: Story) -> frozenset[str]:
    """Return every address of a story that the web links to or answers."""
    forms = {variant_url(story.host, story.path, form) for form in ("", "utm", "http", "all", "single")}
    hosts = [story.host]
    if outlet_of(story.host) == "tribunnews":
        forms.add(amp_url(story.host, story.path))
    if story.host == NATIONAL_TRIBUN:
        hosts.append(MOBILE_TRIBUN)
        forms |= {f"https://{MOBILE_TRIBUN}{story.path}{query}" for query in ("", "?page=all")}
    mark = "/{}" if outlet_of(story.host) == "detik" else "?page={}"
    numbers = range(1, len(story.parts) + 1)
    return frozenset(
        forms | {f"https://{host}{story.path}{mark.format(n)}" for host in hosts for n in numbers}
    )
