"""The newest stories of a topic as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crawler import __version__
from crawler.export.csv_file import writable
from crawler.store.answers.brief import BriefStory

ATOM = "http://www.w3.org/2005/Atom"


def atom_feed(stories: Sequence[BriefStory], topic: str, title: str, language: str, now: datetime) -> bytes:
    """Return an Atom document; the entries' times are those of publication, where a page prints one.

    Args:
        stories: the newest first.
        topic: the topic's name, from which the feed's identity comes.
        title: the topic's.
        language: code of the language that the feed is in.
        now: when it is made; a feed without stories is as old as that.
    """
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    # The same in each version of the file: a reader knows the feed and the stories by it.
    _add(feed, "id", f"urn:bacajuga:topic:{quote(topic, safe='')}")
    _add(feed, "title", title)
    newest = max((story.first_seen_at for story in stories), default=now)
    _add(feed, "updated", _time(newest))
    _add(SubElement(feed, "author"), "name", "Baca Juga")
    generator = _add(feed, "generator", "Baca Juga")
    generator.set("version", __version__)
    for story in stories:
        entry = SubElement(feed, "entry")
        _add(entry, "id", story.url)
        _add(entry, "title", story.title)
        SubElement(entry, "link", {"rel": "alternate", "href": writable(story.url)})
        if story.published_at is not None:
            _add(entry, "published", _time(story.published_at))
        _add(entry, "updated", _time(story.first_seen_at))
        _add(SubElement(entry, "author"), "name", story.outlet)
        SubElement(entry, "category", {"term": writable(story.outlet)})
        if story.deck:
            _add(entry, "summary", story.deck)
    indent(feed)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = writable(text)
    return element


def _time(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat(timespec="seconds")
