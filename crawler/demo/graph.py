"""The graph of the sample web: what a read-also line prints, what stands behind it, what can be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from crawler.demo.addresses import variant_url
from crawler.demo.layouts.view import Anchor
from crawler.demo.rabbit_hole import calendar_story
from crawler.demo.story import SEED_STORY, load_stories
from crawler.demo.trap import TrapKind, load_traps

if TYPE_CHECKING:
    from crawler.demo.story import ReadAlso, Story
    from crawler.demo.trap import Trap


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Stories and traps by id, joined by the read-also lines of the stories."""

    stories: dict[str, Story] = field(default_factory=load_stories)
    traps: dict[str, Trap] = field(default_factory=load_traps)

    def story(self, name: str) -> Story | None:
        """Return the story of that id, pages of the endless calendar included."""
        return self.stories.get(name) or calendar_story(name)

    def anchor(self, line: ReadAlso) -> Anchor:
        """Return the address and the text that a read-also line prints."""
        if trap := self.traps.get(line.target):
            return Anchor(url=trap.url, text=line.anchor or trap.title)
        story = self.story(line.target)
        if story is None:
            raise KeyError(f"a read-also line leads to {line.target!r}: no story or trap has that id")
        return Anchor(url=variant_url(story.host, story.path, line.variant), text=line.anchor or story.title)

    def behind(self, name: str) -> Story | None:
        """Return the story a visitor ends at, redirects followed; None where there is none."""
        while (trap := self.traps.get(name)) and trap.kind is TrapKind.REDIRECT:
            name = trap.leads_to
        return self.story(name)

    def reachable(self) -> set[str]:
        """Return the stories a focused crawl finds from the seed by read-also lines alone.

        From an on-topic story it follows every line, from an off-topic one only those that name an
        on-topic story.
        """
        found, waiting = {SEED_STORY}, [SEED_STORY]
        while waiting:
            story = self.stories[waiting.pop()]
            for line in story.read_also:
                target = self.behind(line.target)
                if target is None or target.id in found or target.id not in self.stories:
                    continue
                if target.role == "story" and (story.on_topic or target.on_topic):
                    found.add(target.id)
                    waiting.append(target.id)
        return found


@cache
def first_day() -> Graph:
    """Return the sample web as bundled."""
    return Graph()
