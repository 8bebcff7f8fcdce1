"""Printing: data on stdout, words for the person on stderr, and nothing that a terminal would obey."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.cli.loudness import is_quiet
from crawler.printable import one_line, printable

__all__ = ["complain", "hanging", "one_line", "print_json", "print_table", "printable", "say", "stdout"]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_C1 = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def say(message: str) -> None:
    """Print a note for the person on stderr, unless -q is given."""
    if not is_quiet():
        print(printable(message), file=sys.stderr, flush=True)


def complain(message: str) -> None:
    """Print what went wrong, on one line of stderr."""
    print(f"bacajuga: {one_line(message)}", file=sys.stderr)


def print_json(value: object) -> None:
    """Print a value, dataclasses included, as one JSON document."""
    text = json.dumps(_plain(value), ensure_ascii=False, indent=2, default=str)
    print(_C1.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def stdout() -> Console:
    """Return a console for stdout: coloured and fitted on a terminal, plain and unbroken when piped."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    # Rich would break lines of a pipe at 80 columns: addresses have to stay whole for grep.
    return (
        console
        if console.is_terminal
        else Console(
            markup=False,
            highlight=False,
            emoji=False,
            soft_wrap=True,
            no_color=True,
            color_system=None,
            width=10_000,
        )
    )


def hanging(text: str, indent: int, width: int) -> str:
    r"""Return the text on lines of that width, all but the first indented.

    >>> hanging("Data peserta BPJS Kesehatan bocor", indent=2, width=22)
    'Data peserta BPJS\n  Kesehatan bocor'
    """
    space = " " * indent
    lines = textwrap.wrap(
        one_line(text),
        max(width, indent + 20),
        initial_indent=space,
        subsequent_indent=space,
        # An address is worth more whole: the terminal itself breaks it, and it can still be copied.
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[indent:]


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, flexible: int) -> None:
    """Print a table that fits the window; piped, a line a row with tabs between its cells.

    Args:
        headings: one a column.
        rows: cells as text.
        flexible: number of the column that gives way when the window is narrow.
    """
    console = stdout()
    if not console.is_terminal:
        for row in (headings, *rows):
            print("\t".join(one_line(text) for text in row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        # The others are short, and an address or a name cut short is of no use.
        table.add_column(heading, no_wrap=number != flexible, overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(text)) for text in row))
    console.print(table)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(entry) for entry in value]
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
