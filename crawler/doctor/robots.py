"""robots.txt of a topic's outlets, as the store has them: what they forbid us, and how slow they want us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from protego import Protego

from crawler.doctor.finding import Finding, ok, warn
from crawler.store.health import KeptRobots

SUBJECT = "robots"
SLOW = 10.0  # seconds between two requests, with which a crawl takes hours
SHOWN = 5


def host_of_seed(url: str) -> str:
    """Return an address's host in small letters; empty when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def robots_findings(kept: Sequence[KeptRobots], seeds: Iterable[str], name: str, now: float) -> list[Finding]:
    """Return what the stored robots.txt of the seeds' hosts say, and which hosts are in trouble.

    Args:
        kept: every host that has been asked.
        seeds: the topic's addresses to start from.
        name: the name that outlets write in robots.txt.
        now: seconds since 1970.
    """
    of_host = {each.host: each for each in kept}
    asked = [url for url in seeds if host_of_seed(url) in of_host]
    forbidden = [url for url in asked if not _allows(of_host[host_of_seed(url)], url, name)]
    found = [
        warn(SUBJECT, f"forbids us {url}", "take another seed: what it forbids is not fetched")
        for url in forbidden[:SHOWN]
    ]
    hosts = {host_of_seed(url): of_host[host_of_seed(url)] for url in asked}
    for host, each in hosts.items():
        if each.crawl_delay is not None and each.crawl_delay >= SLOW:
            told = f"{host} wants {each.crawl_delay:g} s between two requests"
            found.append(warn(SUBJECT, told, "give the crawl more --max-minutes: the delay is kept"))
    for each in kept:
        if each.trouble and each.next_at > now:
            until = datetime.fromtimestamp(each.next_at, UTC).astimezone()
            told = f"{each.host} is in trouble ({each.trouble}), left alone until {until:%Y-%m-%d %H:%M}"
            found.append(warn("hosts", told, "nothing to do: a later crawl asks it again"))
            if sum(one.subject == "hosts" for one in found) >= SHOWN:
                break
    read = sum(each.text is not None for each in hosts.values())
    if not found and hosts:
        found.append(
            ok(SUBJECT, f"{read} of {len(hosts)} seed hosts' robots.txt are kept; all seeds are allowed")
        )
    return found


def _allows(robots: KeptRobots, url: str, name: str) -> bool:
    return robots.text is None or bool(Protego.parse(robots.text).can_fetch(url, name))
