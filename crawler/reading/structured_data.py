"""What a page says about itself in JSON-LD: the article object, its people, pictures and breadcrumb."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Posting|Report)$")
LIVE = "LiveBlogPosting"

_COMMENT = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DEEPEST = 12


def json_ld_objects(scripts: Iterable[str]) -> list[dict[str, Any]]:
    """Return every JSON-LD object of the scripts, lists and ``@graph`` flattened, broken scripts left out."""
    found: list[dict[str, Any]] = []
    for script in scripts:
        _flatten(_load(script), found, 0)
    return found


def article_object(objects: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the object that describes the story, or an empty one.

    Pages carry several: of those with an article's type the fullest wins, so that a bare ``WebPage`` twin or
    the teaser of another story does not.
    """
    articles = [o for o in objects if any(ARTICLE_TYPES.search(t) for t in types_of(o))]
    return max(articles, key=lambda o: ("datePublished" in o, "headline" in o, len(o)), default={})


def is_live_ticker(objects: list[dict[str, Any]]) -> bool:
    """Say whether the page describes itself as a live ticker and as no article beside."""
    types = [t for thing in objects for t in types_of(thing) if ARTICLE_TYPES.search(t)]
    return bool(types) and all(t == LIVE for t in types)


def types_of(thing: dict[str, Any]) -> list[str]:
    """Return the ``@type`` of an object as a list of plain names."""
    value = thing.get("@type") or []
    values = value if isinstance(value, list) else [value]
    return [str(v).rsplit("/", 1)[-1] for v in values]


def breadcrumb(objects: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of the page's ``BreadcrumbList``, in order."""
    for thing in objects:
        if "BreadcrumbList" in types_of(thing):
            items = thing.get("itemListElement")
            names = (
                [_breadcrumb_name(i) for i in items if isinstance(i, dict)] if isinstance(items, list) else []
            )
            return [n for n in names if n]
    return []


def strings(value: Any) -> list[str]:
    """Return the texts in a JSON-LD value: a string, an object with a ``name``, or a list of either."""
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        return strings(value.get("name"))
    return [value] if isinstance(value, str) and value.strip() else []


def first_url(value: Any) -> str | None:
    """Return the first address in a JSON-LD value: a text, an object with a ``url``, or a list of either."""
    if isinstance(value, list):
        return next((url for item in value if (url := first_url(item))), None)
    if isinstance(value, dict):
        return first_url(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return value if isinstance(value, str) and value.strip() else None


def _load(script: str) -> Any:
    text = _COMMENT.sub("", script or "").strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            # Real pages hold raw line breaks and other control characters inside strings.
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: Any, into: list[dict[str, Any]], depth: int) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            _flatten(item, into, depth + 1)
    elif isinstance(value, dict):
        into.append(value)
        for key in ("@graph", "mainEntity"):
            _flatten(value.get(key), into, depth + 1)


def _breadcrumb_name(item: dict[str, Any]) -> str:
    target = item.get("item")
    name = item.get("name") or (target.get("name") if isinstance(target, dict) else None)
    return name.strip() if isinstance(name, str) else ""
