"""What is true of the large web: its stories, its traps, and what can be found in which way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from crawler.demo.addresses import MOBILE_TRIBUN, NATIONAL_TRIBUN, amp_url, variant_url
from crawler.demo.rabbit_hole import is_in_rabbit_hole
from crawler.demo.story import ReadAlso
from tests.large_web import reach
from tests.large_web.graph import large_graph
from tests.large_web.outlet_forms import FORMS, dateline_for, outlet_of_host

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.demo.layouts.view import Anchor
    from crawler.demo.story import Story
    from tests.large_web.graph import LargeGraph


@dataclass(frozen=True, kw_only=True, slots=True)
class LargeStory:
    """What is true of one story."""

    id: str
    url: str
    aliases: frozenset[str]  # every address that shows the story or a part of it
    whole_url: str  # the one that shows all of it
    outlet: str
    title: str
    authors: list[str]
    published_at: datetime
    body: str  # blocks joined by a blank line, dateline included
    links: list[Anchor]  # read-also lines in order, as printed
    incident: str | None
    on_topic: bool
    role: str  # how it was meant to be reached; what can be reached is computed
    duplicate_of: str | None  # the id of the story it is a near copy of


@dataclass(frozen=True, kw_only=True, slots=True)
class LargeTruth:
    """What is true of the whole web; the sets of stories hold ids, the others addresses."""

    stories: dict[str, LargeStory]
    seeds: dict[str, str]  # outlet to address
    by_read_also: frozenset[str]  # stories on the topic, from the seeds by read-also lines alone
    with_discovery: frozenset[str]  # and with the outlets' lists
    unreachable: frozenset[str]  # stories on the topic that neither leads to
    forbidden: frozenset[str]  # addresses that robots.txt closes, linked by read-also lines
    traps: dict[str, frozenset[str]]  # kind to addresses

    @property
    def on_topic(self) -> frozenset[str]:
        """Every story on the topic."""
        return frozenset(name for name, story in self.stories.items() if story.on_topic)

    def is_in_rabbit_hole(self, url: str) -> bool:
        """Whether the address is a page of the endless calendar."""
        return is_in_rabbit_hole(url)


@cache
def large_truth(draw: int = 0) -> LargeTruth:
    """Return the truth about the large web."""
    graph = large_graph(draw)
    stories = {name: story_truth(graph, story) for name, story in graph.stories.items()}
    alone = frozenset(reach.by_read_also(graph, graph.seeds.values()))
    discovered = frozenset(reach.with_discovery(graph))
    on_topic = frozenset(name for name, story in stories.items() if story.on_topic)
    kinds = {trap.kind for trap in graph.traps.values()}
    return LargeTruth(
        stories=stories,
        seeds={outlet: graph.stories[name].url for outlet, name in graph.seeds.items()},
        by_read_also=alone,
        with_discovery=discovered,
        unreachable=on_topic - alone - discovered,
        forbidden=frozenset[str]().union(*(s.aliases for s in stories.values() if s.role == reach.FORBIDDEN)),
        traps={
            kind: frozenset(t.url for t in graph.traps.values() if t.kind == kind and t.url) for kind in kinds
        },
    )


def story_truth(graph: LargeGraph, story: Story) -> LargeStory:
    """Return what is true of one story."""
    outlet = graph.outlets[story.id]
    texts = [block.text for block in story.blocks if not isinstance(block, ReadAlso)]
    # Detik prints the dateline before the first paragraph, the others in it.
    gap = "\n\n" if outlet == "detik" else " "
    texts[0] = f"{dateline_for(outlet, story.dateline_host, story.place)}{gap}{texts[0]}"
    whole = FORMS[outlet].whole
    return LargeStory(
        id=story.id,
        url=story.url,
        aliases=aliases(story),
        whole_url=f"{story.url}?{whole}" if whole else story.url,
        outlet=outlet,
        title=story.title,
        authors=list(story.authors),
        published_at=story.published_at,
        body="\n\n".join(texts),
        links=[graph.anchor(line) for line in story.read_also],
        incident=story.incident or None,
        on_topic=story.on_topic,
        role=graph.roles.get(story.id, "story"),
        duplicate_of=story.copy_of or None,
    )


def aliases(story: Story) -> frozenset[str]:
    """Return every address of a story that the web links to or answers."""
    outlet = outlet_of_host(story.host) or ""
    forms = {variant_url(story.host, story.path, form) for form in ("", "utm", "http")}
    if whole := FORMS[outlet].whole:
        forms.add(f"{story.url}?{whole}")
    numbers = range(1, len(story.parts) + 1)
    hosts = [story.host]
    if outlet == "tribunnews":
        forms.add(amp_url(story.host, story.path))
    if story.host == NATIONAL_TRIBUN:
        hosts.append(MOBILE_TRIBUN)
        forms |= {f"https://{MOBILE_TRIBUN}{story.path}{query}" for query in ("", "?page=all")}
    if outlet in ("tribunnews", "kompas", "detik"):
        mark = "/{}" if outlet == "detik" else "?page={}"
        forms |= {f"https://{host}{story.path}{mark.format(n)}" for host in hosts for n in numbers}
    return frozenset(forms)
