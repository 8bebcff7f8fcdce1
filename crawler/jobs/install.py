"""Units for systemd and lines for crontab that run the jobs of a jobs file."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from crawler.errors import JobError
from crawler.jobs.job import JobsFile

BEGIN, END = "# begin bacajuga jobs", "# end bacajuga jobs"


def command() -> list[str]:
    """Return how another program starts this one, wherever it stands."""
    beside = Path(sys.executable).parent / "bacajuga"
    found = str(beside) if beside.exists() else shutil.which("bacajuga")
    return [found] if found else [sys.executable, "-m", "crawler"]


def crontab_lines(jobs: JobsFile, *, serve: bool = False) -> str:
    """Return the lines of a crontab: what is due each minute, or a process that stays from the start on."""
    words = [*command(), "jobs", "serve" if serve else "due", "--jobs", str(jobs.path)]
    log = str(jobs.folder / jobs.log_folder / "cron.log")
    folder = shlex.quote(str(Path(log).parent))
    line = f"mkdir -p {folder} && {shlex.join(words)} >> {shlex.quote(log)} 2>&1"
    # A percent sign is a line end to cron.
    line = line.replace("%", r"\%")
    when = "@reboot" if serve else "* * * * *"
    return f"{BEGIN} {jobs.path}\n{when} {line}\n{END} {jobs.path}\n"


def systemd_units(jobs: JobsFile, *, serve: bool = False) -> dict[str, str]:
    """Return units by file name: a timer for each job by way of a template, or one service that stays."""
    path = str(jobs.path)
    if serve:
        start = _systemd_words([*command(), "jobs", "serve", "--jobs", path])
        service = _SERVE.format(path=_escaped(path), folder=_escaped(str(jobs.folder)), start=start)
        return {"bacajuga-jobs.service": service}
    start = _systemd_words([*command(), "jobs", "due", "%i", "--jobs", path])
    return {
        "bacajuga-job@.service": _DUE.format(
            path=_escaped(path), folder=_escaped(str(jobs.folder)), start=start
        ),
        "bacajuga-job@.timer": _TIMER,
    }


def write_units(units: dict[str, str]) -> Path:
    """Write units to the user's folder for them, and return it.

    Raises:
        JobError: when they cannot be written.
    """
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    folder = base / "systemd" / "user"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise JobError(f"cannot write to {folder}: {error.strerror}; print them without --write") from error
    return folder


def write_crontab(lines: str) -> None:
    """Put the lines into the user's crontab, in the place of those of the same jobs file.

    Raises:
        JobError: when there is no crontab command, or it fails.
    """
    try:
        held = subprocess.run(["crontab", "-l"], capture_output=True, text=True)
        # It fails, and says so, when there is no crontab yet.
        if held.returncode and "no crontab" not in held.stderr:
            raise JobError(f"crontab -l: {held.stderr.strip()}; nothing was changed")
        new = with_lines(held.stdout if not held.returncode else "", lines)
        done = subprocess.run(["crontab", "-"], input=new, capture_output=True, text=True)
    except OSError as error:
        raise JobError(f"crontab: {error.strerror}; install cron, or use --systemd") from error
    if done.returncode:
        raise JobError(f"crontab: {done.stderr.strip() or done.returncode}; nothing was changed")


def with_lines(crontab: str, lines: str) -> str:
    """Return a crontab with the lines in the place of those between the same marks, or at its end."""
    begin, end = lines.splitlines()[0], lines.splitlines()[-1]
    old = re.compile(rf"^{re.escape(begin)}\n.*?^{re.escape(end)}\n?", re.DOTALL | re.MULTILINE)
    rest = old.sub("", crontab)
    return (f"{rest.rstrip()}\n" if rest.strip() else "") + lines


def _systemd_words(words: list[str]) -> str:
    """Return a command as ExecStart= reads it; %i stays, any other percent sign is doubled."""
    return " ".join(word if word == "%i" else _escaped(_quoted(word)) for word in words)


def _quoted(word: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./-]+", word):
        return word
    inner = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{inner}"'


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


_SERVE = """[Unit]
Description=Baca Juga: jobs of {path}
After=network-online.target

[Service]
WorkingDirectory={folder}
ExecStart={start}
Restart=always
RestartSec=10
# The runs are asked to stop by it; each has 10 seconds, and its files.
KillMode=mixed
TimeoutStopSec=60
Nice=5

[Install]
WantedBy=default.target
"""

_DUE = """[Unit]
Description=Baca Juga: job %i of {path}
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={start}
# 3 to 8: the crawl went as it should, and says what stood in its way; see bacajuga jobs history.
SuccessExitStatus=3 4 5 6 7 8
KillMode=mixed
TimeoutStopSec=60
Nice=5
"""

# The jobs file says when the job is due: the timer only asks.
_TIMER = """[Unit]
Description=Baca Juga: asks each minute whether job %i is due

[Timer]
OnCalendar=minutely
Persistent=true

[Install]
WantedBy=timers.target
"""
