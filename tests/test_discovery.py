"""Stories that no read-also link leads to are found in the outlets' own lists."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import select

from crawler.address import address_of
from crawler.frontier import discovering
from crawler.items import Link, Listing, PageKind, Zone
from crawler.outlets import outlet_named
from crawler.store.database import open_store
from crawler.store.schema import articles, frontier
from crawler.topic import load_topic
from tests.crawling import TIMEOUT, Finished, run
from tests.small_web import Answer, Answers, SmallWeb

TOPIC = load_topic("data-breach")
HTML = {"Content-Type": "text/html; charset=UTF-8"}
XML = {"Content-Type": "application/xml"}
SEED = "https://tekno.kompas.com/read/2021/05/21/10000001/data-279-juta-penduduk-bocor"
SHORT = ("-s", "HOST_DELAY=0", "-s", "MAX_HOST_WAIT=3")


def kompas(title: str, day: str = "21/05/2021", tags: str = "") -> Answer:
    """Return a story of Kompas on the data breach."""
    case = crc32(title.encode()) % 9973
    return Answer(
        headers=HTML,
        body=f"""<html lang="id"><body><h1 class="read__title">{title}</h1>
        <div class="read__time">Kompas.com - {day}, 10:00 WIB</div><div class="read__content">
        <p>{title}: data pribadi itu bocor dan dijual di forum peretas, menurut penelusuran tim kami.</p>
        <p>Kebocoran data ini sedang diselidiki. Nomor perkara {case} sudah tercatat.</p>
        </div><ul class="tag">{tags}</ul></body></html>""",
    )


def detik(title: str) -> Answer:
    """Return a story of detik on the data breach."""
    return Answer(
        headers=HTML,
        body=f"""<html lang="id"><body><h1 class="detail__title">{title}</h1>
        <div class="detail__date">Sabtu, 22 Mei 2021 09:00 WIB</div><div class="detail__body-text">
        <p>{title}, demikian keterangan tertulis yang kami terima. Data pelanggan bocor sejak pekan lalu.</p>
        <p>Peretas menawarkan basis data {len(title)} ribu orang itu di forum.</p></div></body></html>""",
    )


def kompas_list(*entries: tuple[str, str], following: str | None = None) -> Answer:
    """Return a list of Kompas's stories with a link to its next page."""
    rows = "".join(
        f'<div class="article__list clearfix"><h3 class="article__title"><a class="article__link" '
        f'href="{url}">{title}</a></h3></div>'
        for url, title in entries
    )
    paging = (
        f'<a class="paging__link paging__link--next" rel="next" href="{following}">Next</a>'
        if following
        else ""
    )
    return Answer(headers=HTML, body=f"<html><body><h1>Daftar</h1>{rows}{paging}</body></html>")


def detik_list(*entries: tuple[str, str]) -> Answer:
    """Return a list of detik's stories."""
    rows = "".join(
        f'<article class="list-content__item"><h3 class="media__title"><a class="media__link" href="{url}">'
        f"{title}</a></h3></article>"
        for url, title in entries
    )
    return Answer(headers=HTML, body=f"<html><body>{rows}</body></html>")


def crawl(web: SmallWeb, database: Path, *more: str) -> Finished:
    """Crawl the seed with discovery at two outlets."""
    return run(
        *("crawl", "data-breach", SEED, "--db", str(database), "--outlets", "kompas,detik", "--discover"),
        *("--json", "-s", f"CONNECT_TO={web.url}", *SHORT, "-s", "HOT_DAY_STORIES=1", *more),
    )


def stories(database: Path) -> set[str]:
    with closing(open_store(str(database))) as store, store.read() as connection:
        return set(connection.scalars(select(articles.c.title)))


def entries(database: Path, **values: str) -> list[Any]:
    with closing(open_store(str(database))) as store, store.read() as connection:
        wanted = [frontier.c[name] == value for name, value in values.items()]
        return list(connection.execute(select(frontier).where(*wanted)).all())


TAGGED = "https://nasional.kompas.com/read/2021/05/20/09000001/kominfo-panggil-direksi"
ELSEWHERE = "https://inet.detik.com/security/d-5577001/siapa-kotz-penjual-data-279-juta-penduduk"
OTHER_DAY = "https://inet.detik.com/security/d-5577999/panen-padi-di-karawang"


def one_story(web_answers: dict[str, Answers]) -> dict[str, Answers]:
    return {
        "tekno.kompas.com" + SEED.partition("kompas.com")[2]: kompas("Data 279 Juta Penduduk Bocor")
    } | web_answers


