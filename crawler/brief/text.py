"""The brief as plain text, for a mail or a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sized
from datetime import UTC, datetime

from crawler.brief.content import by_incident, field_text, incident_size, is_empty, story_facts, summary
from crawler.brief.words import Wording
from crawler.export.csv_file import writable
from crawler.store.answers.brief import BriefContent, BriefEdit

WIDTH = 78
# Marks that turn the reading direction round.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def brief_text(brief: BriefContent, title: str, say: Wording, next_at: datetime | None = None) -> str:
    """Return the brief as text, without anything that a terminal would obey.

    Args:
        brief: what it tells.
        title: the topic's.
        say: the language's words.
        next_at: when the next one comes, if that is known.
    """
    head = f"{say('brief')}: {_line(title)}"
    lines = [head, "=" * len(head), say("span", since=say.time(brief.since), until=say.time(brief.until))]
    lines += [f"{summary(brief, say)}; {say('held', number=say.number(brief.held))}"]
    if next_at is not None:
        lines.append(f"{say('next')}: {say.time(next_at)}")
    if is_empty(brief):
        lines += ["", say("nothing")]
    for heading, body in _sections(brief, say):
        lines += ["", heading.upper(), *body]
    lines += ["", "--", *textwrap.wrap(say("made_by"), WIDTH), ""]
    return "\n".join(lines)


def _sections(brief: BriefContent, say: Wording) -> Iterator[tuple[str, list[str]]]:
    if brief.new:
        body = []
        for incident in by_incident(brief):
            body.append("")
            if not incident.is_alone:
                body += [*_wrapped(incident.heading, ""), f"({incident_size(incident, say)})"]
            for story in incident.stories:
                facts = f"{story.outlet} · {story_facts(story, say)}"
                body += [*_wrapped(story.title, "* "), *_wrapped(facts, "  "), f"  {_line(story.url)}"]
        yield f"{say('new')} ({say.number(brief.new_count)})", body + _more(brief.new_count, brief.new, say)
    if brief.edited:
        body = [line for edit in brief.edited for line in _edit(edit, say)]
        more = _more(brief.edited_count, brief.edited, say)
        yield f"{say('edited')} ({say.number(brief.edited_count)})", body + more
    if brief.gone:
        body = []
        for story in brief.gone:
            facts = f"{story.outlet}, {say('last_seen', time=say.time(story.gone_at))}"
            body += [*_wrapped(story.title, "* "), *_wrapped(facts, "  "), f"  {_line(story.url)}"]
        yield f"{say('gone')} ({len(brief.gone)})", body
    if brief.links:
        body = []
        for link in brief.links:
            body += _wrapped(f"{link.source_title} ({link.source_outlet})", "* ")
            body += _wrapped(f"-> {link.target_title} ({link.target_outlet})", "  ")
        yield (
            f"{say('links')} ({say.number(brief.links_count)})",
            body + _more(brief.links_count, brief.links, say),
        )
    if brief.broken:
        yield (
            say("broken"),
            [
                line
                for check in brief.broken
                for line in _wrapped(
                    f"{check.outlet}: {'; '.join(field_text(field, say) for field in check.broken)}", "* "
                )
            ],
        )
    if brief.troubles:
        body = []
        for trouble in brief.troubles[:20]:
            when = say("again", time=say.time(datetime.fromtimestamp(trouble.next_at, UTC)))
            body += _wrapped(f"{trouble.host}: {trouble.trouble} ({when})", "* ")
        yield say("troubles"), body


def _edit(edit: BriefEdit, say: Wording) -> Iterator[str]:
    yield from _wrapped(edit.title, "* ")
    if edit.difference.title_changed:
        yield from _wrapped(f"{say('was')}: {edit.old_title}", "  ")
    if edit.difference.figures:
        figures = ", ".join(f"{figure.old} -> {figure.new}" for figure in edit.difference.figures[:8])
        yield from _wrapped(f"{say('figures')}: {figures}", "  ")
    for gone in edit.deletions[:3]:
        yield from _wrapped(f"{say('deletions')}: {textwrap.shorten(gone, 200, placeholder='…')}", "  ")
    changed = edit.difference
    words = say("words", added=changed.words_added, removed=changed.words_removed)
    yield from _wrapped(f"{edit.outlet}, {say.time(edit.seen_at)}; {words}", "  ")
    yield f"  {_line(edit.url)}"


def _more(count: int, shown: Sized, say: Wording) -> list[str]:
    left = count - len(shown)
    return ["", say("and_more", number=say.number(left))] if left > 0 else []


def _wrapped(text: str, indent: str) -> list[str]:
    space = " " * len(indent)
    return textwrap.wrap(
        _line(text), WIDTH, initial_indent=indent, subsequent_indent=space, break_long_words=False
    )


def _line(text: str) -> str:
    return _TURNS.sub("", " ".join(writable(text).split()))
