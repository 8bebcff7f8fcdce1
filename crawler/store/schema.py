"""The tables: stories with their revisions and links, and what a crawl knows and has still to do."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from crawler.store.column_types import Json, RowId, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_key", Text, nullable=False, unique=True),
    Column("outlet", Text, nullable=False),
    Column("url", Text, nullable=False),  # as fetched
    Column("canonical_url", Text, nullable=False),
    Column("content_hash", Text, nullable=False),  # of the newest revision
    Column("title", Text, nullable=False),
    Column("deck", Text),
    Column("authors", Json, nullable=False),
    Column("editors", Json, nullable=False),
    Column("initials", Text),
    Column("dateline", Text),
    Column("section", Text),
    Column("tags", Json, nullable=False),
    Column("image_url", Text),
    Column("image_caption", Text),
    Column("language", Text),
    Column("agency", Text),
    Column("is_premium", Boolean, nullable=False),
    Column("published_at", UtcTime),
    Column("published_offset", SmallInteger),  # minutes east of UTC, as printed
    Column("modified_at", UtcTime),
    Column("modified_offset", SmallInteger),
    Column("word_count", Integer, nullable=False),
    Column("missing_pages", Json, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("duplicate_of", RowId, ForeignKey("articles.id")),
    Column("duplicate_kind", Text),  # "exact" or "near"; a CopyKind
    Column("text_key", BigInteger),  # of the words that were last looked up among the bands
    Column("sig_version", SmallInteger),  # of the fingerprint that the key comes from
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),
    Index(None, "outlet", "published_at"),
    Index(None, "published_at"),
    Index(None, "duplicate_of"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("deck", Text),
    Column("body", Text, nullable=False),
    Column("authors", Json, nullable=False),
    Column("modified_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("article_id", "content_hash"),
)

NEWEST_REVISION = and_(
    revisions.c.article_id == articles.c.id, revisions.c.content_hash == articles.c.content_hash
)

links = Table(
    "links",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("target_url", Text, nullable=False),
    Column("occurrence", SmallInteger, nullable=False),  # 2 where the story prints the same link twice
    Column("target_key", Text, nullable=False),
    Column("target_outlet", Text, nullable=False),
    Column("label", Text),
    Column("anchor_text", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    UniqueConstraint("source_id", "target_url", "occurrence"),
    Index(None, "target_key"),
)

# Every address under which a story was seen, by the key that the address alone gives.
aliases = Table(
    "aliases",
    metadata,
    Column("alias_key", Text, primary_key=True),
    Column("article_key", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Index(None, "article_key"),
)

# A band belongs to its first article: a story's 16 MinHash bands, or the key of the words of a short one.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", RowId, nullable=False),
    sqlite_with_rowid=False,
)

# What the server said of an address when it was last fetched, whatever the topic.
pages = Table(
    "pages",
    metadata,
    Column("page_key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # "article", "listing", or an OutcomeKind
    Column("detail", Text, nullable=False),
    Column("status", Integer),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("article_key", Text),
    Column("fetched_at", UtcTime, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("next_visit_at", UtcTime),
)

article_topics = Table(
    "article_topics",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("relevance", Float, nullable=False),
    Column("on_topic", Boolean, nullable=False),
    Column("matched", Json, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("crawl_id", RowId),
    Column("scored_at", UtcTime, nullable=False),
    Index(None, "topic", "on_topic"),
)

# One row a topic and story address, however often it is linked. Times that only the crawl
# compares are seconds since 1970, which both databases compare the same and fast.
frontier = Table(
    "frontier",
    metadata,
    Column("id", RowId, primary_key=True),  # the order of discovery
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),  # as linked: this is what is fetched
    Column("host", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued, waiting, leased, done, failed
    Column("score", Float, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("is_seed", Boolean, nullable=False),
    Column("kind", Text, nullable=False, server_default="story"),  # a PageKind: what is expected there
    Column("zone", Text),  # of the link that scored best; none for a seed
    Column("is_revisit", Boolean, nullable=False),  # read before, and due again
    Column("found_via", Text),  # key of the page whose link scored best
    Column("label", Text),
    Column("anchor_text", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("redirects", SmallInteger, nullable=False),
    Column("tried", Json, nullable=False),  # other addresses of the story that gave nothing
    Column("due_at", Float),  # while waiting: not before
    Column("worker", Text),
    Column("leased_until", Float),
    Column("outcome", Text),
    Column("detail", Text),
    Column("article_key", Text),  # the story it turned out to be
    Column("request", Json),  # what a user's own spider asked for: callback, arguments
    Column("crawl_id", RowId),
    Column("done_at", UtcTime),
    UniqueConstraint("topic", "key"),
)
Index(
    "ix_frontier_best",
    frontier.c.topic,
    frontier.c.state,
    frontier.c.host,
    frontier.c.score.desc(),
    frontier.c.id,
)

# Which pages link to an address, and how well each link fits: the score is recomputed from here.
evidence = Table(
    "evidence",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("target_key", Text, primary_key=True),
    Column("source_key", Text, primary_key=True),
    Column("zone", Text, nullable=False),
    Column("label", Text),
    Column("anchor_text", Text, nullable=False),
    Column("anchor_score", Float, nullable=False),
    Column("context_score", Float, nullable=False),
    Column("page_score", Float, nullable=False),
    Column("depth", Integer, nullable=False),  # of the page that links
    sqlite_with_rowid=False,
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("next_at", Float, nullable=False),  # nobody asks it before
    Column("delay", Float, nullable=False),  # seconds between two requests
    Column("crawl_delay", Float),  # what its robots.txt asks for
    Column("failures", SmallInteger, nullable=False),  # in a row
    Column("trouble", Text),  # what the last failure was, for a person
    Column("robots_text", Text),
    Column("robots_fetched_at", Float),
)

crawls = Table(
    "crawls",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("stop_reason", Text),
    Column("figures", Json, nullable=False),
    Index(None, "topic"),
)

# What a story has in common with the first of its group, or with a longer one that holds the whole of it.
copies = Table(
    "copies",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("of_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("kind", Text, nullable=False),  # a CopyKind
    Column("j3", Float, nullable=False),
    Column("containment", Float, nullable=False),  # of article_id's text in of_id's
    Column("num_jaccard", Float, nullable=False),
    Column("sig_version", SmallInteger, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Index(None, "of_id"),
    sqlite_with_rowid=False,
)

# In how many stories a host printed a sentence: what it prints under many is left out of fingerprints.
block_counts = Table(
    "block_counts",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),  # with the host folded in
    Column("stories", SmallInteger, nullable=False),  # counted up to where it matters
    Column("last_article_id", RowId, nullable=False),
    sqlite_with_rowid=False,
)

# A host that gave the same text under several headlines: a cookie wall or a changed layout, not copies.
extraction_alarms = Table(
    "extraction_alarms",
    metadata,
    Column("host", Text, primary_key=True),
    Column("text_key", BigInteger, primary_key=True, autoincrement=False),
    Column("stories", Integer, nullable=False),  # seen with this text
    Column("example_url", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
)

# The newest answer of each address, for some days, when the setting RAW_PAGES_DAYS asks for it.
raw_pages = Table(
    "raw_pages",
    metadata,
    Column("page_key", Text, primary_key=True),  # of the frontier; empty for a part of a split story
    Column("url", Text, primary_key=True),
    Column("fetched_at", UtcTime, nullable=False),
    Column("content_type", Text),  # as received: it may name the charset
    Column("encoding", Text, nullable=False),  # how the body is compressed
    Column("body", LargeBinary, nullable=False),
    Index(None, "url"),
    Index(None, "fetched_at"),
)

# What a person says of a story's place in a topic, to measure the topic's file by.
reviews = Table(
    "reviews",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("label", Boolean),  # whether it is on topic; none where the person passed it over
    Column("is_drawn", Boolean, nullable=False),  # by chance, not for being near the threshold
    Column("reviewed_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

# --- Scheduled jobs -----------------------------------------------------------------------------

# One row a job: who runs it now, and up to when its due times are covered by runs.
job_leases = Table(
    "job_leases",
    metadata,
    Column("job", Text, primary_key=True),
    Column("covered_until", UtcTime, nullable=False),
    Column("told_until", UtcTime),  # what is newer has not been in a brief
    Column("run_id", RowId),  # the newest run
    Column("holder", Text),  # machine, number and birth of the process that runs it now
    Column("child", Text),  # and of the crawl that this one has started
    Column("leased_until", Float),  # by the database's clock, for other machines
    Column("beat", Float),  # by the holder's own monotonic clock, for its own machine
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("job", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("trigger", Text, nullable=False),  # "schedule" or "hand"
    Column("covers_from", UtcTime),  # the run stands for all due times after this one
    Column("due_at", UtcTime),  # up to this one, the newest
    Column("due_count", Integer, nullable=False),  # how many they are; more than one were missed
    Column("attempt", SmallInteger, nullable=False),  # above 1 after a run that was lost
    Column("holder", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", Text),  # a RunOutcome; none while it runs
    Column("detail", Text),  # why, in a line
    Column("exit_status", Integer),  # of the crawl
    Column("figures", Json),  # what the crawl's --json said
    Column("wrote", Json, nullable=False),  # files: what, path, and an error if there was one
    Column("hook", Text),  # what became of on_finish
    Column("log_file", Text, nullable=False),
    Index(None, "job", "started_at"),
)

# How many pages several workers may still ask for together.
page_budgets = Table(
    "page_budgets",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("pages_left", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

# --- Snapshots ----------------------------------------------------------------------------------

# Rows as they were exported at one moment. They refer to nothing else: whatever is edited, mended or
# deleted later, a snapshot gives the same bytes.
snapshots = Table(
    "snapshots",
    metadata,
    Column("row_id", RowId, primary_key=True),
    Column("id", Text, unique=True),  # that is cited; none while it is being made
    Column("name", Text, nullable=False, unique=True),
    Column("topic", Text),
    Column("filter", Json, nullable=False),  # as given on the command line
    Column("tables", Json, nullable=False),  # of each: name, columns, rows, bytes and SHA-256 of the CSV
    Column("is_redacted", Boolean, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("software", Text, nullable=False),
)

snapshot_parts = Table(
    "snapshot_parts",
    metadata,
    Column("snapshot_id", RowId, ForeignKey("snapshots.row_id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("part", Integer, primary_key=True),  # from 0, in order
    Column("rows", Integer, nullable=False),
    Column("packed", LargeBinary, nullable=False),  # zlib of lines of JSON
)
