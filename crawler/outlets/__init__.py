"""The outlets we read exactly, one module each, and the one that reads any other site."""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
from functools import lru_cache

from crawler.errors import UnknownOutlet
from crawler.near_names import nearest_first
from crawler.outlet import Outlet
from crawler.outlets.generic import Generic
from crawler.own_outlets import load_folder
from crawler.urls import host_of

logger = logging.getLogger(__name__)


def _load_outlets() -> dict[str, Outlet]:
    """Return the outlets of this package's modules by name: each module holds classes of Outlet."""
    found: dict[str, Outlet] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for thing in vars(module).values():
            own = (
                isinstance(thing, type) and issubclass(thing, Outlet) and thing.__module__ == module.__name__
            )
            if own and thing.hosts:
                thing.name = thing.name or info.name
                found[thing.name] = thing()
    return dict(sorted(found.items()))


OUTLETS: dict[str, Outlet] = _load_outlets()
_GENERIC = Generic()
_BY_DOMAIN = {domain: outlet for outlet in OUTLETS.values() for domain in outlet.hosts}
_FOLDERS: set[str] = set()  # those of the user's that have been added


def add_outlets(folder: str) -> None:
    """Add the outlets of a user's own folder; one of the same name or host takes the place of ours.

    Nothing is done for an empty name, or for a folder that has been added.

    Raises:
        OutletError: when a file in it cannot be used.
    """
    if not folder or folder in _FOLDERS:
        return
    own = load_folder(folder)
    _FOLDERS.add(folder)
    for path, outlet in own:
        replaced = {_BY_DOMAIN[host].name for host in outlet.hosts if host in _BY_DOMAIN}
        if outlet.name in OUTLETS:
            replaced.add(outlet.name)
            for host in OUTLETS[outlet.name].hosts:
                _BY_DOMAIN.pop(host, None)
        if replaced:
            logger.warning(
                "%s takes the place of bacajuga's own outlet %s", path, ", ".join(sorted(replaced))
            )
        OUTLETS[outlet.name] = outlet
        _BY_DOMAIN.update(dict.fromkeys(outlet.hosts, outlet))
    _outlet_of_host.cache_clear()


def outlet_for(url: str) -> Outlet:
    """Return the outlet that an address belongs to; the generic one for any site that we do not know."""
    return _outlet_of_host(host_of(url))


def outlet_named(name: str) -> Outlet:
    """Return the outlet with a name."""
    if name == _GENERIC.name:
        return _GENERIC
    try:
        return OUTLETS[name]
    except KeyError:
        known = ", ".join(nearest_first(name, OUTLETS))
        raise UnknownOutlet(f"no outlet named {name!r}; known: {known}") from None


@lru_cache(maxsize=4096)
def _outlet_of_host(host: str) -> Outlet:
    labels = host.split(":")[0].split(".")
    for start in range(len(labels)):
        outlet = _BY_DOMAIN.get(".".join(labels[start:]))
        if outlet:
            return outlet
    return _GENERIC


# Here, so that every command and program that reads a page knows them; the setting can name another folder.
add_outlets(os.environ.get("BACAJUGA_OUTLETS", ""))
