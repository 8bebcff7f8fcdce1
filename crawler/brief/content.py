"""What the forms of a brief have in common: how its stories are grouped and its figures put."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.brief.words import Wording
from crawler.drift import FieldCheck
from crawler.store.answers.brief import BriefContent, BriefStory


def by_outlet(stories: Sequence[BriefStory]) -> list[tuple[str, list[BriefStory]]]:
    """Return the stories by outlet, the one with most first."""
    grouped: dict[str, list[BriefStory]] = {}
    for story in stories:
        grouped.setdefault(story.outlet, []).append(story)
    return sorted(grouped.items(), key=lambda group: (-len(group[1]), group[0]))


def is_empty(brief: BriefContent) -> bool:
    """Return whether there is nothing new to tell."""
    return not (brief.new or brief.edited or brief.gone or brief.links)


def summary(brief: BriefContent, say: Wording) -> str:
    """Return the numbers of the brief in one line."""
    return say(
        "summary",
        new=say.number(brief.new_count),
        edited=say.number(brief.edited_count),
        gone=say.number(len(brief.gone)),
        links=say.number(brief.links_count),
    )


def field_text(field: FieldCheck, say: Wording) -> str:
    """Return what became of an outlet's field: its name, then and now."""
    shown = "{:.0%}" if field.measure == "share" else "{:g}"
    name = say("story") if field.field == "story" else field.field
    return f"{name}: {say('half', then=shown.format(field.then), now=shown.format(field.now))}"
