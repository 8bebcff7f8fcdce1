"""``bacajuga topics review``: a person's word on stored stories, and what it tells of the topic file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.failing import found_nothing
from crawler.cli.given_topic import nothing_of_topic
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    TopicArgument,
    examples,
    is_topic_file,
    open_existing,
)
from crawler.cli.terminal import print_json, print_table, say
from crawler.errors import TopicError

if TYPE_CHECKING:
    from crawler.store.database import Store
    from crawler.topic import Topic
    from crawler.topic_review.picking import Pick, Picks
    from crawler.topic_review.report import ReviewReport

EXAMPLES = examples(
    "bacajuga topics review data-breach          y, n, s(kip), u(ndo), q(uit)",
    "bacajuga topics review data-breach --sample --limit 50",
    "bacajuga topics review data-breach --list > ask.tsv   fill it in; then:",
    "bacajuga topics review data-breach --answers ask.tsv",
    "bacajuga topics review ./my-topic.toml --limit 0 --export headlines.tsv",
)
DEFAULT_LIMIT = 30
DEFAULT_THRESHOLD = 0.5


def review(
    topic: TopicArgument,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="Ask about so many stories at most.")
    ] = (DEFAULT_LIMIT),
    sample: Annotated[
        bool,
        typer.Option("--sample", help="Only stories drawn by chance, none for being near the threshold."),
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Print what would be asked, tab-separated, and ask nothing.")
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Take the answers from here: address or headline, tab, y or n."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all answers as bacajuga topics check reads them."),
    ] = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Say of stored stories whether they are on topic; see the precision, and a better threshold.

    It asks about the stories nearest to the threshold first, from both sides, then about some that chance
    draws. Only the latter tell the precision of the whole. Answers are kept in the store at once; from a
    pipe it reads them a line each.
    """
    if export is not None and export.exists():
        raise TopicError(f"{export} is there already; move it away, or choose another file for --export")
    store = open_existing(database)
    name, loaded = _loaded(topic)

    from crawler.store.reviews import candidates
    from crawler.topic_review.picking import pick

    found = candidates(store, name)
    if not found:
        found_nothing(nothing_of_topic(store, name))
    threshold = loaded.threshold if loaded else DEFAULT_THRESHOLD
    picks = pick(found, name, threshold, limit, only_drawn=sample)
    if list_only:
        _list(store, name, picks)
        return
    interrupted = False
    if answers is not None:
        _take_answers(store, name, answers, picks)
    elif picks.asked:
        interrupted = _ask(store, name, loaded, picks)
    report = _report(store, name, loaded)
    if as_json:
        print_json(report)
    else:
        _print(report, topic)
    if export is not None:
        _export(store, name, export)
    if interrupted:
        raise typer.Exit(exit_status.INTERRUPTED)


def _loaded(name_or_path: str) -> tuple[str, Topic | None]:
    """The name that the store knows the topic by, and its file; a user's own spider has none."""
    if name_or_path.startswith("spider:"):
        return name_or_path, None
    from crawler.topic import load_topic

    topic = load_topic(name_or_path)
    return topic.name, topic


def _list(store: Store, name: str, picks: Picks) -> None:
    from crawler.store.reviews import reviewed_stories

    stories = reviewed_stories(store, name, [each.candidate.article_id for each in picks.asked])
    print_table(
        ("headline", "label", "score", "url"),
        [
            (story.title, "", f"{story.relevance:.2f}", story.url)
            for each in picks.asked
            for story in [stories[each.candidate.article_id]]
        ],
        flexible=0,
    )


def _ask(store: Store, name: str, topic: Topic | None, picks: Picks) -> bool:
    """Ask the person; return whether they broke it off with Ctrl-C."""
    from crawler.cli.topics.review_asking import ask
    from crawler.store.reviews import drop_review, keep_review, mark_drawn, reviewed_stories

    stories = reviewed_stories(store, name, [each.candidate.article_id for each in picks.asked])

    def keep(each: Pick, is_kept: bool, label: bool | None) -> None:
        with store.write() as connection:
            if is_kept:
                keep_review(connection, name, each.candidate.article_id, label, is_drawn=each.is_drawn)
            else:
                drop_review(connection, name, each.candidate.article_id)

    try:
        if ask(picks.asked, stories, topic, keep) and picks.known:
            with store.write() as connection:
                mark_drawn(connection, name, [each.article_id for each in picks.known])
    except KeyboardInterrupt:
        say("\ninterrupted; the answers so far are kept")
        return True
    return False


def _take_answers(store: Store, name: str, file: Path, picks: Picks) -> None:
    """Keep the answers of a file, all of them or none."""
    from crawler.store.review_answers import keep_answers
    from crawler.topic_review.answers import read_answers

    given = read_answers(file)
    keep_answers(store, name, given, picks)
    say(f"{len(given):,} answers taken from {file}")


def _report(store: Store, name: str, topic: Topic | None) -> ReviewReport:
    from crawler.store.reviews import candidates, reviewed_stories
    from crawler.topic_review.report import report_of
    from crawler.topic_review.threshold import advise

    found = candidates(store, name)
    stories = reviewed_stories(store, name, [each.article_id for each in found if each.label is not None])
    report = report_of(name, found, stories)
    report.threshold = advise(topic, list(stories.values())) if topic else None
    if topic and report.threshold and report.threshold.best != report.threshold.present:
        _count_changes(store, topic, report)
    return report


def _count_changes(store: Store, topic: Topic, report: ReviewReport) -> None:
    """Score every stored story by the present and by the better threshold."""
    from dataclasses import replace

    from crawler.cli.progress_line import ProgressLine
    from crawler.store.reviews import all_stories

    assert report.threshold
    better = replace(topic, threshold=report.threshold.best)
    total = report.on_topic + report.off_topic
    more = dropped = 0
    with ProgressLine() as progress:
        for number, story in enumerate(all_stories(store, topic.name), 1):
            progress("scoring", number, total)
            before, after = (
                each.score_page(story.title, story.body, story.deck).on_topic for each in (topic, better)
            )
            more += after and not before
            dropped += before and not after
    report.threshold.taken_more, report.threshold.dropped = more, dropped


def _export(store: Store, name: str, file: Path) -> None:
    from crawler.store.reviews import candidates, reviewed_stories
    from crawler.topic_review.answers import labelled_rows

    labels = [each.article_id for each in candidates(store, name) if each.label is not None]
    stories = reviewed_stories(store, name, labels)
    try:
        with file.open("x", encoding="utf-8") as into:
            into.write(labelled_rows((each.title, bool(each.label), each.url) for each in stories.values()))
    except OSError as error:
        raise TopicError(f"{file} cannot be written: {error.strerror}") from error
    say(f"{len(stories)} labels written to {file}; bacajuga topics check {name} {file}")


def _print(report: ReviewReport, topic: str) -> None:
    from crawler.cli.topics.review_report import print_report

    print_report(report, topic, is_file=is_topic_file(topic))
