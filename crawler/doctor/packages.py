"""Python and the packages: whether they are new enough, why they have to be, and what the extras are for."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from crawler.doctor.finding import Finding, fail, ok, warn

PROJECT = "bacajuga"
# Why an older one is not merely older. Releases and advisories: GHSA-cwxj-rr6w-m6w7, GHSA-76g3-c3x4-crvx,
# CVE-2025-6176.
REASONS: Mapping[str, str] = {
    "scrapy": (
        "older ones run a header as code and send a body on after a redirect (before 2.14.2), use S3 over "
        "plain HTTP (before 2.17) and unpack bombs of brotli (before 2.13.4)"
    ),
    "trafilatura": "older ones fetch private addresses",
    "lxml_html_clean": "lxml itself no longer holds it",
    "tzdata": "Indonesia's time zones are read from it where the system has none",
}
PURPOSES: Mapping[str, str] = {
    "postgres": "a Postgres server as the store, for several machines",
    "archive": "pages as fetched, in WARC files (crawl --archive, reread)",
    "reactorless": "crawls without Twisted's reactor (-s TWISTED_REACTOR_ENABLED=0)",
    "parquet": "exports as Parquet",
    "xlsx": "exports as XLSX",
    "graph": "the link graph as GEXF and GraphML",
    "report": "pictures in one HTML file (bacajuga report)",
    "datasette": "looking through the store in a browser",
}
FOR_DEVELOPERS = "dev"


def python_finding() -> Finding:
    """Return whether this Python is new enough."""
    running = platform.python_version()
    wanted = _requires_python()
    if wanted is None or wanted.contains(running, prereleases=True):
        return ok("python", f"{running} at {sys.executable}")
    return fail("python", f"{running}, wanted {wanted}", "install a newer Python and make a new environment")


def package_findings(needed: list[Requirement] | None = None) -> list[Finding]:
    """Return the packages that are missing or too old, or one line when there are none.

    Args:
        needed: what is needed; None for what the installed program says.
    """
    if needed is None:
        needed = [each for each in _requirements() if each.marker is None or each.marker.evaluate()]
    if not needed:
        return [warn("packages", f"{PROJECT} is not installed here", "pip install .")]
    found: list[Finding] = []
    for each in needed:
        there = _version(each.name)
        if there is None:
            found.append(
                fail("packages", f"{each.name} is missing", f"pip install '{each.name}{each.specifier}'")
            )
        elif not each.specifier.contains(there, prereleases=True):
            reason = REASONS.get(each.name.lower(), "this program was written for newer ones")
            found.append(
                fail(
                    "packages",
                    f"{each.name} {there}, wanted {each.specifier}: {reason}",
                    f"pip install '{each.name}{each.specifier}'",
                )
            )
    main = ", ".join(f"{name} {_version(name)}" for name in ("scrapy", "twisted", "sqlalchemy", "lxml"))
    return found or [ok("packages", f"{len(needed)} needed, all there and new enough: {main}")]


def extras_finding() -> Finding:
    """Return which of the extras are installed, and what the others would be for."""
    extras: dict[str, list[Requirement]] = {}
    for each in _requirements():
        for extra in _extras():
            without = each.marker is None or each.marker.evaluate({"extra": ""})
            if not without and each.marker is not None and each.marker.evaluate({"extra": extra}):
                extras.setdefault(extra, []).append(each)
    there = [name for name, needed in extras.items() if all(_version(each.name) for each in needed)]
    missing = [
        f"{name} ({PURPOSES[name]})" if name in PURPOSES else name
        for name in extras
        if name not in there and name != FOR_DEVELOPERS
    ]
    told = f"installed: {', '.join(there) or 'none'}"
    if missing:
        told += f"; others: {'; '.join(missing)}. Install one with: pip install '{PROJECT}[NAME]'"
    return ok("extras", told)


def _requirements() -> list[Requirement]:
    try:
        return [Requirement(each) for each in distribution(PROJECT).requires or []]
    except PackageNotFoundError:
        return []


def _extras() -> list[str]:
    try:
        return distribution(PROJECT).metadata.get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return []


def _requires_python() -> SpecifierSet | None:
    try:
        stated = (distribution(PROJECT).metadata.get_all("Requires-Python") or [None])[0]
    except PackageNotFoundError:
        return None
    return SpecifierSet(stated) if stated else None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
