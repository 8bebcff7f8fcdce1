"""How the hits of a search look: on a terminal, in a pipe, as CSV and as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from crawler.cli.terminal import one_line, print_table, stdout
from crawler.export.answer_columns import SEARCH_COLUMNS
from crawler.export.csv_file import write_csv
from crawler.export.writing import output_file
from crawler.store.answers.search import BEGIN, END, SearchHit, SearchResult

HEADINGS = ("PUBLISHED", "OUTLET", "TOPICS", "COPIES", "HEADLINE", "FOUND", "URL")
INDENT = "    "
_FOUND = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class HitRow:
    """A hit without marks in its texts: the columns of the CSV and the keys of the JSON."""

    url: str
    outlet: str
    title: str
    published_at: datetime | None
    snippet: str
    found_words: list[str]
    topics: list[str]
    on_topic: bool
    copies: int
    replaced_version_of: datetime | None
    score: float


def hit_row(hit: SearchHit) -> HitRow:
    """Return the hit with the words that were found apart from its texts."""
    found = [word for text in (hit.title, hit.snippet) for word in _FOUND.findall(text)]
    return HitRow(
        url=hit.url,
        outlet=hit.outlet,
        title=_plain(hit.title),
        published_at=hit.published_at,
        snippet=" ".join(_plain(hit.snippet).split()),
        found_words=list(dict.fromkeys(found)),
        topics=hit.topics,
        on_topic=hit.on_topic,
        copies=hit.copies,
        replaced_version_of=hit.replaced_version_of,
        score=round(hit.score, 4),
    )


def search_record(text: str, result: SearchResult) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    return {"query": text, "has_more": result.has_more, "hits": [hit_row(hit) for hit in result.hits]}


def print_csv(result: SearchResult) -> None:
    """Print the hits as CSV on stdout."""
    with output_file(None) as file:
        write_csv(file, SEARCH_COLUMNS, map(hit_row, result.hits))


def print_hits(result: SearchResult) -> None:
    """Print the hits: on a terminal some lines each with the words found in bold, piped one line each."""
    console = stdout()
    if not console.is_terminal:
        print_table(HEADINGS, [_cells(hit_row(hit), hit) for hit in result.hits], flexible=5)
        return
    for number, hit in enumerate(result.hits):
        page = Text("\n" if number else "")
        page.append_text(_marked(hit.title, "cyan", "bold cyan underline"))
        page.append(f"\n{INDENT}{' · '.join(_facts(hit))}", style="dim")
        console.print(page)
        snippet = _marked(hit.snippet, "", "bold")
        for line in snippet.wrap(console, max(console.width - len(INDENT), 20)):
            line.rstrip()
            console.print(Text(INDENT).append_text(line))
        console.print(Text(f"{INDENT}{one_line(hit.url)}", style="dim"), soft_wrap=True)


def _cells(row: HitRow, hit: SearchHit) -> tuple[str, ...]:
    topics = " ".join(row.topics) or "off topic"
    return (_time(hit), row.outlet, topics, str(row.copies), row.title, row.snippet, row.url)


def _facts(hit: SearchHit) -> list[str]:
    facts = [
        one_line(hit.outlet),
        _time(hit) or "no time known",
        f"✓ {one_line(', '.join(hit.topics))}" if hit.topics else "off topic",
    ]
    if hit.copies:
        facts.append("1 copy" if hit.copies == 1 else f"{hit.copies:,} copies")
    if hit.replaced_version_of is not None:
        facts.append(f"a text of {hit.replaced_version_of:%Y-%m-%d} that editors have replaced")
    return facts


def _marked(text: str, style: str, found_style: str) -> Text:
    """Return the text on one line, the words that were found in another style."""
    marked = Text(style=style)
    end = 0
    flat = " ".join(text.split())
    for found in _FOUND.finditer(flat):
        marked.append(_shown(flat[end : found.start()]))
        marked.append(_shown(found[1]), style=found_style)
        end = found.end()
    return marked.append(_shown(flat[end:]))


def _shown(text: str) -> str:
    # one_line would drop the spaces around a word that was found.
    inner = one_line(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


def _plain(text: str) -> str:
    return text.replace(BEGIN, "").replace(END, "")


def _time(hit: SearchHit) -> str:
    return hit.published_at.isoformat(sep=" ", timespec="minutes")[:16] if hit.published_at else ""
