"""The columns of the exported files, in order, each with what it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export."""

    name: str
    description: str


ARTICLE_COLUMNS = (
    Column("url", "address of the story as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("title", "headline"),
    Column("deck", "summary under the headline"),
    Column("authors", "reporters, in printed order"),
    Column("editors", "editors, in printed order"),
    Column("published_at", "when it was published, with the offset that the page prints (WIB is +07:00)"),
    Column("modified_at", "when the outlet last changed it, with the printed offset"),
    Column("section", "the outlet's section"),
    Column("tags", "the outlet's tags"),
    Column(
        "body", "text: paragraphs and sub-headings in order, an empty line between two; no read-also lines"
    ),
    Column("image_url", "address of the lead image"),
    Column("language", "language code"),
    Column("word_count", "words in the body"),
    Column("topic", "name of the topic that the row is about"),
    Column("relevance", "how well the story fits the topic, 0 to 1"),
    Column("on_topic", "whether that is enough: true or false"),
    Column("matched", "the phrases that made it relevant"),
    Column("depth", "fewest links from a seed to the story; 0 for a seed"),
    Column("found_via", "address of the page whose link led here; empty for a seed"),
    Column("duplicate_of", "address of the first copy, when the story repeats another one"),
    Column("first_seen_at", "when it was first fetched, in UTC"),
    Column("last_seen_at", "when it was last fetched, in UTC"),
    Column("canonical_url", "the address that the outlet itself calls the story's"),
    Column("article_key", "what identifies the story, whatever address it is seen under"),
    Column("duplicate_kind", "how it repeats the first copy: exact or near; empty for a story of its own"),
)

LINK_COLUMNS = (
    Column("source_url", "address of the story that prints the link"),
    Column("target_url", "address that the link leads to, as printed"),
    Column("label", 'the words before it, such as "Baca juga"'),
    Column("anchor_text", "the linked words, mostly the other story's headline"),
    Column("position", "how many blocks of the body stand before it"),
    Column("target_outlet", "short name of the outlet that it leads to"),
    Column("target_stored", "whether the story that it leads to is in the store: true or false"),
    Column("first_seen_at", "when the link was first seen, in UTC"),
    Column("last_seen_at", "when it was last seen, in UTC"),
    Column("target_article_key", "the target's article_key, to join links with articles"),
)
