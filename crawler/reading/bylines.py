"""Who wrote and who edited: the names in bylines and closing credits, without labels, places and roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.reading.blocks import collapse_spaces
from crawler.reading.dates import find_date

if TYPE_CHECKING:
    from collections.abc import Iterable

_AUTHOR = (
    "penulis|reporter|pewarta|jurnalis|wartawan|rep|oleh|by|kontributor|koresponden|"
    "penerjemah|author|written by"
)
_EDITOR = "editor|red|redaktur|penyunting|edited by"
_BOTH = (
    r"redaktur\s*&\s*reporter|reporter\s*&\s*redaktur|penulis\s*(?:&|dan|/)\s*editor|reporter\s*/\s*editor"
)
_OTHER = (
    "sumber|source|uploader|foto|fotografer|photo|copyright|hak cipta|tanggal|tgl|ilustrasi|publisher|"
    "videografer|video"
)

# A label, with its colon or, glued or not, before a name: "Penulis: X", "PenulisX", "Oleh X".
_LABEL = re.compile(
    rf"(?:(?<=^)|(?<=[\s|/,;:(.\-–—])|(?<=[a-z.)]))"
    rf"(?:(?P<both>{_BOTH})|(?P<author>{_AUTHOR})|(?P<editor>{_EDITOR})|(?P<other>{_OTHER}))"
    rf"(?:\s*[:：]\s*|\s+-\s+|\s+|(?=[A-Z])|\s*$)",
    re.IGNORECASE,
)
# Without a colon these are ordinary words of names or sentences, unless they begin the text.
_NEEDS_COLON = {
    "rep",
    "red",
    "by",
    "oleh",
    "foto",
    "photo",
    "video",
    "tanggal",
    "tgl",
    "source",
    "reporter",
}

_REPORT = re.compile(
    r"^\s*(?:laporan|dilaporkan(?:\s+oleh)?)\s+(?:wartawan|jurnalis|reporter|kontributor|koresponden)\s*"
    r"(?P<outlet>[^,/\n]{0,60}?)\s*[,/|:]\s*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"\s*(?:\bcopyright\b|©|\bhak cipta\b).*$", re.IGNORECASE)
_PLACE_REPORT = re.compile(r"^\s*laporan\s+dari\b.*", re.IGNORECASE)
_CONTRIBUTOR = re.compile(
    r"\b(?:kontributor|koresponden|wartawan|jurnalis|reporter)\s+[^,|]{2,40},\s*", re.IGNORECASE
)
_HAS_COLON = re.compile(r"[:：&]")
_ROLE = re.compile(
    r"\s*[(\[]\s*(?:kontributor|kontri|penulis|editor|reporter|magang|mg\d*|pewarta|jurnalis|koresponden|red(?:aktur)?)"
    r"[^)\]]*[)\]]",
    re.IGNORECASE,
)
_TRAILING_ROLE = re.compile(
    r"\s*[,\-–—|·•:]\s*(?:jurnalis|kontributor|reporter|penulis|editor|wartawan|pewarta|koresponden)\b.*$|\s+jurnalis$",
    re.IGNORECASE,
)
# "- detikHealth", ", CNN Indonesia": the desk or the outlet behind a name.
_DESK = re.compile(
    r"\s*(?:[-–—|·•@]|,)\s*(?:detik\w*|cnn indonesia|cnbc indonesia|tempo(?:\.co)?|kompas(?:\.com)?|"
    r"tribun[\w.\- ]*|okezone|sindonews(?:\.com)?|viva(?:\.co\.id)?|liputan6(?:\.com)?|antara|"
    r"republika|jpnn(?:\.com)?|suara\.com|[\w\-]+\.(?:com|co\.id|id|co))\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:dan|and)\s+|\s*[&;/|•·]\s*|\s+-\s+", re.IGNORECASE)
_TITLES = re.compile(
    r"^(?:[SMD]\.?[A-Z][\w.]{0,5}|Ph\.?D|Dr|Prof|Ir|Jr|Sr|II|III|Lc|MA|SH|SE|MSi|SIP|MM|BA|MBA)\.?$"
)
_WORD = re.compile(r"[^\W\d_]", re.UNICODE)
_CODE = re.compile(r"^[a-z]{0,3}-?\d+$", re.IGNORECASE)  # "C31": a house code
_ROLE_ALONE = re.compile(r"^(?:jurnalis|reporter|wartawan|pewarta|kontributor|koresponden)$", re.IGNORECASE)
# "bgs", "kazoka30": who entered the story into the system, in place of its writer.
_ACCOUNT = re.compile(r"^(?:[a-z]{2,4}|[\w.]*\d[\w.]*)$")
_ORGANISATION = re.compile(
    r"\.(?:com|co\.id|co|id|net|tv|org)\b|^(?:tim|team)\b|cyber media|\bredaksi\b|^admin\b|administrator|"
    r"newswire|^(?:antara(?: news)?|tempo|kompas(?: tv)?|detik\w*|cnn(?: indonesia)?|cnbc(?: indonesia)?|"
    r"republika|okezone|sindonews|viva|merdeka|jpnn|suara|tribun\w*|liputan6|bbc(?: \w+)?|reuters|"
    r"afp|ap|dw|voa|anadolu|xinhua|"
    r"pr wire|prwire?|terjemahan|tabloid \w+|agence france-presse|associated press|kapanlagi|fimela|bola|"
    r"news desk|newsroom|editorial|staf redaksi|antara foto|facebook|twitter|instagram|youtube|google)$",
    re.IGNORECASE,
)


_MOST_DATES = 3
# A weekday and its comma go with the date: "X | Selasa, 01/05/2018 05:27 WIB".
# A byline is a line; some patterns take a time that grows with the square of its length.
_LONGEST = 1_000
_BEFORE_DATE = re.compile(
    r"[\s,|·•:\-–—(]*(?:\b(?:pada|on|at|diperbarui|diupdate|updated?|terbit|tayang|dipublikasikan)\b:?\s*)?"
    r"(?:\b(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|"
    r"mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b)?[\s,(]*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Credits:
    """The people of a story."""

    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)

    def add(self, other: Credits) -> None:
        """Take over the names of another byline that are not there yet."""
        self.authors.extend(n for n in other.authors if n not in self.authors)
        self.editors.extend(n for n in other.editors if n not in self.editors)


def parse_byline(text: str, *, default: str = "author") -> Credits:
    """Return the people that a byline or credit line names.

    ``default`` says what a name without a label is: "author" or "editor".

    >>> parse_byline("Penulis: Ani Lestari | Editor: Budi Santoso")
    Credits(authors=['Ani Lestari'], editors=['Budi Santoso'])
    """
    text = _RIGHTS.sub("", _without_date(collapse_spaces(text)[:_LONGEST]))
    if _PLACE_REPORT.match(text):
        return Credits()
    text = _REPORT.sub("", text)
    text = _CONTRIBUTOR.sub("", _ROLE.sub("", text))
    found = Credits()
    for role, part in _labelled_parts(text, default):
        names = split_names(part)
        if role in ("author", "both"):
            found.add(Credits(authors=names))
        if role in ("editor", "both"):
            found.add(Credits(editors=names))
    return found


def split_names(text: str) -> list[str]:
    """Return the names in a list of names, academic titles kept with theirs.

    >>> split_names("Ani Lestari, S.H., dan Budi Santoso")
    ['Ani Lestari, S.H.', 'Budi Santoso']
    """
    names: list[str] = []
    for part in _AND.split(_DESK.sub("", text[:_LONGEST])):
        joined: list[str] = []
        for piece in part.split(","):
            piece = piece.strip()
            if joined and _TITLES.match(piece):
                joined[-1] += f", {piece}"
            elif piece:
                joined.append(piece)
        names.extend(joined)
    cleaned = (clean_name(name) for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))


def clean_name(text: str) -> str | None:
    """Return a name without the signs and the desk around it, or None where no name is left."""
    name = _TRAILING_ROLE.sub("", _DESK.sub("", collapse_spaces(text)))
    name = name.strip(" \t:;,|/-–—·•*\"'“”()[]©@").removesuffix(" .")
    if not 2 <= len(name) <= 60 or not _WORD.search(name) or len(name.split()) > 7:
        return None
    if (
        _ROLE_ALONE.match(name)
        or "http" in name
        or "..." in name
        or name.count("(") != name.count(")")
        or _CODE.match(name)
    ):
        return None
    return name


def is_organisation(name: str) -> bool:
    """Say whether a name is an outlet's, an agency's or a desk's, not a person's."""
    return bool(_ORGANISATION.search(name.strip()))


def is_account(name: str) -> bool:
    """Say whether a name is that of a user of the outlet's system: initials or a login."""
    return bool(_ACCOUNT.match(name[:_LONGEST].strip()))


