"""A folder of the user's own outlets counts as the package's do, and says what is wrong in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.own_outlets import OutletError, load_folder
from tests.crawling import TIMEOUT

OURS = """from crawler.outlet import Outlet

class Kabar(Outlet):
    title = "Kabar Kota"
    hosts = ("kabarkota.test",)
    article_id = (r"/baca/(\\d+)",)
    headline = ("h1.judul",)
    date = ("span.waktu",)
    body = ("div.isi",)
"""
PAGE = """<html lang="id"><body><h1>Kabar Kota</h1><h1 class="judul">Pasar Lama Dibuka Lagi</h1>
<span class="waktu">Rabu, 17 Januari 2024 10:15 WIB</span><div class="isi"><p>Pedagang kembali berjualan
sejak pagi setelah atap pasar selesai diperbaiki.</p></div></body></html>"""
ADDRESS = "https://www.kabarkota.test/baca/12345/pasar-lama"


def ran(*arguments: str, folder: Path, page: str = "") -> subprocess.CompletedProcess[str]:
    """A fresh process: outlets are loaded once in each."""
    return subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        input=page, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        env=os.environ | {"BACAJUGA_OUTLETS": str(folder), "COLUMNS": "200"},
    )  # fmt: skip


def test_page_is_read_by_an_outlet_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "kabar.py").write_text(OURS)
    (tmp_path / "_shared.py").write_text("hosts = 1")
    read = ran("read", "-", "--url", ADDRESS, folder=tmp_path, page=PAGE)
    record = json.loads(read.stdout)
    assert record["article_key"] == "kabar:12345"
    assert record["title"] == "Pasar Lama Dibuka Lagi"
    assert record["published_at"] == "2024-01-17T10:15:00+07:00"
    assert read.stderr == ""
    listed = ran("outlets", "kabar", "--json", folder=tmp_path)
    assert json.loads(listed.stdout)[0]["title"] == "Kabar Kota"


def test_users_outlet_takes_the_place_of_ours_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "my_detik.py").write_text(
        "from crawler.outlets.detik import Detik\n\nclass MyDetik(Detik):\n    title = 'My detikcom'\n"
    )
    listed = ran("outlets", "my_detik", "--json", folder=tmp_path)
    assert json.loads(listed.stdout)[0]["hosts"] == ["detik.com"]
    assert listed.stderr.count("my_detik.py takes the place of bacajuga's own outlet detik") == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("class Kabar(Outlet:\n", "SyntaxError"),
        ("import nosuchmodule\n", "line 1: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("x = 1\n", "no outlet in it; write class NAME(Outlet)"),
        (OURS.replace('("h1.judul",)', '"h1.judul"'), "headline = 'h1.judul' is not a tuple of texts"),
        (OURS.replace("headline", "headlin"), "there is no rule 'headlin'; did you mean 'headline'?"),
        (OURS.replace("h1.judul", "h1..judul"), "headline: 'h1..judul' is not a rule"),
        (OURS.replace("div.isi", "meta:isi"), "body: 'meta:isi' is not a rule: only elements count here"),
        (OURS.replace(r"(\d+)", "("), "is not a regular expression"),
        (OURS.replace("kabarkota.test", "https://kabarkota.test/"), "write the outlet's domains"),
        (OURS.replace('    body = ("div.isi",)\n', ""), "write body = ('div.isi',)"),
        (
            f'{OURS}    tag_page = "https://kabarkota.test/tag/"\n',
            "write 'https://www.contoh.co.id/tag/{slug}'",
        ),
        (
            f'{OURS}    date_index = ("https://kabarkota.test/{{date}}",)\n',
            "cannot be filled in: KeyError: 'date'",
        ),
        (
            f'{OURS}    date_index = "https://kabarkota.test/indeks"\n',
            "date_index = 'https://kabarkota.test/indeks' is not a tuple",
        ),
        (f'{OURS}    feeds = ("/rss",)\n', "'/rss' is not a web address"),
        (f'{OURS}    list_page = "/2"\n', "write the query of a later page: 'page={}'"),
    ],
)
def test_fault_names_the_file_and_the_repair(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "kabar.py"
    path.write_text(text)
    with pytest.raises(OutletError, match="outlet file") as raised:
        load_folder(tmp_path)
    assert str(path) in str(raised.value)
    assert fault in str(raised.value)


def test_two_files_of_one_host_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "kabar.py").write_text(OURS)
    (tmp_path / "kabar2.py").write_text(OURS)
    with pytest.raises(OutletError, match=r"'kabarkota\.test' is in .*kabar\.py too; keep one"):
        load_folder(tmp_path)


def test_fault_ends_a_command_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "kabar.py").write_text("1 / 0\n")
    failed = ran("outlets", folder=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr == (
        f"bacajuga: outlet file {tmp_path / 'kabar.py'}, line 1: ZeroDivisionError: division by zero\n"
    )
    missing = ran("outlets", folder=tmp_path / "nosuch")
    assert "is not there; OUTLET_FOLDER or BACAJUGA_OUTLETS names it" in missing.stderr


def test_crawl_takes_the_folder_from_the_setting(tmp_path: Path) -> None:
    (tmp_path / "kabar.py").write_text(OURS)
    program = (
        "from crawler.crawling.crawl import crawl_settings; from crawler.outlets import outlet_for; "
        f"crawl_settings({{'OUTLET_FOLDER': {str(tmp_path)!r}}}); print(outlet_for({ADDRESS!r}).name)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=TIMEOUT, check=True
    )
    assert ended.stdout == "kabar\n"
