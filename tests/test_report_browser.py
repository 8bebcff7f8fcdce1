"""The report in a real Chromium: drawn, quiet, no network, usable by keyboard, in both themes and widths."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crawler.report.writing import write_report
from crawler.store.database import open_store
from crawler.store.schema import articles
from tests import stories
from tests.chromium import Page, find_chromium, open_page
from tests.many_stories import fill_many

WIDTHS = {"wide": (1280, 900), "narrow": (360, 740)}
NASTY = "</script><script>hacked=1</script><img src=https://evil.test/x onerror=hacked=2> Judul"
COLOURED = """(id, colour) => {
    const drawn = [...document.querySelectorAll(`#${id} canvas`)];
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [drawn[0].width, drawn[0].height];
    const [r, g, b] = colour.match(/\\w\\w/g).map(part => parseInt(part, 16));
    const context = canvas.getContext('2d', {willReadFrequently: true});
    for (const layer of drawn) context.drawImage(layer, 0, 0);
    const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
        found += data[at + 3] > 200 && Math.abs(data[at] - r) < 4 &&
            Math.abs(data[at + 1] - g) < 4 && Math.abs(data[at + 2] - b) < 4;
    return found;
}"""


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium: .ci/run installs it with apt-get install chromium", pytrace=False)
        pytest.skip("no chromium here: apt-get install chromium")
    with open_page(path) as page:
        yield page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def large(folder: Path) -> str:
    """The address of a report on some 500 stories, in Indonesian."""
    with closing(open_store(f"sqlite:///{folder / 'large.db'}")) as store:
        fill_many(store)
        write_report(store, stories.TOPIC, "Kebocoran data", path=folder / "large.html")
    return (folder / "large.html").as_uri()


@pytest.fixture(scope="module")
def longer(folder: Path) -> str:
    """The address of a report on more stories than its list shows at once."""
    with closing(open_store(f"sqlite:///{folder / 'longer.db'}")) as store:
        fill_many(store, 620)
        write_report(store, stories.TOPIC, "Kebocoran data", path=folder / "longer.html", language="en")
    return (folder / "longer.html").as_uri()


@pytest.fixture(scope="module")
def hostile(folder: Path) -> str:
    """The address of a report in English whose stories would attack its reader."""
    with closing(open_store(f"sqlite:///{folder / 'hostile.db'}")) as store:
        stories.fill(store)
        with store.write() as connection:
            connection.execute(update(articles).values(title=NASTY, outlet="</script><b>media</b>"))
            connection.execute(
                update(articles).where(articles.c.id == 1).values(url="javascript:hacked=3//a.b/")
            )
        write_report(store, stories.TOPIC, NASTY, path=folder / "hostile.html", language="en")
    return (folder / "hostile.html").as_uri()


@pytest.fixture
def page(browser_page: Page, large: str) -> Iterator[Page]:
    """The large report, wide and light, just opened."""
    browser_page.prefer(color_scheme="light", reduced_motion="reduce")
    browser_page.resize(*WIDTHS["wide"])
    browser_page.open(large)
    yield browser_page
    assert browser_page.complaints() == []
    assert browser_page.requests() == [large]


def coloured(page: Page, chart: str, name: str) -> int:
    """Return how many pixels of a chart have the page's colour of that name."""
    colour = page.js(f"getComputedStyle(document.documentElement).getPropertyValue('{name}').trim()")
    found: int = page.js(f"({COLOURED})('{chart}', '{colour}')")
    return found


def shown_rows(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.js(
        "[...document.querySelectorAll('#stories tbody tr:not([hidden])')]"
        ".map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def as_counted(title: str) -> str:
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), title.casefold())


def focused(page: Page) -> Any:
    return page.js("document.activeElement.closest('th')?.dataset.key")


