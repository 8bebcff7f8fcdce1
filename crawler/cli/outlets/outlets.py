"""``bacajuga outlets``: the outlets that are read exactly, the watch on them, and the making of new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from crawler.cli.options import AsJson, examples
from crawler.cli.outlets import outlets_check, outlets_new
from crawler.cli.terminal import print_json, print_table, say

if TYPE_CHECKING:
    from crawler.outlet import Outlet

EXAMPLES = examples(
    "bacajuga outlets",
    "bacajuga outlets detik --json",
    "bacajuga outlets check",
    "bacajuga outlets new first.html second.html --folder my-outlets",
)


class OutletsGroup(TyperGroup):
    """Takes what is no sub-command for the name of an outlet to show."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the sub-command that the first word names; "show" for any other word."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().resolve_command(ctx, args)


outlets = typer.Typer(
    cls=OutletsGroup,
    help=(
        "List the outlets that have rules of their own, show one (bacajuga outlets NAME), look after them, "
        "or add one.\n\n"
        "BACAJUGA_OUTLETS names a folder with outlets of yours."
    ),
    epilog=EXAMPLES,
)


@outlets.callback(invoke_without_command=True)
def list_outlets(context: typer.Context, as_json: AsJson = False) -> None:
    """List the outlets that have rules of their own; any other site is read by general rules."""
    if context.invoked_subcommand is not None:
        return
    from crawler.outlets import OUTLETS

    _print(list(OUTLETS.values()), as_json=as_json)
    if not as_json:
        say(f"{len(OUTLETS)} outlets with rules of their own; any other site is read by general rules.")


@outlets.command("show", epilog=examples("bacajuga outlets show detik"))
def show_outlet(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An outlet's name.")], as_json: AsJson = False
) -> None:
    """Show one outlet: its title, the pace at which it is asked, and its hosts."""
    from crawler.outlets import outlet_named

    _print([outlet_named(name)], as_json=as_json)


outlets.command("check", epilog=outlets_check.EXAMPLES)(outlets_check.check)
outlets.command("new", epilog=outlets_new.EXAMPLES)(outlets_new.new)


def _print(chosen: list[Outlet], *, as_json: bool) -> None:
    rows = [
        {"name": outlet.name, "title": outlet.title, "hosts": list(outlet.hosts), "delay": outlet.delay}
        for outlet in chosen
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("NAME", "OUTLET", "DELAY", "HOSTS"),
        [
            (outlet.name, outlet.title, f"{outlet.delay:g} s", ", ".join(outlet.hosts) or "any other")
            for outlet in chosen
        ],
        flexible=3,
    )
