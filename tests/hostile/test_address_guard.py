"""The guard piece by piece: what is public, what a proxy may do, and every command that fetches."""

from __future__ import annotations

import ipaddress
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

import settings.base
from crawler.crawling.guarded_aiohttp import guarded_socket
from crawler.crawling.reading_limits import reading_limits
from crawler.items import PageKind
from crawler.public_address import NotPublic, check_connection, is_public, refusal_of, refusal_of_host
from crawler.reading.limits import DEFAULT_LIMITS, OverLimit, check_markup, time_limit
from crawler.reading.reader import read_page
from crawler.store.database import open_store
from tests.crawling import run
from tests.hostile.cases import FORMS
from tests.small_web import SmallWeb, story

PUBLIC = ["36.86.63.182", "8.8.8.8", "2404:6800:4003:c00::5e", "64:ff9b::2456:3fb6", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    *("127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *(
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:1::1",
        "64:ff9b:1::a00:1",
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "100::1",
    ),
]


@pytest.mark.parametrize("ip", PUBLIC)
def test_address_is_public(ip: str) -> None:
    assert is_public(ipaddress.ip_address(ip))
    check_connection("kabar.test", ip)


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_address_is_not_public(ip: str) -> None:
    assert not is_public(ipaddress.ip_address(ip))
    with pytest.raises(NotPublic, match="not a public address"):
        check_connection("kabar.test", ip)
    with pytest.raises(NotPublic):
        guarded_socket((2, 1, 6, "", (ip, 80)))


@pytest.mark.parametrize("host", FORMS)
def test_form_of_an_address_is_seen_through(host: str) -> None:
    assert refusal_of(f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["www.kompas.com", "kompas.com.", "xn--bcher-kva.id", "1.kabar.id", "a_b.kabar.id"]
)
def test_public_name_passes(host: str) -> None:
    assert refusal_of_host(host) is None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://kabar.test/1", "data:text/html,x", "javascript:1", "//x"]
)
def test_only_the_web_is_asked(url: str) -> None:
    assert "not a web address" in str(refusal_of(url))


@given(
    st.integers(0, 2**24 - 1),
    st.sampled_from(["{0}", "0x{0:x}", "0{0:o}", "127.{1}", "0x7f.0x{1:x}", "127.{2}.{3}"]),
)
def test_loopback_in_any_notation_is_refused(rest: int, form: str) -> None:
    number = 0x7F000000 + rest
    assert refusal_of_host(form.format(number, rest, rest >> 16, rest & 0xFFFF))


def test_handlers_for_anything_but_the_web_are_off() -> None:
    handlers = settings.base.DOWNLOAD_HANDLERS
    assert [scheme for scheme, handler in handlers.items() if handler is None] == [
        "file",
        "ftp",
        "s3",
        "data",
    ]
    switches = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "METAREFRESH_ENABLED", "COOKIES_ENABLED")
    assert not any(getattr(settings.base, switch) for switch in switches)
    assert settings.base.DOWNLOAD_VERIFY_CERTIFICATES


def test_limits_of_the_settings_are_those_that_a_saved_page_is_read_with() -> None:
    ours = Settings()
    ours.setmodule("settings.base")
    assert reading_limits(ours) == DEFAULT_LIMITS


# --- Every command that fetches -----------------------------------------------------------------


@pytest.mark.parametrize("reactor", ["1", "0"])
@pytest.mark.parametrize(
    "command",
    [["read", "URL"], ["topics", "new", "curi", "--from", "URL"], ["outlets", "new", "URL"]],
    ids=lambda command: " ".join(command[:2]),
)
def test_command_that_fetches_refuses_this_machine(tmp_path: Path, command: list[str], reactor: str) -> None:
    with SmallWeb({}) as web:
        url = f"{web.url}/berita/data-bocor"
        given_ = [url if part == "URL" else part for part in command]
        if command[0] == "read":
            given_ += ["-s", f"TWISTED_REACTOR_ENABLED={reactor}"]
        ended = run(*given_, cwd=tmp_path)
        assert web.log == [], "a request went out"
    assert ended.status != 0
    assert "is not a public address" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_read_follows_no_redirect_to_this_machine(tmp_path: Path) -> None:
    # The server is asked by leave of CONNECT_TO; where it leads is not.
    from tests.small_web import Answer

    moved = Answer(302, headers={"Location": "http://127.0.0.1/rahasia"})
    with SmallWeb({"kabar.test/1": moved}) as web:
        ended = run("read", "http://kabar.test/1", "-s", f"CONNECT_TO={web.url}", cwd=tmp_path)
    assert "127.0.0.1 is not a public address" in ended.stderr
    assert ended.status == 1


