"""The graph of the large web: which outlet has which story, and which read-also line leads where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any
from zlib import crc32

from crawler.demo.addresses import slug, variant_url
from crawler.demo.layouts.view import Anchor
from crawler.demo.rabbit_hole import calendar_story
from crawler.demo.story import Paragraph, ReadAlso, Story
from tests.large_web.outlet_forms import FORMS, path_at
from tests.large_web.wiring import Wiring, wire
from tests.large_web.writing import Draft, drafts, sheet

if TYPE_CHECKING:
    from crawler.demo.story import Block

# Taken over from the agency: what the copying outlet calls it. One sentence is left out of the text.
COPIES = {
    "bpjs-2021-04": ("okezone", "Telusuri Pintu Masuk Peretas, BSSN Periksa Sistem Jaminan Kesehatan"),
    "simcard-2022-06": ("liputan6", "UU PDP Disahkan Saat Bjorka Beraksi, Pengelola Data Lalai Bisa Didenda"),
    "bsi-2023-08": ("detik", "Buru Penyerang BSI, Polri Gandeng Interpol"),
    "kpu-2023-04": ("tribunnews", "Jejak Jimbo, Penjual Daftar Pemilih, Ditelusuri Bareskrim"),
}
FAILS_FIRST = {1: ("detik", (503,)), 2: ("antaranews", (503, 503)), 4: ("cnnindonesia", (429,))}
CLOSED_PATH = "/plus"  # robots.txt of Liputan6 keeps crawlers out of it


@dataclass(frozen=True, kw_only=True, slots=True)
class LargeTrap:
    """An address that is no story; what ``kind`` says about it is in texts/traps.toml."""

    id: str
    kind: str
    status: int
    url: str
    title: str
    leads_to: str = ""  # the id of a story or trap


@dataclass(frozen=True, kw_only=True)
class LargeGraph:
    """Stories and traps by id; ``roles`` says how each story on the topic was meant to be reached."""

    stories: dict[str, Story]
    outlets: dict[str, str]  # story id to outlet
    seeds: dict[str, str]  # outlet to story id
    roles: dict[str, str]
    traps: dict[str, LargeTrap] = field(default_factory=dict)

    def story(self, name: str) -> Story | None:
        """Return the story of that id, pages of the endless calendar included."""
        return self.stories.get(name) or calendar_story(name)

    def anchor(self, line: ReadAlso) -> Anchor:
        """Return the address and the text that a read-also line prints."""
        trap = self.traps.get(line.target)
        if trap and trap.kind != "calendar":
            return Anchor(url=trap.url, text=trap.title)
        story = self.story(trap.leads_to if trap else line.target)
        if story is None:
            raise KeyError(f"a read-also line leads to {line.target!r}: no story or trap has that id")
        return Anchor(url=variant_url(story.host, story.path, line.variant), text=line.anchor or story.title)

    def behind(self, name: str) -> Story | None:
        """Return the story a visitor ends at, redirects followed; None where there is none."""
        while (trap := self.traps.get(name)) and trap.kind == "redirect":
            name = trap.leads_to
        return self.stories.get(name)

    def of_outlet(self, outlet: str) -> list[Story]:
        """Return the outlet's stories, newest first."""
        mine = (story for story in self.stories.values() if self.outlets[story.id] == outlet)
        return sorted(mine, key=lambda story: (story.published_at, story.id), reverse=True)


@cache
def large_graph(draw: int = 0) -> LargeGraph:
    """Return the large web's graph, the same every time; another draw mixes sentences and links anew."""
    written = {draft.id: draft for draft in with_copies(drafts(draw))}
    outlets = place(list(written.values()))
    wiring = wire(written, outlets, draw)
    traps = load_traps(wiring)
    lines = {
        name: [read_also(name, target, written, outlets) for target in targets]
        for name, targets in wiring.lines.items()
    }
    for name, row in sheet("traps")["trap"].items():
        if "in" in row:
            lines[wiring.order[row["outlet"]][row["in"]]].append(ReadAlso(target=name, variant="", anchor=""))
    stories = {
        name: make_story(draft, outlets[name], wiring.roles.get(name, "story"), lines.get(name, []))
        for name, draft in written.items()
    }
    for position, (outlet, statuses) in FAILS_FIRST.items():
        failing = wiring.order[outlet][position]
        stories[failing] = replace(stories[failing], fails_first=statuses)
    return LargeGraph(stories=stories, outlets=outlets, seeds=wiring.seeds, roles=wiring.roles, traps=traps)


