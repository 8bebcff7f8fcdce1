"""README.md and CONTRIBUTING.md say what is so: commands, settings, columns, exit statuses, paths, output."""

from __future__ import annotations

import ast
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pytest
import typer
from scrapy.settings import default_settings
from typer.core import TyperGroup
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.export.columns import ARTICLE_COLUMNS, LINK_COLUMNS, Column
from crawler.spiders.baca_juga import BacaJugaSpider
from crawler.topic.topic_file import read_topic_file

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
FENCE = re.compile(r"^```(\w*)\s*$")
INLINE = re.compile(r"`([^`]+)`")
OUR_PATH = re.compile(r"(?:crawler|pipelines|settings|tests|\.ci)/[\w./-]*")
PLACEHOLDER = re.compile(r"[A-Z]{2,}")
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
BACAJUGA = typer.main.get_command(app)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a document, or the code in it, and where it stands."""

    document: str
    number: int
    text: str
    language: str = ""  # of the fenced block around it

    def __str__(self) -> str:
        return f"{self.document}:{self.number}"


def lines_of(document: str) -> Iterator[Line]:
    language = None
    text = (ROOT / document).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        fence = FENCE.match(line)
        if fence:
            language = (fence[1] or "text") if language is None else None
        else:
            yield Line(document=document, number=number, text=line, language=language or "")


LINES = [line for document in DOCUMENTS for line in lines_of(document)]
SPANS = [
    Line(document=line.document, number=line.number, text=span.replace(r"\|", "|"))
    for line in LINES
    if not line.language
    for span in INLINE.findall(line.text)
]


def shell_lines() -> Iterator[Line]:
    """Yield what a reader would type, in blocks and within sentences."""
    for line in LINES:
        if line.language == "console" and line.text.startswith("$ "):
            yield Line(document=line.document, number=line.number, text=line.text[2:])
        elif line.language == "sh":
            yield line
    yield from SPANS


def commands_of(text: str) -> Iterator[list[str]]:
    """Yield the words of each command in a shell line, without the variables set before it."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        tokens = [*lexer, ";"]
    except ValueError:  # an apostrophe in a sentence: not a command
        return
    words: list[str] = []
    for token in tokens:
        if set(token) <= set("();<>|&"):
            if words:
                yield words
            words = []
        elif words or "=" not in token:
            words.append(token)


def typed(program: str) -> list[Any]:
    """Return a test parameter for each command line of a program: where it stands, and its words."""
    return [
        pytest.param(line, words[1:], id=f"{line} {' '.join(words)}"[:100])
        for line in shell_lines()
        for words in commands_of(line.text)
        if Path(words[0]).name == program and len(words) > 1
    ]


def table_below(words: str) -> list[list[str]]:
    """Return the cells of README's first table below a line, without its heading."""
    readme = [line for line in LINES if line.document == "README.md"]
    starts = [index for index, line in enumerate(readme) if line.text.startswith(words) and not line.language]
    assert starts, f"README.md has no line that begins with {words!r}: put it back, with its table below"
    rows: list[list[str]] = []
    for line in readme[starts[0] + 1 :]:
        if line.text.startswith("|"):
            rows.append(
                [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.text)[1:-1]]
            )
        elif rows:
            break
    return rows[2:]


def leaves(command: Any = BACAJUGA, name: str = "") -> Iterator[str]:
    """Yield the names of all commands: "crawl", "db upgrade"."""
    if isinstance(command, TyperGroup):
        for child, sub_command in command.commands.items():
            yield from leaves(sub_command, f"{name} {child}".strip())
        if command.invoke_without_command and name:
            yield name
    else:
        yield name


def parse(command: Any, words: list[str], parent: Any = None, name: str = "bacajuga") -> str:
    """Return the name of the command that the words call.

    Raises:
        typer.TyperException: when there is no such command or option, or an argument is missing.
    """
    context = command.make_context(name, list(words), parent=parent)
    rest = [*getattr(context, "_protected_args", []), *context.args]
    if not isinstance(command, TyperGroup) or not rest:
        return name
    child, sub_command, rest = command.resolve_command(context, rest)
    called = parse(sub_command, rest, context, child)
    return called if parent is None else f"{name} {called}"


# Commands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "words"), typed("bacajuga"))
def test_bacajuga_command_parses(line: Line, words: list[str]) -> None:
    if " ".join(words) in leaves():
        return  # a command is only named
    try:
        parse(BACAJUGA, words)
    except typer.Exit:
        pass  # --help and --version
    except typer.TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        pytest.fail(f"{line}: bacajuga {' '.join(words)}: {said} Mend the line, or bring the option back.")


