"""A thread: the stories of one incident, who had it first, and which of them the others link to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HUBS = 3


@dataclass(slots=True, kw_only=True)
class ThreadStory:
    """A story of a thread."""

    url: str
    outlet: str
    title: str
    published_at: datetime | None
    linked_by: int  # stories of the topic that link to it or to a copy of it, copies counted once
    copy_of: str | None = None  # address of the first copy, for a story that repeats it


@dataclass(slots=True, kw_only=True)
class Thread:
    """An incident as the outlets told it."""

    title: str  # headline of the story that is linked most, else of the first
    begins_at: datetime | None  # of its first story; None when no time is known
    ends_at: datetime | None
    stories: list[ThreadStory]  # by time, copies included
    outlets: dict[str, int] = field(default_factory=dict)  # stories of each, most first
    first: ThreadStory | None = None  # that was published first
    hubs: list[ThreadStory] = field(default_factory=list)  # linked most, at most three
    copies: int = 0  # how many of the stories repeat another one

    @property
    def days(self) -> int:
        """How many days it went on, from 1."""
        if self.begins_at is None or self.ends_at is None:
            return 1
        return (self.ends_at - self.begins_at) // timedelta(days=1) + 1


def thread_of(stories: Sequence[ThreadStory]) -> Thread:
    """Return the thread that the stories make, of which there is at least one."""
    ordered = sorted(stories, key=_time)
    timed = [story for story in ordered if story.published_at is not None]
    own = [story for story in ordered if story.copy_of is None] or ordered
    # The most linked first, among these the earliest.
    hubs = sorted((story for story in own if story.linked_by), key=lambda story: -story.linked_by)[:HUBS]
    outlets = Counter(story.outlet for story in ordered)
    return Thread(
        title=(hubs or own)[0].title,
        begins_at=timed[0].published_at if timed else None,
        ends_at=timed[-1].published_at if timed else None,
        stories=ordered,
        outlets=dict(sorted(outlets.items(), key=lambda entry: (-entry[1], entry[0]))),
        first=timed[0] if timed else None,
        hubs=hubs,
        copies=sum(story.copy_of is not None for story in ordered),
    )


def _time(story: ThreadStory) -> tuple[bool, float, str]:
    moment = story.published_at
    return (moment is None, moment.timestamp() if moment else 0.0, story.url)
