"""The sample web: a small Indonesian news web of our own sentences, served under the outlets' host names.

    with SampleWeb() as web:
        ...  # connect to 127.0.0.1:web.port for every host and send the real host in the Host header
        web.log  # what was asked for

`SEED` is where the demo starts and `truth()` is what a perfect crawl finds.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from crawler.demo.server import Server
from crawler.demo.site import Site
from crawler.demo.truth import SEED, truth

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from crawler.demo.server import Answers, Hit

__all__ = ["SEED", "SampleWeb", "truth"]


class SampleWeb:
    """Serves a site on 127.0.0.1 while the block runs; port 0 takes any free one."""

    def __init__(self, port: int = 0, *, site: Answers | None = None, log_file: Path | None = None) -> None:
        self.server = Server(site or Site(), port, log_file)

    @property
    def port(self) -> int:
        """The port that stands for every host."""
        return self.server.server_port

    @property
    def url(self) -> str:
        """The address of the server itself."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> list[Hit]:
        """Every request so far, in order."""
        with self.server.lock:
            return list(self.server.log)

    def turn_to(self, site: Answers) -> None:
        """Serve another day's pages from now on."""
        self.server.site = site

    def __enter__(self) -> Self:
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
