"""What the Tab key offers: topics, outlets, jobs and settings by name; files where nothing of ours fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from crawler.errors import BacaJugaError

# A name to complete, or a name and what it means.
Offer = str | tuple[str, str]

SHELF = Path(__file__).parent.parent / "topics"


def topic_names() -> list[Offer]:
    """Return the topics that come with the package; a file of one's own is offered by the shell."""
    return sorted(path.stem for path in SHELF.glob("*.toml"))


def outlet_names() -> list[Offer]:
    """Return the outlets that have rules of their own, those of BACAJUGA_OUTLETS too, with their titles."""
    from crawler.outlets import OUTLETS

    return [(outlet.name, outlet.title) for outlet in OUTLETS.values()]


def job_names() -> list[Offer]:
    """Return the jobs of the file that ``bacajuga jobs`` would take; none when there is none."""
    import tomllib

    from crawler.jobs.jobs_file import find_jobs_file

    # Not read as a whole: the names of a file with a mistake in it are of use, too.
    try:
        jobs = tomllib.loads(find_jobs_file(None).read_text(encoding="utf-8")).get("jobs", {})
    except (OSError, ValueError):
        return []
    return [(name, str(job.get("topic", ""))) for name, job in jobs.items() if isinstance(job, dict)]


def setting_names() -> list[Offer]:
    """Return our settings, each with its equals sign."""
    from importlib import import_module

    # By its name, as Scrapy loads it: the code of the crawler does not stand on it.
    return [f"{name}=" for name in sorted(vars(import_module("settings.base"))) if name.isupper()]


def page_kinds() -> list[Offer]:
    """Return what ``bacajuga read --as`` takes a page for."""
    from crawler.cli.read import KINDS

    return list(KINDS)


# By the name of the group (empty for the program itself and for every other), then of the parameter.
OFFERS: dict[tuple[str, str], Callable[[], Iterable[Offer]]] = {
    ("", "topic"): topic_names,
    ("", "outlet"): outlet_names,
    ("", "outlets"): outlet_names,
    ("", "settings"): setting_names,
    ("", "kind"): page_kinds,
    ("jobs", "name"): job_names,
    ("jobs", "names"): job_names,
    ("outlets", "name"): outlet_names,
}
NEW = "new"  # "outlets new --name" and "topics new NAME" are given a name that there is not yet


def attach(group: Any, name: str = "") -> None:
    """Let the parameters of all commands below a group offer their names.

    Here, and not where each command is declared, so that every command with a topic offers topics.

    Args:
        group: Typer's group, with its ``commands``.
        name: what it is called.
    """
    for command in group.commands.values():
        if hasattr(command, "commands"):
            attach(command, command.name)
        for parameter in command.params:
            offer = OFFERS.get((name, parameter.name)) or OFFERS.get(("", parameter.name))
            if offer is not None and command.name != NEW:
                # What Typer sets for "autocompletion", which can be given at a declaration only.
                parameter._custom_shell_complete = _completer(offer)


def _completer(offer: Callable[[], Iterable[Offer]]) -> Callable[[Any, Any, str], list[Any]]:
    def complete(_context: Any, _parameter: Any, incomplete: str) -> list[Any]:
        from typer._click.shell_completion import CompletionItem

        try:
            offers = list(offer())
        except BacaJugaError:
            return []  # the command itself tells what is wrong
        # The last of several: --outlet detik,kom
        before, comma, begun = incomplete.rpartition(",")
        found = []
        for each in offers:
            name, meaning = each if isinstance(each, tuple) else (each, None)
            if name.startswith(begun):
                found.append(CompletionItem(f"{before}{comma}{name}", help=meaning))
        return found

    return complete
