"""The read-also lines of a story: found in its blocks, taken out of its text, kept as links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.items import Link, Zone
from crawler.reading.blocks import Block, collapse_spaces
from crawler.urls import is_home_page, is_web_address, without_archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

    from crawler.reading.blocks import Anchor

CONTEXT_LENGTH = 280

_VERB = r"(?:baca|lihat|simak|tonton|cek|dengarkan|saksikan|ikuti)"
_WHAT = r"(?:berita|artikel|kabar|info(?:rmasi)?|tulisan|ulasan|liputan|selengkapnya)"
_TAIL = r"(?:terkait|lainnya|lain|menarik|populer|pilihan|sebelumnya|selanjutnya|ini|nih|di ?sini)"
# Words that alone say "read also"; a colon may be missing.
_SURE = (
    rf"(?:{_VERB}\s*(?:juga|pula)(?:\s+{_WHAT})?(?:\s+{_TAIL})*|pilihan\s+(?:editor|redaksi)|rekomendasi\s+redaksi|"
    rf"jangan\s+lewatkan|(?:read|see)\s+(?:also|more)|also\s+read)"
)
# Words that say it only with a colon after them.
_COLON = (
    rf"(?:(?:baca|lihat|simak|tonton)(?:\s+{_WHAT})?(?:\s+{_TAIL})*|(?:berita|artikel)\s+(?:terkait|lainnya))"
)
_OPENING = r"[\s\"'“”‘’(\[«»>▶►➡→•*·#\-–—|]*"
_LABEL = re.compile(
    rf"^{_OPENING}(?:(?P<sure>{_SURE})\b\W{{0,3}}?(?P<colon1>\s*[:：])?|(?P<weak>{_COLON})\s*(?P<colon2>[:：]))\s*",
    re.IGNORECASE,
)
_INLINE = re.compile(rf"[(\[]\s*(?P<label>{_SURE}|{_COLON})\s*[:：]?\s*", re.IGNORECASE)
_TRAILING = re.compile(
    rf"(?:^|(?<=[.!?\"”'’)]))\s*(?P<label>{_SURE}|{_COLON})\s*[:：]\s*[\"“']?$", re.IGNORECASE
)
# "Baca selengkapnya", "Baca halaman 2": the rest of this story, not another one.
_MORE_OF_THIS = re.compile(rf"^{_OPENING}{_VERB}\s+(?:selengkapnya|halaman|kelanjutan)", re.IGNORECASE)
_VIDEO = re.compile(
    r"^\W*(?:yuk,?\s*|ayo,?\s*)?(?:simak|tonton|saksikan|lihat|cek)(?:\s+(?:juga|pula))?[,\s]+video\b",
    re.IGNORECASE,
)
# A box inside the text: "Simak Lifestyle Populer Lainnya", its links below.
_BOX = re.compile(rf"^{_OPENING}{_VERB}\s+(?:[\w-]+\s+){{1,3}}lainnya\W*$", re.IGNORECASE)
_EMBED = re.compile(r"^\[gambas:|^\[video", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[\W_]+")

_NOT_A_STORY = re.compile(
    r"^/[a-z]{1,20}/?$|/(?:tags?|tag-\w+|topi[ck]s?|topik-\w+|author|authors|penulis|editor|profile|profil|redaksi|search|cari|indeks|q|user|"
    r"foto|photos?|gallery|galeri|video|videos|live|streaming|tv)(?:/|$)",
    re.IGNORECASE,
)
_NOT_A_STORY_HOST = re.compile(
    r"(?:^|\.)(?:news\.google\.com|google\.\w+|t\.me|wa\.me|whatsapp\.com|facebook\.com|twitter\.com|x\.com|"
    r"instagram\.com|youtube\.com|youtu\.be|tiktok\.com|telegram\.me|play\.google\.com|apps\.apple\.com|bit\.ly|"
    r"20\.detik\.com|indeks\.kompas\.com|linkedin\.com)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Split:
    """A story's blocks parted into its own text and its read-also links."""

    blocks: list[Block]
    links: list[Link]


