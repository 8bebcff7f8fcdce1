"""What became of an address within a topic, in one word and in one sentence."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.items import OutcomeKind, PageKind
from crawler.store.answers.chain import KIND_NAMES
from crawler.store.answers.provenance import Entry


class Verdict(StrEnum):
    """What became of an address; an ``OutcomeKind`` says so where a visit ended without a story."""

    ON_TOPIC = "on_topic"
    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"
    QUEUED = "queued"
    BELOW_FLOOR = "below_floor"
    WAITING = "waiting"
    BEING_FETCHED = "being_fetched"
    LISTING = "listing"
    NEVER_LINKED = "never_linked"


@dataclass(frozen=True, slots=True)
class Reason:
    """What became of an address, and a sentence that says why, with its figures."""

    verdict: str  # a Verdict, or an OutcomeKind
    sentence: str


# What each kind of outcome means for a person; the detail that was seen comes after it.
OUTCOME_SENTENCES = {
    OutcomeKind.NOT_A_STORY: "fetched, but the page is not a story",
    OutcomeKind.LAYOUT_CHANGED: "fetched, but no headline or no text was found: did the layout change?",
    OutcomeKind.REDIRECTED: "the address redirects",
    OutcomeKind.FORBIDDEN: "forbidden to crawlers",
    OutcomeKind.REFUSED: "not fetched, for what its address looks like",
    OutcomeKind.GONE: "fetched, but the page is gone",
    OutcomeKind.BLOCKED: "the site did not let us in",
    OutcomeKind.HOST_DOWN: "the site did not answer",
    OutcomeKind.SERVER_ERROR: "the site answered with an error of its own",
    OutcomeKind.UNREADABLE: "fetched, but the page cannot be read",
    OutcomeKind.OVER_LIMIT: "given up, because it is more than a limit allows",
    OutcomeKind.UNTRUSTED: "not fetched: the site could not show that it is who it says it is",
    OutcomeKind.ERROR: "fetched, but reading or storing it failed in bacajuga itself",
}


def entry_reason(entry: Entry, floor: float) -> Reason:
    """Return what the frontier's entry says of an address that is not a stored story."""
    reason = _entry_reason(entry, floor)
    if entry.kind == PageKind.STORY or entry.outcome == "listing":
        return reason
    return Reason(reason.verdict, f"{KIND_NAMES[entry.kind]}, not a story: {reason.sentence}")


def _entry_reason(entry: Entry, floor: float) -> Reason:
    if entry.state == "queued":
        return _queued(entry, floor)
    if entry.state == "waiting":
        return Reason(
            Verdict.WAITING,
            f"will be tried again{_due(entry.due_at)}{_after(entry.attempts)}{_detail(entry)}",
        )
    if entry.state == "leased":
        return Reason(Verdict.BEING_FETCHED, "is being fetched now, or was when its crawl was killed")
    if entry.outcome == "listing":
        kind = "a list of stories" if entry.kind == PageKind.STORY else KIND_NAMES[entry.kind]
        return Reason(
            Verdict.LISTING, f"read as {kind}, whose links count and which is not kept itself{_detail(entry)}"
        )
    outcome = entry.outcome or ""
    if outcome in OUTCOME_SENTENCES:
        sentence = OUTCOME_SENTENCES[OutcomeKind(outcome)]
        return Reason(outcome, f"{sentence}{_detail(entry)}")
    return Reason(outcome or entry.state, f"visit ended as {outcome or entry.state}{_detail(entry)}")


def never_linked_reason(topic: str, *, is_stored: bool) -> Reason:
    """Return what to say of an address that the topic's frontier has never met."""
    if is_stored:
        return Reason(Verdict.NEVER_LINKED, f"stored for another topic; no page read for {topic} links to it")
    return Reason(Verdict.NEVER_LINKED, f"no page read for {topic} so far links to it")


def stored_reason(relevance: float, on_topic: bool, matched: list[str], first_copy: str | None) -> Reason:
    """Return what to say of a stored story."""
    phrases = f" for {_listed(matched)}" if matched else ""
    if not on_topic:
        return Reason(Verdict.OFF_TOPIC, f"read and kept, but off topic: relevance {relevance:.2f}{phrases}")
    if first_copy is not None:
        return Reason(Verdict.DUPLICATE, f"on topic, but it repeats {first_copy}")
    return Reason(Verdict.ON_TOPIC, f"on topic: relevance {relevance:.2f}{phrases}")


def _queued(entry: Entry, floor: float) -> Reason:
    if entry.score < floor:
        sentence = (
            f"found, but its link score {entry.score:.2f} is below the floor of {floor:.2f}: not fetched"
        )
        return Reason(Verdict.BELOW_FLOOR, sentence)
    return Reason(
        Verdict.QUEUED, f"waits in the frontier with link score {entry.score:.2f}: crawl on to fetch it"
    )


def _due(due_at: float | None) -> str:
    if due_at is None:
        return ""
    if due_at <= time.time():
        return " with the next crawl"
    return f" after {datetime.fromtimestamp(due_at).astimezone().isoformat(timespec='seconds')}"


def _after(attempts: int) -> str:
    return f", {attempts} {'try' if attempts == 1 else 'tries'} so far" if attempts else ""


def _detail(entry: Entry) -> str:
    return f": {entry.detail}" if entry.detail else ""


def _listed(phrases: list[str], limit: int = 6) -> str:
    shown = ", ".join(f'"{phrase}"' for phrase in phrases[:limit])
    return f"{shown} and {len(phrases) - limit} more" if len(phrases) > limit else shown
