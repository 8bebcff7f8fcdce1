"""An outlet that brings nothing new, or too much of the same, is left alone."""

from __future__ import annotations

from crawler.frontier.gains import Gains


def gains(**values: float) -> Gains:
    defaults = {"patience": 3, "listing_patience": 2, "share": 0.5, "budget": 0}
    return Gains(**(defaults | values))  # type: ignore[arg-type]


def test_outlet_is_closed_after_so_many_fetches_in_a_row_without_a_new_story() -> None:
    seen = gains()
    for is_new in (False, False, True, False, False):
        seen.note_story("kompas", is_new=is_new)
    assert seen.closed == {}
    seen.note_story("kompas", is_new=False)
    assert seen.closed == {"kompas": "last 3 fetches: 0 new stories"}


def test_no_patience_set_means_that_no_outlet_is_closed() -> None:
    seen = gains(patience=0, listing_patience=0)
    for _ in range(100):
        seen.note_story("kompas", is_new=False)
        seen.note_listing("kompas", "feed", new=0)
    assert seen.closed == {}
    assert not seen.is_barren("kompas", "feed")


def test_lists_of_one_kind_are_barren_and_those_of_another_are_not() -> None:
    seen = gains()
    for _ in range(2):
        seen.note_listing("kompas", "date_index", new=0)
        seen.note_listing("kompas", "tag_page", new=4)
    assert seen.is_barren("kompas", "date_index")
    assert not seen.is_barren("kompas", "tag_page")
    seen.note_listing("kompas", "date_index", new=1)
    assert not seen.is_barren("kompas", "date_index")


def test_share_counts_only_with_a_budget() -> None:
    for budget, over in ((0, set()), (10, {"kompas"}), (20, set())):
        seen = gains(budget=budget, patience=0)
        for _ in range(5):
            seen.note_story("kompas", is_new=True)
        seen.note_story("detik", is_new=True)
        assert seen.over_share() == over
