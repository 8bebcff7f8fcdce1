"""The full-text engines of the two databases: what matches a query, best first, with the words shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCONFIG

from crawler.search.query import Query
from crawler.store.answers.search_expression import fts5_expression, tsquery_expressions
from crawler.store.answers.search_index import INDEX
from crawler.store.schema import NEWEST_REVISION, articles, revisions

# Around the words that were found. No page value keeps them: what prints a text drops control characters.
BEGIN, END = "\x02", "\x03"
SNIPPET_WORDS = 30
# Postgres reads the index entry of every text that it ranks, a tenth of a millisecond each: of the matches of
# a common word, the ones stored last.
MOST_RANKED = 2_000
# Texts, those stored last, by which it is told how common a word is.
PROBED = 1_000
SNIPPET_EDGE = 20  # letters by which the begin and the end of a text are known
_fts5 = table(INDEX, column("rowid"), column("rank"))

_INDEX: ColumnElement[Any] = literal_column(INDEX)
_FOUND = (
    articles.c.id,
    articles.c.duplicate_of,
    revisions.c.id.label("revision_id"),
    NEWEST_REVISION.label("is_newest"),
)


class Fts5:
    """SQLite's engine: hits come one by one, and what nobody reads is not joined."""

    def __init__(self, query: Query) -> None:
        self.match = _INDEX.op("MATCH")(fts5_expression(query))

    def ranked(
        self, connection: Connection, conditions: Sequence[ColumnElement[bool]], _limit: int
    ) -> Iterator[Any]:
        """Yield what matches and counts, best first."""
        statement = (
            select(
                *_FOUND,
                (-_fts5.c.rank).label("score"),
                func.highlight(_INDEX, 0, BEGIN, END).label("marked_title"),
                func.snippet(_INDEX, 2, BEGIN, END, "…", SNIPPET_WORDS).label("snippet"),
            )
            .join_from(_fts5, revisions, revisions.c.id == _fts5.c.rowid)
            .join(articles, articles.c.id == revisions.c.article_id)
            .where(self.match, *conditions)
            .order_by(_fts5.c.rank)
        )
        rows = connection.execution_options(stream_results=True).execute(statement)
        try:
            yield from rows
        finally:
            rows.close()

    def texts(self, _connection: Connection, rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
        """Return headline and snippet of each version that was found."""
        return {row.revision_id: (row.marked_title, row.snippet) for row in rows}


class Tsvector:
    """Postgres's engine: it ranks whatever matches, so it is asked for the best only."""

    def __init__(self, query: Query, words: str) -> None:
        self.words = literal(words).cast(REGCONFIG)
        wanted, unwanted = tsquery_expressions(query)
        expression = func.to_tsquery(self.words, wanted)
        if query.has_prefix:
            # A beginning may not be one of the stem that the index holds: "peretas*" is taken both ways.
            expression = func.tsquery_or(
                expression, func.to_tsquery(literal("simple").cast(REGCONFIG), wanted)
            )
        if unwanted:
            expression = func.tsquery_and(expression, func.tsquery_not(func.to_tsquery(self.words, unwanted)))
        self.query: ColumnElement[Any] = expression
        self.has_phrase = query.has_phrase

    def ranked(
        self, connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int
    ) -> Iterator[Any]:
        """Yield what matches and counts, best first."""
        index: ColumnElement[Any] = literal_column(f"revisions.{INDEX}")
        # 1: a long text does not win by its length.
        score = func.ts_rank_cd(index, self.query, 1).label("score")
        candidates = self._candidates(connection, conditions)
        statement = (
            select(*_FOUND, score)
            .join_from(revisions, articles, articles.c.id == revisions.c.article_id)
            .where(revisions.c.id == func.any(literal(candidates, ARRAY(BigInteger))))
            .order_by(score.desc(), articles.c.published_at.desc().nulls_last(), revisions.c.id)
        )
        passed, size = 0, 2 * limit + 20
        while True:
            rows = connection.execute(statement.limit(size)).all()
            yield from rows[passed:]
            if len(rows) < size:
                return
            passed, size = size, 4 * size

    def _candidates(self, connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
        """Return the numbers of the texts to rank: of more matches than are ranked, the ones stored last.

        For a word that half of the texts have, Postgres would read the entries of all of them to throw most
        away. So the last texts tell how common the matches are, and where they are so common that fewer
        texts need to be read, the texts before these are left alone.
        """
        last_id = connection.scalar(select(func.max(revisions.c.id))) or 0
        if last_id > 4 * MOST_RANKED:
            share = len(self._matches(connection, conditions, last_id - PROBED + 1)) / PROBED
            needed = 1.25 * MOST_RANKED / share if share else last_id
            # A phrase is looked for in every text that has its words: then reading fewer gains more.
            if needed < (last_id / 2 if self.has_phrase else last_id * share):
                found = self._matches(connection, conditions, last_id - int(needed))
                if len(found) == MOST_RANKED:
                    return found
        return self._matches(connection, conditions, 0)

    def _matches(
        self, connection: Connection, conditions: Sequence[ColumnElement[bool]], first_id: int
    ) -> list[int]:
        index: ColumnElement[Any] = literal_column(f"revisions.{INDEX}")
        since = [revisions.c.id >= first_id] if first_id else []
        statement = (
            select(revisions.c.id)
            .join(articles, articles.c.id == revisions.c.article_id)
            .where(index.op("@@")(self.query), *conditions, *since)
            .order_by(revisions.c.id.desc())
            .limit(MOST_RANKED)
        )
        return list(connection.scalars(statement))

    def texts(self, connection: Connection, rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
        """Return headline and snippet of each version that was found."""
        revision_ids = sorted(row.revision_id for row in rows)
        marks = f'StartSel="{BEGIN}", StopSel="{END}"'
        part = f"{marks}, MaxWords={SNIPPET_WORDS}, MinWords={SNIPPET_WORDS // 2}"
        title = func.ts_headline(self.words, revisions.c.title, self.query, f"{marks}, HighlightAll=true")
        snippet = func.ts_headline(self.words, revisions.c.body, self.query, part)
        edges = func.left(revisions.c.body, SNIPPET_EDGE), func.right(revisions.c.body, SNIPPET_EDGE)
        shown = connection.execute(
            select(revisions.c.id, title, snippet, *edges).where(revisions.c.id.in_(revision_ids))
        )
        return {
            revision_id: (title, _with_dots(snippet, begin, end))
            for revision_id, title, snippet, begin, end in shown
        }


def _with_dots(snippet: str, begin: str, end: str) -> str:
    """Return the part of a text with dots where the text goes on, as SQLite has it."""
    plain = snippet.replace(BEGIN, "").replace(END, "")
    before = "" if plain[:SNIPPET_EDGE] == begin[: len(plain)] else "…"
    after = "" if plain[-SNIPPET_EDGE:] == end[-len(plain) :] else "…"
    return f"{before}{snippet}{after}"
