"""A budget of pages that several workers spend together, in a row that whoever leases locks."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from crawler.store.schema import page_budgets


def make_budget(connection: Connection, topic: str, pages: int) -> int:
    """Set so many pages aside for a topic's workers; return the budget's number."""
    made = connection.execute(
        insert(page_budgets)
        .values(topic=topic, pages_left=pages, made_at=datetime.now(UTC))
        .returning(page_budgets.c.id)
    )
    return int(made.scalar_one())


def pages_left(connection: Connection, budget: int) -> int:
    """Return how many pages may still be asked for, and keep others from asking until the transaction ends.

    A budget that is not there any more has no page left.
    """
    left = connection.scalar(
        select(page_budgets.c.pages_left).where(page_budgets.c.id == budget).with_for_update()
    )
    return max(left or 0, 0)


def spend(connection: Connection, budget: int, pages: int) -> None:
    """Take so many pages off the budget."""
    connection.execute(
        update(page_budgets)
        .where(page_budgets.c.id == budget)
        .values(pages_left=page_budgets.c.pages_left - pages)
    )


def drop_budget(connection: Connection, budget: int) -> None:
    """Remove a budget that nobody spends any more."""
    connection.execute(delete(page_budgets).where(page_budgets.c.id == budget))
