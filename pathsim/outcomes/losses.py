"""Who is lost before an infusion, and why; who gives up waiting in which queue, and why.

Of our patients alone. Called by summaries, reports and figures; knows no strategy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, array, codes_among, sums, worded, words
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval
from pathsim.outcomes.resources import WITHDRAWN, of_other_users
from pathsim.units import DAYS_PER_YEAR

ALL = "all causes"


@dataclass(frozen=True)
class Loss:
    """Those lost for one cause, or for `ALL`: `n` in all replications, a year, of the referred (%).

    Intervals are over replications; in one without referrals there is no share.
    """

    cause: str
    n: int
    a_year: Interval
    share: Interval


@dataclass(frozen=True)
class Lost:
    """Of the `referred` for a therapy that is infused once, all replications together, the lost.

    `losses` begin with all of them; then causes, the most frequent first.
    """

    referred: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Withdrawn:
    """Requests for one resource that were withdrawn for one cause: `n`, a year, of requests (%)."""

    resource: str
    cause: str
    n: int
    a_year: Interval
    share: Interval


def causes(patients: pd.DataFrame) -> Any:
    """Each patient's cause of loss as a categorical, without the therapy and the option drawn."""
    therapies = [str(c).removeprefix("on.") for c in patients if str(c).startswith("on.")]
    found = words(patients["lost_cause"])
    return worded(found.codes, [_cause(str(cause), therapies) for cause in found.categories])


def _cause(cause: str, therapies: Sequence[str]) -> str:
    for name in therapies:
        cause = cause.removeprefix(name).strip()
    return cause.partition(":")[0]


def lost(measured: Measured) -> Lost:
    """Who was referred and not infused, and the cause of each loss; who is on the way is no loss.

    Where nobody was referred there are no losses.
    """
    table = measured.patients
    if not len(table):
        return Lost(0, ())
    numbers, place = np.unique(array(table, "replication"), return_inverse=True)
    referred, infused, gone = (
        ~np.isnan(array(table, name)) for name in ("referred", "infused", "lost")
    )
    if not referred.any():
        return Lost(0, ())
    of = sums(place, referred.astype(float), len(numbers))
    gone = gone & ~infused & referred
    cause = causes(table)
    by_cause = {ALL: gone, **{str(c): gone & (cause.codes == k)
                              for k, c in enumerate(cause.categories)}}  # fmt: skip
    years = measured.counted_days / DAYS_PER_YEAR
    found = []
    for name, chosen in by_cause.items():
        many = sums(place[chosen], np.ones(int(chosen.sum())), len(numbers))
        if many.any() or name == ALL:
            found.append(Loss(name, int(many.sum()), *_rates(many, of, years)))
    every, *each = found
    return Lost(int(referred.sum()), (every, *sorted(each, key=lambda loss: -loss.n)))


def withdrawn(measured: Measured) -> tuple[Withdrawn, ...]:
    """Our requests that were withdrawn, by resource and by what led to it.

    The resource with most withdrawals first, and of each the most frequent cause first.
    """
    waits = measured.waits
    if not len(waits):
        return ()
    waits = waits[~of_other_users(waits)]
    resource, cause = words(waits["resource"]), words(waits["cause"])
    therapies = [str(c).removeprefix("on.") for c in measured.patients if str(c).startswith("on.")]
    told = worded(cause.codes, [_cause(str(each), therapies) for each in cause.categories])
    gone = codes_among(waits["outcome"], (WITHDRAWN,)) == 0
    numbers, place = np.unique(array(waits, "replication"), return_inverse=True)
    years = measured.counted_days / DAYS_PER_YEAR
    found: list[Withdrawn] = []
    for k, name in enumerate(resource.categories):
        asked = resource.codes == k
        of = sums(place[asked], np.ones(int(asked.sum())), len(numbers))
        for code in np.unique(told.codes[asked & gone]).tolist():
            chosen = asked & gone & (told.codes == code)
            many = sums(place[chosen], np.ones(int(chosen.sum())), len(numbers))
            rates = _rates(many, of, years)
            found.append(Withdrawn(str(name), str(told.categories[code]), int(many.sum()), *rates))
    total = {w.resource: sum(each.n for each in found if each.resource == w.resource)
             for w in found}  # fmt: skip
    return tuple(sorted(found, key=lambda w: (-total[w.resource], w.resource, -w.n)))


def _rates(many: Array, of: Array, years: float) -> tuple[Interval, Interval]:
    """So many a year, and of so many in %, by replication."""
    with np.errstate(invalid="ignore"):
        share = t_interval(100 * many / of).within(0.0, 100.0)
    return t_interval(many / years).within(0.0, np.inf), share
