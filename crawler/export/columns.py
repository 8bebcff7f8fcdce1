"""The columns of the exported files, in order, each with what it holds and of which kind that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from crawler.errors import ExportError
from crawler.export.forms import Table


class Kind(StrEnum):
    """What a column's values are, where they are not None."""

    TEXT = "text"
    TEXTS = "texts"  # a list
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"  # aware


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export."""

    name: str
    description: str
    kind: Kind = Kind.TEXT
    is_printed: bool = False  # words of a page: here personal data may be printed


ARTICLE_COLUMNS = (
    Column("url", "address of the story as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("title", "headline", is_printed=True),
    Column("deck", "summary under the headline", is_printed=True),
    Column("authors", "reporters, in printed order", Kind.TEXTS, is_printed=True),
    Column("editors", "editors, in printed order", Kind.TEXTS, is_printed=True),
    Column(
        "published_at",
        "when it was published, with the offset that the page prints (WIB is +07:00)",
        Kind.TIME,
    ),
    Column("modified_at", "when the outlet last changed it, with the printed offset", Kind.TIME),
    Column("section", "the outlet's section", is_printed=True),
    Column("tags", "the outlet's tags", Kind.TEXTS, is_printed=True),
    Column(
        "body",
        "text: paragraphs and sub-headings in order, an empty line between two; no read-also lines",
        is_printed=True,
    ),
    Column("image_url", "address of the lead image"),
    Column("language", "language code"),
    Column("word_count", "words in the body", Kind.INTEGER),
    Column("topic", "name of the topic that the row is about"),
    Column("relevance", "how well the story fits the topic, 0 to 1", Kind.NUMBER),
    Column("on_topic", "whether that is enough: true or false", Kind.FLAG),
    Column("matched", "the phrases that made it relevant", Kind.TEXTS),
    Column("depth", "fewest links from a seed to the story; 0 for a seed", Kind.INTEGER),
    Column("found_via", "address of the page whose link led here; empty for a seed"),
    Column("duplicate_of", "address of the first copy, when the story repeats another one"),
    Column("first_seen_at", "when it was first fetched, in UTC", Kind.TIME),
    Column("last_seen_at", "when it was last fetched, in UTC", Kind.TIME),
    Column("canonical_url", "the address that the outlet itself calls the story's"),
    Column("article_key", "what identifies the story, whatever address it is seen under"),
    Column("duplicate_kind", "how it repeats the first copy: exact or near; empty for a story of its own"),
)

LINK_COLUMNS = (
    Column("source_url", "address of the story that prints the link"),
    Column("target_url", "address that the link leads to, as printed"),
    Column("label", 'the words before it, such as "Baca juga"', is_printed=True),
    Column("anchor_text", "the linked words, mostly the other story's headline", is_printed=True),
    Column("position", "how many blocks of the body stand before it", Kind.INTEGER),
    Column("target_outlet", "short name of the outlet that it leads to"),
    Column("target_stored", "whether the story that it leads to is in the store: true or false", Kind.FLAG),
    Column("first_seen_at", "when the link was first seen, in UTC", Kind.TIME),
    Column("last_seen_at", "when it was last seen, in UTC", Kind.TIME),
    Column("target_article_key", "the target's article_key, to join links with articles"),
)

REVISION_COLUMNS = (
    Column("url", "address of the story as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("article_key", "what identifies the story, to join revisions with articles"),
    Column(
        "revision", "number of the version, in the order in which they were first seen, from 1", Kind.INTEGER
    ),
    Column("is_newest", "whether it is what the story says now: true or false", Kind.FLAG),
    Column("seen_at", "when this version was first seen, in UTC", Kind.TIME),
    Column("modified_at", "when the outlet says that it changed it, in UTC", Kind.TIME),
    Column("title", "headline of this version", is_printed=True),
    Column("deck", "summary under the headline of this version", is_printed=True),
    Column("body", "text of this version", is_printed=True),
    Column("authors", "reporters of this version, in printed order", Kind.TEXTS, is_printed=True),
)

OUTCOME_COLUMNS = (
    Column("url", "address as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("host", "the server that was asked"),
    Column(
        "kind", "how the visit ended: listing, gone, blocked, forbidden, layout_changed, not_a_story, ..."
    ),
    Column("detail", "what was seen, in a line", is_printed=True),
    Column("status", "HTTP status of the answer", Kind.INTEGER),
    Column("fetched_at", "when it was last asked for, in UTC", Kind.TIME),
    Column("visits", "how often it was asked for", Kind.INTEGER),
    Column("topics", "names of the topics that it was asked for", Kind.TEXTS),
)

INCIDENT_COLUMNS = (
    Column("topic", "name of the topic"),
    Column(
        "thread", "number of the thread within its topic, the one with the most stories first", Kind.INTEGER
    ),
    Column("thread_title", "headline of its most linked story, else of its first", is_printed=True),
    Column("begins_at", "when its first story was published, with the printed offset", Kind.TIME),
    Column("ends_at", "when its last story was published, with the printed offset", Kind.TIME),
    Column("url", "address of the story as fetched, to join threads with articles"),
    Column("outlet", "short name of the outlet"),
    Column("title", "headline", is_printed=True),
    Column("published_at", "when it was published, with the printed offset", Kind.TIME),
    Column("roles", "what it is in the thread: first, hub (most linked), copy", Kind.TEXTS),
    Column("linked_by", "how many stories of the topic link to it", Kind.INTEGER),
    Column("copy_of", "address of the first copy, when the story repeats another one"),
)

NODE_COLUMNS = (
    Column("article_key", "what identifies the story"),
    Column("label", "headline; of an unread story the words of the first link to it", is_printed=True),
    Column("url", "address of the story"),
    Column("outlet", "short name of the outlet"),
    Column("is_stored", "whether the story is in the store: false for one that is only linked to", Kind.FLAG),
    Column("is_selected", "whether it is one of the stories asked for, and not only linked to", Kind.FLAG),
    Column("published_at", "when it was published", Kind.TIME),
    Column("first_seen_at", "when the story, or the first link to it, was first seen", Kind.TIME),
    Column("topics", "names of its topics", Kind.TEXTS),
    Column("relevance", "how well it fits the topic that it fits best, 0 to 1", Kind.NUMBER),
    Column("duplicate_of", "address of the first copy, when the story repeats another one"),
)

EDGE_COLUMNS = (
    Column("source", "article_key of the story that prints the link"),
    Column("target", "article_key of the story that it leads to"),
    Column("label", 'the words before it, such as "Baca juga"', is_printed=True),
    Column("anchor_text", "the linked words", is_printed=True),
    Column("position", "how many blocks of the body stand before it", Kind.INTEGER),
    Column("first_seen_at", "when the link was first seen", Kind.TIME),
    Column("last_seen_at", "when it was last seen", Kind.TIME),
    Column("target_url", "address that the link leads to, as printed"),
)

COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.ARTICLES: ARTICLE_COLUMNS,
    Table.LINKS: LINK_COLUMNS,
    Table.REVISIONS: REVISION_COLUMNS,
    Table.THREADS: INCIDENT_COLUMNS,
    Table.OUTCOMES: OUTCOME_COLUMNS,
    Table.GRAPH: NODE_COLUMNS,
}


def chosen_columns(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Return the columns of those names, in the order of the names; all of them for no names.

    Raises:
        ExportError: when there is no column of a name, with the one that was probably meant.
    """
    by_name = {column.name: column for column in columns}
    unknown = [name for name in dict.fromkeys(names) if name not in by_name]
    if unknown:
        near = [found for name in unknown for found in get_close_matches(name, by_name, n=1, cutoff=0.5)]
        advice = f"did you mean {', '.join(dict.fromkeys(near))}? " if near else ""
        wrong = ", ".join(map(repr, unknown))
        raise ExportError(f"no column {wrong}; {advice}there are: {', '.join(by_name)}")
    return [by_name[name] for name in dict.fromkeys(names)] or list(columns)
