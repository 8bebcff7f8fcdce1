"""``bacajuga topics``: the topics that come with the package, and any topic file looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.options import AsJson, TopicArgument, examples, is_topic_file
from crawler.cli.terminal import hanging, one_line, print_json, print_table, say, stdout
from crawler.cli.topics import topics_new, topics_review

if TYPE_CHECKING:
    from crawler.topic import Topic
    from crawler.topic.topic_check import HeadlineReport

EXAMPLES = examples(
    "bacajuga topics",
    "bacajuga topics show data-breach",
    "bacajuga topics show ./my-topic.toml --json",
    "bacajuga topics check ./my-topic.toml headlines.tsv",
    "bacajuga topics new my-topic --from https://... artikel.txt",
    "bacajuga topics review data-breach",
)
SHELF = Path(__file__).parents[2] / "topics"

topics = typer.Typer(help="List the topics; show, check, propose or review one.", epilog=EXAMPLES)


@topics.callback(invoke_without_command=True)
def list_topics(context: typer.Context, as_json: AsJson = False) -> None:
    """List the topics that come with the package; a topic of your own is a file, named by its path."""
    if context.invoked_subcommand is not None:
        return
    from crawler.topic import load_topic, topic_names

    shelf = [load_topic(name) for name in topic_names()]
    if as_json:
        print_json([_record(topic, topic.name) for topic in shelf])
        return
    print_table(
        ("NAME", "TITLE", "SEEDS"),
        [(topic.name, topic.title, str(len(topic.seeds))) for topic in shelf],
        flexible=1,
    )
    say(f"Their files are in {SHELF}: copy one to make a topic of your own.")


@topics.command("show", epilog=EXAMPLES)
def show_topic(
    topic: TopicArgument,
    as_json: AsJson = False,
) -> None:
    """Show what a topic file says, its limits and seeds; or what is wrong with it."""
    from crawler.topic import load_topic

    record = _record(load_topic(topic), topic)
    if as_json:
        print_json(record)
        return
    for name, value in record.items():
        for each in value if isinstance(value, list) else [value]:
            print(f"{name:>9}  {one_line(str(each))}")


@topics.command("check", epilog=EXAMPLES)
def check_topic(
    topic: TopicArgument,
    headlines: Annotated[
        Path, typer.Argument(metavar="FILE", help="Tab-separated: headline, and label 1 (on topic) or 0.")
    ],
    as_json: AsJson = False,
) -> None:
    """Measure how well a topic file tells headlines that a person has labelled, and show each error."""
    from crawler.topic import load_topic
    from crawler.topic.topic_check import check_headlines, read_headlines

    report = check_headlines(load_topic(topic), read_headlines(headlines))
    if as_json:
        print_json(report)
    else:
        _print_report(report)


topics.command("new", epilog=topics_new.EXAMPLES)(topics_new.new)
topics.command("review", epilog=topics_review.EXAMPLES)(topics_review.review)


def _print_report(report: HeadlineReport) -> None:
    width = stdout().width
    for error in report.errors:
        kind = "missed" if error.on_topic else "taken"
        phrases = f" ({', '.join(error.matched)})" if error.matched else ""
        print(f"{kind:>6}  {error.score:.2f}  {hanging(f'{error.headline}{phrases}', 14, width)}")
    print(
        f"{report.headlines} headlines, {report.on_topic} on topic: precision {report.precision:.3f}, "
        f"recall {report.recall:.3f}, F1 {report.f1:.3f}"
    )


def _record(topic: Topic, name_or_path: str) -> dict[str, Any]:
    return {
        "name": topic.name,
        "title": topic.title,
        "language": topic.language,
        "threshold": topic.threshold,
        "min_score": topic.min_score,
        "file": name_or_path if is_topic_file(name_or_path) else str(SHELF / f"{topic.name}.toml"),
        "seeds": list(topic.seeds),
    }
