"""The fields of a story, each found on a page by an outlet's rules for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.reading import structured_data
from crawler.reading.blocks import collapse_spaces, collect_blocks, spaced_text
from crawler.reading.bylines import (
    Credits,
    is_account,
    is_organisation,
    parse_byline,
    people,
    people_first,
    split_names,
)
from crawler.reading.dates import find_date, parse_date
from crawler.urls import without_archive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timezone

    from crawler.reading.page import Page, Rules

_WORD = re.compile(r"\w+")
_CLOSE = 0.3  # of a headline's words, how many the metadata must share
_SITE_SUFFIX = re.compile(r"\s+(?:[-|–—:•·»]|\s)\s*[^-|–—•·»]{2,40}$")
_NOT_SECTIONS = frozenset(
    {"home", "beranda", "depan", "halaman utama", "detail berita", "detail", "read", "index"}
)


def title_of(page: Page, rules: Rules, site: str) -> str | None:
    """Return the headline as printed, else as the metadata have it, without the site's name."""
    stated = page.text(("ld:headline", "meta:og:title", "title"))
    for rule in rules:
        printed = page.texts((rule,))
        if rule == "h1" and len(printed) > 1:
            # The first may be the site's or the section's name.
            printed = [best_headline(printed, stated or "") or printed[0]]
        if printed:
            return printed[0]
    return without_site_name(stated, page.meta("og:site_name") or site) if stated else None


def best_headline(candidates: Iterable[str], stated: str) -> str | None:
    """Return the candidate that shares most words with the stated title, or None where none is close to it.

    >>> best_headline(["Tribun Medan", "Data Bocor Lagi"], "Data Bocor Lagi - Tribun Medan")
    'Data Bocor Lagi'
    """
    words = set(_WORD.findall(stated.lower()))
    best, score = None, _CLOSE
    for text in candidates:
        own = set(_WORD.findall(text.lower()))
        # A site's name is in the title, too, but only a small part of it.
        share = len(own & words) / max(len(own), 1) * min(1.0, len(own) / max(1, len(words) * 0.5))
        if share > score and len(own) > 1:
            best, score = text, share
    return best


def without_site_name(title: str, site: str) -> str:
    """Return a title without the site's name behind it.

    >>> without_site_name("Data Bocor Lagi - Tribunnews.com", "Tribunnews")
    'Data Bocor Lagi'
    """
    match = _SITE_SUFFIX.search(title)
    if not match:
        return title
    suffix, name = _bare(match[0]), _bare(site)
    return title[: match.start()].rstrip() if name and (suffix in name or name in suffix) else title


def published_of(page: Page, rules: Rules, zone: timezone) -> datetime | None:
    """Return the time of publication: as printed, else as the metadata that can be trusted say."""
    day_only = None
    for rule in rules:
        for text in page.texts((rule,)):
            found = find_date(text, zone=zone)
            at = found.at if found else parse_date(text, zone=zone)
            if at and (found is None or found.has_clock):
                # What is printed keeps its zone; what only machines read is told in the outlet's own.
                return at.astimezone(zone) if rule.startswith(("ld:", "meta:")) else at
            day_only = day_only or at
    stated = parse_date(page.text(("ld:datePublished",)), zone=zone)
    stated = stated.astimezone(zone) if stated else parse_date(page.meta("article:published_time"), zone=zone)
    if stated and (day_only is None or stated.date() == day_only.date()):
        return stated
    return day_only


def modified_of(page: Page, rules: Rules, zone: timezone, *, zone_lies: bool) -> datetime | None:
    """Return the time of the last change, where the page tells one."""
    for text in page.texts(rules):
        at = parse_date(text, zone=zone)
        if at:
            return at.replace(tzinfo=zone) if zone_lies else at.astimezone(zone)
    return None


