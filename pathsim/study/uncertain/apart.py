"""What is uncertain of the numbers, told apart from what chance does to the patients simulated.

Every set of numbers is simulated with n replications. The variance of the sets' means is that of
the numbers (outer) plus that of chance (inner) over n; the inner is seen among the replications of
a set, and what is left is the outer: analysis of variance, as O'Hagan, Stevenson and Madan, Health
Economics 2007; 16: 1009. It asks that no two sets share their patients' luck. Pure arithmetic:
called by `account`; knows no outcome and no study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""A row a set, a column a replication; NaN where an outcome is not known."""
ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Apart:
    """An outcome over all sets; what is not known is NaN.

    `sd_outer` is the standard deviation that the numbers bring about, `se_inner` the standard error
    of one set's mean from chance, `sd_sets` that of the sets' means, which has both. `low` to
    `high` holds 95 % of what the numbers alone would give: the centiles of the sets' means, drawn
    together about their mean until their variance is the outer one. `se_mean` is the standard error
    of the mean of all.
    """

    mean: float
    se_mean: float
    sd_outer: float
    se_inner: float
    sd_sets: float
    low: float
    high: float
    low_sets: float
    high_sets: float
    sets: int
    replications: int

    @property
    def noise(self) -> float:
        """The part of the variance of the sets' means that is chance."""
        return _ratio(self.se_inner**2, self.sd_sets**2)

    @property
    def hidden(self) -> bool:
        """Whether chance is at least all of the variance, so that the numbers' part is not seen.

        It is estimated at 0, and `low` and `high` are the mean: that is no certainty.
        """
        return self.sd_outer == 0 and self.se_inner > 0


def apart(values: Values) -> Apart:
    """Outer and inner variation of an outcome; the inner is not known with one replication a set.

    Sets in which nothing is known are left out.
    """
    known = values[~np.isnan(values).all(axis=1)]
    counts = (~np.isnan(known)).sum(axis=1)
    if len(known) == 0:
        nan = float("nan")
        return Apart(nan, nan, nan, nan, nan, nan, nan, nan, nan, 0, values.shape[1])
    means = np.nanmean(known, axis=1)
    between = float(means.var(ddof=1)) if len(means) > 1 else float("nan")
    inner = chance(known, counts)
    outer = max(0.0, between - inner) if np.isfinite(inner) else float("nan")
    low_sets, high_sets = np.quantile(means, ENDS)
    drawn = shrunk(means, outer)
    low, high = np.quantile(drawn, ENDS) if len(means) > 1 else (float("nan"),) * 2
    return Apart(
        float(means.mean()),
        float(np.sqrt(between / len(means))),
        float(np.sqrt(outer)),
        float(np.sqrt(inner)),
        float(np.sqrt(between)),
        float(low),
        float(high),
        float(low_sets),
        float(high_sets),
        len(means),
        values.shape[1],
    )


def chance(known: Values, counts: NDArray[np.int64]) -> float:
    """The mean over sets of the variance that chance gives a set's mean; NaN if it is not seen."""
    freedom = int((counts - 1).sum())
    if not freedom:
        return float("nan")
    squares = np.nansum((known - np.nanmean(known, axis=1, keepdims=True)) ** 2)
    return float(squares / freedom * (1 / counts).mean())


def shrunk(means: Values, outer: float) -> Values:
    """The sets' means, drawn together about their mean until their variance is the outer one."""
    between = means.var(ddof=1) if len(means) > 1 else 0.0
    part = np.sqrt(_ratio(outer, between)) if np.isfinite(outer) else 1.0
    found: Values = means.mean() + part * (means - means.mean())
    return found


def above(means: Values, outer: float) -> float:
    """How likely it is that a mean lies above 0, as far as the numbers are not known; ties count
    half.

    The sets' means are drawn together as by `shrunk`, but for the error of the mean of all: without
    it a difference that is chance alone would be above 0 for sure, or never.
    """
    error = means.var(ddof=1) / len(means) if len(means) > 1 else 0.0
    drawn = shrunk(means, outer + error)
    return float(((drawn > 0) + 0.5 * (drawn == 0)).mean())


def best(means: Values) -> Values:
    """The share of sets in which each strategy (a column) has the highest value; ties are split.

    Sets in which one of them is not known are left out; NaN where none is left.
    """
    known = means[~np.isnan(means).any(axis=1)]
    if len(known) == 0:
        return np.full(means.shape[1], np.nan)
    top = known == known.max(axis=1, keepdims=True)
    found: Values = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return found


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan") if np.isnan(whole) else 0.0
