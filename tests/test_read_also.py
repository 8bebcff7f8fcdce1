"""The read-also rule on the forms that outlets print, each as the inside of a story's container."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin

import pytest
from lxml import html

from crawler.reading.blocks import collect_blocks
from crawler.reading.read_also import CONTEXT_LENGTH, Split, split_read_also

BASE = "https://berita.contoh.id/read/1/cerita"
A = '<a href="/read/2/kedua">Cerita kedua</a>'
B = '<a href="/read/3/ketiga">Cerita ketiga</a>'


class Case(NamedTuple):
    markup: str
    links: list[tuple[str | None, str, int]]  # label, anchor text, position
    text: list[str]


CASES = {
    "label and anchor in one block": Case(
        f"<p>Satu.</p><p><strong>Baca juga: {A}</strong></p><p>Dua.</p>",
        [("Baca juga", "Cerita kedua", 1)], ["Satu.", "Dua."],
    ),
    "blank before the colon": Case(f"<p>Baca juga :&nbsp;{A}</p>", [("Baca juga", "Cerita kedua", 0)], []),
    "short label": Case(f"<p>Satu.</p><p><b>Baca: {A}</b></p>", [("Baca", "Cerita kedua", 1)], ["Satu."]),
    "label in capitals": Case(f"<div>BACA JUGA:{A}</div>", [("BACA JUGA", "Cerita kedua", 0)], []),
    "lihat juga in a table": Case(
        f"Satu.<br><table><tr><td><h5>Lihat juga:</h5>{A}</td></tr></table>Dua.",
        [("Lihat juga", "Cerita kedua", 1)], ["Satu.", "Dua."],
    ),
    "simak": Case(f"<p>Simak: {A}</p>", [("Simak", "Cerita kedua", 0)], []),
    "editors choice": Case(f"<p>Pilihan Editor: {A}</p>", [("Pilihan Editor", "Cerita kedua", 0)], []),
    "label in a text node, flat text": Case(
        f"Satu.<br><br>Baca Juga: {A}<br><br>Dua.", [("Baca Juga", "Cerita kedua", 1)], ["Satu.", "Dua."]
    ),
    "several links under one label": Case(
        f"<div><p>Baca Juga</p><ul><li>{A}</li><li>{B}</li></ul></div><p>Satu.</p>",
        [("Baca Juga", "Cerita kedua", 0), ("Baca Juga", "Cerita ketiga", 0)], ["Satu."],
    ),
    "label alone, then paragraphs of one link": Case(
        f"<p>Satu.</p><p>Baca juga:</p><p>{A}</p><p>{B}</p><p>Dua.</p>",
        [("Baca juga", "Cerita kedua", 1), ("Baca juga", "Cerita ketiga", 1)], ["Satu.", "Dua."],
    ),
    "label and links split by line breaks": Case(
        f"<p><strong>Baca juga:</strong><br>{A}<br>{B}</p>",
        [("Baca juga", "Cerita kedua", 0), ("Baca juga", "Cerita ketiga", 0)], [],
    ),
    "in round brackets, a paragraph of its own": Case(
        f"<p><strong>(Baca juga: {A})</strong></p>", [("Baca juga", "Cerita kedua", 0)], []
    ),
    "in round brackets, within a sentence": Case(
        f"<p>Polisi (Baca juga: {A}) masih menyelidiki.</p>",
        [("Baca juga", "Cerita kedua", 1)], ["Polisi masih menyelidiki."],
    ),
    "at the end of a paragraph": Case(
        f"<p>Polisi masih menyelidiki. Baca juga: {A}</p>",
        [("Baca juga", "Cerita kedua", 1)], ["Polisi masih menyelidiki."],
    ),
    "address in data-url": Case(
        '<p>Baca juga: <a href="javascript:void(0)" data-url="/read/2/kedua">Cerita kedua</a></p>',
        [("Baca juga", "Cerita kedua", 0)], [],
    ),
    "label inside the anchor": Case(
        '<p><a href="/read/2/kedua">Baca juga : Cerita kedua</a></p>', [("Baca juga", "Cerita kedua", 0)], []
    ),
    "broken nesting": Case(
        '<p><strong>Baca: <a href="/read/2/kedua">Cerita kedua</p><p> </a></strong></p><p>Satu.</p>',
        [("Baca", "Cerita kedua", 0)], ["Satu."],
    ),
    "headline with its title attribute": Case(
        '<p>Baca juga: <a title="Cerita kedua" href="/read/2/kedua">Cerita kedua</a></p>',
        [("Baca juga", "Cerita kedua", 0)], [],
    ),
    "printed twice is there twice": Case(
        f"<p>Baca juga: {A}</p><p>Satu.</p><p>Baca juga: {A}</p>",
        [("Baca juga", "Cerita kedua", 0), ("Baca juga", "Cerita kedua", 1)], ["Satu."],
    ),
    "jangan lewatkan": Case(
        f"<p>JANGAN LEWATKAN!!!<br>{A}</p>", [("JANGAN LEWATKAN", "Cerita kedua", 0)], []
    ),
    # What is no read-also link.
    "keyword link": Case(f"<p>Kata {A}, polisi tahu.</p>", [], ["Kata Cerita kedua, polisi tahu."]),
    "tags and authors under the label": Case(
        '<p>Baca juga artikel terkait <a href="/q/data">DATA</a> atau <a href="/author/ani">Ani</a></p>',
        [], [],
    ),
    "tag link under the label": Case('<p>Baca juga: <a href="/tag/a">a</a></p><p>Satu.</p>', [], ["Satu."]),
    "news on google": Case('<p>Baca juga: <a href="https://news.google.com/x">Google News</a></p>', [], []),
    "home page": Case('<p>Baca juga: <a href="https://contoh.id/">Contoh</a></p>', [], []),
    "video": Case('<p>Simak Video "Judul"</p><p>Satu.</p>', [], ["Satu."]),
    "rest of this story": Case('<p>Baca selengkapnya <a href="?page=2">di sini</a></p>', [], []),
    "line that lost its link": Case("<p>Satu.</p><p>Baca juga: Judul tanpa tautan</p>", [], ["Satu."]),
    "prose that begins like a label": Case(
        "<p>Baca dan simak penjelasan berikut, kata dia kepada wartawan.</p>",
        [], ["Baca dan simak penjelasan berikut, kata dia kepada wartawan."],
    ),
    "list of links without a label": Case(f"<ul><li>{A}</li></ul>", [], ["Cerita kedua"]),
}  # fmt: skip


def split(markup: str) -> Split:
    container = html.fromstring(f"<div>{markup}</div>")
    return split_read_also(collect_blocks(container), lambda href: urljoin(BASE, href))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_form_is_read(case: Case) -> None:
    found = split(case.markup)
    assert [(link.label, link.anchor_text, link.position) for link in found.links] == case.links
    assert [block.text for block in found.blocks] == case.text


def test_address_is_resolved() -> None:
    assert [link.url for link in split(f"<p>Baca juga: {A}</p>").links] == [
        "https://berita.contoh.id/read/2/kedua"
    ]


def test_context_is_the_text_around() -> None:
    before, after = "Sebelum " * 40, "Sesudah " * 40
    (link,) = split(f"<p>{before}</p><p>Baca juga: {A}</p><p>{after}</p>").links
    assert "Sebelum" in link.context
    assert "Sesudah" in link.context
    assert len(link.context) <= CONTEXT_LENGTH + 1
    assert "Cerita kedua" not in link.context


def test_element_kept_for_read_also_needs_no_label() -> None:
    container = html.fromstring(f"<div><p>Satu.</p><div class='box'>{A}{B}</div></div>")
    blocks = collect_blocks(container, read_also=set(container.xpath("//div[@class='box']")))
    found = split_read_also(blocks, lambda href: urljoin(BASE, href))
    assert [link.anchor_text for link in found.links] == ["Cerita kedua", "Cerita ketiga"]
    assert [block.text for block in found.blocks] == ["Satu."]
