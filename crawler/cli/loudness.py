"""How much a command says on stderr: -v and -q, before the command's name or behind it."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from crawler.printable import printable

# The standard library's own place for such a choice, which threads of ours see, too: its level is DEBUG
# with -v, ERROR with -q.
_CHOICE = logging.getLogger("bacajuga")
# Whose log -v shows outside a crawl. SQLAlchemy's would be every statement.
_TOLD = ("crawler", "pipelines", "settings")
LOG_FORMAT = "%(asctime)s [%(name)s] %(levelname)s: %(message)s"


def is_quiet() -> bool:
    """Return whether only results and errors are wanted."""
    return _CHOICE.level == logging.ERROR


def is_verbose() -> bool:
    """Return whether the log is wanted."""
    return _CHOICE.level == logging.DEBUG


def as_options() -> list[str]:
    """Return the option by which another process of ours says as much."""
    return ["--verbose"] if is_verbose() else ["--quiet"] if is_quiet() else []


def crawl_log() -> dict[str, str]:
    """Return the settings by which a crawl says as much as was asked for."""
    if is_verbose():
        return {"PROGRESS": "log"}  # a drawing would be torn by the log's lines
    way = "off" if is_quiet() else "live" if sys.stderr.isatty() else "lines"
    return {"LOG_LEVEL": "ERROR", "PROGRESS": way}


def begin() -> None:
    """Forget what an earlier command of this process was asked for."""
    _CHOICE.setLevel(logging.NOTSET)
    for handler in [each for each in logging.root.handlers if isinstance(each, _LogHandler)]:
        logging.root.removeHandler(handler)
    for name in _TOLD:
        logging.getLogger(name).setLevel(logging.NOTSET)


class _LogHandler(logging.Handler):
    """Prints the log on stderr, unless a crawl in this process has set up Scrapy's own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line of the log."""
        scrapys = sys.modules.get("scrapy.utils.log")
        if scrapys is None or scrapys.get_scrapy_root_handler() is None:
            print(printable(self.format(record)), file=sys.stderr, flush=True)


def _show_log(wanted: bool) -> None:
    if not wanted:
        return
    begin()
    _CHOICE.setLevel(logging.DEBUG)
    handler = _LogHandler()
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.root.addHandler(handler)
    for name in _TOLD:
        logging.getLogger(name).setLevel(logging.INFO)


def _say_little(wanted: bool) -> None:
    if wanted:
        begin()
        _CHOICE.setLevel(logging.ERROR)


Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", callback=_show_log, expose_value=False, help="Show the log, not only progress."
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", callback=_say_little, expose_value=False, help="Only results and errors: no notes."
    ),
]