@pytest.mark.parametrize("name", sorted(leaves()))
def test_every_command_is_in_the_readme(name: str) -> None:
    shown = {
        " ".join(words[: len(name.split())])
        for line in shell_lines()
        if line.document == "README.md"
        for _, *words in commands_of(line.text)
    }
    assert name in shown, f"README.md never shows `bacajuga {name}`: add it where people look for it"


@pytest.mark.parametrize(("line", "words"), typed("make"))
def test_make_target_exists(line: Line, words: list[str]) -> None:
    unknown = {word for word in words if "=" not in word} - make_targets()
    assert not unknown, f"{line}: the Makefile has no target {', '.join(unknown)}; it has {make_targets()}"


def test_every_make_target_is_in_the_readme() -> None:
    shown = {row[0].strip("`").removeprefix("make ") for row in table_below("## How to check")}
    missing = make_targets() - shown
    assert not missing, f"README.md, How to check: add a row for make {', make '.join(missing)}"


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[0].split())


@pytest.mark.parametrize(("line", "words"), typed("scrapy"))
def test_scrapy_finds_the_spider(line: Line, words: list[str]) -> None:
    if words in (["list"], ["crawl"]):
        return
    assert words[:2] == ["crawl", BacaJugaSpider.name], f"{line}: the spider is {BacaJugaSpider.name}"
    known = BacaJugaSpider.__init__.__code__.co_varnames
    for option, value in pairwise(words):
        name = value.partition("=")[0]
        assert option != "-a" or name in known, f"{line}: the spider takes no argument {name}"


@pytest.mark.parametrize(("line", "words"), [*typed("python"), *typed("pytest")])
def test_python_and_pytest_find_their_files(line: Line, words: list[str]) -> None:
    for option, value in pairwise(["", *words]):
        if option == "-m":
            assert find_spec(value), f"{line}: there is no module {value}"
        elif value.startswith("tests"):
            assert (ROOT / value.partition("::")[0]).exists(), f"{line}: there is no {value}"


