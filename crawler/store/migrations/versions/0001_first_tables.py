"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crawler.store.column_types import Json, RowId, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "aliases",
        sa.Column("alias_key", sa.Text(), nullable=False),
        sa.Column("article_key", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("alias_key", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_article_key"), "aliases", ["article_key"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", RowId, nullable=False),
        sa.Column("article_key", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("deck", sa.Text(), nullable=True),
        sa.Column("authors", Json, nullable=False),
        sa.Column("editors", Json, nullable=False),
        sa.Column("initials", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("tags", Json, nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("image_caption", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("is_premium", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=True),
        sa.Column("published_offset", sa.SmallInteger(), nullable=True),
        sa.Column("modified_at", UtcTime(), nullable=True),
        sa.Column("modified_offset", sa.SmallInteger(), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("missing_pages", Json, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("duplicate_of", RowId, nullable=True),
        sa.Column("duplicate_kind", sa.Text(), nullable=True),
        sa.Column("text_key", sa.BigInteger(), nullable=True),
        sa.Column("sig_version", sa.SmallInteger(), nullable=True),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.Column("gone_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duplicate_of"], ["articles.id"], name=op.f("fk_articles_duplicate_of_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("article_key", name=op.f("uq_articles_article_key")),
    )
    op.create_index(op.f("ix_articles_duplicate_of"), "articles", ["duplicate_of"], unique=False)
    op.create_index(
        op.f("ix_articles_outlet_published_at"), "articles", ["outlet", "published_at"], unique=False
    )
    op.create_index(op.f("ix_articles_published_at"), "articles", ["published_at"], unique=False)
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.PrimaryKeyConstraint("band", name=op.f("pk_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block_counts",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stories", sa.SmallInteger(), nullable=False),
        sa.Column("last_article_id", RowId, nullable=False),
        sa.PrimaryKeyConstraint("block", name=op.f("pk_block_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "crawls",
        sa.Column("id", RowId, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=True),
        sa.Column("figures", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_index(op.f("ix_crawls_topic"), "crawls", ["topic"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("anchor_text", sa.Text(), nullable=False),
        sa.Column("anchor_score", sa.Float(), nullable=False),
        sa.Column("context_score", sa.Float(), nullable=False),
        sa.Column("page_score", sa.Float(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "target_key", "source_key", name=op.f("pk_evidence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "extraction_alarms",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("text_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("example_url", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", "text_key", name=op.f("pk_extraction_alarms")),
    )
    op.create_table(
        "frontier",
        sa.Column("id", RowId, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("is_seed", sa.Boolean(), nullable=False),
        sa.Column("is_revisit", sa.Boolean(), nullable=False),
        sa.Column("found_via", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("anchor_text", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("redirects", sa.SmallInteger(), nullable=False),
        sa.Column("tried", Json, nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.Float(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("article_key", sa.Text(), nullable=True),
        sa.Column("request", Json, nullable=True),
        sa.Column("crawl_id", RowId, nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frontier")),
        sa.UniqueConstraint("topic", "key", name=op.f("uq_frontier_topic_key")),
    )
    op.create_index(
        "ix_frontier_best",
        "frontier",
        ["topic", "state", "host", sa.literal_column("score DESC"), "id"],
        unique=False,
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.Column("crawl_delay", sa.Float(), nullable=True),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("robots_text", sa.Text(), nullable=True),
        sa.Column("robots_fetched_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "pages",
        sa.Column("page_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("article_key", sa.Text(), nullable=True),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("next_visit_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("page_key", name=op.f("pk_pages")),
    )
    op.create_table(
        "raw_pages",
        sa.Column("page_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page_key", "url", name=op.f("pk_raw_pages")),
    )
    op.create_index(op.f("ix_raw_pages_fetched_at"), "raw_pages", ["fetched_at"], unique=False)
    op.create_index(op.f("ix_raw_pages_url"), "raw_pages", ["url"], unique=False)
    op.create_table(
        "article_topics",
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("on_topic", sa.Boolean(), nullable=False),
        sa.Column("matched", Json, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("crawl_id", RowId, nullable=True),
        sa.Column("scored_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_topics_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "topic", name=op.f("pk_article_topics")),
    )
    op.create_index(
        op.f("ix_article_topics_topic_on_topic"), "article_topics", ["topic", "on_topic"], unique=False
    )
    op.create_table(
        "copies",
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("of_id", RowId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("j3", sa.Float(), nullable=False),
        sa.Column("containment", sa.Float(), nullable=False),
        sa.Column("num_jaccard", sa.Float(), nullable=False),
        sa.Column("sig_version", sa.SmallInteger(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_copies_article_id_articles")),
        sa.ForeignKeyConstraint(["of_id"], ["articles.id"], name=op.f("fk_copies_of_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "of_id", name=op.f("pk_copies")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_copies_of_id"), "copies", ["of_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", RowId, nullable=False),
        sa.Column("source_id", RowId, nullable=False),
        sa.Column("target_url", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.SmallInteger(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("target_outlet", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("anchor_text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["articles.id"], name=op.f("fk_links_source_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint(
            "source_id", "target_url", "occurrence", name=op.f("uq_links_source_id_target_url_occurrence")
        ),
    )
    op.create_index(op.f("ix_links_target_key"), "links", ["target_key"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", RowId, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("deck", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("authors", Json, nullable=False),
        sa.Column("modified_at", UtcTime(), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("article_id", "content_hash", name=op.f("uq_revisions_article_id_content_hash")),
    )
