"""Which read-also line leads where: about half leave the topic, nearly all stay on their outlet.

So it was in the real pages counted for OUTLETS.md, section 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.large_web.outlet_forms import FORMS
from tests.large_web.writing import dice, sheet

if TYPE_CHECKING:
    from random import Random

    from tests.large_web.writing import Draft

# By position in the outlet's list of stories on the topic, newest first. The others are "story": a read-also
# line of another story on the topic leads to them.
ROLES = {
    3: "listed",  # no read-also line leads to it: only tag pages, indexes, feeds and sitemaps
    5: "tunnel",  # one story off the topic stands between
    7: "listed",
    8: "far",  # another tunnel, one of two stories, or only another outlet leads to it
    10: "edge",
}
BRIDGE_BEATS = (
    "bpjs",
    "kominfo",
    "pemilu",
    "dukcapil",
    "bssn",
)  # what the second story of a long tunnel is about
FAR = {"tribunnews": "tunnel", "kompas": "long_tunnel", "detik": "long_tunnel", "cnnindonesia": "tunnel"}
ISLANDS = ("kompas", "cnnindonesia", "okezone")  # nothing at all leads to their story at the edge
CLOSED = ("liputan6",)  # robots.txt forbids it
HARD = 0.6  # share of the lines off the topic that lead to a story with some of its words


@dataclass(kw_only=True)
class Wiring:
    """The lines by story id, and what each story on the topic is for."""

    lines: dict[str, list[str]]
    roles: dict[str, str] = field(default_factory=dict)
    seeds: dict[str, str] = field(default_factory=dict)
    order: dict[str, list[str]] = field(
        default_factory=dict
    )  # outlet to its stories on the topic, newest first


def wire(written: dict[str, Draft], outlets: dict[str, str], draw: int = 0) -> Wiring:
    """Return the read-also lines of every story."""
    wiring = Wiring(lines={name: [] for name in written})
    apart: dict[str, list[str]] = {}
    bridges: set[str] = set()
    for outlet in FORMS:
        mine = sorted(
            (draft for draft in written.values() if outlets[draft.id] == outlet),
            key=lambda draft: (draft.published_at, draft.id),
            reverse=True,
        )
        wiring.order[outlet] = [draft.id for draft in mine if draft.incident]
        apart[outlet] = [draft.id for draft in mine if not draft.incident]
        give_roles(wiring, outlet)
        bridges |= wire_topic(
            wiring, outlet, [written[name] for name in apart[outlet]], dice(f"{outlet} topic", draw)
        )
    cross(wiring)
    for outlet, names in apart.items():
        wire_others(wiring, outlet, names, bridges, written, dice(f"{outlet} others", draw))
    return wiring


def give_roles(wiring: Wiring, outlet: str) -> None:
    """Note how each of the outlet's stories on the topic is to be reached."""
    order = wiring.order[outlet]
    for position, name in enumerate(order):
        role = ROLES.get(position, "story")
        if role == "far":
            role = FAR.get(outlet, "crossing")
        elif role == "edge":
            role = "island" if outlet in ISLANDS else "forbidden" if outlet in CLOSED else "story"
        wiring.roles[name] = role
    wiring.seeds[outlet] = order[0]


def wire_topic(wiring: Wiring, outlet: str, others: list[Draft], random: Random) -> set[str]:
    """Add the lines of the stories on the topic; return the stories off it that are bridges back to it."""
    order, lines = wiring.order[outlet], wiring.lines
    linked: list[str] = []
    bridges: set[str] = set()
    hard = [draft.id for draft in others if draft.beat in hard_beats()]
    spare = [draft.id for draft in others if draft.beat in BRIDGE_BEATS]
    for name in order:
        role = wiring.roles[name]
        if role in ("story", "forbidden") and linked:
            # Newsrooms link to what came before: to the incident of years ago it is several steps.
            lines[random.choice(linked[-2:] + linked[-1:])].append(name)
        elif role in ("tunnel", "long_tunnel"):
            steps = [spare.pop(random.randrange(len(spare))) for _ in range(1 if role == "tunnel" else 2)]
            bridges |= set(steps)
            lines[random.choice(linked[-2:])].append(steps[0])
            for step, following in zip(steps, [*steps[1:], name], strict=True):
                lines[step].append(following)
        if role == "story":
            linked.append(name)
    # The last two discovered stories of an outlet: the second hangs on the first.
    listed = [name for name in order if wiring.roles[name] == "listed"]
    if outlet in ("tempo", "antaranews") and len(listed) > 1:
        lines[listed[0]].append(listed[1])
        wiring.roles[listed[1]] = "behind_listed"
    for name in order:
        here = min(range(len(linked)), key=lambda place: abs(order.index(linked[place]) - order.index(name)))
        for _ in range(2):
            goal = random.choice(linked[max(0, here - 2) : here + 2])
            if random.random() < 0.5 and goal != name and goal not in lines[name]:
                lines[name].append(goal)
        for _ in range(min(3, sum(goal not in bridges for goal in lines[name]))):
            pool = hard if random.random() < HARD else [draft.id for draft in others]
            goal = random.choice(pool)
            if goal not in lines[name] and goal not in bridges:
                lines[name].insert(random.randrange(len(lines[name]) + 1), goal)
    return bridges


def cross(wiring: Wiring) -> None:
    """Let the story that only another outlet leads to be named by a neighbour's."""
    names = list(FORMS)
    for number, outlet in enumerate(names):
        for name in wiring.order[outlet]:
            if wiring.roles[name] == "crossing":
                neighbour = names[number - 1]
                wiring.lines[wiring.order[neighbour][2]].append(name)


def wire_others(
    wiring: Wiring,
    outlet: str,
    names: list[str],
    bridges: set[str],
    written: dict[str, Draft],
    random: Random,
) -> None:
    """Add the lines of the stories off the topic: most stay off it, few lead back."""
    linked = [name for name in wiring.order[outlet] if wiring.roles[name] == "story"]
    elsewhere = [name for name, draft in written.items() if not draft.incident and name not in bridges]
    for name in names:
        mine = wiring.lines[name]
        same_beat = [other for other in names if other != name and written[other].beat == written[name].beat]
        for _ in range(random.choice((1, 2, 3, 3, 4))):
            pool = same_beat if same_beat and random.random() < 0.4 else names
            goal = random.choice(elsewhere) if random.random() < 0.02 else random.choice(pool)
            if goal != name and goal not in mine and goal not in bridges:
                mine.append(goal)
        if random.random() < 0.08 and name not in bridges:
            mine.append(random.choice(linked))


def hard_beats() -> frozenset[str]:
    """Return the names of the beats that share words with the topic."""
    return frozenset(sheet("hard_beats")["beat"])
