"""Processes by machine, number and birth: whether one is still there, and how to end it with its children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEPARATOR = "|"
PROCESSES = Path("/proc")  # Linux has it, others have ps


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its number alone may be given to another one later."""

    machine: str
    pid: int
    birth: str  # of the same form on the same machine; empty where the system does not tell

    def __str__(self) -> str:
        return SEPARATOR.join((self.machine, str(self.pid), self.birth))

    @property
    def is_here(self) -> bool:
        """Whether it ran on this machine since it was switched on, where its number can be looked up."""
        return self.machine == this_machine()

    @property
    def is_alive(self) -> bool:
        """Whether it is still there; only for a process of this machine."""
        return _birth(self.pid) == self.birth if self.birth else _answers(self.pid)

    def end(self, patience: float = 5.0) -> bool:
        """Kill the process and its group, if it leads one; return whether it is gone."""
        give_up_at = time.monotonic() + patience
        while self.is_alive:
            with suppress(ProcessLookupError, PermissionError):
                leads = os.getpgid(self.pid) == self.pid
                (os.killpg if leads else os.kill)(self.pid, signal.SIGKILL)
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.02)
        return True


def process_of(text: str) -> Process:
    """Return the process that ``str`` wrote.

    >>> process_of("host/1/2|77|123").pid
    77
    """
    machine, pid, birth = text.rsplit(SEPARATOR, 2)
    return Process(machine, int(pid), birth)


def this_process(pid: int | None = None) -> Process:
    """Return this process, or another one of this machine."""
    number = pid or os.getpid()
    return Process(this_machine(), number, _birth(number))


@cache
def this_machine() -> str:
    """Return a name for this machine since it was switched on, and for where process numbers count."""
    boot, space = "", ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    with suppress(OSError):
        # Two containers may bear the same host name, and each counts its own processes.
        space = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    return "/".join(part for part in (socket.gethostname(), boot, space) if part)


def _birth(pid: int) -> str:
    """Return when a process was started; empty for one that is not there, or dead and not yet collected."""
    if (PROCESSES / "self" / "stat").exists():
        try:
            # The name in brackets may hold spaces and brackets of its own.
            fields = (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    try:
        said = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    except OSError:
        return ""
    return " ".join(said.stdout.split())


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
