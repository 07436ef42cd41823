"""How long requests wait when some are withdrawn: shares granted in time, and waits of who stays.

The waits of the granted alone are too short where many give up. Called by figures and reports;
knows no strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, array, codes_among
from pathsim.outcomes.resources import GRANTED, WITHDRAWN, of_other_users


@dataclass(frozen=True, eq=False)
class Requests:
    """Requests for one resource: replication, day made, days until the end, and what that was.

    `end` is 0 granted, 1 withdrawn, -1 waiting still when last seen.
    """

    replication: Array
    made: Array
    days: Array
    end: Array

    @property
    def n(self) -> int:
        return len(self.days)

    def where(self, chosen: Array) -> Requests:
        return Requests(*(c[chosen] for c in (self.replication, self.made, self.days, self.end)))


def requests(waits: pd.DataFrame, resource: str) -> Requests:
    """Those of our patients, of the table `waits`."""
    if not len(waits):
        return Requests(*(np.zeros(0) for _ in range(4)))
    ours = codes_among(waits["resource"], (resource,)) == 0
    mine = waits[ours & ~of_other_users(waits)]
    replication, made, days = (array(mine, name) for name in ("replication", "from", "days"))
    return Requests(replication, made, days, codes_among(mine["outcome"], (GRANTED, WITHDRAWN)))


def share_granted(asked: Requests, within: Array) -> Array:
    """The share of requests granted within so many days; NaN beyond the last that is followed.

    A withdrawal competes with the grant, who waits still is censored: Aalen and Johansen, Scand J
    Stat 1978;5:141-150.
    """
    days, granted, withdrawn, at_risk = _counts(asked)
    if not len(days):
        return np.full(len(within), np.nan)
    left = np.cumprod(1 - (granted + withdrawn) / at_risk)
    share = np.cumsum(np.append(1.0, left[:-1]) * granted / at_risk)
    found = np.append(0.0, share)[np.searchsorted(days, within, side="right")]
    return np.where((within > days[-1]) & (left[-1] > 1e-12), np.nan, found)


def wait_of_who_stays(asked: Requests, share: float) -> float:
    """Days within which a share of requests would be granted if none were withdrawn.

    Kaplan and Meier's, a withdrawal being censored at its day; infinite where it is not reached.
    """
    days, granted, _, at_risk = _counts(asked)
    left = np.cumprod(1 - granted / np.maximum(at_risk, 1))
    reached = np.flatnonzero(left <= 1 - share + 1e-12)
    return float(days[reached[0]]) if len(reached) else np.inf


def _counts(asked: Requests) -> tuple[Array, Array, Array, Array]:
    """The days at which requests ended; how many were granted, withdrawn, and waited until then.

    What ends on the same day is in the order granted, withdrawn, censored.
    """
    days, at = np.unique(asked.days, return_inverse=True)
    granted, withdrawn = (np.bincount(at[asked.end == k], minlength=len(days)) for k in (0, 1))
    ended = np.bincount(at, minlength=len(days))
    return days, granted, withdrawn, asked.n - np.cumsum(ended) + ended
