"""One thing that was looked at, and how it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing does."""

    OK = "ok"
    WARN = "warn"  # it works, but not as it should
    FAIL = "fail"  # something will not work until somebody has seen to it


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """How one thing does, in a line, with the next step where there is one to take."""

    subject: str
    state: State
    text: str
    next_step: str = ""


def ok(subject: str, text: str) -> Finding:
    """Return that a thing does well."""
    return Finding(subject=subject, state=State.OK, text=text)


def warn(subject: str, text: str, next_step: str) -> Finding:
    """Return that a thing works, but not as it should."""
    return Finding(subject=subject, state=State.WARN, text=text, next_step=next_step)


def fail(subject: str, text: str, next_step: str = "") -> Finding:
    """Return that a thing does not work."""
    return Finding(subject=subject, state=State.FAIL, text=text, next_step=next_step)
