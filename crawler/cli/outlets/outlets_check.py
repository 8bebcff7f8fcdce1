"""``bacajuga outlets check``: which outlets have changed their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.failing import found_nothing
from crawler.cli.given_topic import nothing_stored
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing
from crawler.cli.terminal import print_json, print_table, say

if TYPE_CHECKING:
    from crawler.drift import FieldCheck, OutletCheck

EXAMPLES = examples(
    "bacajuga outlets check",
    "bacajuga outlets check detik --recent 50",
    "bacajuga outlets check --json | jq '.[] | select(.broken != []) | .outlet'",
)


def check(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this outlet, with all its fields.")
    ] = None,
    recent: Annotated[
        int, typer.Option(min=5, metavar="N", help="How many of an outlet's last stories to look at.")
    ] = 20,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Hold each outlet's last stories against its older ones, field by field: a layout that changed shows.

    A field looks broken when at most half as many stories have it as before, or its length halved or
    doubled, and chance does not explain it. Exit status 5 when an outlet looks broken.
    """
    from crawler.near_names import nearest_first
    from crawler.store.answers.drift import check_outlets, outlets_in_store

    store = open_existing(database)
    with store.read() as connection:
        outlets = outlets_in_store(connection)
        if not outlets:
            if as_json:
                print_json([])
            found_nothing(nothing_stored(store))
        if name and name not in outlets:
            near = ", ".join(nearest_first(name, outlets))
            found_nothing(f"{store.address} holds nothing of {name!r}; it has: {near}")
        checks = check_outlets(connection, [name] if name else None, recent=recent)
    if as_json:
        print_json([as_record(each) for each in checks])
    else:
        rows = [row for each in checks for row in _rows(each, whole=name is not None)]
        print_table(("OUTLET", "RECENT/OLDER", "FIELD", "THEN -> NOW", "FIRST BAD STORY"), rows, flexible=4)
    broken = [each.outlet for each in checks if each.broken]
    if broken:
        say(f"looks broken: {', '.join(broken)}; read the first bad story with: bacajuga read URL")
        raise typer.Exit(exit_status.BROKEN_OUTLET)


def as_record(check: OutletCheck) -> dict[str, Any]:
    """Return what a check found as JSON values."""
    return {
        "outlet": check.outlet,
        "recent": check.recent,
        "older": check.older,
        "judged": bool(check.fields),
        "broken": [each.field for each in check.broken],
        "fields": check.fields,
    }


def then_and_now(field: FieldCheck) -> str:
    """Return a field's change in words: "96% -> 0%", "310 -> 42 words"."""
    if field.measure == "share":
        return f"{field.then:.0%} -> {field.now:.0%}"
    return f"{field.then:g} -> {field.now:g} {'words' if field.field == 'body' else 'a story'}"


def _rows(check: OutletCheck, *, whole: bool) -> list[tuple[str, ...]]:
    number = f"{check.recent}/{check.older}"
    if not check.fields:
        return [(check.outlet, number, "-", "too few stories to judge", "")]
    shown = check.fields if whole else check.broken
    rows: list[tuple[str, ...]] = [
        (
            check.outlet,
            number,
            f"{'! ' if each.is_broken else ''}{each.field}",
            then_and_now(each),
            _place(each),
        )
        for each in shown
    ]
    return rows or [(check.outlet, number, "all", "as before", "")]


def _place(field: FieldCheck) -> str:
    if field.first_bad_url is None:
        return ""
    return f"{field.first_bad_at:%Y-%m-%d %H:%M} {field.first_bad_url}"
