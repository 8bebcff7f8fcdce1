"""The topics that stories are scored for when they are read again, loaded by the names that the store has."""

from __future__ import annotations

from crawler.errors import TopicError
from crawler.items import Article
from crawler.topic import Topic, load_topic
from crawler.topic.relevance import score


class Topics:
    """Scores stories by topics of the package, or by the one file that was given."""

    def __init__(self, given: str | None = None) -> None:
        self._loaded: dict[str, Topic | None] = {}
        self.only: str | None = None  # the name of the topic that was given
        if given and given.startswith("spider:"):
            self.only = given
        elif given:
            topic = load_topic(given)
            self.only = topic.name
            self._loaded[topic.name] = topic

    def is_known(self, name: str) -> bool:
        """Return whether a story can be scored for the topic."""
        if name.startswith("spider:"):
            return True
        if name not in self._loaded:
            try:
                self._loaded[name] = load_topic(name)
            except TopicError:
                return False
        return True

    def score(self, article: Article, name: str) -> None:
        """Set the story's relevance for a topic; what a spider of the user's own brought is all relevant."""
        score(article, None if name.startswith("spider:") else self._loaded[name])
