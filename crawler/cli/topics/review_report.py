"""The figures of a review, as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.cli.terminal import hanging, one_line, stdout

if TYPE_CHECKING:
    from crawler.topic_review.report import ReviewError, ReviewReport
    from crawler.topic_review.share import Share
    from crawler.topic_review.threshold import ThresholdAdvice

INDENT = 8


def print_report(report: ReviewReport, topic: str, *, is_file: bool) -> None:
    """Print the figures, the errors found, and how a better threshold is set."""
    width = stdout().width
    print(
        f"{report.topic}: {report.on_topic:,} stories on topic as the crawl says, {report.off_topic:,} not; "
        f"{report.answered:,} answered, {report.passed_over:,} skipped"
    )
    if not report.answered:
        print("no answers yet: y, n or s for each story, on a terminal or a line each from a pipe")
        return
    _print_precision(report)
    if report.missed:
        print(f"of the others on topic all the same: {_told(report.missed)}")
    for kind, errors in (("wrong", report.false_positives), ("missed", report.false_negatives)):
        for error in errors:
            _print_error(kind, error, width)
    _print_threshold(report.threshold, topic, is_file=is_file)


def _print_precision(report: ReviewReport) -> None:
    if report.precision:
        print(f"precision: {_told(report.precision)}")
    elif report.precision_of_answers is not None:
        print(
            f"of the answered ones it called on topic {report.precision_of_answers:.3f} are; the precision "
            "of all needs stories drawn by chance: --sample"
        )
    else:
        print("precision: none of the answered stories was called on topic")


def _told(share: Share) -> str:
    return (
        f"{share.share:.3f} (95 % interval {share.low:.3f} to {share.high:.3f}, Wilson; "
        f"{share.hits} of {share.drawn} drawn by chance)"
    )


def _print_error(kind: str, error: ReviewError, width: int) -> None:
    phrases = f" ({', '.join(error.matched)})" if error.matched else ""
    print(f"{kind:>6}  {error.relevance:.2f}  {hanging(f'{error.headline}{phrases}', INDENT + 6, width)}")
    print(f"{'':{INDENT + 6}}{one_line(error.url)}")


def _print_threshold(advice: ThresholdAdvice | None, topic: str, *, is_file: bool) -> None:
    if advice is None:
        print("threshold: ten answers of both kinds tell whether another one would do better")
        return
    present = f"{advice.present:g} gives F1 {advice.f1:.3f} on the {advice.labels} answers"
    if advice.best == advice.present:
        print(f"threshold: {present}, and no other gives more")
        return
    print(
        f"threshold: {present}, {advice.best:g} gives {advice.best_f1:.3f}; of the stored stories it would "
        f"take {advice.taken_more:,} more and drop {advice.dropped:,}"
    )
    if is_file:
        print(f"  to set it: threshold = {advice.best:g} in {one_line(topic)}; then: bacajuga reread")
    else:
        print(
            f"  to set it: copy the file that bacajuga topics show {one_line(topic)} names, write "
            f"threshold = {advice.best:g} there, and crawl by its path"
        )
