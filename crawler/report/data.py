"""What a report tells of a topic, gathered from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.printable import one_line, printable
from crawler.report.editing import Edit, edits_of
from crawler.report.republishing import Republishing, republishings
from crawler.report.timeline import Timeline, timeline_of
from crawler.store.answers.explain import DEFAULT_FLOOR
from crawler.store.answers.report import ReportStory, report_copies, report_links, report_stories
from crawler.store.answers.threads import refuse_too_many, threads
from crawler.store.answers.yields import YieldReport, yield_report
from crawler.store.database import Store
from crawler.store.story.revisions import revisions_of
from crawler.store.story.story_filter import StoryFilter

# A browser draws and sorts so many with ease; what is beyond is counted.
MOST_LISTED, MOST_DRAWN, MOST_EDITS, MOST_REPUBLISHED = 5_000, 600, 60, 150

Progress = Callable[[str, int, int], None]
Clean = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A story of the report with its place among the others."""

    story: ReportStory
    thread: int  # its number, from 0
    links_in: int  # stories of the report that link to it
    links_out: int
    copies: int  # other printings of its text


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """Stories that belong together, under the title of the one with most links to it."""

    title: str
    stories: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that a report tells; the lists may be cut, the numbers are whole."""

    topic: str
    since: datetime | None
    until: datetime | None
    made_at: datetime
    stories: list[Listed]  # the newest first
    story_count: int
    copy_count: int
    gone_count: int
    by_outlet: Counter[str]
    first_at: datetime | None
    last_at: datetime | None
    timeline: Timeline
    links: list[tuple[int, int]]  # between stories, as their numbers in the store; each once
    threads: list[Thread]
    republished: list[Republishing]
    edits: list[Edit]
    edit_count: int
    edited_count: int  # stories
    yields: YieldReport
    is_redacted: bool


def gather(
    store: Store,
    topic: str,
    zone: ZoneInfo,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    floor: float = DEFAULT_FLOOR,
    redact: Clean | None = None,
    progress: Progress | None = None,
    made_at: datetime | None = None,
) -> Report:
    """Return what the store tells of a topic.

    Args:
        store: an open store.
        topic: the topic's name.
        zone: whose days the timeline counts.
        since: only stories published at or after it.
        until: only stories published before it.
        floor: the score below which the topic's links are not fetched.
        redact: masks what must not be shown in a text; nothing is masked without it.
        progress: is told how many edited stories have been compared.
        made_at: when the report is made; now, when not given.

    Raises:
        StoreError: when the store cannot be read.
        TooManyStories: when there are more than can be grouped into threads.
    """
    wanted = StoryFilter(topic=topic, since=since, until=until, include_duplicates=True)

    def clean(text: str) -> str:
        shown = printable(text)
        return redact(shown) if redact is not None else shown

    with store.read() as connection:
        refuse_too_many(connection, wanted)  # before much is read
        stories = {story.id: _shown(story, clean) for story in report_stories(connection, wanted)}
        printed = list(report_links(connection, wanted))
        groups = republishings(stories, report_copies(connection, wanted))
        yields = yield_report(connection, topic, floor)
        edits: list[Edit] = []
        edited = [story for story in stories.values() if story.versions > 1]
        for number, story in enumerate(edited):
            if progress is not None:
                progress("comparing versions", number, len(edited))
            edits += edits_of(story, revisions_of(connection, story.id), clean)
    stands_for = _stands_for(stories)
    heads = [story for story in stories.values() if stands_for[story.id] == story.id]
    links = _between(stands_for, printed)
    thread_of = _thread_numbers(store, wanted, heads, progress)
    listed = _listed(heads, links, thread_of, groups)
    times = [story.published_at for story in heads if story.published_at is not None]
    edits.sort(key=lambda edit: edit.weight, reverse=True)
    return Report(
        topic=topic,
        since=since,
        until=until,
        made_at=made_at or datetime.now(UTC),
        stories=listed[:MOST_LISTED],
        story_count=len(heads),
        copy_count=len(stories) - len(heads),
        gone_count=sum(story.gone_at is not None for story in heads),
        by_outlet=Counter(story.outlet for story in heads),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        timeline=timeline_of(((story.outlet, story.published_at) for story in heads), zone),
        links=links,
        threads=_threads(listed),
        republished=groups,
        edits=edits[:MOST_EDITS],
        edit_count=len(edits),
        edited_count=len({edit.story.id for edit in edits}),
        yields=yields,
        is_redacted=redact is not None,
    )


def drawn(report: Report) -> list[Listed]:
    """Return the stories that the link graph shows: those with most links, when there are too many."""
    ranked = sorted(report.stories, key=lambda each: (-each.links_in - each.links_out, each.story.id))
    return ranked[:MOST_DRAWN]


def _shown(story: ReportStory, clean: Clean) -> ReportStory:
    """Return the story with names fit to be shown; one without a headline bears its address."""
    return replace(
        story,
        title=" ".join(clean(story.title).split()) or one_line(story.url),
        outlet=one_line(story.outlet),
        agency=one_line(story.agency) or None,
    )


def _stands_for(stories: Mapping[int, ReportStory]) -> dict[int, int]:
    """Return which story stands for each: its first copy, or the first here where that is not among them."""
    first_here: dict[int, int] = {}
    for story in stories.values():
        if story.duplicate_of is not None and story.duplicate_of not in stories:
            first_here.setdefault(story.duplicate_of, story.id)
    return {
        story.id: story.id
        if story.duplicate_of is None
        else first_here.get(story.duplicate_of, story.duplicate_of)
        for story in stories.values()
    }


def _between(stands_for: Mapping[int, int], printed: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the links between stories, each once; a copy's are those of the one that stands for it."""
    pairs = (
        (stands_for[source], stands_for[target])
        for source, target in printed
        if source in stands_for and target in stands_for
    )
    return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _thread_numbers(
    store: Store, wanted: StoryFilter, heads: list[ReportStory], progress: Progress | None
) -> dict[int, int]:
    """Return the number of each story's thread, the one with most stories first."""

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress("grouping stories", done, total)

    assert wanted.topic is not None
    found = threads(store, wanted.topic, wanted, tell)
    thread_at = {story.url: number for number, thread in enumerate(found) for story in thread.stories}
    # A story that came in between has a thread of its own.
    raw = {story.id: thread_at.get(story.url, len(found) + story.id) for story in heads}
    sizes = Counter(raw.values())
    ranked = {thread: number for number, thread in enumerate(sorted(sizes, key=lambda at: (-sizes[at], at)))}
    return {story: ranked[thread] for story, thread in raw.items()}


def _listed(
    heads: list[ReportStory],
    links: list[tuple[int, int]],
    thread_of: Mapping[int, int],
    groups: list[Republishing],
) -> list[Listed]:
    links_in = Counter(target for _, target in links)
    links_out = Counter(source for source, _ in links)
    copies: Counter[int] = Counter()
    for group in groups:
        for printing in group.printings:
            copies[printing.story.id] += len(group.printings) - 1
    return sorted(
        (
            Listed(
                story=story,
                thread=thread_of[story.id],
                links_in=links_in[story.id],
                links_out=links_out[story.id],
                copies=copies[story.id],
            )
            for story in heads
        ),
        key=lambda each: (each.story.published_at is not None, each.story.known_at, each.story.id),
        reverse=True,
    )


def _threads(listed: list[Listed]) -> list[Thread]:
    members: dict[int, list[Listed]] = {}
    for each in listed:
        members.setdefault(each.thread, []).append(each)
    found = []
    for number in range(len(members)):
        hub = max(members[number], key=lambda each: (each.links_in, -each.story.known_at.timestamp()))
        found.append(Thread(title=hub.story.title, stories=len(members[number])))
    return found