@pytest.mark.parametrize(("line", "words"), typed("pip"))
def test_pip_finds_the_extras(line: Line, words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in re.findall(r"\[(\w+)\]", " ".join(words)):
        assert extra in project["optional-dependencies"], f"{line}: pyproject.toml has no extra {extra}"


def shown_outputs() -> Iterator[Any]:
    """Yield README's commands that need no crawl, each with the output printed below it."""
    for start, line in enumerate(LINES):
        if line.language != "console" or not line.text.startswith("$ bacajuga "):
            continue
        words = shlex.split(line.text)[2:]
        below = takewhile(
            lambda each: each.language == "console" and not each.text.startswith("$ "), LINES[start + 1 :]
        )
        output = [each.text for number, each in enumerate(below, line.number + 1) if each.number == number]
        if output and words[0] in ("--version", "topics", "read"):
            yield pytest.param(line, words, output, id=f"{line} {' '.join(words)}"[:100])


@pytest.mark.parametrize(("line", "words", "output"), list(shown_outputs()))
def test_output_is_as_shown(
    line: Line, words: list[str], output: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    ran = CliRunner(env={"COLUMNS": "100", "TERM": "dumb"}).invoke(app, words, prog_name="bacajuga")
    # A table is fitted to the terminal, and parted by tabs elsewhere.
    printed, shown = (
        [" ".join(each.split()) for each in lines] for lines in (ran.stdout.splitlines(), output)
    )
    assert printed == shown, f"{line}: it prints something else now; paste this:\n{ran.stdout}"


# Tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "columns"), [("Columns of articles", ARTICLE_COLUMNS), ("Columns of links", LINK_COLUMNS)]
)
def test_columns_are_those_of_the_export(words: str, columns: Iterable[Column]) -> None:
    rows = [f"| {' | '.join(row)} |" for row in table_below(words)]
    expected = [f"| `{column.name}` | {column.description} |" for column in columns]
    assert rows == expected, f"README.md, {words}: make the table\n" + "\n".join(expected)


def test_exit_statuses_are_those_of_the_command_line() -> None:
    documented = {int(row[0]) for row in table_below("## Exit statuses")}
    real = {value for name, value in vars(exit_status).items() if name.isupper()}
    assert documented == real, (
        f"README.md, Exit statuses: add {sorted(real - documented)}, remove {sorted(documented - real)} "
        "(crawler/cli/exit_status.py)"
    )


def our_settings() -> dict[str, Any]:
    """Return settings/base.py as it is where nothing is set in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("BACAJUGA_CONTACT", "DATABASE_URL"):
            patch.delenv(name, raising=False)
        return {
            name: value
            for name, value in runpy.run_path(str(ROOT / "settings/base.py")).items()
            if name.isupper()
        }


def test_settings_have_the_documented_defaults() -> None:
    settings = our_settings()
    rows = table_below("## Settings")
    assert rows, "README.md, Settings: the table is gone"
    for name, default, _ in ([cell.strip("`") for cell in row] for row in rows):
        assert name in settings, f"README.md, Settings: {name} is not in settings/base.py; remove the row"
        assert ast.literal_eval(default) == settings[name], (
            f"README.md, Settings: the default of {name} is {settings[name]!r}, not {default}"
        )


def test_settings_that_are_named_exist() -> None:
    known = our_settings().keys() | vars(default_settings).keys() | environment_variables()
    named = [(line, name) for line in SPANS for name in SETTING.findall(line.text.partition("=")[0])]
    given = [
        (line, value.partition("=")[0])
        for line in shell_lines()
        for words in commands_of(line.text)
        for option, value in pairwise(words)
        if option == "-s" and value != "NAME=VALUE"
    ]
    for line, name in named + given:
        assert name in known, f"{line}: no setting or environment variable {name}; known: settings/base.py"


def environment_variables() -> set[str]:
    def parameters(command: Any) -> Iterator[Any]:
        yield from command.params
        if isinstance(command, TyperGroup):
            for child in command.commands.values():
                yield from parameters(child)

    source = (ROOT / "settings/base.py").read_text(encoding="utf-8")
    return {
        *(str(parameter.envvar) for parameter in parameters(BACAJUGA) if parameter.envvar),
        *re.findall(r'environ\.get\("(\w+)"', source),
    }


# Paths and examples ---------------------------------------------------------------------------------


def test_folders_of_the_map_exist() -> None:
    shown = {row[0].strip("`") for row in table_below("## Folders")}
    for path in shown:
        assert (ROOT / path).is_dir(), f"README.md, Folders: there is no {path}; remove the row"
    packages = ("crawler", "pipelines", "settings", "tests")
    real = {f"{package}/" for package in packages} | {
        f"crawler/{path.name}/"
        for path in (ROOT / "crawler").iterdir()
        if path.is_dir() and any([*path.glob("*.py"), *path.glob("*.toml")])
    }
    assert real <= shown, f"README.md, Folders: add a row for {', '.join(sorted(real - shown))}"


def test_paths_that_are_named_exist() -> None:
    for line in SPANS:
        for path in OUR_PATH.findall(line.text) if OUR_PATH.fullmatch(line.text) else []:
            if not PLACEHOLDER.search(path):
                assert (ROOT / path).exists(), f"{line}: there is no {path}"


def test_links_lead_somewhere() -> None:
    headings = {
        document: {
            re.sub(r"[^\w -]", "", line.text.lstrip("# ").lower()).replace(" ", "-")
            for line in LINES
            if line.document == document and line.text.startswith("#") and not line.language
        }
        for document in DOCUMENTS
    }
    for line in LINES:
        for target in re.findall(r"\]\(([^)]+)\)", "" if line.language else line.text):
            file, _, anchor = target.partition("#")
            assert not file or (ROOT / file).exists(), f"{line}: there is no {file}"
            assert not anchor or anchor in headings[file or line.document], f"{line}: no heading #{anchor}"


def blocks(language: str) -> list[Any]:
    """Return a test parameter for each block of a language: its first line, and its text."""
    found: list[list[Line]] = []
    for line in (line for line in LINES if line.language == language):
        if found and (found[-1][-1].document, found[-1][-1].number + 1) == (line.document, line.number):
            found[-1].append(line)
        else:
            found.append([line])
    return [
        pytest.param(block[0], "".join(f"{line.text}\n" for line in block), id=str(block[0]))
        for block in found
    ]


@pytest.mark.parametrize(("line", "text"), blocks("python"))
def test_python_example_is_a_file_of_ours(line: Line, text: str) -> None:
    above = [span.text for span in SPANS if span.document == line.document and span.number < line.number]
    file = next(path for path in reversed(above) if path.endswith(".py"))
    assert (ROOT / file).read_text(encoding="utf-8") == text, f"{line}: {file} has changed; paste it anew"


@pytest.mark.parametrize(("line", "text"), blocks("toml"))
def test_topic_example_is_valid(line: Line, text: str) -> None:
    assert read_topic_file(text, str(line)).seeds
