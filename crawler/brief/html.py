"""The brief as one HTML file that needs nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from crawler.brief.content import by_incident, field_text, incident_size, is_empty, story_facts, summary
from crawler.brief.words import Wording
from crawler.export.csv_file import writable
from crawler.store.answers.brief import BriefContent
from crawler.urls import is_web_address


def brief_html(brief: BriefContent, title: str, say: Wording, next_at: datetime | None = None) -> str:
    """Return the brief as an HTML document: every value escaped, light and dark, fit for printing.

    Args:
        brief: what it tells.
        title: the topic's.
        say: the language's words.
        next_at: when the next one comes, if that is known.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["href"] = lambda url: url if is_web_address(url) else "#"
    environment.filters["moment"] = lambda seconds: datetime.fromtimestamp(seconds, UTC)
    source = (files("crawler.brief") / "brief.html.jinja").read_text(encoding="utf-8")

    def more(count: int, shown: list[object]) -> Markup:
        left = count - len(shown)
        words = escape(say("and_more", number=say.number(left)))
        return Markup('<p class="dim">{}</p>').format(words) if left > 0 else Markup("")

    text = environment.from_string(source).render(
        brief=brief,
        title=title,
        language=say.language,
        say=say,
        summary=summary(brief, say),
        is_empty=is_empty(brief),
        incidents=by_incident(brief),
        facts_of=lambda story: story_facts(story, say),
        size_of=lambda incident: incident_size(incident, say),
        next_at=next_at,
        more=more,
        field_text=lambda field: field_text(field, say),
    )
    return writable(text)
