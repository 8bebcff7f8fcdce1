"""Addresses: which ones mean the same page, which belong to one site, which are no stories."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Second-level registries under which names are sold, Indonesian ones and the most met others.
_SECOND_LEVEL = frozenset((
    "co.id", "or.id", "go.id", "ac.id", "sch.id", "net.id", "web.id", "mil.id", "my.id", "biz.id",
    "desa.id", "ponpes.id", "co.uk", "org.uk", "ac.uk", "gov.uk", "com.au", "net.au", "org.au", "com.sg",
    "com.my", "co.jp", "or.jp", "co.kr", "com.cn", "com.hk", "co.nz", "com.br", "co.in", "com.tw",
    "com.ph", "com.vn", "co.th", "blogspot.com", "wordpress.com", "github.io",
))  # fmt: skip

_TRACKING = re.compile(
    r"^(?:utm_\w+|_ga|_gl|_ga_\w+|ga_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|igshid|igsh|yclid|ttclid|twclid|mc_[ce]id|"
    r"ref|ref_\w+|refer|referrer|referer|source|src|sumber|medium|campaign|from|soc_src|soc_trk|spm|_branch_match_id|"
    r"cmpid|cx_\w+|dable_\w+|tag_from|lgn_method|rss|share|shared|via|wt_\w+|jxconn|jxrecoid|jxreco\w*|__twitter_impression|"
    r"amp|isamp|outputtype|mobile|notif|noredirect|nomobile|device|isapp|isdesktop|app_type|theme|dark|mode)$",
    re.IGNORECASE,
)
# How outlets ask for another part of a story, or for the whole.
_PAGING = re.compile(
    r"^(?:page|p|halaman|hal|single|showpage|showall|show|all|view|pagenumber)$", re.IGNORECASE
)
_PAGING_VALUE = re.compile(r"^(?:\d{1,3}|all|true|yes|semua|full)?$", re.IGNORECASE)

_MOBILE_LABELS = frozenset({"m", "amp", "mobile", "wap", "touch", "www2", "www-amp"})
_WAYBACK = re.compile(r"^https?://web\.archive\.org/web/\d+(?:[a-z]{2}_)?/(?=https?://)", re.IGNORECASE)
_LONGEST = 1000  # bytes; two have to fit into one index entry of Postgres
# Characters, tracking included. Python puts a host into a form (NFKC) that takes the square of its length.
_LONGEST_WRITTEN = 4000
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp4|mp3|zip|docx?|xlsx?|apk)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the address without what does not change the story: tracking, paging, AMP and mobile forms.

    >>> canonical_url("http://m.contoh.id//amp/bocor-lagi/?utm_source=x&page=2#komentar")
    'https://www.contoh.id/bocor-lagi'
    """
    parts = _split(url)
    if parts is None:
        return url.strip()
    _, host, path, query = parts
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _MOBILE_LABELS and not _is_registry(".".join(labels[1:])):
        labels = labels[1:]
        if ".".join(labels) == registrable_domain(host):
            labels = ["www", *labels]
            break
    # A backslash is a slash (WHATWG URL, 4.4).
    path = re.sub(r"/{2,}", "/", path.replace("\\", "/"))
    path = re.sub(r"^/amp(?=/)|/amp(?:\.html)?/?$|(?<=[^/])\.amp(?=\.html$|$)", "", path) or "/"
    path = path.rstrip("/") or "/"
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _TRACKING.match(name) and not (_PAGING.match(name) and _PAGING_VALUE.match(value))
    ]
    address = urlunsplit(("https", ".".join(labels), path, urlencode(sorted(kept), errors="replace"), ""))
    try:
        return canonicalize_url(address)
    except ValueError:
        return address


def address_key(url: str) -> str:
    """Return the identity of an address where no outlet knows an article id in it.

    It is the canonical address without its scheme and its "www."; a key is compared, never fetched.

    >>> address_key("http://www.contoh.id/Bocor-Lagi/?page=all") == address_key("https://contoh.id/Bocor-Lagi")
    True
    """
    return re.sub(r"^https?://(?:www\.)?", "", canonical_url(url)).removesuffix("/")