def with_copies(written: list[Draft]) -> list[Draft]:
    """Return the drafts with those that an outlet has taken from another one."""
    known = {draft.id: draft for draft in written}
    copies = [
        replace(known[name], id=f"{name}-salinan", title=title, sentences=known[name].sentences[:-1])
        for name, (_, title) in COPIES.items()
    ]
    return [*written, *copies]


def place(written: list[Draft]) -> dict[str, str]:
    """Return the outlet of each story: in turn, so that each has its share of every incident."""
    names = list(FORMS)
    found = {f"{name}-salinan": outlet for name, (outlet, _) in COPIES.items()}
    on_topic = [draft for draft in written if draft.incident and draft.id not in found]
    others = [draft for draft in written if not draft.incident]
    found |= {draft.id: names[number % len(names)] for number, draft in enumerate(on_topic)}
    return found | {draft.id: names[(3 * number + 1) % len(names)] for number, draft in enumerate(others)}


def read_also(source: str, target: str, written: dict[str, Draft], outlets: dict[str, str]) -> ReadAlso:
    """Return the line that leads from one story to another; editors mostly paste the plain address."""
    random = Random(f"{source}>{target}")
    forms = ["utm", "http", "amp"] if outlets[target] == "tribunnews" else ["utm", "http"]
    variant = random.choice(forms) if target in written and random.random() < 0.25 else ""
    return ReadAlso(target=target, variant=variant, anchor="")


def make_story(draft: Draft, outlet: str, role: str, lines: list[ReadAlso]) -> Story:
    """Return the story as its outlet publishes it."""
    form = FORMS[outlet]
    host, _, section = form.sections.get(draft.section, form.usual).partition("/")
    if role == "forbidden":
        section = f"{CLOSED_PATH.strip('/')}/{section}"
    number = crc32(draft.id.encode())
    initials = f"{draft.author[:3].lower()}/{draft.editor[:3].lower()}"
    return Story(
        id=draft.id, incident=draft.incident, on_topic=bool(draft.incident), host=host, section=section,
        path=path_at(outlet, draft.id, host, section, draft.published_at, slug(draft.title)),
        title=draft.title, deck="",
        published_at=draft.published_at, modified_at=draft.published_at,
        authors=(draft.author,), editors=(draft.editor,) if outlet not in ("detik", "cnnindonesia") else (),
        initials=initials if outlet in ("detik", "cnnindonesia") else "", place=draft.place, tags=draft.tags,
        caption=draft.caption, credit=draft.credit,
        parts=parts_of(draft, lines, 2 if form.is_bundled and number % 6 == 0 else 1), role=role,
        copy_of=draft.id.removesuffix("-salinan") if draft.id.endswith("-salinan") else "",
        dateline_host=host,
    )  # fmt: skip


def parts_of(draft: Draft, lines: list[ReadAlso], count: int) -> tuple[tuple[Block, ...], ...]:
    """Return the paragraphs, one or two sentences each, with the read-also lines spread between them."""
    random = Random(f"{draft.id} paragraphs")
    paragraphs, left = [], list(draft.sentences)
    while left:
        size = 1 if not paragraphs else random.choice((1, 2))
        paragraphs.append(Paragraph(text=" ".join(left[:size])))
        left = left[size:]
    blocks: list[Block] = []
    waiting = list(lines)
    for number, paragraph in enumerate(paragraphs):
        blocks.append(paragraph)
        due = len(waiting) if number == len(paragraphs) - 2 else min(1, len(waiting))
        blocks += waiting[:due] if number < len(paragraphs) - 1 else []
        waiting = waiting[due:] if number < len(paragraphs) - 1 else waiting
    if count == 1:
        return (tuple(blocks),)
    middle = blocks.index(paragraphs[len(paragraphs) // 2])
    return tuple(blocks[:middle]), tuple(blocks[middle:])


def load_traps(wiring: Wiring) -> dict[str, LargeTrap]:
    """Return every trap by id; where a redirect names a position, its outlet's story there."""
    found = {}
    for name, row in sheet("traps")["trap"].items():
        goal: Any = row.get("leads_to", "")
        if isinstance(goal, int):
            goal = wiring.order[row["outlet"]][goal]
        found[name] = LargeTrap(
            id=name, kind=row["kind"], status=row["status"], url=row["url"], title=row["title"], leads_to=goal
        )
    return found
