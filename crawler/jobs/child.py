"""``python -m crawler.jobs.child PARENT ARGUMENT...``: the command, which does not outlive its parent.

A crawl whose job's holder was killed would go on unseen beside the next run.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOOK_SECONDS = 0.5


def die_with(parent: int) -> None:
    """Have this process killed as soon as its parent is gone; a crawl loses nothing by it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have gone before that.
    _die_without(parent)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        _die_without(parent)


def _die_without(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    die_with(int(sys.argv.pop(1)))
    from crawler.cli import main

    main()
