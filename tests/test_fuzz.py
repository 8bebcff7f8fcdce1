"""Whatever comes from outside, nothing but what is documented comes out: pages, addresses, TOML files, rows.

A small, fixed number of examples; tests/fuzz/read_harness.py looks further, by hand. What either finds is
kept here as an ``@example`` or a case of its own.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from encodings import aliases
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from crawler.address import address_of
from crawler.cli.jobs.jobs_options import export_options
from crawler.errors import BacaJugaError
from crawler.export.csv_file import cell
from crawler.frontier.traps import trap_of
from crawler.items import Article, OutcomeKind, PageKind, Relevance
from crawler.jobs.jobs_file import example_text, read_jobs_file
from crawler.outlets import outlet_for
from crawler.public_address import refusal_of
from crawler.reading.bylines import parse_byline
from crawler.reading.dates import find_date, parse_date
from crawler.reading.reader import read_page
from crawler.store.database import Store, open_store
from crawler.store.schema import metadata
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.topic.topic_file import read_topic_file
from crawler.urls import canonical_url, listing_key, trusted_canonical, without_archive, without_paging
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.normalise import NormalisePipeline
from tests import visits
from tests.fuzz.invariants import assert_item_is_sound

PAGES = sorted((Path(__file__).parent / "pages").glob("*/*.html"))
SHELF = Path(__file__).parent.parent / "crawler" / "topics"
ADDRESS = re.compile(rb"\A<!-- saved from (\S+) -->")
# In CI the same examples each time: a change that is right must not fail for chance.
FEW = settings(max_examples=25, deadline=None, derandomize=bool(os.environ.get("CI")))
MANY = settings(FEW, max_examples=80)

# Pieces of which real addresses are made, and of which attacks are.
PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http:",
            "//",
            "www.",
            "detik.com",
            "tribunnews.com",
            "/read/",
            "?page=",
            "all",
            "#",
            "%",
        ),
        *("%2F", "@", ":", ":8080", "[", "]", "..", "\\", "&", "=", "amp", "berita-1234567", "d-5577123"),
        *(
            "\u3002",
            "\x00",
            "١",
            "2021/05/21",
            "xn--",
            "kalender",
            "?date=2021-05-21",
            " ",
            "\n",
            "🗞",
            "\ud800",
        ),
    ]
)
URLS = st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join)
DATE_PIECES = (
    *("Jumat", "21", "Mei", "2021", "08:30", "WIB", "UTC", "/", "-", "99", "jam lalu", "T", "Z", "+07:00"),
    *("٢", "\x00", "kemarin", "99999999999"),
)
BYLINE_PIECES = (
    *("Penulis:", "Editor :", "Ani Lestari", "/", "(", ")", ",", "dan", "|", "Reporter", "ani/bud", "\u202e"),
)


@MANY
@given(URLS)
@example("https://[")
@example("?date=2021-05-21\ud800")
@example("https://kabar.test:99999/1")
@example("http://\ud800/")
def test_any_text_is_an_address_or_none(url: str) -> None:
    canonical = canonical_url(url)
    assert canonical_url(canonical) == canonical
    assert address_of(url) == address_of(url)
    for each in (listing_key, without_archive, without_paging, trap_of, refusal_of, outlet_for):
        each(url)  # type: ignore[operator]
    assert trusted_canonical(url, "https://www.detik.com/d-1") is None or url.strip()


@MANY
@given(st.lists(st.sampled_from(DATE_PIECES) | st.text(max_size=5), max_size=10).map(" ".join))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is not None
    find_date(text)


@MANY
@given(st.lists(st.sampled_from(BYLINE_PIECES) | st.text(max_size=6), max_size=10).map(" ".join))
def test_any_text_is_a_byline(text: str) -> None:
    found = parse_byline(text)
    assert all(name.strip() == name and name for name in (*found.authors, *found.editors))


@MANY
@given(st.text(max_size=40) | st.text("=+-@\t\r|\ufeff \u3000\uff1d", max_size=6))
def test_any_cell_is_read_back_and_is_no_formula(text: str) -> None:
    shown = cell(text)
    assert not re.match(r"[=+\-@\t\r]", shown)
    written = io.StringIO()
    csv.writer(written).writerow([shown, "x"])
    assert next(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [shown, "x"]


EXPORTS = export_options()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def toml_of(value: Any) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml_of, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml_of(each)}" for key, each in value.items()) + "}"
    return json.dumps(value) if isinstance(value, str) else str(value)


def changed_line(text: str, number: int, value: Any) -> str:
    """Return a TOML file with the value of one of its keys taken by another."""
    lines = text.splitlines()
    keyed = [at for at, line in enumerate(lines) if re.match(r"\w+ = .*[^\[]$", line)]
    at = keyed[number % len(keyed)]
    lines[at] = f"{lines[at].partition(' =')[0]} = {toml_of(value)}"
    return "\n".join(lines)


TOPIC_TEXTS = [path.read_text(encoding="utf-8") for path in sorted(SHELF.glob("*.toml"))]


def only_our_errors(read: Callable[[], object], text: str) -> None:
    said = "read"
    try:
        read()
    except BacaJugaError as error:
        said = str(error)
    assert said, "an error without a word"
    assert "\n" not in said, f"more than one line for:\n{text[:500]}"


@MANY
@given(text=st.sampled_from(TOPIC_TEXTS), number=st.integers(0, 200), value=VALUES)
def test_topic_file_with_any_value_reads_or_is_told(text: str, number: int, value: Any) -> None:
    changed = changed_line(text, number, value)
    only_our_errors(lambda: read_topic_file(changed, "topic.toml"), changed)


@FEW
@given(
    text=st.sampled_from(TOPIC_TEXTS),
    start=st.integers(0, 4000),
    length=st.integers(0, 200),
    new=st.text(max_size=5),
)
def test_topic_file_that_is_torn_reads_or_is_told(text: str, start: int, length: int, new: str) -> None:
    torn = text[:start] + new + text[start + length :]
    only_our_errors(lambda: read_topic_file(torn, "topic.toml"), torn)


@settings(MANY, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 200), value=VALUES, start=st.integers(0, 3000), length=st.integers(0, 40))
def test_jobs_file_with_any_value_reads_or_is_told(
    tmp_path: Path, number: int, value: Any, start: int, length: int
) -> None:
    text = re.sub(r"^# (\w+ = )", r"\1", example_text(), flags=re.MULTILINE)
    changed = changed_line(text, number, value)
    if length > 20:
        changed = changed[:start] + changed[start + length :]
    try:
        changed.encode()
    except UnicodeEncodeError:
        assume(False)
    path = tmp_path / "jobs.toml"
    path.write_text(changed, encoding="utf-8")
    only_our_errors(lambda: read_jobs_file(path, EXPORTS), changed)


def mutated(page: bytes, steps: list[tuple[str, int, int]]) -> bytes:
    """Return a page of which nodes were taken away, doubled, swapped, emptied or moved, or which was cut."""
    tree = lxml_html.document_fromstring(page)
    for step, first, second in steps:
        nodes = [node for node in tree.iter() if isinstance(node.tag, str) and node.getparent() is not None]
        if len(nodes) < 3:
            break
        one, other = nodes[first % len(nodes)], nodes[second % len(nodes)]
        parent = one.getparent()
        assert parent is not None
        if step == "delete":
            parent.remove(one)
        elif step == "double":
            parent.insert(parent.index(one), lxml_html.fromstring(lxml_html.tostring(one)))
        elif step == "move" and other not in one.iter():
            other.append(one)
        elif step == "swap":
            one.tag, other.tag = other.tag, one.tag
        elif step == "empty":
            one.text = one.tail = ""
        elif step == "attributes":
            for name in list(one.attrib):
                del one.attrib[name]
            for name, value in other.attrib.items():
                one.set(name, value)
    written = lxml_html.tostring(tree, encoding="utf-8")
    for step, first, second in steps:
        if step == "cut":
            written = written[: first * 37 % (len(written) + 1)]
        elif step == "noise":
            at = first * 41 % (len(written) + 1)
            written = written[:at] + bytes([second % 256]) * 3 + written[at + 5 :]
    return written


STEPS = st.tuples(
    st.sampled_from(["delete", "double", "move", "swap", "empty", "attributes", "cut", "noise"]),
    st.integers(0, 5000),
    st.integers(0, 5000),
)


@settings(MANY, max_examples=100)
@given(
    page=st.sampled_from(PAGES),
    steps=st.lists(STEPS, min_size=1, max_size=12),
    kind=st.sampled_from([PageKind.STORY] * 4 + [PageKind.TAG_PAGE, PageKind.DATE_INDEX]),
)
def test_page_that_was_broken_reads_or_says_why(
    page: Path, steps: list[tuple[str, int, int]], kind: PageKind
) -> None:
    whole = page.read_bytes()
    address = ADDRESS.match(whole)
    assert address
    item = read_page(mutated(whole, steps), address[1].decode(), kind=kind)
    assert_item_is_sound(item, json.dumps)
    # Ten seconds of the processor for what takes milliseconds.
    assert getattr(item, "kind", None) is not OutcomeKind.OVER_LIMIT, f"{page}: {item}"


# What a document of a list is made of, and what it may hold that no text has.
XML_PIECES = st.sampled_from(
    [
        *(
            "<?xml version='1.0'?>",
            "<urlset>",
            "</urlset>",
            "<sitemapindex>",
            "<url>",
            "</url>",
            "<loc>",
            "</loc>",
        ),
        *(
            "<rss>",
            "<channel>",
            "<item>",
            "<title>",
            "</title>",
            "<link>",
            "</link>",
            "<feed>",
            "<entry>",
            "<news>",
        ),
        *(
            "<link href='/a-b-c-d'/>",
            "https://kabar.test/data-bocor-1",
            "<pubDate>",
            "<![CDATA[",
            "]]>",
            "<!--",
        ),
        *(
            "<!DOCTYPE x [",
            "<!ENTITY y 'z'>",
            "]>",
            "&y;",
            "&amp;",
            "&",
            "&nbsp;",
            "&#xD800;",
            "&#0;",
            "&#x110000;",
        ),
        *("&#xFFFE;", "&#99999999999;", "\x00", "\ud800", "\x1f\x8b", "<x:y>", "xmlns:x=", "21 Mei 2021"),
    ]
)


@MANY
@given(pieces=st.lists(XML_PIECES | st.text(max_size=4), max_size=30), kind=st.sampled_from(list(PageKind)))
@example(
    pieces=["<urlset><url><loc>https://kabar.test/a-b-c-d</loc><news><title>&#xD800;"], kind=PageKind.SITEMAP
)
@example(
    pieces=["<rss><channel><item><title>&#xDFFF;", "<link>https://kabar.test/a-b-c-d"], kind=PageKind.FEED
)
def test_any_document_is_a_list_or_says_why(pieces: list[str], kind: PageKind) -> None:
    text = "".join(pieces)
    for content in (text, text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass")):
        assert_item_is_sound(read_page(content, "https://kabar.test/feed", kind=kind), json.dumps)


@MANY
@given(label=st.sampled_from(sorted(set(aliases.aliases.values()))) | st.text(max_size=12))
@example("undefined")
@example("punycode")
@example("zlib")
@example("idna")
def test_page_of_any_encoding_reads(label: str) -> None:
    page = f'<meta charset="{label}"><title>Data bocor</title>'.encode("utf-8", "replace") + b"<p>\xff data"
    for content, encoding in ((page, label), (page, None), (page.decode("cp1252", "replace"), label)):
        item = read_page(content, "https://kabar.test/data-bocor", encoding=encoding)
        assert_item_is_sound(item, json.dumps)


@pytest.fixture(scope="module")
def shared_store(shared_database_url: str) -> Iterator[Store]:
    """A store that is emptied before each story: making one takes a second."""
    store = open_store(shared_database_url)
    yield store
    store.close()


@settings(FEW)
@given(
    page=st.sampled_from(PAGES),
    steps=st.lists(STEPS, max_size=6),
    extra=st.text(
        st.sampled_from("\x00\x01\x7f\x85\u200b\u202e\ud800\udfff\ufeff\uffff\U0001f5de a'\"%\\:;"),
        max_size=6,
    ),
)
def test_story_that_was_broken_is_stored_and_read_back(
    shared_store: Store, page: Path, steps: list[tuple[str, int, int]], extra: str
) -> None:
    whole = page.read_bytes()
    address = ADDRESS.match(whole)
    assert address
    store = shared_store
    item = read_page(mutated(whole, steps), address[1].decode())
    assume(isinstance(item, Article))
    assert isinstance(item, Article)
    item.title += extra
    item.body += f"\n\n{extra}"
    item.authors.append(f"Ani{extra}")
    with store.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    item.visit = visits.visit(item.url)
    item.relevance = Relevance(score=0.9, on_topic=True)
    item = DeduplicatePipeline().process_item(NormalisePipeline().process_item(item))
    visits.seed(store, item.url)
    visits.keep(store, item)
    [back] = stored_stories(store, StoryFilter(include_off_topic=True, include_duplicates=True))
    for name in ("title", "deck", "body", "authors", "editors", "tags", "section"):
        assert getattr(back, name) == getattr(item, name), name
    assert back.published_at == item.published_at


@pytest.mark.parametrize("text", TOPIC_TEXTS)
def test_shipped_topic_files_are_what_is_mutated(text: str) -> None:
    assert tomllib.loads(changed_line(text, 0, "x"))["name"] == "x"
