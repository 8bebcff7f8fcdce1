"""Why a story was not fetched, not stored, or is not on the topic: all that the store has to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from crawler.address import address_of
from crawler.frontier.score import Evidence, link_score, slug_text
from crawler.items import OutcomeKind
from crawler.store.answers.explain import DEFAULT_FLOOR, Explanation, Finding, Referrer, telling, why
from crawler.store.answers.lookup import Sighting, sight
from crawler.store.answers.provenance import Entry, entries_at
from crawler.store.answers.verdict import Verdict
from crawler.store.answers.why_waiting import (
    HostState,
    ScoreParts,
    host_sentences,
    host_state,
    local_minute,
    queue_sentences,
    score_parts,
    score_sentences,
)
from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, articles, copies, hosts, pages, revisions
from crawler.topic import Topic
from crawler.topic.shortfall import Shortfall, shortfall, shortfall_sentence

TRIED_AGAIN_LATER = (
    OutcomeKind.BLOCKED,
    OutcomeKind.HOST_DOWN,
    OutcomeKind.SERVER_ERROR,
    OutcomeKind.ERROR,
)


@dataclass(kw_only=True, slots=True)
class Answer:
    """What became of the address within one topic, and why."""

    topic: str
    verdict: str  # a Verdict, or an OutcomeKind
    paragraph: str
    found: str | None = None
    redirected_to: str | None = None
    fetched_at: datetime | None = None
    status: int | None = None  # that the server answered with
    score: ScoreParts | None = None
    host: HostState | None = None
    shortfall: Shortfall | None = None  # what a story that is off topic lacks
    referrers: list[Referrer] = field(default_factory=list)  # best first


@dataclass(kw_only=True, slots=True)
class WhyNot:
    """All that the store has to say of why an address gave no story on the topic."""

    url: str  # as asked
    outlet: str
    is_known: bool  # whether the store has ever seen the address
    is_stored: bool
    duplicate_of: str | None = None
    answers: list[Answer] = field(default_factory=list)  # one a topic that knows the address
    advice: str | None = None  # what could make an unknown address known


def why_not(
    store: Store,
    url: str,
    topics: Mapping[str, Topic],
    topic: str | None = None,
    outlets: Collection[str] = (),
) -> WhyNot:
    """Return why the address gave no story on the topic, for each topic that knows it.

    Args:
        store: an open store.
        url: any address of the story.
        topics: those whose files are at hand, by name: floors, thresholds and phrases come from there.
        topic: only this one; None for every topic that knows the address.
        outlets: the only ones that a crawl asks, as set; empty for all.

    Raises:
        BacaJugaError: when the text is not a web address.
        StoreError: when the store cannot be read.
    """
    explanation = why(store, url, topic, {name: each.min_score for name, each in topics.items()})
    known = [finding for finding in explanation.findings if finding.verdict != Verdict.NEVER_LINKED]
    result = WhyNot(
        url=url,
        outlet=address_of(url).outlet,
        is_known=explanation.is_stored or bool(known),
        is_stored=explanation.is_stored,
        duplicate_of=explanation.duplicate_of,
    )
    with store.read() as connection:
        seen = sight(connection, url)
        result.answers = [
            _answer(connection, seen, explanation, finding, topics.get(finding.topic), outlets)
            for finding in explanation.findings
        ]
        if not result.is_known:
            names = [topic] if topic is not None else [finding.topic for finding in explanation.findings]
            wanted = [topics[name] for name in names if name in topics]
            result.advice = _advice(connection, url, wanted, outlets)
    return result


def _answer(
    connection: Connection,
    seen: Sighting,
    explanation: Explanation,
    finding: Finding,
    topic: Topic | None,
    outlets: Collection[str],
) -> Answer:
    answer = Answer(
        topic=finding.topic,
        verdict=finding.verdict,
        paragraph="",
        found=finding.found,
        redirected_to=finding.redirected_to,
        referrers=finding.referrers,
    )
    sentences = [finding.reason]
    known = entries_at(connection, [finding.topic], seen.own_keys)
    entry = telling(known, seen) if known else None
    own = next((each for each in known if each.key == seen.key), None)
    if own is not None and own.outcome == OutcomeKind.REDIRECTED and own is not entry:
        sentences.append(f"The address itself redirects {own.detail}")
    if entry is not None:
        sentences += _of_entry(connection, entry, answer, topic, outlets)
    if finding.verdict == Verdict.OFF_TOPIC and seen.article_id is not None:
        sentences += _off_topic(connection, seen.article_id, answer, topic)
    if finding.verdict == Verdict.DUPLICATE and seen.article_id is not None:
        sentences += _copy(connection, seen.article_id)
    if finding.verdict == Verdict.ON_TOPIC:
        sentences.append(f"So it is in the store: bacajuga show {explanation.story_url}")
    if finding.found:
        sentences.append(f"It was {finding.found}")
    answer.paragraph = _paragraph(sentences)
    return answer


def _of_entry(
    connection: Connection, entry: Entry, answer: Answer, topic: Topic | None, outlets: Collection[str]
) -> list[str]:
    """Fill in what the frontier's entry, its links and its host say, and return it in sentences."""
    sentences: list[str] = []
    if answer.verdict in (Verdict.BELOW_FLOOR, Verdict.QUEUED) and not entry.is_seed:
        answer.score = score_parts(connection, entry, topic.min_score if topic is not None else DEFAULT_FLOOR)
        sentences += score_sentences(answer.score, answer.referrers)
    if answer.verdict in (Verdict.QUEUED, Verdict.WAITING):
        answer.host = host_state(connection, entry)
        sentences += host_sentences(answer.host)
    if answer.verdict == Verdict.QUEUED:
        sentences += queue_sentences(connection, entry, outlets)
    if answer.verdict == Verdict.BELOW_FLOOR:
        sentences.append(
            "Links from stories on the topic would raise it, and so would words that fit; to fetch it "
            f"anyway, give it as a seed: bacajuga crawl {entry.topic} {entry.url}"
        )
    if answer.verdict in [str(kind) for kind in OutcomeKind]:
        sentences += _visit_sentences(connection, entry, answer)
    return sentences


