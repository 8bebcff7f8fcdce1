"""Every setting that differs from Scrapy's default, each with its reason, and our own beside them."""

from __future__ import annotations

import os

from crawler import __version__

BOT_NAME = "bacajuga"
SPIDER_MODULES = ["crawler.spiders"]

# --- Who we are -------------------------------------------------------------------------------

# An address or web page where an outlet reaches the person who runs this crawl.
CONTACT = os.environ.get("BACAJUGA_CONTACT", "contact-not-set")
# Of browser-like shape because some outlets' content networks refuse any other, and honest inside it.
USER_AGENT = f"Mozilla/5.0 (compatible; bacajuga/{__version__}; +{{contact}})"
ADDONS = {"crawler.extensions.contact.ContactAddon": 100}
# The name that outlets write in robots.txt.
ROBOTSTXT_USER_AGENT = "bacajuga"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Language": "id,en;q=0.5",
}

# --- The store and the frontier ---------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:///bacajuga.db")
# Seconds that a crawl waits for a database that was restarted, cut off or locked: about as long as a
# server takes to come back. Then it ends with one line; nothing that was stored is lost.
DATABASE_PATIENCE = 60.0
# Scrapy's own queues lose every pending page on SIGKILL; ours live in the store.
SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
# The frontier knows every address once: a second filter would hide new evidence from it.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
ITEM_PIPELINES = {
    "pipelines.normalise.NormalisePipeline": 100,
    "pipelines.relevance.RelevancePipeline": 200,
    "pipelines.deduplicate.DeduplicatePipeline": 300,
    "pipelines.store.StorePipeline": 400,
}
# Addresses with a lower link score are not fetched; None takes the topic's own floor.
MIN_SCORE: float | None = None
# Only these outlets, by name; empty for all.
OUTLETS: list[str] = []
# A folder of outlet files of your own, beside those of the package: an update of the package leaves it alone.
OUTLET_FOLDER = os.environ.get("BACAJUGA_OUTLETS", "")
# 0 for no limit.
MAX_PAGES = 0
MAX_MINUTES = 0.0
# Row of page_budgets that workers spend together, set by "crawl --workers"; 0 for a budget of its own.
PAGE_BUDGET = 0
# An address is handed to a worker for this many seconds, renewed at every third of them: so long the pages
# of a machine that died wait, and so long a worker may stand still before another takes its pages.
LEASE_SECONDS = 120
# The crawl ends, to be resumed later, when every host that is left wants more patience than this.
MAX_HOST_WAIT = 30.0
# How often an address is tried before its visit counts as failed.
MAX_TRIES = 3
# A story in more parts than this is not a story.
MAX_PARTS = 30

# Whether a crawl also asks outlets for their own lists: read-also links hardly ever leave their outlet.
# None for yes, unless CONNECT_TO leads to a web of your own, which has few of the outlets.
DISCOVER: bool | None = None
# Lists that change are asked for again by a crawl that begins so many hours later.
DISCOVER_AGAIN_HOURS = 1.0
# Days, as 2021-05-21, between which the outlets' indexes by date are looked through; empty for only the
# days on which a story was found.
SINCE = ""
UNTIL = ""
# An outlet is left alone for the rest of a crawl after so many fetches in a row without a new story on
# topic, and its lists of one kind after so many without a new entry that fits; 0 for never.
OUTLET_PATIENCE = 40
LISTING_PATIENCE = 12
# An outlet's index of a whole day is asked for when so many stories on the topic are of that day or one
# beside it, or where the outlet closes its tag pages to us.
HOT_DAY_STORIES = 3
# One outlet may have this share of MAX_PAGES as long as others have links left; 1 for all.
OUTLET_SHARE = 0.5

# A story is due again at these ages, in hours since it was first seen: most edits come on the first day.
REVISIT_AFTER_HOURS = [1, 6, 24, 72, 168, 720]
# Whether a crawl asks for stories that are due again, beside new ones.
REVISIT = False

# Every page as fetched goes into WARC files in this folder, for "bacajuga reread"; empty for none.
ARCHIVE_DIR = ""
# And those of so many days into the store, compressed (about 27 KB a page); 0 for none.
RAW_PAGES_DAYS = 0.0

# When a story is a copy of another: the share of 3-word phrases in common, or less if the figures in
# both are the same; and from what share on a story stands in a longer one. None takes what was measured
# to be right (crawler/comparing/likeness.py).
COPY_NEAR: float | None = None
COPY_NEAR_WITH_NUMBERS: float | None = None
COPY_NUMBERS: float | None = None
COPY_CONTAINED: float | None = None

# --- Manners ----------------------------------------------------------------------------------

