"""The addresses of the sample web: how each outlet forms them, and the other forms of the same address."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from datetime import datetime

NATIONAL_TRIBUN = "www.tribunnews.com"
MOBILE_TRIBUN = "m.tribunnews.com"
# Where each outlet keeps its tag pages; the keys are the outlets' names.
TAG_HOSTS = {"tribunnews": NATIONAL_TRIBUN, "kompas": "www.kompas.com", "detik": "www.detik.com"}
TRACKING = "utm_source=whatsapp&utm_medium=share&utm_campaign=artikel"


def slug(title: str) -> str:
    """Return the headline as it stands in an address.

    >>> slug("Kominfo: Fix, Data 'Bocor' di Internet!")
    'kominfo-fix-data-bocor-di-internet'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "").replace('"', "")).strip("-")


def story_path(story_id: str, host: str, section: str, published_at: datetime, slug: str) -> str:
    """Return the path of a story in the form of its outlet.

    >>> from crawler.demo.printed_time import moment
    >>> story_path("x", "jakarta.tribunnews.com", "", moment("2021-05-21 18:05:12 WIB"), "data-bocor")
    '/2021/05/21/data-bocor'
    """
    day = f"{published_at:%Y/%m/%d}"
    salt = crc32(story_id.encode())
    if host in (NATIONAL_TRIBUN, MOBILE_TRIBUN):
        return f"/{section}/{day}/{slug}"
    if host.endswith(".tribunnews.com"):
        return f"/{day}/{slug}"
    if host.endswith(".kompas.com"):
        number = (
            f"{published_at:%H%M%S}{salt % 1000:03d}"
            if published_at.year < 2021
            else f"{published_at:%H%M%S}{salt % 100:02d}"
        )
        channel = f"/{section}" if host == "www.kompas.com" else ""
        return f"{channel}/read/{day}/{number}/{slug}"
    if host.endswith(".detik.com"):
        # Detik's numbers grew by about 1,650 a day from 5,000,000 at the end of April 2020.
        days = (published_at.date() - date(2020, 4, 30)).days
        return f"/{section}/d-{5_000_000 + 1_650 * days + salt % 1_650}/{slug}"
    return f"/{day}/{slug}/"


def amp_url(host: str, path: str) -> str:
    """Return the AMP address of a Tribunnews story: national ones stand on the mobile host."""
    return f"https://{MOBILE_TRIBUN if host == NATIONAL_TRIBUN else host}/amp{path}"


def variant_url(host: str, path: str, variant: str) -> str:
    """Return another address of the same story, as editors paste them into read-also links.

    >>> variant_url("www.tribunnews.com", "/nasional/2021/05/21/x", "amp")
    'https://m.tribunnews.com/amp/nasional/2021/05/21/x'
    """
    plain = f"https://{host}{path}"
    forms = {
        "": plain,
        "utm": f"{plain}?{TRACKING}",
        "http": f"http://{host}{path}",
        "all": f"{plain}?page=all",
        "single": f"{plain}?single=1",
        "page2": f"{plain}?page=2",
    }
    if outlet_of(host) == "tribunnews":
        forms["amp"] = amp_url(host, path)
    if host == NATIONAL_TRIBUN:
        forms["mobile"] = f"https://{MOBILE_TRIBUN}{path}"
    if variant not in forms:
        raise ValueError(f"addresses of {host} have no form {variant!r}; known: {', '.join(sorted(forms))}")
    return forms[variant]


def outlet_of(host: str) -> str:
    """Return the outlet's name: "tribunnews", "kompas", "detik" or the host of an unknown site."""
    label = host.removesuffix(".com").rpartition(".")[2]
    return label if label in TAG_HOSTS else host


def tag_url(host: str, tag: str) -> str:
    """Return the address of a tag page."""
    return f"https://{TAG_HOSTS.get(outlet_of(host), host)}/tag/{slug(tag)}"
