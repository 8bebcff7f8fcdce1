"""A user's own outlets: files in a folder of theirs, looked through before any page is read with them."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from cssselect import HTMLTranslator, SelectorError

from crawler.errors import BacaJugaError
from crawler.outlet import Outlet
from crawler.urls import is_web_address

_KINDS = {name: str(kind) for name, kind in Outlet.__annotations__.items()}
_RULES = tuple(name for name, kind in _KINDS.items() if kind == "ClassVar[Rules]")
_TEXTS = tuple(name for name, kind in _KINDS.items() if "tuple[str" in kind)
# What has to be an element: a meta tag or an attribute holds no blocks of text.
_ELEMENTS = frozenset({"body", "noise", "read_also", "caption", "caption_noise"})
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class OutletError(BacaJugaError):
    """An outlet file of the user's own that cannot be used."""


def load_folder(folder: str | Path) -> list[tuple[Path, Outlet]]:
    """Return the outlets of a folder with their files; a file whose name begins with "_" holds none.

    Raises:
        OutletError: when the folder is not there, or a file cannot be loaded or states no proper outlet.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise OutletError(
            f"folder of outlets {str(folder)!r} is not there; OUTLET_FOLDER or BACAJUGA_OUTLETS names it"
        )
    found = [(path, outlet) for path in sorted(place.glob("[!_]*.py")) for outlet in _load_file(path)]
    holders: dict[str, Path] = {}
    for path, outlet in found:
        for what in {outlet.name, *outlet.hosts}:
            if what in holders:
                raise OutletError(f"outlet file {path}: {what!r} is in {holders[what]} too; keep one")
            holders[what] = path
    return found


def _load_file(path: Path) -> list[Outlet]:
    module = _module(path)
    found = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Outlet) and thing.__module__ == module.__name__
    ]
    if not found:
        raise OutletError(f"outlet file {path}: no outlet in it; write class NAME(Outlet): hosts = (...)")
    for kind in found:
        fault = _fault(kind)
        if fault:
            raise OutletError(f"outlet file {path}: {kind.__name__}: {fault}")
        kind.name = vars(kind).get("name") or path.stem
    return [kind() for kind in found]


def _module(path: Path) -> ModuleType:
    # The whole path makes the name: two folders may hold files of the same name.
    name = f"bacajuga_own_outlets_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OutletError(f"outlet file {path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a file of the user's raises is a fault of that file
        del sys.modules[name]
        raise OutletError(
            f"outlet file {path}{_line(error, path)}: {type(error).__name__}: {error}"
        ) from error
    return module


def _line(error: Exception, path: Path) -> str:
    if isinstance(error, SyntaxError):
        return ""  # says its line itself
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return f", line {lines[-1]}" if lines else ""


def _fault(kind: type[Outlet]) -> str | None:
    """Return what is wrong with an outlet's rules, for the person who wrote them."""
    for name, value in vars(kind).items():
        if isinstance(value, tuple | str) and not name.startswith("_") and not hasattr(Outlet, name):
            near = get_close_matches(name, dir(Outlet), n=1)
            if near:
                return f"there is no rule {name!r}; did you mean {near[0]!r}?"
    for name in (*_TEXTS, *_RULES):
        value = getattr(kind, name)
        if not isinstance(value, tuple) or not all(isinstance(each, str) and each for each in value):
            return f"{name} = {value!r} is not a tuple of texts; write {name} = ({_first(value)!r},)"
    for pattern in (*kind.article_id, *kind.not_stories):
        try:
            re.compile(pattern)
        except re.error as error:
            return f"pattern {pattern!r} is not a regular expression: {error}"
    fault = _list_fault(kind)
    if fault:
        return fault
    for name in _RULES:
        for rule in getattr(kind, name):
            fault = _rule_fault(name, rule)
            if fault:
                return f"{name}: {rule!r} is not a rule: {fault}"
    if not kind.hosts or not all(_HOST.fullmatch(host) for host in kind.hosts):
        return f"hosts = {kind.hosts!r}; write the outlet's domains: hosts = ('contoh.co.id',)"
    if not kind.title:
        return "it has no title; write the outlet's name as people know it: title = 'Contoh'"
    if not kind.body:
        return "it does not say where the story's text stands; write body = ('div.isi',)"
    return None


def _list_fault(kind: type[Outlet]) -> str | None:
    """Return what is wrong with the addresses of an outlet's lists."""
    if kind.tag_page is not None and (not isinstance(kind.tag_page, str) or "{slug}" not in kind.tag_page):
        return f"tag_page = {kind.tag_page!r}; write 'https://www.contoh.co.id/tag/{{slug}}'"
    filled: list[tuple[str, dict[str, object]]] = []
    if kind.tag_page:
        filled.append((kind.tag_page, {"slug": "contoh"}))
    filled += [(address, {"day": date(2024, 1, 17)}) for address in kind.date_index]
    filled += [(address, {}) for address in (*kind.news_sitemaps, *kind.feeds)]
    for address, values in filled:
        try:
            whole = address.format(**values)
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            return f"{address!r} cannot be filled in: {type(error).__name__}: {error}"
        if not is_web_address(whole):
            return f"{address!r} is not a web address"
    if kind.list_page is not None and not re.fullmatch(r"\w+=\{\}", str(kind.list_page)):
        return f"list_page = {kind.list_page!r}; write the query of a later page: 'page={{}}'"
    return None


def _rule_fault(name: str, rule: str) -> str | None:
    css, _, attribute = rule.partition("::attr(")
    if css.startswith(("meta:", "ld:")) or attribute:
        if name in _ELEMENTS:
            return "only elements count here"
        if attribute and not attribute.endswith(")"):
            return "it lacks its closing bracket"
        if not attribute:
            return None
    try:
        HTMLTranslator().css_to_xpath(css)
    except SelectorError as error:
        return str(error)
    return None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list | tuple) and value else value
