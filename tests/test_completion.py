"""The Tab key, in a real bash, and in zsh and fish where they are installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.outlets import OUTLETS
from tests.crawling import TIMEOUT, clean_environment

# Sources what "--show-completion" prints, fills in what bash would, and asks the function that it names.
ASK_BASH = """
source <(_BACAJUGA_COMPLETE=source_bash bacajuga)
complete -p bacajuga >&2
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMPREPLY=()
_bacajuga_completion bacajuga "${COMP_WORDS[COMP_CWORD]}" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, with the program first on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "bacajuga"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m crawler "$@"\n')
    program.chmod(0o755)
    (tmp_path / "jobs.toml").write_text(
        '[jobs.pagi]\ntopic = "data-breach"\nevery = "1h"\n[jobs.malam]\ntopic = "uu-pdp"\nevery = "1d"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    root = str(Path(__file__).parent.parent)
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return clean_environment() | {"HOME": str(home), "PATH": path, "PYTHONPATH": root, "TERM": "dumb"}


def offered(home: Path, line: str) -> list[str]:
    """Return what bash offers at the end of a line; a space at its end begins a new word."""
    words = [*shlex.split(line), ""] if line.endswith(" ") else shlex.split(line)
    asked = subprocess.run(
        ["bash", "--norc", "-c", ASK_BASH, "bash", *words],
        capture_output=True, text=True, timeout=TIMEOUT, env=environment(home), cwd=home,
    )  # fmt: skip
    # Where nothing of ours fits, "-o default" lets bash offer files.
    assert asked.stderr == "complete -o default -F _bacajuga_completion bacajuga\n", asked.stderr
    return asked.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bacajuga doc", ["doctor"]),
        ("bacajuga crawl da", ["data-breach"]),
        ("bacajuga topics show u", ["uu-pdp"]),
        ("bacajuga export articles --topic r", ["ransomware"]),
        ("bacajuga export articles --format js", ["jsonl"]),
        ("bacajuga outlets show detik", ["detik"]),
        ("bacajuga outlets check tri", ["tribunnews"]),
        ("bacajuga crawl data-breach --outlet detik,komp", ["detik,kompas"]),
        ("bacajuga crawl data-breach --outlet temp", ["tempo"]),
        ("bacajuga search kotz --outlet temp", ["tempo"]),
        ("bacajuga reread --outlet temp", ["tempo"]),
        ("bacajuga -q threads da", ["data-breach"]),
        ("bacajuga report uu", ["uu-pdp"]),
        ("bacajuga brief data-breach --qu", ["--quiet"]),
        ("bacajuga jobs history p", ["pagi"]),
        ("bacajuga jobs run ", ["pagi", "malam"]),
        ("bacajuga jobs due m", ["malam"]),
        ("bacajuga crawl data-breach -s HOST_", ["HOST_DELAY="]),
        ("bacajuga read page.html --as tag", ["tag_page"]),
        ("bacajuga brief data-breach --lang ", ["id", "en"]),
        # Files, which bash itself offers.
        ("bacajuga crawl ./my", []),
        ("bacajuga export articles -o ", []),
        ("bacajuga read ", []),
        ("bacajuga export articles --db ", []),
    ],
)
def test_bash_offers(home: Path, line: str, expected: list[str]) -> None:
    assert offered(home, line) == expected


def test_all_outlets_are_offered(home: Path) -> None:
    assert offered(home, "bacajuga outlets show ") == list(OUTLETS)


def test_mistake_in_the_jobs_file_offers_no_job_and_prints_nothing(home: Path) -> None:
    (home / "jobs.toml").write_text("[jobs")
    assert offered(home, "bacajuga jobs run ") == []


def in_shell(home: Path, shell: str, script: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    ran = subprocess.run(
        [shell, "-c", script],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env=environment(home),
        cwd=home,
    )
    assert "Traceback" not in ran.stderr
    return ran.stdout


def test_fish_offers(home: Path) -> None:
    script = 'env _BACAJUGA_COMPLETE=source_fish bacajuga | source; complete -C "bacajuga crawl da"'
    assert in_shell(home, "fish", script).split() == ["data-breach"]


def test_zsh_offers(home: Path) -> None:
    script = """
        autoload -Uz compinit; compinit -u
        eval "$(_BACAJUGA_COMPLETE=source_zsh bacajuga)"
        print -- ${_comps[bacajuga]}
        words=(bacajuga crawl da); CURRENT=3
        _arguments() { print -- $* }
        _bacajuga_completion
    """
    function, offers = in_shell(home, "zsh", script).strip().splitlines()
    assert (function, "data-breach" in offers) == ("_bacajuga_completion", True)


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", ".bash_completions/bacajuga.sh"),
        ("zsh", ".zfunc/_bacajuga"),
        ("fish", ".config/fish/completions/bacajuga.fish"),
    ],
)
def test_it_installs_itself(home: Path, shell: str, file: str) -> None:
    in_shell(home, shell, "bacajuga --install-completion; true")
    assert "_BACAJUGA_COMPLETE=complete_" in (home / file).read_text()
    assert (
        in_shell(home, shell, "bacajuga --show-completion; true").strip() == (home / file).read_text().strip()
    )
