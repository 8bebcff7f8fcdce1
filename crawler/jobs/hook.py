"""Telling somebody how a run ended: a command, or a web address that takes JSON."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from crawler import __version__
from crawler.jobs.job import OnFinish
from crawler.printable import printable

COMMAND_SECONDS = 60.0
WEBHOOK_SECONDS = 10.0


def tell(on_finish: OnFinish, record: Mapping[str, Any], folder: Path) -> str | None:
    """Tell whoever wants to know of a run, and return in a line how that went; None when nobody does.

    Args:
        on_finish: who is told.
        record: the run as JSON values, with "outcome".
        folder: where the command runs.
    """
    if record["outcome"] not in on_finish.only:
        return None
    body = json.dumps(record, ensure_ascii=False)
    said = []
    if on_finish.command:
        said.append(f"command: {_run(on_finish.command, record, body, folder)}")
    if on_finish.webhook is not None:
        said.append(f"webhook: {_post(on_finish.webhook, body)}")
    return "; ".join(said) or None


def _run(command: tuple[str, ...], record: Mapping[str, Any], body: str, folder: Path) -> str:
    names = ("job", "run", "topic", "outcome", "exit_status", "detail", "log_file")
    # No environment takes a NUL, and what a command said last may hold one.
    environment = {f"BACAJUGA_{name.upper()}": printable(str(record.get(name) or "")) for name in names}
    environment["BACAJUGA_EXIT_STATUS"] = str(record["exit_status"])
    try:
        done = subprocess.run(
            command,
            input=body,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=COMMAND_SECONDS,
            cwd=folder,
            env=os.environ | environment,
        )
    except subprocess.TimeoutExpired:
        return f"ended after {COMMAND_SECONDS:.0f} s"
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if done.returncode == 0:
        return "ok"
    lines = done.stderr.strip().splitlines()
    return f"exit status {done.returncode}{f': {lines[-1]}' if lines else ''}"


def _post(url: str, body: str) -> str:
    headers = {"Content-Type": "application/json", "User-Agent": f"bacajuga/{__version__}"}
    request = Request(url, data=body.encode("utf-8", "replace"), headers=headers, method="POST")
    try:
        with build_opener(_NoRedirects).open(request, timeout=WEBHOOK_SECONDS) as answer:
            return str(answer.status)
    except HTTPError as error:
        return f"status {error.code}"
    except (URLError, HTTPException, OSError, ValueError) as error:
        # The address may hold a secret: it is not repeated.
        return f"no answer ({getattr(error, 'reason', None) or type(error).__name__})"


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would turn the POST into a GET."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        """Follow none."""
        return
