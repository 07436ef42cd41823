"""A mean and its 95 % interval from independent values. Called by summaries; knows no outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from pathsim.errors import demand
from pathsim.outcomes.columns import Array


class Interval(NamedTuple):
    """A mean with its interval; NaN bounds where there are fewer than two values."""

    mean: float
    low: float
    high: float
    n: int

    def within(self, least: float, most: float) -> Interval:
        """The interval clipped to what can be; the mean is never left outside.

        The truth lies between `least` and `most`, so clipping there loses no coverage: an interval
        covers the truth after it exactly where it did before.
        """
        low, high = np.clip([self.low, self.high], least, most)
        return self._replace(low=float(min(low, self.mean)), high=float(max(high, self.mean)))


def t_interval(values: Array | Sequence[float], *, level: float = 0.95) -> Interval:
    """The mean and its Student t interval; NaN are left out and not counted in `n`."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    n = len(known)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    mean = float(known.mean())
    if n == 1:
        return Interval(mean, np.nan, np.nan, 1)
    half = float(stdtrit(n - 1, 0.5 + level / 2) * known.std(ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n)


def two_stage_interval(
    values: Array | Sequence[float], first: int, *, level: float = 0.95
) -> Interval:
    """The mean and its interval where spreads, or those of others, settled how many values came.

    The half-width is `reach` / sqrt(n). Raises ValueError where fewer than two came first or some
    values are NaN.
    """
    values = np.asarray(values, dtype=float)
    mean, n = float(values.mean()), len(values)
    half = reach(values, first, level=level) / np.sqrt(n)
    return Interval(mean, mean - half, mean + half, n)


def reach(values: Array, first: int, *, level: float = 0.95) -> float:
    """The half-width of a two-stage interval times the square root of the number of values.

    The greater of t S0, where S0 is the standard deviation of the `first` values and t Student's
    with first - 1 degrees of freedom, and the same of all values. The former alone is Stein's, Ann
    Math Stat 1945;16:243-258: for normal values the mean of all n is independent of every spread,
    so it covers the truth in exactly `level` of cases by whatever rule the spreads settle n, with
    one outcome or several, up to a limit or not. The greater of both covers it at least as often;
    it takes up what Stein's loses where values are skewed and the first happen to lie close.
    """
    demand(first > 1, "an interval needs two or more first values")
    demand(not np.isnan(values).any(), "an interval in two stages needs every value")
    return max(
        float(stdtrit(len(some) - 1, 0.5 + level / 2) * some.std(ddof=1))
        for some in (values[:first], values)
    )


SKEWED = 1.0
"""With values of more skewness than this, Student's intervals were seen to cover too little."""


def is_skewed(values: Array | Sequence[float]) -> bool:
    """Whether values are so skewed that a mean of few is not quite normal; NaN are left out."""
    known = np.asarray(values, dtype=float)
    from_mean = known[~np.isnan(known)] - np.nanmean(known)
    variance = float(np.mean(from_mean**2))
    return bool(variance > 0 and abs(np.mean(from_mean**3)) / variance**1.5 > SKEWED)


def wilson_interval(
    values: Array | Sequence[float], *, whole: float = 1.0, level: float = 0.95
) -> Interval:
    """The share of values that are `whole` rather than 0, with Wilson's score interval.

    It stays between 0 and `whole`, and has a width where none or all have it; NaN are left out.
    Source: Wilson, J Am Stat Assoc 1927;22:209-212.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)] / whole
    n = len(known)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    share, z = float(known.mean()), float(ndtri(0.5 + level / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    found = Interval(share, middle - half, middle + half, n).within(0.0, 1.0)
    return Interval(whole * share, whole * found.low, whole * found.high, n)