def _visit_sentences(connection: Connection, entry: Entry, answer: Answer) -> list[str]:
    page = connection.execute(
        select(pages.c.fetched_at, pages.c.status, pages.c.visits).where(pages.c.page_key == entry.key)
    ).one_or_none()
    sentences: list[str] = []
    if answer.verdict == OutcomeKind.FORBIDDEN:
        state = connection.execute(
            select(hosts.c.robots_fetched_at).where(hosts.c.host == address_of(entry.url).host)
        ).one_or_none()
        if state is not None and state.robots_fetched_at is not None:
            read_at = datetime.fromtimestamp(state.robots_fetched_at, UTC)
            sentences.append(f"Its robots.txt was read on {local_minute(read_at)}")
        sentences.append("Nobody has asked for the page")
    elif page is not None and page.status:
        answer.fetched_at, answer.status = page.fetched_at, page.status
        sentences.append(
            f"It was asked for on {local_minute(page.fetched_at)} and answered with status {page.status}"
        )
    elif page is not None and answer.verdict != OutcomeKind.REFUSED:
        answer.fetched_at = page.fetched_at
        sentences.append(f"It was asked for on {local_minute(page.fetched_at)}, without an answer")
    if answer.verdict in TRIED_AGAIN_LATER:
        sentences.append("A crawl that starts an hour later or more tries it again")
    if answer.verdict == OutcomeKind.LAYOUT_CHANGED:
        sentences.append(f"See bacajuga outlets check {entry.outlet}")
    return sentences


def _off_topic(connection: Connection, article_id: int, answer: Answer, topic: Topic | None) -> list[str]:
    if topic is None:
        return ["To be told what it lacks, give the topic's file with --topic"]
    story = connection.execute(
        select(articles.c.title, articles.c.deck, articles.c.published_at, revisions.c.body)
        .join(revisions, NEWEST_REVISION)
        .where(articles.c.id == article_id)
    ).one()
    day = story.published_at.date() if story.published_at is not None else None
    if day and ((topic.since and day < topic.since) or (topic.until and day > topic.until)):
        window = f"{topic.since or 'any day'} to {topic.until or 'today'}"
        return [f"It was published on {day}, outside the topic's window, {window}"]
    short = answer.shortfall = shortfall(topic, story.title, story.body, story.deck)
    phrases = ", ".join(f"“{phrase}”" for phrase in short.phrases[:8])
    found = f"Phrases found: {phrases}" if phrases else "No phrase of the topic was found"
    return [found, shortfall_sentence(short)]


def _copy(connection: Connection, article_id: int) -> list[str]:
    row = connection.execute(
        select(copies.c.j3, copies.c.kind)
        .join(articles, articles.c.id == copies.c.article_id)
        .where(copies.c.article_id == article_id, copies.c.of_id == articles.c.duplicate_of)
    ).one_or_none()
    share = f"They share {row.j3:.0%} of their phrases of three words. " if row is not None else ""
    return [f"{share}It is kept, and left out of exports unless they are asked for copies"]


def _advice(connection: Connection, url: str, topics: list[Topic], outlets: Collection[str]) -> str:
    """Return what could make an address known that no page read so far leads to."""
    address = address_of(url)
    read = connection.scalar(select(func.count()).where(pages.c.outlet == address.outlet)) or 0
    sentences = ["The store has never seen this address: no page that was read leads to it"]
    if outlets and address.outlet not in outlets:
        sentences.append(f"The outlet {address.outlet} is not among those that the crawl may ask")
    if read:
        sentences.append(
            f"{read:,} {'page' if read == 1 else 'pages'} of {address.outlet} have been asked for"
        )
    else:
        sentences.append(f"No page of {address.outlet} has been asked for yet")
    for topic in topics:
        words = topic.score_headline(slug_text(url))
        promise = link_score([Evidence(anchor_score=words)])
        verdict = "enough" if promise >= topic.min_score else "too little"
        sentences.append(
            f"For {topic.name} the words of its address score {words:.2f}: a link from a page off topic "
            f"would score {promise:.2f}, {verdict} for the floor of {topic.min_score:g}"
        )
    name = topics[0].name if topics else "TOPIC"
    sentences.append(
        f"To fetch it now, give it as a seed: bacajuga crawl {name} {url}; to have it found, crawl with the "
        "lists of its outlet (--discover) back to its day (--since YYYY-MM-DD)"
    )
    return _paragraph(sentences)


def _paragraph(sentences: list[str]) -> str:
    """Return sentences as one paragraph, each with a capital and a full stop."""
    return " ".join(f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in sentences if each)