@pytest.mark.parametrize("reactor", ["1", "0"])
def test_proxy_is_reached_and_what_is_asked_through_it_is_judged(tmp_path: Path, reactor: str) -> None:
    kabar = story("Kebocoran data BPJS Kesehatan", "http://10.0.0.1/2", "http://kantor.lan/3")
    with SmallWeb({"kabar.test/1": kabar}) as proxy:
        ended = run(
            *("crawl", "data-breach", "http://kabar.test/1", "--json", "--db", str(tmp_path / "news.db")),
            *("-s", "MAX_HOST_WAIT=1", "-s", "HOST_DELAY=0", "-s", "DISCOVER=0"),
            *("-s", f"TWISTED_REACTOR_ENABLED={reactor}"),
            environment={"http_proxy": proxy.url},
        )
        asked = {request.line for request in proxy.log}
    assert asked == {"http://kabar.test/robots.txt", "http://kabar.test/1"}, ended.stderr
    assert ended.record["outcomes"] == {"refused": 2}


def test_user_may_allow_private_addresses(tmp_path: Path) -> None:
    with SmallWeb({"127.0.0.1/1": story("Kebocoran data BPJS Kesehatan")}) as web:
        ended = run("read", f"{web.url}/1", "-s", "ALLOW_PRIVATE_ADDRESSES=1", cwd=tmp_path)
    assert ended.record["title"] == "Kebocoran data BPJS Kesehatan"


# --- Limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        b"<p " + b"a " * 600 + b">",
        b"<p " + b"/a" * 600 + b">",
        b"<p a='>' " + b"b=1 " * 600 + b">",
        b'<p a="<" ' + b"c='x y' " * 600 + b">",
        b"<p\n" + b'd\t=\n"x"' * 600 + b">",
        b"<p " + b"a " * 600,
    ],
)
def test_tag_with_too_many_attributes_is_seen(html: bytes) -> None:
    with pytest.raises(OverLimit, match="MAX_ATTRIBUTES"):
        check_markup(html, DEFAULT_LIMITS)


def test_long_attributes_and_scripts_are_no_crowd() -> None:
    check_markup(
        b'<img src="data:' + b"x y / = " * 9000 + b'"><script>' + b"a b = 'c' " * 9000, DEFAULT_LIMITS
    )


def test_time_limit_ends_what_runs_away() -> None:
    import re

    begun = time.process_time()
    with pytest.raises(OverLimit, match="READ_SECONDS"), time_limit(0.2):
        re.match(r"(a|aa)+$", "a" * 60 + "b")
    assert time.process_time() - begun < 5
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


def test_crawl_that_takes_too_much_memory_ends_and_can_be_resumed(tmp_path: Path) -> None:
    kabar = story("Kebocoran data BPJS Kesehatan", "http://kabar.test/2")
    with SmallWeb({"kabar.test/1": kabar, "kabar.test/2": story("Kebocoran data lagi")}) as web:
        command = ["crawl", "data-breach", "http://kabar.test/1", "--json", "--db", str(tmp_path / "news.db")]
        command += ["-s", f"CONNECT_TO={web.url}", "-s", "HOST_DELAY=0"]
        first = run(*command, "-s", "MEMUSAGE_LIMIT_MB=1")
        assert first.record["stop_reason"] == "memusage_exceeded", first.stderr
        second = run(*command)
    assert (second.record["stop_reason"], second.record["left"]) == ("finished", 0)
    assert len(web.asked("kabar.test/2")) == 1


def test_feed_that_grows_or_reads_files_gives_nothing_away() -> None:
    entities = "".join(f'<!ENTITY l{n} "{(f"&l{n - 1};" if n else "haha") * 10}">' for n in range(10))
    feed = "<rss><channel><item><title>{0}</title><link>https://kabar.test/a-b-c-d{0}</link></item></channel></rss>"
    laughs = f"<!DOCTYPE r [{entities}]>{feed.format('&l9;')}"
    file = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{feed.format("&x;")}'
    for attack in (laughs, file):
        item = read_page(
            f'<?xml version="1.0"?>{attack}'.encode(), "https://kabar.test/feed", kind=PageKind.FEED
        )
        assert len(repr(item)) < 2_000
        assert "root:" not in repr(item)


# --- Passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:rahasia123@127.0.0.1:1/news",
        "postgresql://127.0.0.1:1/news?user=me&password=rahasia123",
        "postgresql://me:ra/hasia123@127.0.0.1:x/news",
        "postgresql://me:rahasia123@127.0.0.1:x/news",
        "mysql://me:rahasia123@127.0.0.1/news",
    ],
)
def test_password_of_a_database_is_never_printed(address: str, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": address}
    ended = run("--debug", "crawl", "data-breach", "-v", cwd=tmp_path, environment=environment)
    assert ended.status != 0
    assert "hasia123" not in ended.stderr + ended.stdout


def test_address_of_a_store_hides_its_password() -> None:
    from sqlalchemy import make_url

    from crawler.store.database import readable_address

    assert "rahasia" not in readable_address(make_url("postgresql://u:rahasia@h/n?password=rahasia2"))
    assert open_store("sqlite://").address == "in memory"