def people_of(page: Page, byline: Rules, author: Rules, editor: Rules, closing: Credits) -> Credits:
    """Return the authors and editors: bylines first, then closing credits, then JSON-LD."""
    found = Credits()
    for text in credit_texts(page, byline):
        found.add(parse_byline(text))
    for text in credit_texts(page, author):
        found.add(Credits(authors=parse_byline(text).authors))
    for text in credit_texts(page, editor):
        found.add(Credits(editors=parse_byline(text, default="editor").editors))
    known = {name.casefold() for name in found.authors}
    found.authors.extend(n for n in closing.authors if n.casefold() not in known)
    found.editors = found.editors or closing.editors
    if not found.authors or (not found.editors and (editor or byline)):
        printed = Credits()
        for text in page.credit_lines:
            printed.add(parse_byline(text))
        found.authors = found.authors or printed.authors
        found.editors = found.editors or printed.editors
    if not people(found.authors):
        # Kompas, Antara and Republika state the editor as the author.
        stated = [n for s in structured_data.strings(page.json_ld.get("author")) for n in split_names(s)]
        found.authors.extend(n for n in people(stated) if n not in found.editors)
    if not found.editors:
        found.editors = people(structured_data.strings(page.json_ld.get("editor")))
    return Credits(people_first(found.authors), people_first(found.editors))


def credit_texts(page: Page, rules: Rules) -> list[str]:
    """Return the texts of the first rule that gives any; organisations in the metadata do not count."""
    for rule in rules:
        if rule.startswith(("meta:", "ld:")) or "::attr(" in rule:
            # What the metadata call the author is often the outlet.
            texts = [t for t in page.texts((rule,)) if not is_organisation(t) and not is_account(t)]
        else:
            texts = [t for e in page.elements((rule,)) if (t := spaced_text(e))]
        if texts:
            return texts
    return []


def section_of(page: Page, rules: Rules, *, site: str, title: str | None) -> str | None:
    """Return the path of sections, joined by " > ", without the front page and the story itself."""
    crumbs = page.texts(rules) or structured_data.breadcrumb(page.json_ld_objects)
    if not crumbs:
        crumbs = structured_data.strings(page.json_ld.get("articleSection"))[:1]
    left_out = _NOT_SECTIONS | {site.lower().removesuffix(".com")}
    kept = [
        crumb
        for crumb in crumbs
        if crumb.lower().removesuffix(".com") not in left_out and crumb != title and not crumb.endswith("...")
    ]
    return " > ".join(dict.fromkeys(kept)) or None


def tags_of(page: Page, rules: Rules) -> list[str]:
    """Return the tags, without number signs, each once."""
    texts = page.texts(rules)
    if len(texts) == 1 and "," in texts[0]:
        texts = texts[0].split(",")
    return list(dict.fromkeys(t for t in (text.strip().lstrip("#").strip(" ,") for text in texts) if t))


def image_of(page: Page, rules: Rules) -> str | None:
    """Return the address of the lead image."""
    for rule in rules:
        for text in _image_urls(page, rule):
            if text and not text.startswith("data:") and "blank" not in text.rsplit("/", 1)[-1]:
                return without_archive(page.absolute(text))
    return structured_data.first_url(page.json_ld.get("image"))


def caption_of(page: Page, rules: Rules, noise: Rules) -> str | None:
    """Return the caption of the lead image."""
    for element in page.elements(rules):
        left_out = set(page.all_elements(noise, element))
        text = " ".join(block.text for block in collect_blocks(element, noise=left_out))
        if text:
            return text
    return None


def _bare(name: str) -> str:
    return re.sub(r"\W|\.com|\.co\.id|\.id", "", name.lower())


def _image_urls(page: Page, rule: str) -> list[str]:
    if ":" in rule:
        return page.texts((rule,))
    return [
        collapse_spaces(element.get(name) or "")
        for element in page.elements((rule,))
        for name in ("data-image", "data-src", "data-original", "src")
        if element.get(name)
    ]