def test_tag_page_and_another_outlets_index_bring_stories_that_nothing_links_to(tmp_path: Path) -> None:
    web = SmallWeb(
        one_story(
            {
                "www.kompas.com/tag/kebocoran-data": kompas_list((TAGGED, "Kominfo Panggil Direksi")),
                "nasional.kompas.com" + TAGGED.partition("kompas.com")[2]: kompas("Kominfo Panggil Direksi"),
                "inet.detik.com/indeks?date=05/21/2021": detik_list(
                    (ELSEWHERE, "Siapa Kotz, Penjual Data 279 Juta Penduduk yang Bocor"),
                    (OTHER_DAY, "Panen Padi di Karawang Melimpah"),
                ),
                "inet.detik.com" + ELSEWHERE.partition("detik.com")[2]: detik(
                    "Siapa Kotz, Penjual Data 279 Juta"
                ),
            }
        )
    )
    with web:
        done = crawl(web, tmp_path / "news.db")
    assert stories(tmp_path / "news.db") == {
        "Data 279 Juta Penduduk Bocor",
        "Kominfo Panggil Direksi",
        "Siapa Kotz, Penjual Data 279 Juta",
    }
    assert done.status == 0, done.stderr
    assert not web.asked("inet.detik.com" + OTHER_DAY.partition("detik.com")[2]), "its headline is off topic"
    zones = {row.article_key: (row.kind, row.zone) for row in entries(tmp_path / "news.db", kind="story")}
    assert zones[address_of(TAGGED).key] == ("story", "list")
    assert zones[address_of(SEED).key] == ("story", None)
    listed = entries(tmp_path / "news.db", kind="tag_page", outcome="listing")
    assert [row.detail for row in listed] == ["1 stories listed, 1 not known, 0 of these name the topic"]


def test_no_discover_asks_for_no_list(tmp_path: Path) -> None:
    with SmallWeb(one_story({})) as web:
        done = run(
            *("crawl", "data-breach", SEED, "--db", str(tmp_path / "n.db"), "--no-discover"),
            *("-s", f"CONNECT_TO={web.url}", *SHORT),
        )
    assert done.status == 0
    asked = {request.host + request.path for request in web.log if request.path != "/robots.txt"}
    assert asked == {"tekno.kompas.com" + SEED.partition("kompas.com")[2]}


def test_tag_of_a_story_that_fits_is_followed_and_any_other_is_not(tmp_path: Path) -> None:
    tags = "".join(
        f'<li class="tag__article__item"><a class="tag__article__link" href="https://www.kompas.com/tag/{slug}">{name}</a></li>'
        for slug, name in (("data-pelanggan-bocor", "data pelanggan bocor"), ("resep-soto", "resep soto"))
    )
    answers: dict[str, Answers] = {
        "tekno.kompas.com" + SEED.partition("kompas.com")[2]: kompas(
            "Data 279 Juta Penduduk Bocor", tags=tags
        ),
    }
    with SmallWeb(answers) as web:
        crawl(web, tmp_path / "news.db")
    assert web.asked("www.kompas.com/tag/data-pelanggan-bocor")
    assert not web.asked("www.kompas.com/tag/resep-soto")


def test_dead_and_forbidden_lists_are_outcomes_and_no_errors(tmp_path: Path) -> None:
    forbidding = Answer(body="User-agent: *\nDisallow: /tag/\n")
    with SmallWeb(one_story({"www.kompas.com/robots.txt": forbidding})) as web:
        done = crawl(web, tmp_path / "news.db")
    assert done.status == 0, done.stderr
    figures = done.record
    assert figures["listing_outcomes"]["forbidden"] > 3
    assert figures["listing_outcomes"]["gone"] > 3
    assert figures["outcomes"] == {}
    assert not [
        request for request in web.log if request.path.startswith("/tag/") and "kompas" in request.host
    ]


def test_host_of_lists_that_is_down_is_not_waited_for(tmp_path: Path) -> None:
    answers = one_story({"www.detik.com/robots.txt": Answer(hangs_up=True)})
    with SmallWeb(answers) as web:
        # If it were waited for, the test would give up before the crawl.
        done = crawl(web, tmp_path / "news.db", "-s", f"MAX_HOST_WAIT={2 * TIMEOUT}")
    assert done.record["stop_reason"] == "finished"
    assert {row.outcome for row in entries(tmp_path / "news.db", host="www.detik.com")} == {"host_down"}


