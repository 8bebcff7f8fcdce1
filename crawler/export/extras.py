"""Libraries that only some formats need, and that the base install does without."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from crawler.errors import ExportError


def needed(module: str, extra: str) -> ModuleType:
    """Return a module that an extra of bacajuga brings.

    Args:
        module: its name.
        extra: name of the extra.

    Raises:
        ExportError: when it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ExportError(
            f"{module.partition('.')[0]} is not installed, which this format needs; "
            f"install it with: pip install 'bacajuga[{extra}]'"
        ) from error
