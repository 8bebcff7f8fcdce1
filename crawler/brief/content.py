"""What the forms of a brief have in common: how its stories are grouped and its figures put."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.brief.words import Wording
from crawler.drift import FieldCheck
from crawler.store.answers.brief import BriefContent, BriefStory


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """New stories that tell of the same thing."""

    title: str  # the headline of its story that is linked most, else of its first
    stories: list[BriefStory]  # in the order of the brief: the newest first
    story_count: int  # those of the incident that are not new included, copies not

    @property
    def is_alone(self) -> bool:
        """Whether there is one story only, whose own headline says it all."""
        return self.story_count == 1

    @property
    def heading(self) -> str:
        """Its title, but for the only new story's own, which would stand there twice."""
        return "" if [story.title for story in self.stories] == [self.title] else self.title


def by_incident(brief: BriefContent) -> list[Incident]:
    """Return the new stories by incident, the one with the newest story first."""
    thread_of = {story.url: thread for thread in brief.threads for story in thread.stories}
    grouped: dict[str, list[BriefStory]] = {}
    for story in brief.new:
        thread = thread_of.get(story.url)
        grouped.setdefault(thread.stories[0].url if thread else story.url, []).append(story)
    return [
        Incident(
            title=thread.title if thread else stories[0].title,
            stories=stories,
            story_count=len(thread.stories) - thread.copies if thread else 1,
        )
        for stories in grouped.values()
        for thread in [thread_of.get(stories[0].url)]
    ]


def incident_size(incident: Incident, say: Wording) -> str:
    """Return how many stories tell of an incident, and how many of them are new."""
    new, every = len(incident.stories), incident.story_count
    if new >= every:
        return say("stories", number=say.number(new))
    return say("new_of", new=say.number(new), number=say.number(every))


def story_facts(story: BriefStory, say: Wording) -> str:
    """Return when a story was published, and how many stories link to it."""
    linked = "linked_one" if story.linked_from == 1 else "linked"
    facts = [say.time(story.published_at)]
    facts += [say(linked, number=say.number(story.linked_from))] if story.linked_from else []
    return " · ".join(facts)


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