def test_list_without_end_comes_to_one(tmp_path: Path) -> None:
    def page_after(number: int) -> Answer:
        shown = [
            (
                f"https://www.kompas.com/food/read/2021/05/21/1{number:03}{n:04}/resep-{number}-{n}",
                f"Resep {number}-{n}",
            )
            for n in range(10)
        ]
        return kompas_list(*shown, following=f"https://www.kompas.com/tag/kebocoran-data?page={number + 1}")

    answers = one_story({"www.kompas.com/tag/kebocoran-data": page_after(1)})
    answers |= {
        f"www.kompas.com/tag/kebocoran-data?page={number}": page_after(number) for number in range(2, 60)
    }
    with SmallWeb(answers) as web:
        done = crawl(web, tmp_path / "news.db")
    pages = [r for r in web.log if r.host == "www.kompas.com" and r.path.startswith("/tag/kebocoran-data")]
    assert 2 <= len(pages) <= 4
    assert done.record["stop_reason"] == "finished"


def test_outlet_that_gives_nothing_new_is_left_alone(tmp_path: Path) -> None:
    def chain(number: int) -> Answer:
        url = f"https://food.kompas.com/read/2021/05/21/2{number + 1:07}/resep-bocor-{number + 1}"
        body = f"""<html><body><h1 class="read__title">Resep {number}</h1><div class="read__content">
        <p>Bahan {number}.</p>
        <p>Baca juga: <a href="{url}">Kebocoran Data Pribadi {number + 1}</a></p></div></body></html>"""
        return Answer(headers=HTML, body=body)

    answers: dict[str, Answers] = {
        f"food.kompas.com/read/2021/05/21/2{number:07}/resep-bocor-{number}": chain(number)
        for number in range(60)
    }
    seed = "https://food.kompas.com/read/2021/05/21/20000000/resep-bocor-0"
    with SmallWeb(answers) as web:
        done = run(
            *("crawl", "data-breach", seed, "--db", str(tmp_path / "n.db"), "--json"),
            *("-s", f"CONNECT_TO={web.url}", *SHORT, "-s", "OUTLET_PATIENCE=12"),
        )
    assert done.record["closed_outlets"] == {"kompas": "last 12 fetches: 0 new stories"}
    assert 12 <= done.record["fetches"] <= 14
    assert "kompas" in done.stderr
    assert "0 new stories" in done.stderr


def test_no_outlet_has_more_than_its_share_of_the_budget_while_others_have_links(tmp_path: Path) -> None:
    def on(outlet: str, number: int) -> str:
        if outlet == "kompas":
            return f"https://tekno.kompas.com/read/2021/05/21/3{number:07}/data-bocor-{number}"
        return f"https://inet.detik.com/security/d-{6000000 + number}/data-bocor-{number}"

    def page(outlet: str, number: int) -> Answer:
        # Every story of Kompas leads to two more of its own: there is always a better link there.
        links = [(on(outlet, 2 * number + n), f"Data {number} Juta Pengguna Bocor") for n in (1, 2)]
        if number == 0:
            links += [(on("detik", n), "Kominfo Angkat Bicara") for n in range(10, 18)]
        printed = "".join(f'<p>Baca juga: <a href="{url}">{text}</a></p>' for url, text in links)
        body = f"""<html><body><h1 class="read__title detail__title">Data {number} Juta Pengguna Bocor</h1>
        <div class="read__content detail__body-text"><p>Data {number} juta pengguna bocor, {outlet}.</p>
        <p>Peretas nomor {number} menjualnya di forum.</p>{printed if outlet == "kompas" else ""}
        </div></body></html>"""
        return Answer(headers=HTML, body=body)

    answers: dict[str, Answers] = {
        on(outlet, number).removeprefix("https://"): page(outlet, number)
        for outlet in ("kompas", "detik")
        for number in range(100)
    }
    fetched = {}
    with SmallWeb(answers) as web:
        for share in ("1", "0.25"):
            done = run(
                *("crawl", "data-breach", on("kompas", 0), "--db", str(tmp_path / f"{share}.db"), "--json"),
                *("-s", f"CONNECT_TO={web.url}", *SHORT, "-s", "CONCURRENT_REQUESTS=1", "--max-pages", "12"),
                *("-s", f"OUTLET_SHARE={share}"),
            )
            fetched[share] = done.record["fetches_by_outlet"]
    assert fetched == {"1": {"kompas": 12}, "0.25": {"kompas": 9, "detik": 3}}, (
        "a quarter of 12 each, then whatever is best"
    )


def test_back_fill_asks_for_every_day_newest_first(tmp_path: Path) -> None:
    with SmallWeb(one_story({})) as web:
        # One request at a time: without a delay, two of them may reach the server in any order.
        one_by_one = ("-s", "CONCURRENT_REQUESTS=1")
        crawl(web, tmp_path / "news.db", "--since", "2021-05-01", "--until", "2021-05-03", *one_by_one)
    asked = [r.path for r in web.log if r.host == "indeks.kompas.com" and r.path.startswith("/?site")]
    wanted = [f"/?site=all&date=2021-05-{day}" for day in ("03", "02", "01")]
    assert [path for path in asked if path in wanted] == wanted


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_day_that_is_none_is_named(option: str, tmp_path: Path) -> None:
    done = run("crawl", "data-breach", "--db", str(tmp_path / "n.db"), option, "kemarin")
    assert done.status == 2
    assert "kemarin" in done.stderr
    setting = run(
        "crawl", "data-breach", "--db", str(tmp_path / "n.db"), "-s", f"{option[2:].upper()}=kemarin"
    )
    assert setting.status == 1
    assert "give it a day, as in 2021-05-21" in setting.stderr


