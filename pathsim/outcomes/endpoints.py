"""What a target asks of a simulated trial: one estimate, with its Monte Carlo interval.

Called by validation and by the fit, with the rows of `followed`; targets are `inputs.targets`. All
values are in the model's own units: shares as fractions, times in days. Knows no engine.

Progression-free survival ends at the first of progression and death of any cause. From the origin a
progression while the therapy is awaited counts. Nobody is lost to follow-up, so a share is a count;
where the horizon, or a death that is no event, ends the view, it is Kaplan and Meier's.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from pathsim.inputs.target_outcomes import DELAYS, EVENT_FREE
from pathsim.inputs.targets import Bounds, Conditions, Target
from pathsim.outcomes.columns import Array, Flags
from pathsim.outcomes.followed import followed as rows
from pathsim.outcomes.intervals import wilson_interval

__all__ = ["Estimate", "Times", "at_risk", "measure", "rows", "times"]

Z = float(ndtri(0.975))
RESPONDED = {
    "overall_response": ("cr", "vgpr", "pr"),
    "vgpr_or_better": ("cr", "vgpr"),
    "complete_response": ("cr",),
}
BETWEEN = {
    "apheresis_to_infusion": ("apheresis", "start"),
    "decision_to_start": ("decision", "start"),
    "start_to_first_serious_infection": ("start", "serious_infection"),
    "start_to_low_igg": ("start", "low_igg"),
}


SINCE = {"response": "response_at"}
"""Where a target's `from` is found, if its column has another name."""


@dataclass(frozen=True)
class Estimate:
    """A simulated figure and its 95 % Monte Carlo interval: of `n` at risk, `events` had it.

    NaN where nobody is at risk, or the model knows no such thing; infinite for a median that is
    not reached.
    """

    value: float
    low: float
    high: float
    n: int
    events: int


@dataclass(frozen=True)
class Times:
    """Days from a target's beginning to the event or to the end of the view, of those at risk."""

    days: Array
    event: Flags

    @property
    def n(self) -> int:
        return len(self.days)

    def at(self, day: float) -> Estimate:
        """The share still free of the event at a day."""
        had = self.event & (self.days <= day)
        if not np.any(~self.event & (self.days < day)):
            return replace(_share(~had), events=int(had.sum()))
        low, value, high = (float(f.evaluate(day)) for f in _kaplan_meier(self))
        return Estimate(value, low, high, self.n, int(had.sum()))

    def median(self) -> Estimate:
        """The first day at which half of them or fewer are free; the interval from order."""
        events = int(self.event.sum())
        if self.n == 0:
            return Estimate(np.nan, np.nan, np.nan, 0, 0)
        middle = float(np.quantile(self.days, min(1.0, 0.5 + Z / np.sqrt(self.n))))
        if np.any(~self.event & (self.days < middle)):
            low, value, high = (_half(f.quantiles, f.probabilities) for f in _kaplan_meier(self))
            return Estimate(value, low, high, self.n, events)
        ordered = np.append(np.sort(np.where(self.event, self.days, np.inf)), np.inf)
        half, rank = Z * np.sqrt(self.n) / 2, (self.n + 1) // 2 - 1
        low, high = max(0, int(np.floor(rank - half))), min(self.n, int(np.ceil(rank + half)))
        return Estimate(float(ordered[rank]), float(ordered[low]), float(ordered[high]), self.n,
                        events)  # fmt: skip


def measure(target: Target, rows: pd.DataFrame, against: pd.DataFrame | None = None) -> Estimate:
    """What a target asks for, from the rows of its arm (and those of the arm it is compared with).

    Raises ValueError for a comparison without the other arm's rows.
    """
    if target.outcome == "hazard_ratio":
        if against is None:
            raise ValueError(f"{target.name} compares two arms; give the rows of both")
        return _hazard_ratio(target, rows, against)
    if target.outcome in EVENT_FREE:
        found = times(target, rows)
        return found.median() if target.days is None else found.at(target.days)
    if target.outcome in DELAYS:
        start, end = (rows[name].to_numpy() for name in BETWEEN[target.outcome])
        both = at_risk(target, rows) & np.isfinite(start) & np.isfinite(end)
        if target.days is not None:
            both &= end <= start + target.days
        return Times(end[both] - start[both], np.ones(int(both.sum()), dtype=bool)).median()
    risk = at_risk(target, rows)
    since, happened = _since(target, rows), _happened(target, rows)
    if np.isnan(happened).any():
        return Estimate(np.nan, np.nan, np.nan, 0, 0)
    with np.errstate(invalid="ignore"):
        in_time = np.isfinite(happened) & (happened >= since)
        if target.days is not None:
            in_time &= happened - since <= target.days
    return _share(in_time[risk])


def at_risk(target: Target, rows: pd.DataFrame) -> Flags:
    """Who counts: those for whom the time begins, and who meet all that `of` says."""
    found = np.isfinite(_since(target, rows)) & _meets(target.of, rows)
    if target.outcome == "duration_of_response":
        found &= np.isfinite(rows["response_at"].to_numpy())
    if target.outcome == "bridging_response":
        found &= np.isfinite(rows["bridged"].to_numpy())
    if target.after is not None:
        found &= _event(target, rows) > _since(target, rows)
    return np.asarray(found, dtype=bool)