def people(names: Iterable[str]) -> list[str]:
    """Return the names that are persons'."""
    return [name for name in names if not is_organisation(name)]


def people_first(names: Iterable[str]) -> list[str]:
    """Return the persons among the names; where there is none, the organisations that are credited."""
    names = list(dict.fromkeys(names))
    return people(names) or names


def _labelled_parts(text: str, default: str) -> list[tuple[str, str]]:
    labels = _labels(text)
    if not labels:
        return [(default, text)]
    parts = []
    before = text[: labels[0].start()].strip(" ,|-–—·•")
    after_last = text[labels[-1].end() :].strip(" ,|-–—·•")
    if before and not after_last:
        # "Ani Penulis Budi Editor": the label follows its name.
        starts = [0, *(m.end() for m in labels[:-1])]
        return [(_role(m), text[start : m.start()]) for start, m in zip(starts, labels, strict=True)]
    if before and default not in {_role(m) for m in labels}:
        # Before "Reporter: X" stands a section or a place; before "Editor: Y" the author.
        parts.append((default, before))
    ends = [*(m.start() for m in labels[1:]), len(text)]
    parts.extend((_role(m), text[m.end() : end]) for m, end in zip(labels, ends, strict=True))
    return parts


def _labels(text: str) -> list[re.Match[str]]:
    found = [m for m in _LABEL.finditer(text) if _is_label(m, text)]
    with_colon = [m for m in found if _HAS_COLON.search(m[0])]
    if with_colon:
        return with_colon  # "Editor: Maya Editor": where labels have colons, words without are names
    if found and found[0].start() > 0:
        # "Ani Lestari Penulis": without colons a label stands behind a whole name, not behind half of one.
        starts = [0, *(m.end() for m in found)]
        names = [text[a : m.start()] for a, m in zip(starts, found, strict=False)]
        if any(len(name.split()) < 2 for name in names):
            return []
    return found


def _is_label(match: re.Match[str], text: str) -> bool:
    word = (match["both"] or match["author"] or match["editor"] or match["other"]).lower()
    printed = match[0]
    if _HAS_COLON.search(printed):
        return True
    glued_before = match.start() > 0 and text[match.start() - 1].isalpha()
    if glued_before or printed.islower():
        return match.start() == 0 and not glued_before and word in ("oleh", "by")
    if match.start() == 0:
        return word not in ("rep", "red") or printed[-1:].isspace()
    return word not in _NEEDS_COLON


def _role(match: re.Match[str]) -> str:
    return next(role for role in ("both", "author", "editor", "other") if match[role])


def _without_date(text: str) -> str:
    """Return a byline without its times: "X | Rabu, 26 Mei 2021 07:30 WIB (diperbarui 26 Mei 2021 09:05)"."""
    for _ in range(_MOST_DATES):
        found = find_date(text)
        if not found:
            break
        before = _BEFORE_DATE.sub("", text[: found.start])
        text = f"{before} | {text[found.end :].lstrip(' ,|)')}".strip(" |")
    return text
