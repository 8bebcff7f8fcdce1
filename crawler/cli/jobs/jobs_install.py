"""``bacajuga jobs install``: what cron or systemd needs to run jobs."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.jobs.jobs_options import JobsPath, load
from crawler.cli.options import examples
from crawler.cli.terminal import say

EXAMPLES = examples(
    "bacajuga jobs install --systemd",
    "bacajuga jobs install --systemd --serve --write",
    "bacajuga jobs install --cron --write",
)


def install(
    systemd: Annotated[bool, typer.Option("--systemd", help="Units for systemd, run as you.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line for crontab.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="One process that stays, rather than a timer for each job.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Put it in its place, rather than print it.")
    ] = False,
    path: JobsPath = None,
) -> None:
    """Print what lets cron or systemd run the jobs of this jobs file; --write puts it in its place."""
    from crawler.jobs.install import crontab_lines, systemd_units, write_crontab, write_units

    if systemd == cron:
        raise typer.BadParameter("say one of --systemd and --cron", param_hint="'--systemd'")
    found = load(path)
    if cron:
        lines = crontab_lines(found, serve=serve)
        if write:
            write_crontab(lines)
            say("written to your crontab; see it with: crontab -l")
        else:
            print(lines, end="")
        return
    units = systemd_units(found, serve=serve)
    if not write:
        for name, text in units.items():
            print(f"# ~/.config/systemd/user/{name}\n{text}")
        return
    folder = write_units(units)
    say(f"written to {folder}: {', '.join(units)}; start with:")
    say("  systemctl --user daemon-reload")
    starts = (
        "bacajuga-jobs.service"
        if serve
        else " ".join(f"bacajuga-job@{name}.timer" for name, job in found.jobs.items() if job.enabled)
    )
    say(f"  systemctl --user enable --now {starts}")
    say("  loginctl enable-linger      (so that it runs while you are not logged in)")
