"""A mean and its 95 % interval from independent values. Called by summaries; knows no outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from pathsim.outcomes.columns import Array


class Interval(NamedTuple):
    """A mean with its interval; NaN bounds where there are fewer than two values."""

    mean: float
    low: float
    high: float
    n: int


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
