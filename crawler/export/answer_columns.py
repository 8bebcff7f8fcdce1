"""The columns of the tables that answer a question: search, timeline and threads."""

from __future__ import annotations

from crawler.export.columns import Column

SEARCH_COLUMNS = (
    Column("url", "address of the story as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("title", "headline"),
    Column("published_at", "when it was published, with the offset that the page prints"),
    Column("snippet", "the part of the text that has the words"),
    Column("found_words", "the words that were found, as they stand in headline and snippet"),
    Column("topics", "the topics that it fits"),
    Column("on_topic", "whether it fits the topic that was asked for, or any: true or false"),
    Column("copies", "how many other stories of the store have the same text"),
    Column(
        "replaced_version_of", "when the text was first seen, if editors have replaced it since; else empty"
    ),
    Column("score", "of the engine, higher is better; only to compare within one search"),
)

TIMELINE_COLUMNS = (
    Column("day", "the day, or the first day of the week or month, in Jakarta's time"),
    Column("stories", "how many stories were published"),
    Column("outlets", "the outlets with how many stories of each, most first"),
    Column("first_published_at", "when the first of them was published"),
    Column("first_outlet", "who published it"),
    Column("first_title", "its headline"),
    Column("first_url", "its address"),
)

THREAD_COLUMNS = (
    Column("thread", "number of the thread, 1 for the one with the most stories"),
    Column("thread_title", "headline of the story of the thread that others link to most"),
    Column("url", "address of the story as fetched"),
    Column("outlet", "short name of the outlet"),
    Column("title", "headline"),
    Column("published_at", "when it was published, with the offset that the page prints"),
    Column("is_first", "whether it was the first of the thread: true or false"),
    Column("linked_by", "how many of the topic's stories link to it"),
    Column("copy_of", "address of the first copy, when the story repeats another one"),
)
