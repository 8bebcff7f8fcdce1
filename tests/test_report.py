"""What a report tells, and in which order."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest

from crawler.redaction import redact
from crawler.report.editing import headline
from crawler.report.layout import positions
from crawler.report.republishing import outlet_records, republishings
from crawler.report.timeline import MOST_COLOURS, timeline_of
from crawler.store.answers.report import ReportCopy, ReportStory
from crawler.store.database import Store
from tests import stories
from tests.reports import WIB, edit, fill_with_copy, page, page_data, told

NIK = "3171011708450001"


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_copy(store)


def test_it_tells_of_stories_links_and_copies_once(filled: Store) -> None:
    report = told(filled)
    # The newest first, the one without a time last; no lure, no copy.
    assert [each.story.url for each in report.stories] == [stories.SECOND, stories.SEED, stories.THIRD]
    # The copy's link leads to the story that it copies: that is none.
    assert report.links == [(1, 2), (2, 1), (2, 5)]
    assert [(each.links_in, each.links_out, each.copies) for each in report.stories] == [
        (1, 2, 1), (1, 1, 0), (1, 0, 0),
    ]  # fmt: skip
    assert (report.story_count, report.copy_count, report.gone_count, report.edited_count) == (3, 1, 0, 0)
    assert report.timeline.untimed == 1
    assert sum(thread.stories for thread in report.threads) == 3


def test_a_period_leaves_out_what_was_published_at_another_time(filled: Store) -> None:
    since = datetime(2021, 5, 22, tzinfo=WIB)
    assert [each.story.url for each in told(filled, since=since).stories] == [stories.SECOND]
    # Without the first copy, the second one stands for it.
    late = told(filled, since=since + timedelta(days=1))
    assert [each.story.url for each in late.stories] == [stories.COPY]
    assert (late.copy_count, late.links) == (0, [])
    nothing = told(filled, until=datetime(2021, 5, 1, tzinfo=UTC))
    assert nothing.stories == []
    text, tree = page(nothing)
    assert "Belum ada berita" in text
    assert page_data(tree)["nodes"] == []


def test_edits_are_told_with_headlines_and_figures_first(filled: Store) -> None:
    edit(filled, 2, "Kominfo Blokir Raid Forums", "Paragraf pertama.")
    edit(filled, 1, "34 Juta Data Peserta BPJS Bocor", "Paragraf pertama.\n\nParagraf kedua: 34 juta.")
    report = told(filled)
    assert [each.story.id for each in report.edits] == [1, 2]
    first = report.edits[0]
    assert [(piece.kind, piece.text) for piece in first.title] == [
        ("old", "279"), ("new", "34"), ("same", "Juta Data Peserta BPJS Bocor"),
    ]  # fmt: skip
    assert [(figure.old, figure.new) for figure in first.difference.figures] == [("279 Juta", "34 Juta")]
    _, tree = page(report)
    [shown, second] = tree.xpath("//ol[@class='edits']/li")
    assert [each.text for each in shown.xpath("./p[@class='was']/del|./p[@class='was']/ins")] == ["279", "34"]
    assert "Paragraf kedua" in " ".join(second.xpath(".//del/text()"))
    assert tree.xpath("//tr[@id='s0']//span[@class='flag']/text()") == ["disunting"]


def test_headlines_are_compared_word_by_word() -> None:
    assert [(piece.kind, piece.text) for piece in headline("A b c", "A b c")] == [("same", "A b c")]
    assert [(piece.kind, piece.text) for piece in headline("", "Baru")] == [("new", "Baru")]
    pieces = headline("Data bocor di forum", "Data dijual di forum gelap")
    assert [piece.kind for piece in pieces] == ["same", "old", "new", "same", "new"]


def test_what_is_redacted_stands_nowhere_in_the_file(filled: Store) -> None:
    edit(filled, 1, f"Data NIK {NIK} Bocor", f"NIK {NIK}, ponsel 0812-3456-7890, dijual.\n\nParagraf kedua.")
    open_text, _ = page(told(filled))
    assert NIK in open_text
    assert "0812-3456-7890" in open_text
    report = told(filled, redact=redact)
    masked, _ = page(report)
    assert report.is_redacted
    assert "disamarkan" in masked
    for secret in (NIK, NIK[:12], "0812", "3456-7890"):
        assert secret not in re.sub(r"<script>.*?</script>", "", masked, flags=re.DOTALL)


def story(number: int, outlet: str, at: datetime | None, duplicate_of: int | None = None) -> ReportStory:
    return ReportStory(
        id=number, url=f"https://{outlet}.test/{number}", outlet=outlet, title=f"Judul {number}",
        published_at=at, first_seen_at=stories.SEEN_AT, gone_at=None, duplicate_of=duplicate_of, agency=None,
        word_count=9, versions=1,
    )  # fmt: skip


def copy(article_id: int, of_id: int, kind: str, j3: float = 0.8, containment: float = 0.95) -> ReportCopy:
    return ReportCopy(article_id=article_id, of_id=of_id, kind=kind, j3=j3, containment=containment)


def test_who_published_first_is_first_whoever_was_stored_first() -> None:
    noon = datetime(2021, 5, 21, 12, tzinfo=UTC)
    held = [
        story(1, "kompas", noon),
        story(2, "antaranews", noon - timedelta(hours=2), 1),
        story(3, "detik", noon + timedelta(hours=4), 1),
        story(4, "tempo", None, 1),
        story(5, "suara", noon + timedelta(days=1)),
        story(6, "suara", noon),
    ]
    found = [
        copy(2, 1, "exact"),
        copy(3, 1, "near", 0.8),
        copy(4, 1, "near"),
        copy(1, 5, "contained"),
        copy(9, 1, "exact"),
    ]
    [group] = republishings({each.id: each for each in held}, found)
    assert [(each.story.id, each.kind, each.after) for each in group.printings] == [
        (2, "exact", None),
        (1, "reference", timedelta(hours=2)),
        (3, "near", timedelta(hours=6)),
        (5, "contained", timedelta(hours=26)),
        (4, "near", None),  # without a time nobody can tell
    ]
    assert [each.likeness for each in group.printings] == [0.8, None, 0.8, 0.95, 0.8]
    records = {each.outlet: (each.first, each.again, each.wait) for each in outlet_records([group])}
    assert records == {
        "antaranews": (1, 0, None),
        "kompas": (0, 1, timedelta(hours=2)),
        "detik": (0, 1, timedelta(hours=6)),
        "tempo": (0, 1, None),
    }


def test_nobody_is_called_first_where_times_are_missing() -> None:
    held = {1: story(1, "kompas", None), 2: story(2, "detik", datetime(2021, 5, 21, tzinfo=UTC), 1)}
    [group] = republishings(held, [copy(2, 1, "exact")])
    assert not group.is_sure
    assert outlet_records([group]) == []


@pytest.mark.parametrize(
    ("days", "step", "bars"), [(0, "day", 1), (209, "day", 210), (210, "week", 31), (4000, "month", 133)]
)
def test_timeline_is_even_and_has_room(days: int, step: str, bars: int) -> None:
    first = datetime(2021, 5, 21, 20, tzinfo=UTC)  # already the 22nd in Jakarta
    found = timeline_of([("detik", first), ("detik", first + timedelta(days=days)), ("tempo", None)], WIB)
    assert (found.step, len(found.starts), found.untimed) == (step, bars, 1)
    assert found.totals[0] + (found.totals[-1] if bars > 1 else 0) == 2
    if step == "day":
        assert found.starts[0] == date(2021, 5, 22)
    if step == "week":
        assert {start.weekday() for start in found.starts} == {0}


def test_outlets_without_a_colour_are_counted_together() -> None:
    moment = datetime(2021, 5, 21, tzinfo=UTC)
    found = timeline_of([(f"media{number}", moment) for number in range(MOST_COLOURS + 3)], WIB)
    assert found.outlets[-1] == ""
    assert len(found.outlets) == MOST_COLOURS + 1
    assert found.counts[-1] == [3]


def test_places_are_apart_the_same_each_time_and_by_group() -> None:
    rng = np.random.default_rng(1)
    groups = sorted(int(group) for group in rng.integers(0, 12, 200))
    groups = [sorted(set(groups)).index(group) for group in groups]
    edges = [tuple(map(int, pair)) for pair in rng.integers(0, 200, (260, 2)) if pair[0] != pair[1]]
    sizes = [0.3] * 200
    spots = positions(groups, edges, sizes)  # type: ignore[arg-type]
    assert np.array_equal(spots, positions(groups, edges, sizes))  # type: ignore[arg-type]
    away = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert away.min() > 0.5  # dots of 0.3 do not overlap
    discs = []
    for group in range(max(groups) + 1):
        own = spots[[at for at, each in enumerate(groups) if each == group]]
        middle = (own.max(axis=0) + own.min(axis=0)) / 2
        discs.append((middle, np.hypot(*(own - middle).T).max()))
    for (one, reach), (other, far) in combinations(discs, 2):
        assert np.hypot(*(one - other)) > (reach + far) * 0.95
    assert positions([], [], []).shape == (0, 2)
    # Many links between few groups do not throw them out of the picture.
    tied = positions([0] * 20 + [1] * 20, [(a, b) for a in range(20) for b in range(20, 40)], [0.3] * 40)
    assert np.ptp(tied, axis=0).max() < 40
    assert np.isfinite(positions([0], [], [1.0])).all()
    # What is written between two groups has room.
    near, far = (np.ptp(positions([0, 1], [], [0.3] * 2, room), axis=0).max() for room in (0.0, 4.0))
    assert far >= near + 3.9
