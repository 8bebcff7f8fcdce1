"""`python -m crawler.demo`: serve the sample web until Ctrl-C, to look at it or to crawl it."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from crawler.demo.sample_web import SEED, SampleWeb


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8000, help="port on 127.0.0.1; 0 takes a free one (default 8000)"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="append one JSON line a request")
    options = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    try:
        sample_web = SampleWeb(options.port, log_file=options.log)
    except OSError as error:
        parser.error(f"cannot serve on port {options.port}: {error.strerror}; --port 0 takes a free one")
    with sample_web as web:
        print(f"sample web: {web.url}", flush=True)
        print(f"seed: {SEED}", flush=True)
        print(
            f"look:  curl --connect-to ::127.0.0.1:{web.port} '{SEED.replace('https', 'http')}'", flush=True
        )
        stopped.wait()


if __name__ == "__main__":
    main()
