"""Text of pages and servers made fit to be printed: nothing in it that a terminal or a log would obey."""

from __future__ import annotations

import re

# Whole terminal commands first (title, colour, cursor), then any other control character and the marks
# that turn the reading direction round (Unicode's UAX 9: embeddings, overrides, isolates and marks).
_COMMANDS = re.compile(
    "\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[PX^_][^\x1b]*(?:\x1b\\\\)?"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return the text without anything that a terminal would obey; lines stay lines.

    >>> printable("Data \x1b[31mbocor\x1b[0m\x07")
    'Data bocor'
    """
    return _CONTROLS.sub("", _COMMANDS.sub("", text.replace("\r\n", "\n")))


def one_line(text: str | None) -> str:
    """Return the printable text on one line."""
    return " ".join(printable(text or "").split())
