"""What a topic looks for: phrases, pairs of phrases, context and words that hide."""

from __future__ import annotations

from dataclasses import dataclass

STRONG_WEIGHT = 0.6  # above the usual threshold: one strong phrase is enough for a headline


@dataclass(frozen=True, kw_only=True)
class NearPair:
    """Two lists of phrases that tell something when one of each stands within ``window`` words."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    without: tuple[str, ...] = ()  # one of these in the same sentence, and the pair tells nothing
    ordered: bool = False  # the left one must come first
    window: int = 10
    weight: float = STRONG_WEIGHT


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What to look for, as the topic file puts it."""

    strong: tuple[str, ...] = ()
    near: tuple[NearPair, ...] = ()
    context: tuple[str, ...] = ()
    context_weight: float = 0.15
    hiding: tuple[str, ...] = ()  # the file's "not", which Python keeps for itself
    hide: int = 3  # how many words on either side a hiding phrase hides
