"""Index the words of stories, and give the tables readable views.

Later migrations that make ``articles``, ``revisions``, ``links``, ``article_topics`` or ``crawls`` anew
(Alembic's batch mode on SQLite does) lose the triggers and break the views: they drop the views first
and make both again afterwards.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

from crawler.errors import StoreError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MANY = 5_000  # versions of stories, from which on indexing takes more than a moment

# The index stands on every version of every story; which is the newest, a search asks of the tables. The
# triggers keep it right whatever writes a revision, in the same transaction and without Python's time.
SQLITE_INDEX = (
    # Datasette finds the index of a table by these quotation marks.
    'CREATE VIRTUAL TABLE search_index USING fts5(title, deck, body, content="revisions",'
    " content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    # A word of the headline says eight times as much as one of the body.
    "INSERT INTO search_index(search_index, rank) VALUES ('rank', 'bm25(8.0, 4.0, 1.0)')",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    "CREATE TRIGGER search_index_insert AFTER INSERT ON revisions BEGIN"
    " INSERT INTO search_index(rowid, title, deck, body) VALUES (new.id, new.title, new.deck, new.body);"
    " END",
    "CREATE TRIGGER search_index_delete AFTER DELETE ON revisions BEGIN"
    " INSERT INTO search_index(search_index, rowid, title, deck, body)"
    " VALUES ('delete', old.id, old.title, old.deck, old.body);"
    " END",
    "CREATE TRIGGER search_index_update AFTER UPDATE OF id, title, deck, body ON revisions BEGIN"
    " INSERT INTO search_index(search_index, rowid, title, deck, body)"
    " VALUES ('delete', old.id, old.title, old.deck, old.body);"
    " INSERT INTO search_index(rowid, title, deck, body) VALUES (new.id, new.title, new.deck, new.body);"
    " END",
)

# Postgres takes "raidforums.com" and "-19" for one word each: what joins them becomes a space. It refuses
# a text whose index takes more than a megabyte, which the first 200,000 characters never do.
POSTGRES_WORDS = (
    "setweight(to_tsvector('{words}', translate(left(title, 2000), './-_:@&+', '        ')), 'A') ||"
    " setweight(to_tsvector('{words}',"
    " translate(left(coalesce(deck, ''), 8000), './-_:@&+', '        ')), 'B') ||"
    " setweight(to_tsvector('{words}', translate(left(body, 200000), './-_:@&+', '        ')), 'C')"
)

# Times are those of the page, as a person reads them; without an offset on the page, UTC.
SQLITE_LOCAL = (
    "strftime('%Y-%m-%d %H:%M', {table}.{name}_at, coalesce({table}.{name}_offset, 0) || ' minutes')"
)
POSTGRES_LOCAL = (
    "to_char(({table}.{name}_at AT TIME ZONE 'UTC')"
    " + make_interval(mins => coalesce({table}.{name}_offset, 0)), 'YYYY-MM-DD HH24:MI')"
)
SQLITE_UTC = "strftime('%Y-%m-%d %H:%M', {column})"
POSTGRES_UTC = "to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"


def upgrade() -> None:
    """Index the words of stories, and give the tables readable views."""
    connection = op.get_bind()
    stored = connection.scalar(sa.text("SELECT count(*) FROM revisions")) or 0
    if stored >= MANY:
        logging.getLogger(__name__).warning(
            "indexing the words of %s stored texts: a minute for about 100,000", f"{stored:,}"
        )
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        if not connection.scalar(sa.text("SELECT sqlite_compileoption_used('ENABLE_FTS5')")):
            raise StoreError(
                "this Python's SQLite was built without full-text search (FTS5), which the store needs; "
                "use another build of Python, or a Postgres database"
            )
        for statement in SQLITE_INDEX:
            connection.exec_driver_sql(statement)
    else:
        known = connection.scalar(
            sa.text(
                "SELECT count(*) FROM pg_ts_config WHERE cfgname = 'indonesian'"
                " AND cfgnamespace = 'pg_catalog'::regnamespace"
            )
        )
        words = POSTGRES_WORDS.format(words="pg_catalog.indonesian" if known else "pg_catalog.simple")
        connection.exec_driver_sql(
            f"ALTER TABLE revisions ADD COLUMN search_index tsvector GENERATED ALWAYS AS ({words}) STORED"
        )
        connection.exec_driver_sql(
            "CREATE INDEX ix_revisions_search_index ON revisions USING gin (search_index)"
        )
    for statement in views(SQLITE_LOCAL, SQLITE_UTC) if is_sqlite else views(POSTGRES_LOCAL, POSTGRES_UTC):
        connection.exec_driver_sql(statement)


def views(local: str, utc: str) -> tuple[str, ...]:
    """Return the statements that make the views, for the way in which a database writes times."""
    published = local.format(table="articles", name="published")
    modified = local.format(table="articles", name="modified")

    def moment(column: str) -> str:
        return utc.format(column=column)

    return (
        "CREATE VIEW v_stories AS SELECT article_topics.topic AS topic, articles.title AS headline,"
        f" articles.outlet AS outlet, {published} AS published, {modified} AS modified,"
        " articles.url AS url, articles.section AS section, articles.word_count AS words,"
        " article_topics.on_topic AS on_topic, article_topics.relevance AS relevance,"
        " articles.duplicate_kind AS duplicate, first_copy.url AS first_copy_url,"
        f" {moment('articles.first_seen_at')} AS first_seen_utc"
        " FROM articles JOIN article_topics ON article_topics.article_id = articles.id"
        " LEFT JOIN articles AS first_copy ON first_copy.id = articles.duplicate_of",
        # A target that is not stored has no headline, and the address is the one that is printed.
        "CREATE VIEW v_read_also AS SELECT source.title AS from_headline, source.outlet AS from_outlet,"
        " source.url AS from_url, links.label AS label, links.anchor_text AS anchor_text,"
        " target.title AS to_headline, links.target_outlet AS to_outlet,"
        " coalesce(target.url, links.target_url) AS to_url,"
        f" {moment('links.first_seen_at')} AS first_seen_utc, {moment('links.last_seen_at')} AS last_seen_utc"
        " FROM links JOIN articles AS source ON source.id = links.source_id"
        " LEFT JOIN aliases ON aliases.alias_key = links.target_key"
        " LEFT JOIN articles AS target"
        " ON target.article_key = coalesce(aliases.article_key, links.target_key)",
        "CREATE VIEW v_revisions AS SELECT articles.outlet AS outlet, articles.url AS url,"
        " revisions.title AS headline, revisions.deck AS deck, revisions.body AS body,"
        f" {moment('revisions.seen_at')} AS seen_utc,"
        " CASE WHEN revisions.content_hash = articles.content_hash THEN 1 ELSE 0 END AS newest,"
        " (SELECT count(*) FROM revisions AS every_one WHERE every_one.article_id = articles.id) AS versions,"
        " revisions.id AS revision_id"
        " FROM revisions JOIN articles ON articles.id = revisions.article_id",
        f"CREATE VIEW v_crawls AS SELECT crawls.topic AS topic, {moment('crawls.started_at')} AS started_utc,"
        f" {moment('crawls.ended_at')} AS ended_utc, crawls.stop_reason AS stop_reason,"
        " (SELECT count(*) FROM article_topics WHERE article_topics.crawl_id = crawls.id) AS stories,"
        " (SELECT count(*) FROM article_topics WHERE article_topics.crawl_id = crawls.id"
        " AND article_topics.on_topic) AS stories_on_topic, crawls.worker AS worker"
        " FROM crawls",
    )
