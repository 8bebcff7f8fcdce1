"""What a host prints under many of its stories, learned by counting; the table stays small."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from crawler.store.dedupe.bands import array
from crawler.store.schema import block_counts

REPEATED_FROM = 5  # stories of the host that print it
# A sentence that did not come again while this many stories were stored is forgotten (lossy counting): what
# stands under every story comes again long before.
MEMORY = 10_000
_PRUNE_EVERY = 1_000

_KNOWN = {
    "sqlite": text(
        "SELECT block FROM block_counts WHERE stories >= :enough"
        " AND block IN (SELECT value FROM json_each(:blocks))"
    ),
    "postgresql": text(
        "SELECT block FROM block_counts WHERE stories >= :enough AND block = ANY(:blocks)"
    ).bindparams(bindparam("blocks", type_=ARRAY(BigInteger))),
}
_COUNT_REST = (
    " ON CONFLICT (block) DO UPDATE SET stories = block_counts.stories + 1,"
    " last_article_id = excluded.last_article_id"
)
_COUNT = {
    "sqlite": text(
        "INSERT INTO block_counts (block, stories, last_article_id)"
        " SELECT value, 1, :article_id FROM json_each(:blocks) WHERE true ORDER BY value" + _COUNT_REST
    ),
    "postgresql": text(
        "INSERT INTO block_counts (block, stories, last_article_id)"
        " SELECT block, 1, :article_id FROM unnest(:blocks) AS given (block) ORDER BY block" + _COUNT_REST
    ).bindparams(bindparam("blocks", type_=ARRAY(BigInteger))),
}


def repeated_blocks(connection: Connection, blocks: Collection[int]) -> frozenset[int]:
    """Return which of the blocks their host prints under many stories."""
    if not blocks:
        return frozenset()
    rows = connection.execute(
        _KNOWN[connection.dialect.name],
        {"blocks": array(connection, sorted(blocks)), "enough": REPEATED_FROM},
    )
    return frozenset(rows.scalars())


def count_blocks(connection: Connection, article_id: int, blocks: Collection[int]) -> None:
    """Count the blocks of a story that is new; copies are not counted, or they would hide their own text.

    Args:
        connection: a write transaction.
        article_id: the story.
        blocks: those that are not known to be repeated: their rows are left alone, since every worker
            on the host would wait for them.
    """
    if blocks:
        connection.execute(
            _COUNT[connection.dialect.name],
            {"blocks": array(connection, sorted(blocks)), "article_id": article_id},
        )
    if article_id % _PRUNE_EVERY == 0:
        forgotten = select(block_counts.c.block).where(
            block_counts.c.stories < REPEATED_FROM, block_counts.c.last_article_id < article_id - MEMORY
        )
        # Rows that another worker is about to count stay: waiting for them here could end in a deadlock.
        free = forgotten.with_for_update(skip_locked=True)
        connection.execute(delete(block_counts).where(block_counts.c.block.in_(free)))
