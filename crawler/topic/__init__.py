"""What a topic is, and how well a text fits it."""

from crawler.topic.topic import Match, Topic, load_topic, topic_names

__all__ = ["Match", "Topic", "load_topic", "topic_names"]
