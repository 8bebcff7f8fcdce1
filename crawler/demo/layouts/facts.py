"""The plain values that a layout's HTML may name: $title, $long_time, $authors_json and the like."""

from __future__ import annotations

import json
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any

from crawler.demo.addresses import slug
from crawler.demo.layouts.view import dateline
from crawler.demo.printed_time import long_time, short_time, slashed_time

if TYPE_CHECKING:
    from crawler.demo.layouts.view import View

DETIK_CHANNELS = {"news": "detikNews", "inet": "detikInet", "finance": "detikFinance", "sport": "detikSport"}


def facts(view: View) -> dict[str, str]:
    """Return every value by name, safe inside HTML; those that end in _json are JSON."""
    story = view.story
    summary = story.deck or story.caption
    return {
        "id": story.id,
        "title": escape(story.title),
        "shown_title": escape(story.title) + (f" - Halaman {view.part}" if view.part > 1 else ""),
        "deck_text": escape(story.deck),
        "summary": escape(summary),
        "host": story.host,
        "canonical": escape(story.url),
        "base": escape(view.base),
        "amp": escape(view.amp),
        "number": story.path.partition("/d-")[2].partition("/")[0],
        "section": story.section,
        "section_name": story.section.replace("-", " ").title(),
        "channel": channel(view),
        "authors": escape(", ".join(story.authors)),
        "editors": escape(", ".join(story.editors)),
        "authors_slug": slug(" ".join(story.authors)),
        "editors_slug": slug(" ".join(story.editors)),
        "initials": escape(story.initials),
        "tag_names": escape(", ".join(story.tags)),
        "caption": escape(story.caption),
        "photo_credit": escape(story.credit),
        "dateline": dateline(story),
        "dateline_name": dateline(story).removesuffix(" -"),
        "part": str(view.part),
        "parts": str(view.parts),
        **printed_times(view),
        "title_json": as_json(story.title),
        "summary_json": as_json(summary),
        "url_json": as_json(story.url),
        "section_json": as_json(story.section.title() or "News"),
        "authors_json": as_json([{"@type": "Person", "name": name} for name in story.authors]),
        "author_names_json": as_json(", ".join(story.authors)),
        "editors_json": as_json(", ".join(story.editors)),
        "tags_json": as_json(story.tags),
    }


def printed_times(view: View) -> dict[str, str]:
    """Return the times in every form that some outlet prints, right or wrong."""
    published, modified = view.story.published_at, view.story.modified_at
    return {
        "day": f"{published:%Y/%m/%d}",
        "long_time": long_time(published),
        "long_modified": long_time(modified),
        "short_time": short_time(published),
        "slashed_time": slashed_time(published),
        "iso": published.isoformat(),
        "iso_minute": published.isoformat(timespec="minutes"),
        "iso_modified": modified.isoformat(),
        "utc": published.astimezone(UTC).isoformat(),
        "utc_modified": modified.astimezone(UTC).isoformat(),
        "wib_dashes": f"{published:%Y-%m-%d %H:%M:%S}",
        "wib_slashes": f"{published:%Y/%m/%d %H:%M:%S}",
        "wib_marked_utc": f"{published:%Y-%m-%dT%H:%M:%S}Z",  # a lie of Kompas in 2018
        "wib_malformed": f"{published:%Y-%m-%dT%H-%M-%S}Z",  # and one of Detik
    }


def channel(view: View) -> str:
    """Return the channel's name: after the sub-domain, or after the first part of the path on www."""
    name = view.story.host.partition(".")[0]
    return DETIK_CHANNELS.get(name) or (view.story.section if name == "www" else name).title()


def as_json(value: Any) -> str:
    """Return the value as JSON that cannot end a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
