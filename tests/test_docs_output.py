"""What the documents show as printed is what the commands print, on the store of a real demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import Shown, shown_outputs
from tests.shown_output import demo_output, is_checkable, said_wrong, same, sample_folder

SHOWN = list(shown_outputs())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with sample_folder(tmp_path_factory.mktemp("docs")) as made:
        yield made


@pytest.mark.parametrize(
    "document", sorted({shown.line.document for shown in SHOWN if is_checkable(shown.command)})
)
def test_output_is_as_shown(document: str, folder: Path) -> None:
    # All of a page in their order: a later command may need what an earlier one has made.
    wrong = [
        said_wrong(shown)
        for shown in SHOWN
        if shown.line.document == document and is_checkable(shown.command)
    ]
    assert not any(wrong), "\n\n".join(filter(None, wrong))


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(shown, id=str(shown.line))
        for shown in SHOWN
        if shown.command.startswith(("bacajuga demo", "make demo"))
    ],
)
def test_the_demo_prints_what_is_shown(shown: Shown, folder: Path) -> None:
    printed = demo_output(folder)
    assert same(printed, shown.output), f"{shown.line}: the demo prints now:\n" + "\n".join(printed)


def test_an_output_may_leave_lines_out_and_be_of_another_day() -> None:
    printed = ["first seen  2026-11-23 15:29+00:00", "a", "b", "c"]
    assert same(printed, ["first seen  2027-01-02 03:04+00:00", "...", "c"])
    assert same(printed, ["...", "c"])
    assert not same(printed, ["...", "d"])
    assert not same(printed, ["...", "b"])
    assert not same(["at 2021-05-21 08:30"], ["at 2021-05-22 08:30"])
