"""Which way imports point, and what every module owes its reader."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("crawler", "pipelines", "settings")
LONGEST_MODULE = 400  # lines

# What reads pages and scores topics must work without any crawl, and so must all that stands right in
# crawler/.
PURE = (
    "crawler.reading",
    "crawler.outlets",
    "crawler.outlet_proposal",
    "crawler.topic",
    "crawler.comparing",
    "crawler.search",
    "crawler.threads",
    "crawler.frontier.score",
    "crawler.frontier.politeness",
    *(
        f"crawler.{path.stem}"
        for path in sorted((ROOT / "crawler").glob("*.py"))
        if path.stem not in {"__init__", "__main__"}
    ),
)

# Modules below the first name import nothing below the others, not even inside a function.
NEVER = [
    ("crawler", ("pipelines", "settings", "tests")),
    ("crawler.store", ("scrapy", "crawler.spiders", "crawler.crawling", "crawler.cli", "crawler.export")),
    ("crawler.export", ("crawler.cli", "crawler.crawling", "crawler.spiders")),
    ("crawler.errors", ("crawler",)),
    ("pipelines", ("crawler.spiders", "crawler.cli", "settings")),
    ("settings", ("crawler.spiders", "pipelines")),
    *((name, ("scrapy", "sqlalchemy", "twisted", "crawler.store", "crawler.spiders")) for name in PURE),
    # The command line stands on everything and carries nothing.
    ("crawler.spiders", ("crawler.cli",)),
    ("crawler.crawling", ("crawler.cli",)),
]

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imports(name: str) -> Iterator[tuple[int, str]]:
    """Yield the line and full name of everything that a module imports, wherever it does so."""
    path = MODULES[name]
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{above}.{base}".rstrip(".")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize(("package", "forbidden"), NEVER, ids=[package for package, _ in NEVER])
def test_imports_point_one_way(package: str, forbidden: tuple[str, ...]) -> None:
    found = [name for name in MODULES if is_below(name, package)]
    assert found, f"no module {package}: mend the table of this test"
    wrong = [
        f"{MODULES[name].relative_to(ROOT)}:{line} imports {imported}"
        for name in found
        for line, imported in imports(name)
        if any(is_below(imported, other) for other in forbidden)
    ]
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize(
    ("modules", "never_loaded"),
    [
        (
            "crawler.reading.reader, crawler.topic, crawler.outlets, crawler.reading.whole_story",
            "scrapy, twisted, sqlalchemy",
        ),
        ("crawler.store.crawl.record, crawler.export.exporting", "scrapy, twisted"),
        ("crawler.cli.app", "scrapy, twisted, sqlalchemy, lxml, trafilatura, dateparser"),
    ],
)
def test_nothing_heavy_comes_along(modules: str, never_loaded: str) -> None:
    program = (
        f"import sys, {modules}; print(*(name for name in {never_loaded.split(', ')} if name in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300, cwd=ROOT, check=True
    )
    assert loaded.stdout.split() == [], f"import {modules} also loads {loaded.stdout.strip()}"


@pytest.mark.parametrize("name", MODULES)
def test_module_is_documented_and_short(name: str) -> None:
    source = MODULES[name].read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree) or not tree.body, f"{name} opens without a sentence on what it is"
    silent = [
        f"{name}.{node.name} (line {node.lineno})"
        for node in public_definitions(tree)
        if not ast.get_docstring(node)
    ]
    assert not silent, f"no docstring: {', '.join(silent)}"
    lines = source.count("\n")
    assert lines <= LONGEST_MODULE, f"{name} has {lines} lines: it is two modules"


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith(
                    "_"
                ):
                    yield method