def listing_key(url: str) -> str:
    """Return the identity of a page that lists stories: unlike a story's, each of its pages is another one.

    >>> listing_key("https://www.contoh.id/tag/bocor/?utm_source=x&page=2")
    'listing:www.contoh.id/tag/bocor?page=2'
    """
    parts = _split(url)
    if parts is None:
        return f"listing:{url.strip()}"
    _, host, path, query = parts
    kept = [(name, value) for name, value in parse_qsl(query) if not _TRACKING.match(name)]
    place = f"{host}{path.rstrip('/')}"
    query = urlencode(sorted(kept), errors="replace")
    return f"listing:{place}?{query}" if kept else f"listing:{place}"


def host_of(url: str) -> str:
    """Return the host of an address in lower case, or an empty text."""
    parts = _split(url)
    return parts[1] if parts else ""


def path_of(url: str) -> str:
    """Return the path of an address, its escapes decoded."""
    parts = _split(url)
    return unquote(parts[2]) if parts else ""


@lru_cache(maxsize=4096)
def registrable_domain(host_or_url: str) -> str:
    """Return the part of a host that is bought as one name.

    >>> registrable_domain("https://bola.republika.co.id/berita/1")
    'republika.co.id'
    """
    host = host_of(host_or_url) if "/" in host_or_url else host_or_url.lower().strip(".")
    if host.count(":") == 1:
        host = host.partition(":")[0]
    labels = host.split(".")
    if len(labels) <= 2 or host.replace(".", "").isdigit():
        return host
    count = 3 if _is_registry(".".join(labels[-2:])) else 2
    return ".".join(labels[-count:])


def joined(base: str, href: str) -> str:
    """Return the address that a link leads to, or an empty text where that is none.

    >>> joined("https://contoh.id/a/b", "../c"), joined("https://contoh.id/", "http://[broken")
    ('https://contoh.id/c', '')
    """
    if len(href) > _LONGEST_WRITTEN:
        return ""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def is_same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one registrable domain."""
    domain = registrable_domain(one)
    return bool(domain) and domain == registrable_domain(other)


def is_home_page(url: str) -> bool:
    """Say whether the address is a site's front page."""
    parts = _split(url)
    return parts is not None and parts[2].strip("/") in ("", "index.html", "index.php", "amp", "home")


def is_web_address(url: str) -> bool:
    """Say whether the address can be fetched at all: http or https, a host, and not a picture or a file."""
    parts = _split(url)
    return parts is not None and "." in parts[1] and not _FILE.search(parts[2]) and not is_too_long(url)


def is_too_long(url: str) -> bool:
    """Say whether the address is longer than any outlet's, and than the store's indexes take."""
    return len(url.encode(errors="replace")) > _LONGEST


def trusted_canonical(declared: str | None, fetched: str) -> str | None:
    """Return the address that a page declares as its own, where it may be believed.

    Only on the same registrable domain, and never the home page: some pages declare that by mistake.
    """
    if not declared:
        return None
    declared = without_archive(declared)
    if not is_web_address(declared) or is_home_page(declared) or not is_same_site(declared, fetched):
        return None
    return declared


def without_archive(url: str) -> str:
    """Return the original address of one that leads into the Wayback Machine."""
    return _WAYBACK.sub("", url) if "archive.org" in url else url


def without_paging(url: str, names: frozenset[str] | None = None) -> str:
    """Return the address as it is, without the query's paging parameters and its fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return url
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not ((name in names if names else _PAGING.match(name)) and _PAGING_VALUE.match(value))
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, errors="replace"), ""))


def with_query(url: str, addition: str) -> str:
    """Return the address with a query like "page=all" added."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return url
    query = f"{parts.query}&{addition}" if parts.query else addition
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


@lru_cache(maxsize=4096)
def _split(url: str) -> tuple[str, str, str, str] | None:
    if len(url) > _LONGEST_WRITTEN:
        return None
    try:
        parts = urlsplit(without_archive(url.strip()))
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    return parts.scheme.lower(), host, parts.path, parts.query


def _is_registry(name: str) -> bool:
    return name in _SECOND_LEVEL
