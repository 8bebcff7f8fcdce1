"""A report on a small store, as values and as a page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lxml import html
from sqlalchemy import insert, update

from crawler.report.data import Report, gather
from crawler.report.html import report_html
from crawler.report.wording import Wording
from crawler.store.database import Store
from crawler.store.schema import articles, copies, revisions
from tests import stories

WIB = ZoneInfo("Asia/Jakarta")


def fill_with_copy(store: Store) -> Store:
    """Write the stories of ``tests.stories``, one of which is known to repeat another; return the store."""
    stories.fill(store)
    with store.write() as connection:
        connection.execute(
            insert(copies).values(
                article_id=4, of_id=2, kind="exact", j3=1.0, containment=1.0, num_jaccard=1.0, sig_version=1,
                found_at=stories.SEEN_AT,
            )
        )  # fmt: skip
    return store


def edit(store: Store, number: int, title: str, body: str) -> None:
    changed = {"content_hash": f"edited{number}", "title": title}
    with store.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=number + 100, article_id=number, body=body, authors=[], deck=None,
                seen_at=stories.SEEN_AT + timedelta(hours=number), **changed,
            )
        )  # fmt: skip
        connection.execute(update(articles).where(articles.c.id == number).values(**changed))


def told(store: Store, **options: Any) -> Report:
    return gather(store, stories.TOPIC, WIB, made_at=stories.SEEN_AT, **options)


def page(report: Report, language: str = "id", title: str = "Kebocoran data") -> tuple[str, Any]:
    """Return the report as text and as a tree."""
    text = report_html(report, title, Wording(language, "Asia/Jakarta"))
    return text, html.document_fromstring(text)


def page_data(tree: Any) -> Any:
    return json.loads(tree.get_element_by_id("data").text)
