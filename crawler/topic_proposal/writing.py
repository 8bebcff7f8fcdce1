"""A proposed topic as the text of its file: every entry with where the examples have it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from crawler.topic.phrases import ROOT
from crawler.topic.topic_rules import STRONG_WEIGHT
from crawler.topic_proposal.counting import WINDOW
from crawler.topic_proposal.proposal import WEAKER, TopicProposal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crawler.topic_proposal.choosing import Found, Table
    from crawler.topic_proposal.counting import Support, Unit

    _Comment = Callable[[Support], str]

LONGEST_QUOTE = 70  # characters of an example's headline
ENTRY_WIDTH = 34
MOST_TAGS = 4  # suggested for every outlet
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def topic_file_of(proposal: TopicProposal, units: Sequence[Unit]) -> str:
    """The file's text; ``units`` are what its supports count, to quote from."""
    seen = _Quoting(units).comment
    choice = proposal.choice
    lines = [
        f"# Proposed by bacajuga topics new from {_stories(len(proposal.examples))}: look it through.",
        "# Behind each entry stands where the examples have it. The crawl takes a headline that has one",
        "# strong phrase or near pair; what is too common for that belongs into context, or out of the file.",
        "# Every key is explained in the file of the topic data-breach: bacajuga topics show data-breach",
        f"name = {_quoted(proposal.name)}",
        f"title = {_quoted(proposal.title)}",
        f"language = {_quoted(proposal.language)}",
        "",
        *_seeds(proposal),
        "",
        *_window(proposal),
        "",
        "# From this score, 0 to 1, a headline or a story is on topic.",
        "threshold = 0.5",
        "# Links with a lower score are not fetched: 0.2 finds more, 0.3 wastes less.",
        "min_score = 0.2",
        "",
        "# One of these is enough.  word*: any ending.  ROOT:word: an Indonesian root with its affixes.",
        *_list("strong", choice.strong, seen, _aside(choice.maybe, seen)),
        "",
        "# These hide what stands around them: words that other stories have beside the same phrases.",
        '# The errors of bacajuga topics check tell which; an example: not = ["pipa*", "sinopsis"]',
        "not = []",
    ]
    for table in choice.near:
        lines += ["", *_near(table, STRONG_WEIGHT, seen)]
    for table in choice.weaker:
        lines += ["", "# weaker: just enough for a headline; with weight 0.42 a context word must join it"]
        lines += _near(table, WEAKER, seen)
    lines += [
        "",
        "# Names and things that other stories have, too: each adds a little, alone they are never enough.",
        "[context]",
        *_list("words", choice.context, seen),
        "weight = 0.15",
        "",
        *_tags(proposal),
    ]
    return "\n".join(lines) + "\n"


def _seeds(proposal: TopicProposal) -> list[str]:
    urls = list(dict.fromkeys(example.url for example in proposal.examples if example.url))
    head = ["# Where the crawl begins: any page of a story on the topic will do."]
    if not urls:
        return [*head, '# seeds = ["https://www.kompas.com/..."]', "seeds = []"]
    return [*head, "seeds = [", *(f"    {_quoted(url)}," for url in urls), "]"]


def _window(proposal: TopicProposal) -> list[str]:
    head = "# Only stories published in these days count; leave out for all. Days stand without quotes."
    if proposal.since is None or proposal.until is None:
        return [head, "# since = 2021-05-01", "# until = 2021-12-31"]
    return [head, f"since = {proposal.since.isoformat()}", f"until = {proposal.until.isoformat()}"]


def _near(table: Table, weight: float, seen: _Comment) -> list[str]:
    """A near table, the side that has several phrases with a line for each."""
    lines = ["[[near]]"]
    if table.right == [found.phrase for found in table.seen]:
        lines += [f"left = {_array(table.left)}", *_list("right", table.seen, seen)]
    else:
        lines += [*_list("left", table.seen, seen), f"right = {_array(table.right)}"]
    return [*lines, f"window = {WINDOW}", f"weight = {weight}"]


def _tags(proposal: TopicProposal) -> list[str]:
    phrases = [found.phrase for found in proposal.choice.strong if ROOT not in found.phrase]
    lines = [
        '# Names of outlets\' tag pages worth reading; "all" goes for every outlet.',
        "[tags]",
        f"# all = {_array(phrases[:MOST_TAGS])}",
    ]
    for outlet in dict.fromkeys([*proposal.tags, *proposal.other_tags]):
        fitting, others = proposal.tags.get(outlet, []), proposal.other_tags.get(outlet, [])
        key = outlet if _BARE_KEY.fullmatch(outlet) else _quoted(outlet)
        lines.append(f"{'' if fitting else '# '}{key} = {_array(fitting or others)}")
        if fitting and others:
            lines.append(f"# {key} also prints: {', '.join(_printable(tag) for tag in others)}")
    return lines


def _list(key: str, entries: Iterable[Found], seen: _Comment, after: Sequence[str] = ()) -> list[str]:
    rows = [f"    {_quoted(each.phrase) + ',':{ENTRY_WIDTH}} # {seen(each.support)}" for each in entries]
    return [f"{key} = [", *rows, *after, "]"] if rows or after else [f"{key} = []"]


def _aside(maybe: Sequence[Found], seen: _Comment) -> list[str]:
    """Lines that are no entries until the person makes them so."""
    if not maybe:
        return []
    return [
        "    # Names and words that some examples repeat; take the mark from those that tell the topic:",
        *(f"    # {_quoted(each.phrase) + ',':{ENTRY_WIDTH - 2}} # {seen(each.support)}" for each in maybe),
    ]


class _Quoting:
    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units

    def comment(self, support: Support) -> str:
        """Where it was seen, with the first headline that has it."""
        parts = [
            _many(len(support.headlines), "headline"),
            _many(len(support.sentences), "sentence"),
        ]
        if len(support.examples) > 1:
            parts.append(f"{len(support.examples)} examples")
        told = ", ".join(part for part in parts if part)
        first = min(support.headlines or support.sentences)
        text = _printable(self._units[first].text)
        return f"{told}: {text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + '…'}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""


def _stories(number: int) -> str:
    return "1 example" if number == 1 else f"{number} examples"


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    """The text as TOML has it."""
    return json.dumps(_printable(text), ensure_ascii=False)


def _printable(text: str) -> str:
    """The text on one line, without what neither a TOML comment nor a terminal should get."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
