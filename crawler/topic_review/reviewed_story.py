"""A stored story as the person who reviews it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(kw_only=True, slots=True)
class ReviewedStory:
    """A story of a topic as a person sees it, with what they said of it."""

    article_id: int
    url: str
    outlet: str
    title: str
    deck: str | None
    body: str
    published_at: datetime | None
    relevance: float
    on_topic: bool
    matched: list[str]
    label: bool | None
    is_drawn: bool
