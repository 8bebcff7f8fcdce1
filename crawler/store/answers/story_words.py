"""The stories whose text has certain words, as a condition for any query over ``articles``."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, column, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import REGCONFIG

from crawler.search.query import Query
from crawler.store.answers.search_expression import fts5_expression, tsquery_expressions
from crawler.store.answers.search_index import INDEX, configuration
from crawler.store.schema import articles, revisions


def having_words(connection: Connection, query: Query) -> ColumnElement[bool]:
    """Return the condition that a story's newest text is one that ``bacajuga search`` finds.

    Args:
        connection: of the store that the condition is for.
        query: what to find, from ``parse_query``.
    """
    own = articles.alias("searched")
    statement = (
        select(revisions.c.article_id)
        .join(own, own.c.id == revisions.c.article_id)
        .where(own.c.content_hash == revisions.c.content_hash)
    )
    if connection.dialect.name == "sqlite":
        fts5 = table(INDEX, column("rowid"))
        matching = select(fts5.c.rowid).where(literal_column(INDEX).op("MATCH")(fts5_expression(query)))
        return articles.c.id.in_(statement.where(revisions.c.id.in_(matching)))
    words = literal(configuration(connection)).cast(REGCONFIG)
    wanted, unwanted = tsquery_expressions(query)
    expression = func.to_tsquery(words, wanted)
    if query.has_prefix:
        # A beginning may not be one of the stem that the index holds: it is taken both ways.
        expression = func.tsquery_or(expression, func.to_tsquery("simple", wanted))
    if unwanted:
        expression = func.tsquery_and(expression, func.tsquery_not(func.to_tsquery(words, unwanted)))
    return articles.c.id.in_(statement.where(literal_column(f"revisions.{INDEX}").op("@@")(expression)))
