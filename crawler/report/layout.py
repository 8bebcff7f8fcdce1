"""Where the stories of a link graph stand: what belongs together is together, and nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SEED = 20_210_521
ROUNDS_INSIDE, ROUNDS_BETWEEN = 260, 420
WIDER = 1.7  # the picture is so much wider than high
PULL = 0.8  # of a link between groups, beside that of the middle
GAP = 0.9  # between two groups at least, in distances between two linked stories
_LEAST = 1e-9


def positions(
    groups: Sequence[int], edges: Sequence[tuple[int, int]], sizes: Sequence[float], room: float = 0.0
) -> Points:
    """Return x and y of each node; the same graph gives the same picture.

    Each group is laid out by itself with the forces of Fruchterman and Reingold (1991, "Graph drawing by
    force-directed placement"); then the groups are moved as discs, towards the middle and those that they are
    linked with, and off each other. One force over the whole would make a knot of it.

    Args:
        groups: number of each node's group, from 0 without gaps.
        edges: pairs of nodes.
        sizes: radius of each node, in distances between two linked nodes.
        room: what two groups leave between them beside the least gap, in the same distances.
    """
    node_count = len(groups)
    placed = np.zeros((node_count, 2))
    if not node_count:
        return placed
    random = np.random.default_rng(SEED)
    group_of = np.asarray(groups)
    radii = np.asarray(sizes, dtype=float)
    pairs = np.asarray(edges, dtype=int).reshape(-1, 2)
    discs = np.zeros(group_of.max() + 1)
    for group in range(len(discs)):
        members = np.flatnonzero(group_of == group)
        number_in = {node: number for number, node in enumerate(members.tolist())}
        inner = [(number_in[a], number_in[b]) for a, b in pairs.tolist() if a in number_in and b in number_in]
        own = _spring(len(members), np.asarray(inner, dtype=int).reshape(-1, 2), radii[members], random)
        placed[members] = own
        discs[group] = (np.hypot(*own.T) + radii[members]).max() + (GAP + room) / 2
    between = [
        (a, b) for a, b in (group_of[pairs] if len(pairs) else np.zeros((0, 2), int)).tolist() if a != b
    ]
    centres = _discs(discs, np.asarray(between, dtype=int).reshape(-1, 2))
    places: Points = placed + centres[group_of]
    return places


def _spring(count: int, pairs: NDArray[np.int_], radii: Points, random: np.random.Generator) -> Points:
    """Return places around (0, 0), about 1 apart."""
    if count == 1:
        return np.zeros((1, 2))
    # Fewer rounds for a large group: each takes the square of its size.
    rounds = ROUNDS_INSIDE if count <= 400 else 120
    angles = np.arange(count) * np.pi * (3 - np.sqrt(5))
    spots = np.sqrt(np.arange(count) + 0.5)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    spots += random.normal(scale=0.05, size=spots.shape)
    apart = radii[:, None] + radii[None, :] + 0.35
    for number in range(rounds):
        heat = 1.2 * (1 - number / rounds) + 0.02
        away = spots[:, None, :] - spots[None, :, :]
        distance = np.maximum(np.sqrt((away**2).sum(axis=2)), _LEAST)
        np.fill_diagonal(distance, np.inf)
        # Far nodes do not push: else the unlinked ends of a chain fly off.
        push = np.where(distance < 6, 1 / distance**2, 0) + np.where(distance < apart, 3 / distance, 0)
        force = (away * push[:, :, None]).sum(axis=1) - 0.03 * spots
        if len(pairs):
            pull = spots[pairs[:, 0]] - spots[pairs[:, 1]]
            length = np.sqrt((pull**2).sum(axis=1, keepdims=True))
            np.add.at(force, pairs[:, 0], -pull * length * 0.25)
            np.add.at(force, pairs[:, 1], pull * length * 0.25)
        step = np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), _LEAST)
        spots += force / step * np.minimum(step, heat)
    spots = _separated(spots, apart)
    middle: Points = (spots.max(axis=0) + spots.min(axis=0)) / 2
    centred: Points = spots - middle
    return centred


def _discs(radii: Points, pairs: NDArray[np.int_]) -> Points:
    """Return the middles of discs that do not overlap, the largest in the midst."""
    count = len(radii)
    order = np.argsort(-radii, kind="stable")
    angles = np.arange(count) * np.pi * (3 - np.sqrt(5))
    reach = np.sqrt(np.cumsum(radii[order] ** 2) - radii[order][0] ** 2 * 0.9)
    middles = np.zeros((count, 2))
    middles[order] = reach[:, None] * np.column_stack([np.cos(angles) * WIDER, np.sin(angles)])
    apart = radii[:, None] + radii[None, :]
    weight = (radii**2)[:, None]
    links = np.maximum(np.bincount(pairs.ravel(), minlength=count), 1)[:, None]
    for number in range(ROUNDS_BETWEEN):
        ease = 0.05 * (1 - number / ROUNDS_BETWEEN)
        middles -= ease * middles * np.array([1 / WIDER, WIDER]) * 0.6
        if len(pairs):
            sums = np.zeros((count, 2))
            np.add.at(sums, pairs[:, 0], middles[pairs[:, 1]] - middles[pairs[:, 0]])
            np.add.at(sums, pairs[:, 1], middles[pairs[:, 0]] - middles[pairs[:, 1]])
            # Never farther than half the way to the middle of those that it is linked with.
            middles += sums * np.minimum(ease * PULL, 0.5 / links)
        middles = _separated(middles, apart, rounds=2, weight=weight)
    return _separated(middles, apart, weight=weight)


def _separated(spots: Points, apart: Points, rounds: int = 400, weight: Points | None = None) -> Points:
    """Return the spots moved off each other until each two are as far apart as they should be."""
    count = len(spots)
    if count < 2:
        return spots
    heavy = np.ones((count, 1)) if weight is None else weight
    share = heavy.T / (heavy + heavy.T)  # the light one gives way
    for _ in range(rounds):
        away = spots[:, None, :] - spots[None, :, :]
        distance = np.maximum(np.sqrt((away**2).sum(axis=2)), _LEAST)
        overlap = np.where(distance < apart, apart - distance, 0)
        np.fill_diagonal(overlap, 0)
        if overlap.max() < 0.02:
            break
        crowd = np.maximum((overlap > 0).sum(axis=1, keepdims=True) / 3, 1)
        spots = spots + (away / distance[:, :, None] * (overlap * share)[:, :, None]).sum(axis=1) / crowd
    return spots
