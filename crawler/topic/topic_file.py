"""The topic file: its keys, what each may hold, and one clear line when it does not."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from crawler.errors import TopicError
from crawler.topic.toml_table import AFFIXED_LANGUAGE, TomlTable
from crawler.topic.topic_rules import STRONG_WEIGHT, NearPair, Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}")

TOP_KEYS = (
    *("name", "title", "language", "seeds", "since", "until", "threshold", "min_score"),
    *("strong", "near", "context", "not", "hide", "tags"),
)
NEAR_KEYS = ("left", "right", "without", "ordered", "window", "weight")
CONTEXT_KEYS = ("words", "weight")


@dataclass(frozen=True, kw_only=True)
class TopicFile:
    """What a valid topic file says, defaults filled in."""

    name: str
    title: str
    language: str = AFFIXED_LANGUAGE
    seeds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    threshold: float = 0.5  # a headline or page is on topic from here
    min_score: float = 0.2  # links below this are not fetched
    rules: Rules = field(default_factory=Rules)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by outlet; "all" for every outlet


def read_topic_file(text: str, source: str) -> TopicFile:
    """The topic file with this text; ``source`` is what errors call it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TopicError(f"topic file {source} is not valid TOML: {error}") from error
    top = TomlTable(table, source)
    top.allow(TOP_KEYS)
    name = top.text("name", like="small letters, digits and hyphens, such as data-breach", pattern=NAME)
    language = top.text(
        "language", like="a language code such as id", pattern=LANGUAGE, default=AFFIXED_LANGUAGE
    )
    top.language = language
    since, until = top.day("since"), top.day("until")
    if since and until and since > until:
        raise top.error("until", until, f"a day not before since, which is {since}")
    rules = Rules(
        strong=top.phrases("strong", default=()),
        near=tuple(_near_pair(pair) for pair in top.tables("near")),
        hiding=top.phrases("not", default=()),
        hide=int(top.number("hide", 0, 20, default=3, whole=True)),
        **_context(top.table("context")),
    )
    if not rules.strong and not rules.near:
        raise TopicError(
            f"topic file {source}: no phrases to look for; give strong = [...] or a [[near]] pair"
        )
    return TopicFile(
        name=name,
        title=top.text("title", like="a line of text", default=name),
        language=language,
        seeds=top.addresses("seeds"),
        since=since,
        until=until,
        threshold=top.number("threshold", 0.05, 0.95, default=0.5),
        min_score=top.number("min_score", 0.0, 1.0, default=0.2),
        rules=rules,
        tags=_tags(top.table("tags")),
    )


def _near_pair(pair: TomlTable) -> NearPair:
    pair.allow(NEAR_KEYS)
    return NearPair(
        left=pair.phrases("left"),
        right=pair.phrases("right"),
        without=pair.phrases("without", default=()),
        ordered=pair.switch("ordered"),
        window=int(pair.number("window", 1, 50, default=10, whole=True)),
        weight=pair.number("weight", 0.05, 1.0, default=STRONG_WEIGHT),
    )


def _context(context: TomlTable) -> dict[str, Any]:
    context.allow(CONTEXT_KEYS)
    return {
        "context": context.phrases("words", default=()),
        "context_weight": context.number("weight", 0.01, 0.5, default=0.15),
    }


def _tags(tags: TomlTable) -> Mapping[str, tuple[str, ...]]:
    return {outlet: tags.texts(outlet) for outlet in tags.values}
