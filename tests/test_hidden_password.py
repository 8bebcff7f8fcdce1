"""A password given on the command line is not to be seen in the list of processes."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from crawler.cli.hidden_password import without_address
from tests.crawling import clean_environment, command

ADDRESS = "postgresql://me:rahasia@127.0.0.1:9/news"


@pytest.mark.parametrize(
    ("arguments", "left", "address"),
    [
        (["crawl", "x", "--db", ADDRESS, "-q"], ["crawl", "x", "-q"], ADDRESS),
        (["crawl", "x", f"--db={ADDRESS}"], ["crawl", "x"], ADDRESS),
        (["crawl", "x", "-s", f"DATABASE_URL={ADDRESS}"], ["crawl", "x"], ADDRESS),
        (["crawl", "x", "--set", f"DATABASE_URL={ADDRESS}"], ["crawl", "x"], ADDRESS),
        (["crawl", "x", f"--set=DATABASE_URL={ADDRESS}"], ["crawl", "x"], ADDRESS),
        (["crawl", "x", f"-sDATABASE_URL={ADDRESS}"], ["crawl", "x"], ADDRESS),
        (["crawl", "x", "-s", "HOST_DELAY=1"], ["crawl", "x", "-s", "HOST_DELAY=1"], None),
        (["crawl", "x", "--db", "postgresql://me@h/n"], ["crawl", "x", "--db", "postgresql://me@h/n"], None),
        (
            ["stats", "--db", "postgresql://h/n?user=me&password=x"],
            ["stats"],
            "postgresql://h/n?user=me&password=x",
        ),
        (["stats", "--db"], ["stats", "--db"], None),
    ],
)
def test_address_with_a_password_goes_to_the_environment(
    arguments: list[str], left: list[str], address: str | None
) -> None:
    assert without_address(arguments) == (left, address)


def test_running_command_does_not_show_the_password(tmp_path: Path) -> None:
    # The database does not answer for a while: time to look.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://me:rahasia@127.0.0.1:{silent.getsockname()[1]}/news"
        process = subprocess.Popen(
            command("stats", "--db", address), stderr=subprocess.PIPE, text=True, env=clean_environment()
        )
        try:
            silent.accept()  # it has come so far
            shown = Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8")
        finally:
            process.kill()
            assert process.stderr is not None
            said = process.stderr.read()
            process.wait()
    assert "stats" in shown
    assert "rahasia" not in shown + said