def node_at(page: Page, at: int) -> tuple[float, float]:
    """Return where in the window a dot of the graph is."""
    page.js("document.getElementById('graph-chart').scrollIntoView({block: 'center', behavior: 'instant'})")
    page.settle()
    x, y = page.js(
        f"""(() => {{
            const place = document.getElementById('graph-chart'), box = place.getBoundingClientRect();
            const [, x, y] = JSON.parse(document.getElementById('data').textContent).nodes[{at}];
            const [px, py] = echarts.getInstanceByDom(place).convertToPixel({{seriesIndex: 0}}, [x, y]);
            return [box.left + px, box.top + py];
        }})()"""
    )
    return x, y


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_all_is_drawn_and_fits_the_window(
    page: Page, large: str, folder: Path, theme: str, width: str
) -> None:
    page.prefer(color_scheme=theme, reduced_motion="reduce")
    page.resize(*WIDTHS[width], mobile=width == "narrow")
    page.open(large)
    page.settle()
    for chart, name, least in (
        ("timeline-chart", "--o0", 300), ("graph-chart", "--o1", 300), ("curve-chart", "--o0", 100),
    ):  # fmt: skip
        assert coloured(page, chart, name) > least, f"{chart} shows nothing of {name}"
    assert page.js("document.documentElement.scrollWidth") == WIDTHS[width][0]
    background = page.js("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if theme == "light" else "rgb(22, 22, 22)")
    for section in ("timeline", "graph", "republishing", "edits", "harvest", "list"):
        page.js(f"document.getElementById('{section}').scrollIntoView({{behavior: 'instant'}})")
        page.settle()
        page.screenshot(folder / f"{section}-{theme}-{width}.png")
    assert len({path.read_bytes() for path in folder.glob(f"*-{theme}-{width}.png")}) == 6


def test_list_sorts_by_keyboard(page: Page) -> None:
    newest = page.js("[...document.querySelectorAll('#stories tbody tr')].map(row => row.dataset.time)")
    assert newest == sorted(newest, reverse=True)
    page.js("document.querySelector('#filters [name=edited]').focus()")
    for _ in range(2):  # past the button that clears the filters
        page.press("Tab")
    assert focused(page) == "time"
    page.press("Tab")
    assert focused(page) == "title"
    page.press("Enter")
    titles = [row[1].removesuffix(" disunting") for row in shown_rows(page)]
    # As a person counts: 7 before 31.
    assert titles == sorted(titles, key=as_counted)
    for _ in range(2):
        page.press("Tab")
    page.press(" ")
    links_in = [int(row[3]) for row in shown_rows(page)]
    assert links_in == sorted(links_in, reverse=True)
    assert links_in[0] > 10
    state = (
        "[...document.querySelectorAll('#stories th[aria-sort]')].map(th => [th.dataset.key, th.ariaSort])"
    )
    assert page.js(state) == [["in", "descending"]]
    page.press("Enter")
    assert page.js(state) == [["in", "ascending"]]
    assert [int(row[3]) for row in shown_rows(page)] == sorted(links_in)


def test_list_is_searched_and_filtered(page: Page) -> None:
    everything = len(shown_rows(page))
    page.js("document.querySelector('#filters [name=words]').focus()")
    page.type("KPU tebusan")
    found = shown_rows(page)
    assert 0 < len(found) < everything
    assert all("Peretas KPU Minta Tebusan" in row[1] for row in found)
    assert page.js("document.getElementById('shown').value") == f"{len(found)} dari {everything} berita"
    page.js("document.querySelector('#filters [type=reset]').focus()")
    page.press("Enter")
    page.settle()
    assert len(shown_rows(page)) == everything
    page.js("document.querySelector('#filters [name=edited]').focus()")
    page.press(" ")
    edited = shown_rows(page)
    assert len(edited) == 30
    assert all("disunting" in row[1] for row in edited)
    page.js(
        "const choice = document.querySelector('#filters [name=outlet]'); choice.value = 'detik';"
        "choice.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert {row[2] for row in shown_rows(page)} == {"detik"}


def test_a_long_list_shows_the_rest_on_demand(browser_page: Page, longer: str) -> None:
    page = browser_page
    page.open(longer)
    every = page.js("document.querySelectorAll('#stories tbody tr').length")
    assert len(shown_rows(page)) == 500 < every
    more = "document.getElementById('more')"
    assert page.js(f"{more}.innerText") == f"Show {every - 500} more ({every - 500} left)"
    page.js(f"{more}.click()")
    assert len(shown_rows(page)) == every
    assert page.js(f"{more}.checkVisibility()") is False
    # The reader goes on where the list ended.
    assert page.js("document.activeElement.closest('tr').rowIndex") == 501
    # A filter looks at all of them, and begins at the top again.
    page.js("document.querySelector('#filters [type=reset]').click()")
    page.wait_for("document.querySelectorAll('#stories tbody tr:not([hidden])').length === 500")
    oldest = page.js("document.querySelector('#stories tbody tr:last-child .time').innerText")
    page.js("document.querySelector('#filters [name=words]').focus()")
    page.type(oldest)
    assert oldest in {row[0] for row in shown_rows(page)}
    assert page.complaints() == []


def test_paper_has_the_whole_list(browser_page: Page, longer: str) -> None:
    browser_page.open(longer)
    browser_page.js("dispatchEvent(new Event('beforeprint'))")
    every = browser_page.js("document.querySelectorAll('#stories tbody tr').length")
    assert len(shown_rows(browser_page)) == every
    browser_page.js("dispatchEvent(new Event('afterprint'))")
    assert len(shown_rows(browser_page)) == 500


def test_a_caption_leads_to_the_story_that_it_names(page: Page) -> None:
    page.js("document.getElementById('graph-chart').scrollIntoView({block: 'center', behavior: 'instant'})")
    page.settle()
    name, x, y = page.js(
        """(() => {
            const place = document.getElementById('graph-chart'), box = place.getBoundingClientRect();
            const chart = echarts.getInstanceByDom(place);
            const caption = chart.getOption().series[0].data.find(each => each.name.startsWith('caption'));
            const [x, y] = chart.convertToPixel({seriesIndex: 0}, [caption.x, caption.y]);
            return [caption.label.formatter, box.left + x, box.top + y - caption.label.distance - 12];
        })()"""
    )
    page.click(x, y)
    heading = page.js("document.querySelector('#story h3').innerText")
    assert heading.startswith(name.replace("\n", " ").rstrip("…").rstrip())


def test_a_bar_leads_to_its_stories(page: Page) -> None:
    page.js(
        "document.getElementById('timeline-chart').scrollIntoView({block: 'center', behavior: 'instant'})"
    )
    page.settle()
    x, y = page.js(
        """(() => {
            const place = document.getElementById('timeline-chart'), box = place.getBoundingClientRect();
            const [x, y] = echarts.getInstanceByDom(place).convertToPixel({seriesIndex: 0}, [1, 3]);
            return [box.left + x, box.top + y];
        })()"""
    )
    page.click(x, y)
    found = shown_rows(page)
    counts = page.js("JSON.parse(document.getElementById('data').textContent).timeline.counts")
    assert len(found) == sum(outlet[1] for outlet in counts) > 9
    assert all(row[0].startswith("3 Mar 2021") for row in found)
    assert "3 Mar 2021" in page.js("document.getElementById('shown').value")


def test_the_timeline_zooms_and_hides_outlets(page: Page) -> None:
    before = coloured(page, "timeline-chart", "--o0")
    zoom = (
        "(({start, end}) => [start, end])(echarts.getInstanceByDom("
        "document.getElementById('timeline-chart')).getOption().dataZoom[0])"
    )
    for button, span in (
        ("zoom_in", [25, 75]),
        ("earlier", [0, 50]),
        ("later", [25, 75]),
        ("reset", [0, 100]),
    ):
        page.js(f"document.querySelector('.tools[data-for=timeline] [data-do={button}]').focus()")
        page.press("Enter")
        assert page.js(zoom) == pytest.approx(span)
    page.js("document.querySelector('.chip.o0').focus()")
    page.press(" ")
    page.settle()
    pressed = page.js("[...document.querySelectorAll('.chip.o0')].map(chip => chip.ariaPressed)")
    assert pressed == ["false", "false"], "each picture has the outlets' chips, and all tell the same"
    assert coloured(page, "timeline-chart", "--o0") < before / 20


def test_a_dot_tells_its_story_and_leads_to_its_neighbours(page: Page) -> None:
    page.click(*node_at(page, 0))
    heading = page.js("document.querySelector('#story h3').innerText")
    assert heading in [row[1].split("\n")[0].replace(" disunting", "") for row in shown_rows(page)]
    links = page.js("[...document.querySelectorAll('#story a')].map(a => [a.href, a.rel])")
    assert links[0][0].startswith("https://")
    assert links[0][1] == "noopener noreferrer nofollow"
    neighbour = page.js("document.querySelector('#story li button').firstChild.data")
    page.js("document.querySelector('#story li button').focus()")
    page.press("Enter")
    assert page.js("document.activeElement.innerText") == neighbour
    assert heading in page.js("document.getElementById('story').innerText")
    page.js("document.querySelector('#story a[href^=\"#\"]').focus()")
    page.press("Enter")
    assert (
        page.js("document.activeElement.closest('tr.found a') && document.activeElement.innerText")
        == neighbour
    )


def test_hovering_a_dot_dims_what_it_is_not_linked_with(page: Page) -> None:
    x, y = node_at(page, 0)
    before = coloured(page, "graph-chart", "--o3")
    page.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    page.wait_for("[...document.querySelectorAll('#graph-chart .tip b')].some(tip => tip.innerText)")
    page.settle()
    assert coloured(page, "graph-chart", "--o3") < before / 2


def test_search_in_the_graph_focuses(page: Page) -> None:
    page.js("document.getElementById('graph-search').focus()")
    page.type("tebusan kpu")
    page.settle()
    assert page.js("document.getElementById('graph-hits').value").endswith("berita cocok")
    first = page.js("document.querySelector('#story li button').firstChild.data")
    page.press("Enter")
    assert page.js("document.querySelector('#story h3').innerText") == first
    # The view has moved to it and its neighbours.
    series = "echarts.getInstanceByDom(document.getElementById('graph-chart')).getOption().series[0]"
    assert page.js(f"{series}.center")[0] != 0
    page.js("document.getElementById('graph-search').focus()")
    page.press("Escape")
    assert page.js("document.querySelector('#story h3')") is None
    page.js("document.querySelector('.tools[data-for=graph] [data-do=reset]').click()")
    assert page.js(f"[{series}.center, {series}.zoom]") == [None, 1]


def test_the_theme_can_be_chosen(page: Page) -> None:
    page.js("document.getElementById('theme').focus()")
    seen = []
    for _ in range(3):
        page.press("Enter")
        page.settle()
        seen.append(
            (
                page.js("document.getElementById('theme').innerText"),
                page.js("getComputedStyle(document.body).backgroundColor"),
            )
        )
        assert coloured(page, "timeline-chart", "--o0") > 300
    assert seen == [
        ("Tema: terang", "rgb(255, 255, 255)"),
        ("Tema: gelap", "rgb(22, 22, 22)"),
        ("Tema: ikut perangkat", "rgb(255, 255, 255)"),
    ]


def test_tables_show_without_a_script_and_on_paper(page: Page, large: str) -> None:
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(large)
        visible = "[...document.querySelectorAll('{}')].filter(each => each.checkVisibility()).length"
        assert page.js(visible.format("table")) == page.js("document.querySelectorAll('table').length")
        assert page.js(visible.format(".chart, .only-js, button")) == 0
        assert page.js(visible.format("noscript p")) == 1
    finally:
        page.send("Emulation.setScriptExecutionDisabled", value=False)
    page.open(large)
    printed = page.send("Page.printToPDF", printBackground=True)["data"]
    assert len(printed) > 100_000


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hostile_page_does_nothing(browser_page: Page, hostile: str, width: str) -> None:
    browser_page.resize(*WIDTHS[width])
    browser_page.open(hostile)
    browser_page.settle()
    assert browser_page.complaints() == []
    assert browser_page.requests() == [hostile]
    assert browser_page.js("typeof hacked") == "undefined"
    assert browser_page.js("document.querySelectorAll('img, b[onerror], a[href^=javascript]').length") == 0
    assert {row[1] for row in shown_rows(browser_page)} == {NASTY}
    browser_page.js("document.getElementById('graph-search').focus()")
    browser_page.type("judul")
    browser_page.press("Enter")
    assert browser_page.js("document.querySelector('#story h3').innerText") == NASTY
    # A script that came in by some other way would not run either.
    browser_page.js(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'hacked = 4'}))"
    )
    assert browser_page.js("typeof hacked") == "undefined"
    assert any("Content Security Policy" in said for said in browser_page.complaints())
