"""All that is looked at, in the order in which one thing stands on another."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.doctor import surroundings
from crawler.doctor.database import database_findings, open_database, takes_long
from crawler.doctor.finding import Finding, fail
from crawler.doctor.packages import extras_finding, package_findings, python_finding
from crawler.errors import BacaJugaError
from crawler.store.health import KeptRobots, kept_robots

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.jobs.job import JobsFile
    from crawler.store.database import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """What is to be looked over."""

    database: str  # its address
    topic: str  # its name or its file
    read_jobs: Callable[[Path], JobsFile]
    jobs_file: Path | None = None
    offline: bool = False
    overrides: dict[str, Any] = field(default_factory=dict)  # settings


def examine(patient: Patient, say: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """Yield each finding as soon as it is known.

    Args:
        patient: what is looked over.
        say: told what takes more than a moment.
    """
    yield python_finding()
    yield from package_findings()
    yield extras_finding()
    yield surroundings.here()
    yield from surroundings.time_findings()
    store, found = open_database(patient.database)
    yield from found
    kept: list[KeptRobots] = []
    now = time.time()
    if store is not None:
        try:
            if takes_long(store):
                say("looking the database through ...")
            yield from database_findings(store)
            kept, now = _asked_hosts(store)
        finally:
            store.close()
    # What follows reads pages, for which the folder of outlets has to be in order.
    finding = surroundings.outlets_finding(os.environ.get("BACAJUGA_OUTLETS", ""))
    if finding is not None:
        yield finding
        if finding.state == "fail":
            return
    yield from surroundings.jobs_findings(patient.jobs_file, patient.read_jobs)
    yield from _of_crawl(patient, kept, now)


def _asked_hosts(store: Store) -> tuple[list[KeptRobots], float]:
    try:
        return kept_robots(store), store.now()
    except BacaJugaError:  # what is wrong with it has been told
        return [], time.time()


def _of_crawl(patient: Patient, kept: list[KeptRobots], now: float) -> Iterator[Finding]:
    from crawler.crawling.crawl import crawl_settings
    from crawler.doctor.network import network_findings
    from crawler.doctor.own_settings import settings_findings
    from crawler.doctor.robots import robots_findings
    from crawler.topic import load_topic

    try:
        settings: BaseSettings = crawl_settings(patient.overrides)
    except BacaJugaError as error:
        text, _, step = str(error).partition("; ")
        yield fail("settings", text, step)
        return
    if settings["OUTLET_FOLDER"] != os.environ.get("BACAJUGA_OUTLETS", ""):
        finding = surroundings.outlets_finding(settings["OUTLET_FOLDER"])
        if finding is not None:
            yield finding
    yield from settings_findings(settings)
    try:
        topic = load_topic(patient.topic)
    except BacaJugaError as error:
        text, _, step = str(error).partition("; ")
        yield fail("topic", text, step)
        return
    yield from robots_findings(kept, topic.seeds, settings["ROBOTSTXT_USER_AGENT"], now)
    if not patient.offline:
        host = _host_to_ask(topic.seeds, kept, now)
        if host:
            yield from network_findings(host, settings)


def _host_to_ask(seeds: Iterable[str], kept: list[KeptRobots], now: float) -> str | None:
    """Return the first host of the seeds that does not ask to be left alone now."""
    from crawler.doctor.robots import host_of_seed

    resting = {each.host for each in kept if each.next_at > now}
    return next((host for host in map(host_of_seed, seeds) if host and host not in resting), None)
