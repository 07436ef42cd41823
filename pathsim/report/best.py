"""Which strategy does best in an outcome, and whether chance alone may have made it so.

Called by the section `answer`. The rules, by which nothing is claimed that its interval does not
hold:

- Two strategies are told apart (`apart`) only where the interval of their difference, the same
  patients under each, leaves out 0. Intervals are over replications, so one replication tells
  nothing apart (`unknown`), nor does an outcome that one of the two lacks.
- They are `alike` where that interval includes 0 and lies whole within 2 % of the better mean
  either way; otherwise it is not settled (`open`).
- The best of several is picked after looking. The one picked may then be wrong in as many ways as
  there are others, so each of its k - 1 intervals is one of 1 - 0.05 / (k - 1) (Bonferroni): a
  strategy that is not the best is called the best in 2.5 % of cases at most. They need not all hold
  together in 95 %, since the best and the worst of several alike are further apart than two named
  beforehand. The picked mean itself stays a little too good.
- A difference whose own interval of 95 % leaves out 0, but not the wider one, has `alone`: it has a
  star in tables and is not told apart here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pathsim.outcomes.better import better
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval, two_stage_interval
from pathsim.outcomes.labels import excludes_0
from pathsim.outcomes.outcome import Outcome, per_replication
from pathsim.outcomes.summary import OVER_REPLICATIONS, differing

ALIKE, ERROR = 0.02, 0.05
Verdict = Literal["apart", "alike", "open", "unknown"]


@dataclass(frozen=True)
class Rival:
    """Another strategy: its own mean, and by how much the best is above (or below) it.

    `by` is what the best has more than this one, less than 0 where less is better. `alone`: it is
    not told apart, though its interval of 95 % leaves out 0.
    """

    name: str
    mean: Interval
    by: Interval
    verdict: Verdict
    alone: bool = False


@dataclass(frozen=True)
class Best:
    """The best of several strategies in an outcome, and the others from the next to the last.

    `level` is that of the intervals of the differences; those of the means are of 95 %.
    """

    outcome: str
    unit: str
    name: str
    mean: Interval
    others: tuple[Rival, ...]
    level: float

    @property
    def settled(self) -> bool:
        """Whether it is told apart from every other."""
        return all(rival.verdict == "apart" for rival in self.others)

    @property
    def beside(self) -> tuple[Rival, ...]:
        """The others that it is not told apart from."""
        return tuple(rival for rival in self.others if rival.verdict != "apart")


def means(table: pd.DataFrame, outcome: str) -> dict[str, Interval]:
    """Strategy -> its mean, with an interval where there is one over replications."""
    mine = table[(table["outcome"] == outcome) & table["mean"].notna()]
    return {str(row.strategy): _interval(row) for row in mine.itertuples()}


def _interval(row: object) -> Interval:
    mean, low, high, n, over = (
        getattr(row, name) for name in ("mean", "low", "high", "n_replications", "interval")
    )
    if over != OVER_REPLICATIONS:
        low = high = float("nan")
    return Interval(float(mean), float(low), float(high), int(n))


def best(
    measured: Mapping[str, Measured],
    table: pd.DataFrame,
    outcome: str,
    *,
    name: str | None = None,
    first: int | None = None,
) -> Best | None:
    """The best of the strategies that have an outcome, or one by `name`, against all others.

    `table` has the means; `first` is how many replications came first where more were added until
    intervals were narrow. None where fewer than two strategies have the outcome, or that by name
    has not.
    """
    found = means(table, outcome)
    if len(found) < 2 or (name is not None and name not in found):
        return None
    sign = -1.0 if better(outcome) == "lower" else 1.0
    order = sorted(found, key=lambda each: -sign * found[each].mean)
    picked = name or order[0]
    level = 1.0 - ERROR / (len(found) - 1)
    unit = str(table.loc[table["outcome"] == outcome, "unit"].iloc[0])
    ours = {each: measured[each] for each in (picked, *(o for o in order if o != picked))}
    by = dict(_by(ours, outcome, level, first))
    others = tuple(
        _rival(each, found[each], by[each], found[picked].mean) for each in order if each != picked
    )
    return Best(outcome, unit, picked, found[picked], others, level)


def _rival(name: str, mean: Interval, by: Sequence[Interval], best: float) -> Rival:
    """By its difference at the level of all comparisons, and at that of one alone."""
    together, alone = by
    found = verdict(together, best)
    starred = excludes_0(alone.low, alone.high)
    return Rival(name, mean, together, found, alone=starred and found != "apart")


def verdict(by: Interval, mean: float) -> Verdict:
    """What an interval of a difference says of two strategies, the mean of one of them known."""
    if not by.low <= by.high:
        return "unknown"
    if excludes_0(by.low, by.high):
        return "apart"
    return "alike" if max(-by.low, by.high) <= ALIKE * abs(mean) else "open"


def _by(
    ours: Mapping[str, Measured], outcome: str, level: float, first: int | None
) -> Iterator[tuple[str, tuple[Interval, Interval]]]:
    """What the first strategy has more than each other: at this level, and at 95 %."""
    picked = next(iter(ours))
    for name, found in differing(ours, {outcome}).items():
        other = name.removesuffix(f" minus {picked}")
        yield other, (_difference(found, level, first), _difference(found, 1.0 - ERROR, first))


def _difference(found: Sequence[Outcome], level: float, first: int | None) -> Interval:
    """Turned round: what was `other minus picked` as `picked minus other`; nothing of none."""
    if not found:
        return t_interval([])
    (by,) = per_replication(found)
    values, most = -by.dropna().to_numpy(), found[0].bounds[1]
    if first is not None and len(values) > first > 1:
        return two_stage_interval(values, first, level=level).within(-most, most)
    return t_interval(values, level=level).within(-most, most)
