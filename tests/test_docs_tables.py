"""Tables of the documents equal the code: columns, settings, statuses, outcomes, keys, attributes."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import default_settings
from typer.core import TyperGroup

from crawler.cli import exit_status
from crawler.cli.jobs.jobs_options import export_options
from crawler.errors import JobError
from crawler.export.columns import COLUMNS
from crawler.export.forms import Format
from crawler.items import OutcomeKind
from crawler.jobs import jobs_file
from crawler.jobs.job import RunOutcome
from crawler.outlet import Outlet
from crawler.outlets import OUTLETS
from crawler.topic.topic_file import CONTEXT_KEYS, NEAR_KEYS, TOP_KEYS, read_topic_file
from tests.documents import (
    DOCUMENTS,
    LINES,
    ROOT,
    SPANS,
    Line,
    commands_of,
    names_below,
    shell_lines,
    table_below,
)
from tests.test_docs import BACAJUGA
from tests.written_tables import MARK, TABLES, with_tables

SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
SETTINGS_PAGE = "docs/settings.md"
SCHEDULE = "docs/schedule-it.md"


# Made tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_made_tables_are_up_to_date(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert with_tables(text) == text, f"{document}: run python -m tests.shown_output {document}"


def test_every_made_table_is_in_a_document() -> None:
    marked = {
        name for document in DOCUMENTS for name in MARK.findall((ROOT / document).read_text(encoding="utf-8"))
    }
    assert marked == set(TABLES)


def test_every_export_has_its_columns_documented() -> None:
    made = {column.name for columns in COLUMNS.values() for column in columns}
    text = (ROOT / "docs/exports.md").read_text(encoding="utf-8")
    assert not {name for name in made if f"| `{name}` |" not in text}
    for table in COLUMNS:
        assert f"## {table.value.capitalize()}" in text, f"docs/exports.md: a heading for {table.value}"


def test_every_form_is_documented() -> None:
    assert names_below("docs/exports.md", "## Forms") == [str(form.value) for form in Format]


def test_every_outlet_is_listed() -> None:
    rows = {row[1].strip("`"): row[2] for row in table_below("docs/outlets.md", "# Which outlets")}
    assert rows == {name: ", ".join(outlet.hosts) for name, outlet in OUTLETS.items()}


# Statuses and outcomes ------------------------------------------------------------------------------


def compare(place: str, documented: list[str], real: list[str]) -> None:
    """Assert that a table has a row for each name, in whatever order, and for no other."""
    assert len(documented) == len(set(documented)), f"{place}: a row stands there twice"
    assert set(documented) == set(real), (
        f"{place}: add {sorted(set(real) - set(documented))}, remove {sorted(set(documented) - set(real))}"
    )


def test_exit_statuses_are_those_of_the_command_line() -> None:
    place = "docs/exit-statuses-and-outcomes.md"
    real = [str(value) for name, value in vars(exit_status).items() if name.isupper()]
    compare(f"{place}, Exit statuses", names_below(place, "## Exit statuses"), real)


def test_outcomes_are_those_of_the_code() -> None:
    place = "docs/exit-statuses-and-outcomes.md"
    compare(f"{place}, Outcomes", names_below(place, "## Outcomes"), list(OutcomeKind))


def test_endings_of_runs_are_those_of_the_code() -> None:
    compare(f"{SCHEDULE}, outcomes", names_below(SCHEDULE, "## How a run can end"), list(RunOutcome))


# Files that a reader writes -------------------------------------------------------------------------


def known_job_keys(text: str, tmp_path: Path) -> list[str]:
    """Return the keys that the validator names when a jobs file has an unknown one."""
    path = tmp_path / "jobs.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JobError, match="unknown key") as caught:
        jobs_file.read_jobs_file(path, export_options())
    return str(caught.value).rpartition("known: ")[2].split(", ")


JOB = '[jobs.harian]\ntopic = "data-breach"\nevery = "6h"\n'


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Keys of the file", f"unheard = 1\n{JOB}"),
        ("Keys of a job", f"{JOB}unheard = 1\n"),
        ("Keys of `budget`", f"{JOB}budget = {{ unheard = 1 }}\n"),
        ("Keys of `exports`", f"{JOB}exports = [{{ unheard = 1 }}]\n"),
        ("Keys of `retention`", f"{JOB}retention = {{ unheard = 1 }}\n"),
        ("Keys of `on_finish`", f"{JOB}on_finish = {{ unheard = 1 }}\n"),
    ],
)
def test_job_keys_are_those_of_the_validator(words: str, text: str, tmp_path: Path) -> None:
    compare(f"{SCHEDULE}, {words}", names_below(SCHEDULE, words), known_job_keys(text, tmp_path))


@pytest.mark.parametrize(
    ("words", "keys"),
    [("## Keys", TOP_KEYS), ("Keys of `[[near]]`", NEAR_KEYS), ("Keys of `[context]`", CONTEXT_KEYS)],
)
def test_topic_keys_are_those_of_the_validator(words: str, keys: tuple[str, ...]) -> None:
    compare(f"docs/add-a-topic.md, {words}", names_below("docs/add-a-topic.md", words), list(keys))


def test_outlet_attributes_are_those_of_the_class() -> None:
    real = [name for name in Outlet.__annotations__ if name != "name"]
    compare("docs/add-an-outlet.md, Attributes", names_below("docs/add-an-outlet.md", "## Attributes"), real)


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
def test_toml_example_is_valid(line: Line, text: str, tmp_path: Path) -> None:
    if "jobs" in tomllib.loads(text):
        path = tmp_path / "jobs.toml"
        path.write_text(text, encoding="utf-8")
        assert jobs_file.read_jobs_file(path, export_options()).jobs, str(line)
    else:
        assert read_topic_file(text, str(line)).seeds


# Settings -------------------------------------------------------------------------------------------


def our_settings() -> dict[str, Any]:
    """Return settings/base.py as it is where nothing is set in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("BACAJUGA_CONTACT", "DATABASE_URL", "BACAJUGA_OUTLETS"):
            patch.delenv(name, raising=False)
        return {
            name: value
            for name, value in runpy.run_path(str(ROOT / "settings/base.py")).items()
            if name.isupper()
        }


def setting_rows() -> list[list[str]]:
    """Return the rows of all tables of the page on settings."""
    lines = [line.text for line in LINES if line.document == SETTINGS_PAGE]
    starts = [line for line in lines if line.startswith("## ")]
    return [row for start in starts for row in table_below(SETTINGS_PAGE, start)]


def test_every_setting_is_documented() -> None:
    compare(SETTINGS_PAGE, [row[0].strip("`") for row in setting_rows()], list(our_settings()))


def test_settings_have_the_documented_defaults() -> None:
    settings = our_settings()
    for name, default, *_ in ([cell.strip("`") for cell in row] for row in setting_rows()):
        if default == "in the file":
            assert len(repr(settings[name])) >= 50, f"{SETTINGS_PAGE}: {name} is {settings[name]!r}"
        else:
            assert ast.literal_eval(default) == settings[name], (
                f"{SETTINGS_PAGE}: the default of {name} is {settings[name]!r}, not {default}"
            )


def test_settings_that_are_named_exist() -> None:
    known = our_settings().keys() | vars(default_settings).keys() | environment_variables()
    named = [
        (line, name)
        for line in SPANS
        if line.document != "docs/hostile-pages.md"
        for name in SETTING.findall(line.text.partition("=")[0])
    ]
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
        jobs_file.VARIABLE,
        "BACAJUGA_",
        "NO_COLOR",  # rich heeds it
    }
