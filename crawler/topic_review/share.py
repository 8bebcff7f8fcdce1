"""A share with the interval that a sample leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # standard deviations on either side that hold 95 % of a normal distribution


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """``hits`` of ``drawn``, as a share from 0 to 1, and where the share of all lies with 95 % confidence."""

    hits: int
    drawn: int
    share: float
    low: float
    high: float


def share_of(hits: int, drawn: int) -> Share | None:
    """The share with its Wilson score interval; None where nothing was drawn.

    Wilson, "Probable inference, the law of succession, and statistical inference" (1927); recommended for
    small samples by Brown, Cai and DasGupta, "Interval estimation for a binomial proportion" (2001).

    >>> found = share_of(9, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.596, 0.982)
    """
    if not drawn:
        return None
    share = hits / drawn
    scale = 1 + Z_95**2 / drawn
    centre = (share + Z_95**2 / (2 * drawn)) / scale
    half = Z_95 / scale * sqrt(share * (1 - share) / drawn + Z_95**2 / (4 * drawn**2))
    # At the ends the formula is exact, and floating point is not.
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == drawn else centre + half
    return Share(hits=hits, drawn=drawn, share=share, low=low, high=high)
