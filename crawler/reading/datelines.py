"""The dateline that opens a story, "JAKARTA, KOMPAS.com" and its kin."""

from __future__ import annotations

import re

_DASH = r"(?:\s*(?:--|[–—])|\s+-(?=\s|$)|-(?=\s|$))"
_OUTLET = re.compile(
    r"[\w-]\.(?:com|co\.id|co|id|net|tv)\b|\bantara\b|cnn indonesia|cnbc indonesia|\bnews\b|\btv\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(rf"^(?P<line>[^\n–—]{{2,90}}?){_DASH}")
_PLACE = re.compile(r"^(?:[A-Z][\w.'’-]*|di|the|of)(?:[\s,/]+(?:[A-Z(][\w.'’)-]*|of|the)){0,5}$")
# Without a dash: "Liputan6.com, Jakarta Sepekan ini ..."
_BARE = re.compile(
    r"^(?P<line>(?:Liputan6|Fimela|Bola|Kapan[Ll]agi|Merdeka|Dream)\.(?:com|net|co\.id), [A-Z][a-z]+)(?=\s|$)"
)
# Kontan: "KONTAN.CO.ID - JAKARTA. Data bocor."
_WITH_STOP = re.compile(r"^(?P<line>[A-Z]+\.(?:CO\.ID|COM) - {1,2}[A-Z][A-Z ]{2,30})\.(?=\s)")


def dateline_of(text: str) -> str | None:
    """Return the dateline at the start of a story, without its dash.

    >>> dateline_of("JAKARTA, KOMPAS.com - Data bocor.")
    'JAKARTA, KOMPAS.com'
    """
    match = _WITH_STOP.match(text)
    if match:
        return match["line"]
    match = _DATELINE.match(text)
    if match:
        line = match["line"].strip(" ,")
        if _OUTLET.search(line) and len(line.split()) <= 10:
            return line
        if len(line) <= 40 and _PLACE.match(line):
            return line
    bare = _BARE.match(text)
    return bare["line"] if bare else None
