"""What no moment at which a crawl is killed may leave behind: rows that belong together, and are not."""

from __future__ import annotations

from sqlalchemy import Connection, text

# name: a query of what must not be there
CHECKS = {
    "article without its newest revision": """
        SELECT a.article_key FROM articles a WHERE NOT EXISTS (
            SELECT 1 FROM revisions r WHERE r.article_id = a.id AND r.content_hash = a.content_hash)""",
    "revision without an article": """
        SELECT r.id FROM revisions r WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = r.article_id)""",
    "article without relevance": """
        SELECT a.article_key FROM articles a WHERE NOT EXISTS (
            SELECT 1 FROM article_topics t WHERE t.article_id = a.id)""",
    "article without a page": """
        SELECT a.article_key FROM articles a WHERE NOT EXISTS (
            SELECT 1 FROM pages p WHERE p.article_key = a.article_key)""",
    "page of a story without the story": """
        SELECT p.page_key FROM pages p WHERE p.outcome = 'article' AND NOT EXISTS (
            SELECT 1 FROM articles a WHERE a.article_key = p.article_key)""",
    "visited address whose page is not there": """
        SELECT f.key FROM frontier f WHERE f.state IN ('done', 'failed') AND f.outcome <> 'parsed'
        AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.page_key = f.key)
        AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.article_key = f.article_key)""",
    "story whose address is still open": """
        SELECT f.key FROM frontier f JOIN pages p ON p.page_key = f.key
        WHERE p.outcome = 'article' AND f.state IN ('queued', 'waiting', 'leased')
        AND NOT f.is_revisit AND f.attempts = 0""",
    "visited address without an outcome": """
        SELECT f.key FROM frontier f WHERE f.state IN ('done', 'failed') AND f.outcome IS NULL""",
    "lease without a worker, or the other way round": """
        SELECT f.key FROM frontier f WHERE (f.state = 'leased') <> (f.worker IS NOT NULL)""",
    "link without its story": """
        SELECT l.id FROM links l WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.source_id)""",
    "link that is no evidence": """
        SELECT l.target_url FROM links l JOIN articles a ON a.id = l.source_id
        WHERE l.target_key <> a.article_key
        AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.source_key = a.article_key)""",
    "evidence without its target": """
        SELECT e.target_key FROM evidence e WHERE NOT EXISTS (
            SELECT 1 FROM frontier f WHERE f.topic = e.topic AND f.key = e.target_key)""",
    "band of no story": """
        SELECT b.band FROM bands b WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = b.article_id)""",
    "copy of no story": """
        SELECT c.article_id FROM copies c WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = c.of_id)""",
    "copy of a copy": """
        SELECT a.article_key FROM articles a JOIN articles root ON root.id = a.duplicate_of
        WHERE root.duplicate_of IS NOT NULL""",
    "host that is not known": """
        SELECT f.key FROM frontier f WHERE NOT EXISTS (SELECT 1 FROM hosts h WHERE h.host = f.host)""",
}


def half_written(connection: Connection) -> list[str]:
    """Return what is wrong with a store that no crawl works on, in a line each; empty when nothing is."""
    found = []
    for name, query in CHECKS.items():
        rows = connection.execute(text(query)).scalars().all()
        found += [f"{name}: {row}" for row in rows]
    return found
