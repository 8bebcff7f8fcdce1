"""The outlets we read exactly, one module each, and the one that reads any other site."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from crawler.errors import UnknownOutlet
from crawler.outlet import Outlet
from crawler.outlets.generic import Generic
from crawler.urls import host_of


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
        raise UnknownOutlet(f"no outlet named {name!r}; known: {', '.join(OUTLETS)}") from None


@lru_cache(maxsize=4096)
def _outlet_of_host(host: str) -> Outlet:
    labels = host.split(":")[0].split(".")
    for start in range(len(labels)):
        outlet = _BY_DOMAIN.get(".".join(labels[start:]))
        if outlet:
            return outlet
    return _GENERIC
