"""A query in the languages of the two full-text engines, with nothing in it that they could misread."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.search.query import Query, Term


def fts5_expression(query: Query) -> str:
    """Return the query as SQLite's FTS5 reads it (https://sqlite.org/fts5.html, 3).

    >>> from crawler.search.query import parse_query
    >>> fts5_expression(parse_query('kotz "raid forums" -ponsel bocor*'))
    '(("kotz") AND ("raid forums") AND ("bocor" *)) NOT "ponsel"'
    """
    wanted = " AND ".join(f"({' OR '.join(map(_fts5_term, group))})" for group in query.all_of)
    return " NOT ".join([f"({wanted})", *map(_fts5_term, query.none_of)])


def tsquery_expressions(query: Query) -> tuple[str, str]:
    """Return what has to be there and what must not, as ``to_tsquery`` of Postgres reads it (12.3.2).

    >>> from crawler.search.query import parse_query
    >>> tsquery_expressions(parse_query('kotz "raid forums" -ponsel bocor*'))
    ("('kotz') & (('raid' <-> 'forums')) & ('bocor':*)", "'ponsel'")
    """
    wanted = " & ".join(f"({' | '.join(map(_tsquery_term, group))})" for group in query.all_of)
    return wanted, " | ".join(map(_tsquery_term, query.none_of))


def _fts5_term(term: Term) -> str:
    # Inside of quotation marks nothing is an operator: the words hold letters and digits only.
    return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'


def _tsquery_term(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    if term.is_prefix:
        words[-1] += ":*"
    return words[0] if len(words) == 1 else _in_brackets(words)


def _in_brackets(words: Iterable[str]) -> str:
    return f"({' <-> '.join(words)})"
