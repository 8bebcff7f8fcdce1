"""Stories to be searched, and what a search found of them."""

from __future__ import annotations

from crawler.search.query import parse_query
from crawler.store.answers.search import BEGIN, END, SearchFilter, SearchHit, SearchResult, search
from crawler.store.database import Store
from tests import stories


def add(store: Store, number: int, title: str, body: str = "Isi.", **fields: object) -> None:
    url = f"https://www.detik.com/berita/d-{900000 + number}/x"
    with store.write() as connection:
        stories.add_story(connection, number, url, title, day=10, body=body, **fields)


def titles(store: Store, written: str, wanted: SearchFilter | None = None, **options: bool) -> list[str]:
    return [plain(hit.title) for hit in search(store, parse_query(written), wanted, **options).hits]


def only(result: SearchResult) -> SearchHit:
    [hit] = result.hits
    return hit


def plain(marked: str) -> str:
    return marked.replace(BEGIN, "").replace(END, "")
