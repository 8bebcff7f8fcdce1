"""Writing the stories: hand-made headlines and sentences, put together the same way every time."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from crawler.demo.printed_time import DAYS, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A story as written, before it has an outlet: its words, tags and day."""

    id: str
    title: str
    incident: str  # empty: off topic
    beat: str  # or the angle of a story on an incident
    section: str
    published_at: datetime
    sentences: tuple[str, ...]
    tags: tuple[str, ...]
    place: str
    author: str
    editor: str
    caption: str
    credit: str


@cache
def sheet(name: str) -> dict[str, Any]:
    """Return one of the files in texts/."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def dice(name: str, draw: int) -> Random:
    """Return the chance for one purpose: the same every time, another one in each draw."""
    return Random(f"{name} {draw}" if draw else name)


def drafts(draw: int = 0) -> list[Draft]:
    """Return every story: those of the incidents, then those of the beats."""
    return [*incident_drafts(draw), *beat_drafts(draw)]


def incident_drafts(draw: int) -> Iterator[Draft]:
    """Give the stories on the topic, incident by incident."""
    angles = sheet("angles")
    for name, incident in sheet("incidents")["incident"].items():
        for number, row in enumerate(incident["rows"]):
            angle, title = row.split(" | ")
            words = angles["angle"][angle]
            identity = f"{name}-{number:02}"
            random = dice(identity, draw)
            at = moment_on(incident["begins"] + timedelta(days=number % 3), random)
            slots = Slots(random, at, facts=incident)
            chosen = [
                *random.sample(words["text"], 6),
                *random.sample(incident["facts"], 2),
                *random.sample(angles["common"], 1),
                *random.sample(angles["background"], 1),
            ]
            yield finish(
                identity, title, name, angle, section_for(angle), slots,
                lead=words["lead"][number % len(words["lead"])], rest=chosen,
                tags=topic_tags(incident, angle, random),
            )  # fmt: skip


def beat_drafts(draw: int) -> Iterator[Draft]:
    """Give the stories off the topic: they fall on the days of the incidents."""
    days = [incident["begins"] for incident in sheet("incidents")["incident"].values()]
    number = 0
    for name, beat in (sheet("hard_beats")["beat"] | sheet("plain_beats")["beat"]).items():
        for index, (title, subject) in enumerate(headlines(beat)):
            identity = f"{name}-{index:02}"
            random = dice(identity, draw)
            at = moment_on(days[number % len(days)] + timedelta(days=random.randrange(3)), random)
            number += 1
            slots = Slots(random, at, facts={"s": subject})
            chosen = [*random.sample(beat["text"], 5), *random.sample(sheet("words")["any"], 3)]
            yield finish(
                identity, title, "", name, beat["section"], slots,
                lead=beat["lead"][index % len(beat["lead"])], rest=chosen, tags=tuple(beat["tags"]),
            )  # fmt: skip


def headlines(beat: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the beat's headlines with what each is about."""
    rows = [tuple(row.split(" | ")) for row in beat.get("rows", ())]
    made = product(beat.get("series", ()), beat.get("subjects", ()))
    return [(row[0], row[1]) for row in rows] + [(form.format(s=name), name) for form, name in made]


def finish(
    identity: str, title: str, incident: str, beat: str, section: str, slots: Slots,
    *, lead: str, rest: Sequence[str], tags: tuple[str, ...],
) -> Draft:  # fmt: skip
    """Return the story with every name in its sentences filled."""
    random = slots.random
    mixed = random.sample(rest, len(rest))
    place = slots["kota"]
    return Draft(
        id=identity,
        title=title,
        incident=incident,
        beat=beat,
        section=section,
        published_at=slots.at,
        sentences=tuple(capital(sentence.format_map(slots)) for sentence in (lead, *mixed)),
        tags=tags,
        place=place,
        author=person(random),
        editor=person(random),
        caption=f"Suasana di {place}, {slots['hari']}.",
        credit=random.choice(sheet("words")["credits"]),
    )


class Slots(dict[str, str]):
    """What the names in braces stand for: facts and people stay, the others are new each time."""

    def __init__(self, random: Random, at: datetime, facts: dict[str, Any]) -> None:
        super().__init__({key: value for key, value in facts.items() if isinstance(value, str)})
        self.random, self.at = random, at
        self["nama"], self["nama2"] = person(random), person(random)

    def __missing__(self, name: str) -> str:
        random = self.random
        match name:
            case "kota":
                return str(random.choice(sheet("words")["cities"]))
            case "angka":
                return str(random.randint(3, 97))
            case "persen":
                return str(
                    random.choice((random.randint(4, 96), f"{random.randint(2, 60)},{random.randint(1, 9)}"))
                )
            case "jam":
                return f"{random.randint(5, 22):02}.{random.choice(('00', '15', '30', '45'))}"
            case "hari":
                day = self.at - timedelta(days=random.randrange(4))
                return f"{DAYS[day.weekday()]} ({day.day}/{day.month})"
            case "rupiah":
                amount = f"{random.randint(1, 900)},{random.randint(1, 9)}"
                return f"Rp {amount} {random.choice(('juta', 'miliar'))}"
        raise KeyError(f"a sentence names {{{name}}}, which nothing fills")


def moment_on(day: Any, random: Random) -> datetime:
    """Return a moment of the day in Western Indonesian time."""
    return datetime.combine(
        day, time(random.randint(6, 21), random.randrange(60), random.randrange(60)), ZONES["WIB"]
    )


def person(random: Random) -> str:
    """Return a made-up name."""
    words = sheet("words")
    return f"{random.choice(words['given'])} {random.choice(words['family'])}"


def section_for(angle: str) -> str:
    """Return the section in which stories of that angle stand."""
    return {
        "jual": "tekno",
        "ungkap": "tekno",
        "cek": "tekno",
        "pakar": "tekno",
        "gugat": "metropolitan",
    }.get(angle, "nasional")


def topic_tags(incident: dict[str, Any], angle: str, random: Random) -> tuple[str, ...]:
    """Return the tags of a story on an incident: editors do not always give it the topic's own."""
    by_angle = {
        "uu": "UU PDP", "polisi": "peretasan", "bssn": "BSSN", "tebusan": "ransomware", "ungkap": "hacker",
        "regulator": "Kominfo", "dpr": "DPR", "gugat": "hukum",
    }  # fmt: skip
    named = random.sample(incident["tags"], 2)
    extra = by_angle.get(angle, "data bocor" if random.random() < 0.5 else "keamanan digital")
    return tuple(dict.fromkeys((*named, extra)))


def capital(sentence: str) -> str:
    """Return the sentence with its first letter large, but for names like "eHAC"."""
    return sentence if sentence[1:2].isupper() else sentence[0].upper() + sentence[1:]
