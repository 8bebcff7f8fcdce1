"""The settings that a crawl would run with: which of them are dangerous, rude, or cost stories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crawler.doctor.finding import Finding, ok, warn

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

SUBJECT = "settings"
NO_CONTACT = "contact-not-set"
QUICK = 1.0  # seconds between two requests to a host, below which outlets begin to turn crawlers away
MANY = 16  # requests in flight, above which best-first order suffers

# name: value that is odd, what comes of it, the next step
SWITCHES: Mapping[str, tuple[bool, str, str]] = {
    "ROBOTSTXT_OBEY": (False, "what outlets forbid is fetched all the same", "leave it on"),
    "ALLOW_PRIVATE_ADDRESSES": (
        True,
        "a page may lead the crawl into your own network",
        "turn it off, unless all you crawl is your own",
    ),
    "DOWNLOAD_VERIFY_CERTIFICATES": (
        False,
        "whoever is in between can change pages",
        "name single hosts in INSECURE_TLS_HOSTS instead",
    ),
    "TELNETCONSOLE_ENABLED": (True, "who can reach the port can run code here", "turn it off"),
    "REMOTE_CONTROL_ENABLED": (True, "who can reach the port can run code here", "turn it off"),
    "METAREFRESH_ENABLED": (True, "pages may send the crawl on, past the frontier", "turn it off"),
}
LIMITS: Mapping[str, str] = {
    "DOWNLOAD_MAXSIZE": "a page without end fills the memory",
    "DOWNLOAD_TIMEOUT": "a page that drips never ends",
    "MEMUSAGE_LIMIT_MB": "a crawl may take all of the machine's memory",
    "READ_SECONDS": "a page may take for ever to be read",
}


def settings_findings(settings: BaseSettings) -> list[Finding]:
    """Return what is odd about the settings, or one line when nothing is."""
    found = [*_contact(settings), *_pace(settings), *_reach(settings)]
    for name, (odd, effect, step) in SWITCHES.items():
        if settings.getbool(name) is odd:
            found.append(_odd(name, settings[name], effect, step))
    for name, effect in LIMITS.items():
        if settings.getfloat(name) <= 0:
            found.append(_odd(name, settings[name], effect, "give it a limit"))
    return found or [ok(SUBJECT, f"nothing odd; outlets reach you at {settings['CONTACT']}")]


def _contact(settings: BaseSettings) -> list[Finding]:
    contact = str(settings["CONTACT"])
    step = "export BACAJUGA_CONTACT=you@your-newsroom.example"
    if contact == NO_CONTACT or not contact.strip():
        return [warn(SUBJECT, "CONTACT is not set: outlets cannot reach you, and some block who hides", step)]
    if not re.search(r"[^@\s]@[^@\s]+\.\w|\w\.\w{2,}", contact):
        return [warn(SUBJECT, f"CONTACT is {contact!r}: neither an e-mail address nor a web page", step)]
    return []


def _pace(settings: BaseSettings) -> list[Finding]:
    found = []
    delay = settings.get("HOST_DELAY")
    # Towards a server of one's own there is nobody to be polite to.
    if delay is not None and float(delay) < QUICK and not settings["CONNECT_TO"]:
        effect = "outlets turn away who asks that often"
        found.append(_odd("HOST_DELAY", delay, effect, f"give it {QUICK:g} or more, or leave it out"))
    if settings.getint("CONCURRENT_REQUESTS") > MANY:
        effect = "pages on their way cannot be thought better of: fewer stories for as many fetches"
        step = f"give it {MANY} at most; several workers share one frontier"
        found.append(_odd("CONCURRENT_REQUESTS", settings["CONCURRENT_REQUESTS"], effect, step))
    if settings.get("DISCOVER") is not None and not settings.getbool("DISCOVER"):
        effect = "read-also links hardly ever leave their outlet: others are not found"
        found.append(_odd("DISCOVER", settings["DISCOVER"], effect, "leave it out, unless you mean it"))
    if settings.getint("MAX_TRIES") < 1:
        effect = "no address is tried"
        found.append(_odd("MAX_TRIES", settings["MAX_TRIES"], effect, "give it 1 or more"))
    return found


def _reach(settings: BaseSettings) -> list[Finding]:
    found = []
    insecure = settings.getlist("INSECURE_TLS_HOSTS")
    if insecure:
        effect = "their certificates are not looked at: whoever is in between can change their pages"
        found.append(_odd("INSECURE_TLS_HOSTS", ", ".join(insecure), effect, "take out whose is right again"))
    if settings["CONNECT_TO"]:
        effect = "every address is asked of that server, and of no outlet"
        found.append(_odd("CONNECT_TO", settings["CONNECT_TO"], effect, "leave it out for a real crawl"))
    return found


def _odd(name: str, value: Any, effect: str, step: str) -> Finding:
    return warn(SUBJECT, f"{name} is {value}: {effect}", step)
