"""The ``bacajuga`` command with its sub-commands, one file each."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from crawler import __version__
from crawler.cli import crawl, dedupe, demo, diff, export, read, reread, show, why
from crawler.cli.db import db
from crawler.cli.failing import one_line_errors
from crawler.cli.options import examples
from crawler.cli.outlets import outlets
from crawler.cli.topics import topics

EXAMPLES = examples(
    "bacajuga demo                            a whole crawl, without network",
    "bacajuga crawl data-breach               start from the topic's seeds",
    "bacajuga export articles -o stories.csv",
    "bacajuga why URL                         how a story was found",
)


class CommandGroup(TyperGroup):
    """Runs a command; whatever it raises ends in one line and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        with one_line_errors(debug=bool(ctx.params.get("debug"))):
            return super().invoke(ctx)


app = typer.Typer(
    cls=CommandGroup,
    name="bacajuga",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bacajuga {__version__}")
        raise typer.Exit


@app.callback()
def bacajuga(
    debug: Annotated[
        bool, typer.Option("--debug", envvar="BACAJUGA_DEBUG", help="Show where an error happened.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Follow a story through Indonesian news the way its editors link it: by "Baca juga"."""


app.command("crawl", epilog=crawl.EXAMPLES)(crawl.crawl)
app.command("demo", epilog=demo.EXAMPLES)(demo.demo)
app.command("read", epilog=read.EXAMPLES)(read.read)
app.command("reread", epilog=reread.EXAMPLES)(reread.reread)
app.command("export", epilog=export.EXAMPLES)(export.export)
app.command("show", epilog=show.EXAMPLES)(show.show)
app.command("diff", epilog=diff.EXAMPLES)(diff.diff)
app.command("why", epilog=why.EXAMPLES)(why.why)
app.command("dedupe", epilog=dedupe.EXAMPLES)(dedupe.dedupe)
app.add_typer(outlets, name="outlets")
app.add_typer(topics, name="topics")
app.add_typer(db, name="db")