@dataclass(slots=True)
class _Cut:
    """An anchor taken out of a block, with its words and the label it stood under."""

    anchor: Anchor
    text: str
    label: str | None


def split_read_also(blocks: list[Block], absolute: Callable[[str], str]) -> Split:
    """Part the blocks of a story into its text and its read-also links.

    ``absolute`` resolves an href. Links to tags, authors, searches, videos and other sites' front pages are
    never read-also links, whatever stands before them.
    """
    kept: list[Block] = []
    links: list[Link] = []
    label: str | None = None  # of the list that is open
    last: object = None  # the anchor that gave the last link: one anchor can span several blocks
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        found = read_also_line(block, label, following)
        if found is None:
            label = None
            block, cuts = _cut_inline(block)
            if block.text:
                kept.append(block)
        else:
            label, anchors = found
            cuts = [_Cut(a, block.text[a.start : a.end], label) for a in anchors if a.element is not last]
            last = anchors[-1].element if anchors else None
        links.extend(_links(cuts, len(kept), absolute))
    for link in links:
        link.context = _context(kept, link.position)
    return Split(kept, links)


def read_also_line(
    block: Block, open_label: str | None, following: Block | None
) -> tuple[str | None, list[Anchor]] | None:
    """Return the label and the anchors of a read-also block, or None where the block is text.

    ``open_label`` is the label of a list that the blocks before have begun.
    """
    text = block.text
    if (
        _VIDEO.match(text)
        and len(text) < 200
        and (block.anchors or re.search(r"[:\"“'!]|ini\W*$|berikut", text))
    ):
        return None if _is_prose(block) else (None, [])
    if _MORE_OF_THIS.match(text) and block.anchors and not _is_prose(block):
        return None, []
    if _BOX.match(text):
        return text.strip(" :!."), block.anchors
    match = _LABEL.match(text)
    if block.is_read_also:
        return (_printed(match) if match else open_label or _label_before(block)), block.anchors
    if match:
        label = _printed(match)
        has_colon = bool(match["colon1"] or match["colon2"])
        rest = _uncovered(block, match.end())
        anchors = [a for a in block.anchors if a.end > match.end()]
        if not anchors and not block.text[match.end() :].strip(" .:!?)]»>"):
            return label, []  # the label alone: its links follow
        if anchors and (len(rest) <= 3 or (has_colon and len(rest) <= max(12, len(text) // 6))):
            return label, anchors
        if has_colon and len(text) < 250:
            return None, []  # a read-also line that lost its link
        if following and _EMBED.match(following.text) and len(text) < 200:
            return None, []
        if (
            match["sure"]
            and anchors
            and len(text) < 250
            and _anchors_start(anchors, match.end())
            and not _is_prose(block)
        ):
            return None, []  # "Baca juga artikel terkait X atau tulisan menarik lainnya Y": tags and authors
    if open_label and is_link_only(block):
        return open_label, block.anchors
    return None


def is_link_only(block: Block) -> bool:
    """Say whether all of the block's words stand in links."""
    return bool(block.anchors) and len(_uncovered(block, 0)) <= 3


def is_teaser(element: HtmlElement) -> bool:
    """Say whether an element is little else than links, without a read-also label before them."""
    text = collapse_spaces(" ".join(element.itertext()))
    linked = sum(len(collapse_spaces(" ".join(a.itertext()))) for a in element.iter("a"))
    return linked > 0.6 * len(text) and not _LABEL.match(text)


def story_address(anchor: Anchor, absolute: Callable[[str], str]) -> str | None:
    """Return the address of the story that an anchor leads to, or None where it leads to no story."""
    href = (anchor.element.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "whatsapp:", "tel:")):
        href = (anchor.element.get("data-url") or anchor.element.get("data-href") or "").strip()
    if not href:
        return None
    url = absolute(href)
    story = without_archive(url)
    if not is_web_address(story) or is_home_page(story):
        return None
    parts = urlsplit(story)
    if _NOT_A_STORY_HOST.search(parts.hostname or "") or _NOT_A_STORY.search(parts.path):
        return None
    return url


def _links(cuts: list[_Cut], position: int, absolute: Callable[[str], str]) -> list[Link]:
    links: list[Link] = []
    for cut in cuts:
        url = story_address(cut.anchor, absolute)
        words = cut.text.strip() or collapse_spaces(cut.anchor.element.get("title") or "")
        if url is None or not _NOT_WORDS.sub("", words):
            continue
        if links and links[-1].url == url:
            continue  # the picture and the headline of one entry
        words = _without_label(words)
        links.append(Link(url=url, anchor_text=words, label=cut.label, position=position, zone=Zone.BODY))
    return links


def _without_label(words: str) -> str:
    """Return a link's words without the label that stands inside the link."""
    match = _LABEL.match(words)
    return (
        words[match.end() :]
        if match and (match["colon1"] or match["colon2"]) and match.end() < len(words)
        else words
    )


def _cut_inline(block: Block) -> tuple[Block, list[_Cut]]:
    """Cut "(Baca juga: T)" and a closing "Baca juga: T" out of a paragraph."""
    text = block.text
    cuts: list[_Cut] = []
    left: list[str] = []
    at = 0
    for anchor in block.anchors:
        span = _inline_span(text, anchor)
        if span and span[0] >= at:
            start, end, label = span
            cuts.append(_Cut(anchor, text[anchor.start : anchor.end], label))
            left.append(text[at:start])
            at = end
    if not cuts:
        return block, []
    left.append(text[at:])
    shorter = collapse_spaces(" ".join(left))
    return Block(re.sub(r"\s+([.,;:!?])", r"\1", shorter), block.kind), cuts


def _inline_span(text: str, anchor: Anchor) -> tuple[int, int, str] | None:
    """Return the stretch of an inline read-also line around an anchor, and its label."""
    before, after = text[: anchor.start], text[anchor.end :]
    opening = next((m for m in _INLINE.finditer(before) if m.end() >= len(before) - 2), None)
    closing = re.match(r"[\"”'’.\s]*[)\]]", after)
    if opening and closing:
        return opening.start(), anchor.end + closing.end(), collapse_spaces(opening["label"])
    trailing = _TRAILING.search(before)
    if trailing and not _NOT_WORDS.sub("", after):
        return trailing.start(), len(text), collapse_spaces(trailing["label"])
    return None


def _printed(match: re.Match[str]) -> str:
    return collapse_spaces(match["sure"] or match["weak"])


def _label_before(block: Block) -> str | None:
    first = min((a.start for a in block.anchors), default=0)
    words = block.text[:first].strip(" :：-–—|•")
    return words if 0 < len(words) <= 40 else None


def _uncovered(block: Block, start: int) -> str:
    """Return the letters after ``start`` that stand in no anchor."""
    pieces = []
    at = start
    for anchor in sorted(block.anchors, key=lambda a: a.start):
        pieces.append(block.text[at : max(at, anchor.start)])
        at = max(at, anchor.end)
    pieces.append(block.text[at:])
    return _NOT_WORDS.sub("", "".join(pieces))


def _anchors_start(anchors: list[Anchor], label_end: int) -> bool:
    return min(a.start for a in anchors) - label_end < 40


def _is_prose(block: Block) -> bool:
    """Say whether the block reads as sentences rather than as a line that points somewhere."""
    return len(block.text) > 200 or len(re.findall(r"[.!?][\"”]?(?:\s|$)", block.text)) > 1


def _context(blocks: list[Block], position: int) -> str:
    before = blocks[position - 1].text if 0 < position <= len(blocks) else ""
    after = blocks[position].text if position < len(blocks) else ""
    half = CONTEXT_LENGTH // 2
    room = CONTEXT_LENGTH - min(len(before), half)
    after = after[: max(half, room)].rsplit(" ", 1)[0] if len(after) > max(half, room) else after
    before = before[-(CONTEXT_LENGTH - len(after)) :]
    return f"{before} {after}".strip()