# More in flight spoils best-first order: pages that are on their way cannot be thought better of.
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 8
# A page gives one item; Scrapy would start a hundred tasks for each page to wait for more.
CONCURRENT_ITEMS = 1
# Seconds between two requests to a host, for all workers together; None takes each outlet's own.
# The frontier keeps it: a request that waited inside the downloader would hold up a clean stop.
HOST_DELAY: float | None = None
DOWNLOAD_DELAY = 0
# Our own middleware obeys it: Scrapy's takes a 5xx answer for leave (RFC 9309 says the opposite).
ROBOTSTXT_OBEY = True
ROBOTS_MAX_AGE_HOURS = 24

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.address_guard.AddressGuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # Last, right before a request leaves.
    "crawler.middlewares.pace.PaceMiddleware": 950,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Retries and redirects go back to the frontier, which knows when the host is due.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    # Not used: each costs something with every page.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    # Next to the engine, so that it sees what every other middleware lets pass.
    "crawler.middlewares.own_spider.OwnSpiderMiddleware": 10,
    # The frontier counts hops, and the spider reads every status.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
EXTENSIONS = {
    # Scrapy logs what servers send as it came, terminal commands and new lines included.
    "crawler.extensions.printable_log.PrintableLog": 0,
    "crawler.extensions.progress.ProgressExtension": 100,
    "crawler.extensions.archive.ArchiveExtension": 200,
    "crawler.extensions.raw_pages.RawPagesExtension": 210,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

# --- Safety -----------------------------------------------------------------------------------

# A page must not reach the user's files: only the web, and through a handler that can be pointed
# at the sample web.
DOWNLOAD_HANDLERS = {
    "http": "crawler.crawling.connect_to.ConnectToHandler",
    "https": "crawler.crawling.connect_to.ConnectToHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# Ask this server for every address, whatever its host, as curl's --connect-to does: "http://127.0.0.1:8000".
CONNECT_TO = ""
# Loopback and private addresses are refused unless this is set.
ALLOW_PRIVATE_ADDRESSES = False
# Gives away no address that is not public: what has been checked is what is connected to.
TWISTED_DNS_RESOLVER = "crawler.crawling.guarded_resolver.GuardedResolver"
# Stories on leaks print samples of what leaked. True masks identity, tax, card, account and phone numbers and
# e-mail addresses before a story is stored, for good; "export --redact" masks them in a file only. Pages
# kept as fetched (ARCHIVE_DIR, RAW_PAGES_DAYS) would keep them: a crawl with both does not begin.
REDACT_AT_STORE = False
# A page is a megabyte at most; more is a file, or a bomb. It holds before and after unpacking, also of a list
# that is itself a packed file (sitemap.xml.gz).
DOWNLOAD_MAXSIZE = 8 * 2**20
DOWNLOAD_WARNSIZE = 4 * 2**20
# Seconds until the last byte, so that a page that drips ends, too.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
# All headers of an answer together; outlets send less than 10 kB. Twisted has a limit for a line only.
MAX_HEADER_BYTES = 64 * 2**10
# Longer addresses do not fit into the store's indexes; outlets' have some 100 characters.
URLLENGTH_LIMIT = 1000
# A story's page has some 2,000 tags; each takes a hundred times its bytes in memory. A feed or a sitemap is
# read up to there.
MAX_TAGS = 200_000
# Of one tag. The parser takes a time that grows with their square: 50,000 cost 3 seconds, 900,000 an hour.
MAX_ATTRIBUTES = 500
# Elements in elements in elements, on pages of more than 200 kB: what is asked of each costs what it holds.
MAX_DEPTH = 256
# Of a story, or a listing, whose first are taken: each goes into the frontier, and a trap must not fill it.
MAX_LINKS = 2_000
# Characters of a story; the longest reports have some 50,000.
MAX_TEXT = 500_000
# Seconds of processor time to read a page, which takes some milliseconds: for what nobody has thought of.
READ_SECONDS = 10.0
# The crawl ends, to be resumed later, rather than take the machine with it; it needs some 150.
MEMUSAGE_LIMIT_MB = 1_000
DOWNLOAD_VERIFY_CERTIFICATES = True
# Hosts, subdomains included, whose certificates are not looked at. Each crawl says so.
INSECURE_TLS_HOSTS: list[str] = []
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
# From one address of a story to the next, in the frontier (crawler/store/crawl/record.py); and for one page.
REDIRECT_MAX_TIMES = 5
REFERER_ENABLED = False

# --- Exports and messages ---------------------------------------------------------------------

FEED_EXPORTERS = {
    "csv": "crawler.export.feeds.ArticleCsvExporter",
    "json": "crawler.export.feeds.ArticleJsonExporter",
    "jsonlines": "crawler.export.feeds.ArticleJsonLinesExporter",
    "jsonl": "crawler.export.feeds.ArticleJsonLinesExporter",
    "jl": "crawler.export.feeds.ArticleJsonLinesExporter",
}
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