def test_list_given_as_a_seed_is_read_as_one(tmp_path: Path) -> None:
    tag = "https://www.kompas.com/tag/data-bpjs"
    answers: dict[str, Answers] = {
        "www.kompas.com/tag/data-bpjs": kompas_list((TAGGED, "Kominfo Panggil Direksi")),
        "nasional.kompas.com" + TAGGED.partition("kompas.com")[2]: kompas("Kominfo Panggil Direksi"),
    }
    with SmallWeb(answers) as web:
        done = run(
            *("crawl", "data-breach", tag, "--db", str(tmp_path / "n.db")),
            *("-s", f"CONNECT_TO={web.url}", *SHORT),
        )
    assert done.status == 0, done.stderr
    assert stories(tmp_path / "n.db") == {"Kominfo Panggil Direksi"}


def test_lists_that_change_are_asked_for_again_and_days_that_are_over_are_not(tmp_path: Path) -> None:
    answers = one_story(
        {"www.kompas.com/tag/kebocoran-data": kompas_list((SEED, "Data 279 Juta Penduduk Bocor"))}
    )
    with SmallWeb(answers) as web:
        for _ in range(2):
            crawl(web, tmp_path / "news.db", "-s", "DISCOVER_AGAIN_HOURS=0")
    assert len(web.asked("www.kompas.com/tag/kebocoran-data")) == 2
    assert len(web.asked("indeks.kompas.com/?site=all&date=2021-05-21")) == 1
    assert len(web.asked("tekno.kompas.com" + SEED.partition("kompas.com")[2])) == 1


# The rules, one by one


def listing(
    kind: PageKind = PageKind.DATE_INDEX, *, following: str | None = "https://x.test/?page=2"
) -> Listing:
    return Listing(url="https://x.test/", outlet="x.test", kind=kind, next_page=following)


@pytest.mark.parametrize(
    ("kind", "fitting", "promise"),
    [
        (PageKind.TAG_PAGE, 10, 0.8),
        (PageKind.TAG_PAGE, 5, 0.6),
        (PageKind.TAG_PAGE, 1, 0.44),
        (PageKind.TAG_PAGE, 0, None),
        (PageKind.DATE_INDEX, 0, 0.4),  # the next hours of the day may be another matter
    ],
)
def test_next_page_promises_what_this_one_has_kept(
    kind: PageKind, fitting: int, promise: float | None
) -> None:
    link = discovering.next_page_link(listing(kind), 0.8, entries=10, fitting=fitting)
    assert (link.anchor_score if link else None) == promise
    last = listing(kind, following=None)
    assert discovering.next_page_link(last, 0.8, entries=10, fitting=fitting) is None


def test_day_of_a_back_fill_is_read_to_its_end() -> None:
    link = discovering.next_page_link(listing(PageKind.DATE_INDEX), 0.8, entries=10, fitting=0, whole=True)
    assert link is not None
    assert link.anchor_score == 0.8
    empty = discovering.next_page_link(listing(PageKind.DATE_INDEX), 0.8, entries=0, fitting=0, whole=True)
    assert empty is None


def test_topics_tags_lead_to_tag_pages_where_an_outlet_has_them() -> None:
    found = list(discovering.tag_pages(TOPIC, [outlet_named("kompas"), outlet_named("generic")]))
    assert found[0].url == "https://www.kompas.com/tag/kebocoran-data"
    assert {link.kind for link in found} == {PageKind.TAG_PAGE}
    assert {link.zone for link in found} == {Zone.DISCOVERY}


def test_days_are_those_of_western_indonesia() -> None:
    assert discovering.day_of(datetime(2021, 5, 20, 18, tzinfo=UTC)) == date(2021, 5, 21)


def test_list_that_is_older_than_what_is_wanted_ends() -> None:
    old = listing()
    old.links = [Link(url="u", anchor_text="x", published_at=datetime(2021, 1, 1, tzinfo=UTC))]
    assert discovering.is_before(old, date(2021, 5, 1))
    assert not discovering.is_before(old, date(2020, 5, 1))
    assert not discovering.is_before(listing(), date(2021, 5, 1)), "no date, no verdict"
