"""The lines that close a story: the writer's initials, the credits, the source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.reading.bylines import Credits, is_organisation, parse_byline, people

if TYPE_CHECKING:
    from crawler.reading.blocks import Block

# "(abc/def)", "(boy/jpnn)", "(C31)", "(E-2)": at the very end, after a full stop or on its own.
_INITIALS = re.compile(
    r"(?:^|(?<=[.!?\"”'’»…)\]])|(?<=[.!?\"”'’»…)\]]\s))\s*[\[(](?P<initials>[A-Za-z0-9*]{1,8}(?:\s?[/-]\s?[A-Za-z0-9*]{1,8}){0,3})[\])]$"
)
# A person in brackets at the very end: "(Luh Wayanti)", "(Tribunnews.com/Ani Lestari)", "(Surya/Galih)".
_PERSON = re.compile(
    r"(?:^|(?<=[.!?\"”'’»…])|(?<=[.!?\"”'’»…]\s))\s*[\[(](?:[*\w.\s-]{1,40}/\s?)?(?P<name>[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]*){1,4})[\])]$"
)
_PICTURE = re.compile(r"\b(?:foto|dok|istimewa|ilustrasi|getty|video|sumber|tangkapan)\b", re.IGNORECASE)
_OUTLET_CREDIT = re.compile(
    r"(?:^|(?<=[.!?\"”'’»…])|(?<=[.!?\"”'’»…]\s))\s*[\[(](?:[\w-]+\.(?:com|id|co\.id|net)|\*+)(?:\s*[/-][\w.\s-]{0,40})?[\])]$"
)
# The writer as the last line, in capitals, agencies before: "DAILY STAR | FIKRI ARIGI".
_CAPITALS = re.compile(r"^[A-Z][A-Z .,&'’|/-]{2,78}$")
_PAPER = re.compile(
    r"^THE\b|^DAILY\b|\b(?:NEWS|TIMES|POST|MAIL|EXPRESS|MIRROR|GUARDIAN|STAR|TELEGRAPH|JOURNAL|HERALD|TRIBUNE|MAGAZINE|"
    r"ONLINE|SPORTS?|FOOTBALL|INDEPENDENT|BLOOMBERG|MARCA|GOAL|VARIETY|BILLBOARD|FORBES|CNET|ASIA|TV|MEDIA)\b"
)
_COMMON_WORDS = re.compile(r"\b(?:DAN|DI|KE|DARI|YANG|INI|UNTUK|PADA|BACA|SIMAK|LIHAT|FOTO|VIDEO|TIM)\b")
_CREDIT_LINE = re.compile(
    r"^\W*(?:penulis|editor|reporter|pewarta|redaktur|penyunting|kontributor|jurnalis|rep|red|penerjemah|uploader|oleh)\b"
    r"\s*(?:&\s*\w+\s*)?[:：]\s*\S",
    re.IGNORECASE,
)
_OPENING_CREDIT = re.compile(
    r"^\W*laporan\s+(?:wartawan|reporter|jurnalis|kontributor|koresponden)\b", re.IGNORECASE
)
_SOURCE_LINE = re.compile(
    r"^\W*(?:sumber|source|dikutip dari|sumber berita)\s*[:：]\s*(?P<source>.*)$", re.IGNORECASE
)
_STARS = re.compile(r"\s*(?<!\*)\*{2,}$")  # Pikiran Rakyat ends its stories with three
_EMBED_MARK = re.compile(r"\s*\[gambas:[^\]]*\]", re.IGNORECASE)
_AGENCY = re.compile(
    r"\b(antara|reuters|afp|agence france-presse|associated press|bbc|xinhua|anadolu|bloomberg|kyodo|dpa)\b",
    re.IGNORECASE,
)
_WIRE_DATELINE = re.compile(r"^[^()\n]{2,60}\(([^()\n]{2,40})\)\s*(?:--|[-–—])")
_LONGEST_CREDIT = 160
_LOOK_BACK = 4


@dataclass(slots=True)
class Closing:
    """A story's own blocks, and what its closing and opening credit lines say."""

    blocks: list[Block]
    initials: str | None = None
    credits: Credits = field(default_factory=Credits)
    sources: list[str] = field(default_factory=list)

    @property
    def agency(self) -> str | None:
        """The wire service that the source line names, or the dateline: "JAKARTA (ANTARA) -"."""
        dateline = _WIRE_DATELINE.match(self.blocks[0].text) if self.blocks else None
        told = [*self.sources, dateline[1] if dateline else ""]
        match = next((m for credit in told if (m := _AGENCY.search(credit))), None)
        return match[1] if match else None


def split_closing(blocks: list[Block]) -> Closing:
    """Take the initials, credit lines and source lines out of the blocks of a story."""
    closing = Closing([])
    last = len(blocks) - 1
    for index, block in enumerate(blocks):
        text = _EMBED_MARK.sub("", block.text).strip()
        near_end = index >= last - _LOOK_BACK
        if near_end:
            text = _STARS.sub("", text)
        if len(text) <= _LONGEST_CREDIT:
            if index <= 1 and (_OPENING_CREDIT.match(text) or _CREDIT_LINE.match(text)):
                closing.credits.add(parse_byline(text))
                continue
            source = _SOURCE_LINE.match(text)
            if near_end and source:
                closing.sources.append(source["source"].strip())
                continue
            if near_end and _CREDIT_LINE.match(text):
                closing.credits.add(parse_byline(text))
                continue
            signed = index == last and last > 1 and block.kind == "p" and not block.anchors
            if signed and _CAPITALS.match(text) and not _COMMON_WORDS.search(text):
                closing.credits.add(Credits(authors=_names_in_capitals(text)))
                closing.sources.append(text)
                continue
        text = _without_signature(text, closing, is_last=near_end)
        if text:
            block.text = text
            closing.blocks.append(block)
    return closing


def _names_in_capitals(text: str) -> list[str]:
    """Return the persons of "DAILY STAR | FIKRI ARIGI"; a single word among several is a paper's name."""
    parts = [part.strip() for part in re.split(r"[|/]", text)]
    persons = [part for part in people(parts) if not _PAPER.search(part)]
    return [name for name in persons if len(parts) == 1 or " " in name]


def _without_signature(text: str, closing: Closing, *, is_last: bool) -> str:
    if not text.endswith((")", "]")):
        return text
    match = _INITIALS.search(text)
    if match and (is_last or "/" in match["initials"]):
        if is_organisation(re.split(r"[/-]", match["initials"])[0]):
            closing.sources.append(match["initials"])  # "(ANTARA)"
        elif closing.initials is None and "*" not in match["initials"]:
            closing.initials = match["initials"]
        return text[: match.start()].rstrip()
    if not is_last:
        return text
    match = _PERSON.search(text)
    if match and people([match["name"]]) and not _PICTURE.search(match["name"]):
        closing.credits.add(Credits(authors=[match["name"]]))
        return text[: match.start()].rstrip()
    match = _OUTLET_CREDIT.search(text)
    return text[: match.start()].rstrip() if match else text
