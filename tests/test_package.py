"""The wheel: all that the program needs is inside, and it runs from any folder."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.specifiers import SpecifierSet

from crawler import __version__
from tests.crawling import TIMEOUT, Finished, clean_environment

ROOT = Path(__file__).parent.parent
# Files that no import names: they are missed only where they are not.
DATA = (
    "crawler/topics/*.toml",
    "crawler/demo/**/*.*",
    "crawler/store/migrations/**/*.py",
    "crawler/**/*.json",
)


def pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_pinned_packages_install_on_the_oldest_python() -> None:
    """Debian 12 has Python 3.11.2: a package that wants a later 3.11 keeps pip from installing any."""
    pinned = [line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()]
    needs = {}
    for name in pinned:
        with suppress(PackageNotFoundError):  # of an extra that is not installed
            needs[name] = metadata(name).get("Requires-Python") or ""
    assert len(needs) > 80
    assert [name for name, wanted in needs.items() if not SpecifierSet(wanted).contains("3.11.0")] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as ``make`` and PyPI would have it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    [built] = folder.glob("bacajuga-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the installed package, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--target", str(folder), str(wheel))
    return folder


def bacajuga(installed: Path, folder: Path, *arguments: str) -> Finished:
    """Run the installed program in an empty folder."""
    # A finder that an editable install leaves behind would lead back to the checkout: see the path used.
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=folder,
        env=clean_environment() | {"PYTHONPATH": str(installed)},
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for pattern in (*DATA, "crawler/**/*.py", "pipelines/*.py", "settings/*.py"):
        found = {
            str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if "__pycache__" not in path.parts
        }
        assert found or pattern.endswith(".json"), f"nothing is called {pattern}: mend this test"
        assert found <= names, f"not in the wheel: {sorted(found - names)[:5]}"
    strange = {name.split("/")[0] for name in names} - {"crawler", "pipelines", "settings"}
    assert strange == {f"bacajuga-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name]


def test_wheel_names_the_command_and_the_licence(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        about = f"bacajuga-{__version__}.dist-info"
        assert "bacajuga = crawler.cli:main" in archive.read(f"{about}/entry_points.txt").decode()
        assert "MIT" in archive.read(f"{about}/licenses/LICENSE").decode()
        metadata = archive.read(f"{about}/METADATA").decode()
    assert f"Version: {__version__}\n" in metadata
    assert "Requires-Dist: lxml-html-clean" in metadata.replace("_", "-")


def test_installed_program_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    version = bacajuga(installed, tmp_path, "--version")
    assert (version.status, version.stdout) == (0, f"bacajuga {__version__}\n"), version.stderr
    topics = bacajuga(installed, tmp_path, "topics")
    assert "data-breach" in topics.stdout, topics.stderr
    assert list(tmp_path.iterdir()) == []


def test_installed_demo_crawls_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    demo = bacajuga(installed, tmp_path, "demo", "--json")
    assert demo.status == 0, demo.stderr
    assert json.loads(demo.stdout)["stored"]["stories"] > 30
    assert list(tmp_path.iterdir()) == []


def test_installed_program_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    program = (
        "import crawler, pipelines, settings; print(crawler.__file__, pipelines.__file__, settings.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=tmp_path,
        env=clean_environment() | {"PYTHONPATH": str(installed)},
    )
    assert all(Path(file).is_relative_to(installed) for file in done.stdout.split()), done.stdout
