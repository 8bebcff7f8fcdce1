"""The ``bacajuga`` command with its sub-commands, one file each."""

from __future__ import annotations

import logging
import time
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from crawler import __version__
from crawler.cli import (
    brief,
    crawl,
    dedupe,
    demo,
    diff,
    doctor,
    export,
    loudness,
    read,
    report,
    reread,
    search,
    show,
    stats,
    threads,
    timeline,
    why,
    yields,
)
from crawler.cli.db import db
from crawler.cli.failing import one_line_errors
from crawler.cli.help_page import shape, shape_parameter
from crawler.cli.jobs.jobs import jobs
from crawler.cli.options import examples
from crawler.cli.outlets.outlets import outlets
from crawler.cli.snapshot import snapshot
from crawler.cli.topics.topics import topics

logger = logging.getLogger("crawler.cli")
EXAMPLES = examples(
    "bacajuga demo                            a whole crawl, without network",
    "bacajuga crawl data-breach               start from the topic's seeds",
    "bacajuga export articles -o stories.csv",
    "bacajuga why URL                         how a story was found",
)


class CommandGroup(TyperGroup):
    """Runs a command; whatever it raises ends in one line and an exit status."""

    def __init__(self, **attributes: Any) -> None:
        """Give all commands what all have: -v and -q, and help that reads well."""
        super().__init__(**attributes)
        shape(self, [each for each in self.params if each.name in ("verbose", "quiet")])

    def get_params(self, ctx: Any) -> list[Any]:
        """Return all parameters; Typer adds those of the completion last."""
        parameters = super().get_params(ctx)
        for each in parameters:
            shape_parameter(each)
        return parameters

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Begin a command as if nothing had been run before, which matters to a program that runs several."""
        loudness.begin()
        return super().make_context(*args, **kwargs)

    def _main_shell_completion(self, *args: Any, **kwargs: Any) -> None:
        """Answer the shell when it asks what could come next; it does so before anything is run."""
        from crawler.cli.completion import attach

        attach(self)
        super()._main_shell_completion(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        begun = time.monotonic()
        with one_line_errors(debug=bool(ctx.params.get("debug"))):
            try:
                return super().invoke(ctx)
            finally:
                logger.info("bacajuga %s ended after %.1f s", __version__, time.monotonic() - begun)


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
    verbose: loudness.Verbose = False,
    quiet: loudness.Quiet = False,
) -> None:
    """Follow a story through Indonesian news the way its editors link it: by "Baca juga"."""


app.command("crawl", epilog=crawl.EXAMPLES)(crawl.crawl)
app.command("demo", epilog=demo.EXAMPLES)(demo.demo)
app.command("read", epilog=read.EXAMPLES)(read.read)
app.command("reread", epilog=reread.EXAMPLES)(reread.reread)
app.command("search", epilog=search.EXAMPLES)(search.search)
app.command("stats", epilog=stats.EXAMPLES)(stats.stats)
app.command("threads", epilog=threads.EXAMPLES)(threads.threads)
app.command("timeline", epilog=timeline.EXAMPLES)(timeline.timeline)
app.command("export", epilog=export.EXAMPLES)(export.export)
app.command("show", epilog=show.EXAMPLES)(show.show)
app.command("diff", epilog=diff.EXAMPLES)(diff.diff)
app.command("why", epilog=why.WHY_EXAMPLES)(why.why)
app.command("why-not", epilog=why.WHY_NOT_EXAMPLES)(why.why_not)
app.command("yields", epilog=yields.EXAMPLES)(yields.yields)
app.command("brief", epilog=brief.EXAMPLES)(brief.brief)
app.command("report", epilog=report.EXAMPLES)(report.report)
app.command("doctor", epilog=doctor.EXAMPLES)(doctor.doctor)
app.command("dedupe", epilog=dedupe.EXAMPLES)(dedupe.dedupe)
app.add_typer(outlets, name="outlets")
app.add_typer(topics, name="topics")
app.add_typer(jobs, name="jobs")
app.add_typer(snapshot, name="snapshot")
app.add_typer(db, name="db")
