"""``bacajuga demo``: a whole crawl of the bundled sample web, without network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.crawl import status_of
from crawler.cli.loudness import crawl_log
from crawler.cli.options import AsJson, examples
from crawler.cli.terminal import print_json, say

EXAMPLES = examples(
    "bacajuga demo",
    "bacajuga demo --keep demo-output",
)


def demo(
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep the database and the CSV files in this folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Crawl a small news web that comes with the program, from the story that started the project.

    Its pages have the outlets' real markup and our own sentences; nothing leaves this machine.
    """
    import tempfile

    from crawler.cli.crawl_report import print_report, report_record
    from crawler.demo.run import run_demo

    with tempfile.TemporaryDirectory(prefix="bacajuga-demo-") as scratch:
        folder = keep or Path(scratch)
        say("Crawling the sample web from one Tribunnews story of May 2021 ...")
        result = run_demo(folder, **crawl_log())
        if as_json:
            print_json(report_record(result.report))
        next_steps = [f"why '{result.newest_url}'", f"show '{result.newest_url}'"] if keep else []
        print_report(result.report, next_steps)
        if keep is not None:
            say("")
            say(f"  {result.database}      the store: open it with any SQLite tool")
            say(f"  {result.articles_file}     {result.articles} stories")
            say(f"  {result.links_file}        {result.links} read-also links")
        else:
            say("  nothing was kept; keep it with: bacajuga demo --keep DIR")
    raise typer.Exit(status_of(result.report))
