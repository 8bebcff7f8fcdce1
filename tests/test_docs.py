"""README, docs/ and CONTRIBUTING say what is so: commands, options, paths, links, files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from crawler.cli.app import app
from crawler.spiders.baca_juga import BacaJugaSpider
from tests.documents import (
    DOCUMENTS,
    LINES,
    README,
    README_ID,
    ROOT,
    SPANS,
    Line,
    commands_of,
    headings,
    lines_of,
    names_below,
    shell_lines,
    table_below,
)

OUR_PATH = re.compile(r"(?:crawler|pipelines|settings|tests|docs|\.ci)/[\w./-]*")
PLACEHOLDER = re.compile(r"[A-Z]{2,}")
LONGEST_README = 220  # lines; what is longer belongs into docs/
BACAJUGA = typer.main.get_command(app)


def typed(program: str) -> list[Any]:
    """Return a test parameter for each command line of a program: where it stands, and its words."""
    return [
        pytest.param(line, words[1:], id=f"{line} {' '.join(words)}"[:100])
        for line in shell_lines()
        for words in commands_of(line.text)
        if Path(words[0]).name == program and len(words) > 1
    ]


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
    if " ".join(words) in leaves() or words in (["--install-completion"], ["--show-completion"]):
        return  # a command is only named, or would change the reader's shell
    try:
        parse(BACAJUGA, words)
    except typer.Exit:
        pass  # --help and --version
    except typer.TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        pytest.fail(f"{line}: bacajuga {' '.join(words)}: {said} Mend the line, or bring the option back.")


def options_of(command: Any = BACAJUGA) -> Iterator[str]:
    """Yield every option of every command, with those of the help and the completion."""
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    for child in getattr(command, "commands", {}).values():
        yield from options_of(child)


def test_options_that_are_named_exist() -> None:
    known = {*options_of(), "--help", "-h", "--install-completion", "--show-completion"}
    for line in SPANS:
        if re.fullmatch(r"--[a-z][\w-]*(?: [\w.-]+)?", line.text):
            name = line.text.split()[0]
            assert name in known, f"{line}: no command has the option {name}"


@pytest.mark.parametrize("name", sorted(leaves()))
def test_every_command_is_in_the_documents(name: str) -> None:
    rows = names_below("docs/README.md", "## Every command")
    assert f"bacajuga {name}" in rows, f"docs/README.md, Every command: add a row for `bacajuga {name}`"
    shown = {
        " ".join(words[: len(name.split())])
        for line in shell_lines()
        if line.document != "docs/README.md"
        for _, *words in commands_of(line.text)
    }
    assert name in shown, f"no page shows `bacajuga {name}`: add it where people look for it"


def test_every_command_that_is_listed_exists() -> None:
    listed = {row.removeprefix("bacajuga ") for row in names_below("docs/README.md", "## Every command")}
    assert listed <= set(leaves()), f"docs/README.md, Every command: remove {listed - set(leaves())}"


@pytest.mark.parametrize(("line", "words"), typed("make"))
def test_make_target_exists(line: Line, words: list[str]) -> None:
    unknown = {word for word in words if "=" not in word} - make_targets()
    assert not unknown, f"{line}: the Makefile has no target {', '.join(unknown)}; it has {make_targets()}"


@pytest.mark.parametrize(
    ("document", "words"), [(README, "## How to check"), (README_ID, "## Cara memeriksa")]
)
def test_every_make_target_is_in_the_readme(document: str, words: str) -> None:
    missing = make_targets() - {name.removeprefix("make ") for name in names_below(document, words)}
    assert not missing, f"{document}, {words}: add a row for make {', make '.join(missing)}"


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
    for extra in re.findall(r"\[([\w,]+)\]", " ".join(words)):
        assert set(extra.split(",")) <= extras(), f"{line}: pyproject.toml has no extra {extra}"


def test_every_extra_is_in_the_documents() -> None:
    named = {
        extra
        for line in shell_lines()
        for found in re.findall(r"(?:bacajuga|\.)\[([\w,]+)\]", line.text)
        for extra in found.split(",")
    }
    missing = extras() - named
    assert not missing, f"no page says how to install {missing}: pip install 'bacajuga[NAME]'"


def extras() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return set(project["optional-dependencies"])


# Paths and links ------------------------------------------------------------------------------------


def test_folders_of_the_map_exist() -> None:
    shown = set(names_below(README, "## Folders"))
    for path in shown:
        assert (ROOT / path).is_dir(), f"README.md, Folders: there is no {path}; remove the row"
    packages = ("crawler", "pipelines", "settings", "tests", "docs")
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
    anchors = {
        document: {
            re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")
            for heading in headings(document)
        }
        for document in DOCUMENTS
    }
    for line in LINES:
        for target in re.findall(r"\]\(([^)]+)\)", "" if line.language else line.text):
            if target.startswith("https://"):
                continue
            file, _, anchor = target.partition("#")
            path = ((ROOT / line.document).parent / file).resolve() if file else ROOT / line.document
            assert path.exists(), f"{line}: there is no {file}"
            name = path.relative_to(ROOT).as_posix()
            assert not anchor or anchor in anchors[name], f"{line}: {name} has no heading #{anchor}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index, f"docs/README.md: link {page.name}"


# The two READMEs ------------------------------------------------------------------------------------


def test_readme_is_short() -> None:
    for document in (README, README_ID):
        length = len((ROOT / document).read_text(encoding="utf-8").splitlines())
        assert length <= LONGEST_README, f"{document} has {length} lines: move something to docs/"


def commands_shown(document: str) -> list[str]:
    """Return its command lines in order, without the language of what they print."""
    return [
        line.text.replace(" --lang en", "")
        for line in lines_of(document)
        if line.language == "console" and line.text.startswith("$ ")
    ]


def test_both_readmes_show_the_same_commands() -> None:
    assert commands_shown(README_ID) == commands_shown(README), "README.id.md and README.md differ"


def test_both_readmes_have_the_same_headings() -> None:
    levels = [[heading.split()[0] for heading in headings(document)] for document in (README, README_ID)]
    assert levels[0] == levels[1], "README.id.md and README.md have other headings: keep them in step"


@pytest.mark.parametrize("words", [("## Folders", "## Folder"), ("## How to check", "## Cara memeriksa")])
def test_both_readmes_have_the_same_rows(words: tuple[str, str]) -> None:
    rows = [
        [row[0] for row in table_below(document, start)]
        for document, start in zip((README, README_ID), words, strict=True)
    ]
    assert rows[0] == rows[1], f"README.id.md, {words[1]}: its rows are not those of README.md"


def links_of(document: str) -> set[str]:
    """Return the pages of docs/ that a README leads to."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return set(re.findall(r"\]\((docs/[^)]+)\)", text))


def test_both_readmes_lead_to_the_same_pages() -> None:
    assert links_of(README_ID) == links_of(README)