def times(target: Target, rows: pd.DataFrame) -> Times:
    """The times to the event of an outcome that is free of one (for a hazard ratio, its curve)."""
    risk, since = at_risk(target, rows), _since(target, rows)
    event, ends = _event(target, rows), rows["followed"].to_numpy()
    if target.outcome == "free_of_relapse":
        ends = np.minimum(ends, rows["death"].to_numpy())
    event, ends, since = event[risk], ends[risk], since[risk]
    return Times(np.minimum(event, ends) - since, event <= ends)


def _since(target: Target, rows: pd.DataFrame) -> Array:
    if target.start == "origin":
        since = np.zeros(len(rows))
    else:
        since = rows[SINCE.get(target.start, target.start)].to_numpy()
    return since if target.after is None else since + target.after.days


def _event(target: Target, rows: pd.DataFrame) -> Array:
    outcome = target.curve or target.outcome
    progressed = {"origin": "progression", "relapse": "relapse_2"}.get(target.start, "relapse")
    first = {"overall_survival": "death", "time_to_next_treatment": "next_line"}
    event: Array = rows[first.get(outcome, progressed)].to_numpy()
    return event if outcome == "free_of_relapse" else np.fmin(event, rows["death"].to_numpy())


def _happened(target: Target, rows: pd.DataFrame) -> Array:
    """When what a share counts happened; infinite for never."""
    outcome, death, start = target.outcome, rows["death"].to_numpy(), rows["start"].to_numpy()
    if outcome in RESPONDED:
        good = rows["response"].isin(RESPONDED[outcome]).to_numpy()
        return np.where(good, rows["response_at"], np.inf)
    if outcome == "bridging_response":
        good = rows["bridging_response"].isin(("vgpr", "pr")).to_numpy()
        return np.where(good, rows["bridged"], np.inf)
    if outcome in ("died_before_start", "progressed_or_died_before_start"):
        before = np.minimum(start, rows["other_line"].to_numpy())
        lost = np.where(death < before, death, np.inf)
        progressed = rows["progressed_waiting"].to_numpy()
        return lost if outcome == "died_before_start" else np.minimum(lost, progressed)
    if outcome == "non_relapse_death":
        return np.where(np.isfinite(start) & np.isinf(rows["relapse"]), death, np.inf)
    if outcome == "crossover":
        given = f"first.{target.therapy}"
        return rows[given].to_numpy() if given in rows else np.full(len(rows), np.inf)
    return rows[{"died": "death", "started": "start"}.get(outcome, outcome)].to_numpy()


def _meets(of: Conditions, rows: pd.DataFrame) -> Flags:
    found = np.ones(len(rows), dtype=bool)
    for column, asked in (("start", of.started), ("bridged", of.bridged),
                          ("out_of_specification", of.out_of_specification)):  # fmt: skip
        if asked is not None:
            found &= np.isfinite(rows[column].to_numpy()) == asked
    levels = {"response": of.response, "bridging_response": of.bridging_response, **of.features}
    for column, wanted in levels.items():
        if isinstance(wanted, Bounds):
            values = rows[column].to_numpy()
            if wanted.at_least is not None:
                found &= values >= wanted.at_least
            if wanted.below is not None:
                found &= values < wanted.below
        elif wanted is not None:
            found &= rows[column].isin(wanted).to_numpy()
    return found


def _share(has: Flags) -> Estimate:
    found = wilson_interval(has)
    return Estimate(found.mean, found.low, found.high, found.n, int(has.sum()))


def _hazard_ratio(target: Target, rows: pd.DataFrame, against: pd.DataFrame) -> Estimate:
    """Cox's hazard ratio of the arm over the other, ties after Efron; `at` ends the view."""
    from lifelines import CoxPHFitter  # heavy

    until = np.inf if target.days is None else target.days
    arms = [times(target, table) for table in (rows, against)]
    table = pd.DataFrame(
        {
            "days": np.concatenate([np.minimum(arm.days, until) for arm in arms]),
            "event": np.concatenate([arm.event & (arm.days <= until) for arm in arms]),
            "ours": np.repeat([1.0, 0.0], [arm.n for arm in arms]),
        }
    )
    n, events = len(table), table.groupby("ours")["event"].sum()
    if not events.all():
        return Estimate(np.nan, np.nan, np.nan, n, int(events.sum()))
    fitted = CoxPHFitter().fit(table, "days", "event")
    log, error = float(fitted.params_["ours"]), float(fitted.standard_errors_["ours"])
    low, value, high = np.exp([log - Z * error, log, log + Z * error]).tolist()
    return Estimate(value, low, high, n, int(events.sum()))


def _kaplan_meier(found: Times) -> tuple[Any, Any, Any]:
    """(lower bound, curve, upper bound) of survival."""
    from scipy.stats import CensoredData, ecdf  # heavy

    data = CensoredData(uncensored=found.days[found.event], right=found.days[~found.event])
    curve = ecdf(data).sf
    with warnings.catch_warnings():  # bounds before the first event are not known, and are told so
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = curve.confidence_interval(method="log-log")
    return band.low, curve, band.high


def _half(days: Array, share: Array) -> float:
    """The first day at which a curve is at a half or below; infinite for never."""
    reached = np.flatnonzero(share <= 0.5 + 1e-12)
    return float(days[reached[0]]) if len(reached) else np.inf
