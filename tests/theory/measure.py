"""What is read off a log to be compared with a closed form, and the rule of comparison.

The theory tests and the examples' tests call these. Everything is a table with one row a
replication, so that a standard error needs no assumption but independence. A *window* is (first,
last): customers who come in it are followed, time averages are taken over it; before it is the
warm-up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pathsim import Log, Service, simulate

SEED = 1961  # chosen before the first run; each case adds its own number
REPLICATIONS = 40

TIGHT = 0.016
"""Four standard errors of .4 %: an error of 2 % does not pass unseen."""

ROUGH = 0.1
"""Four standard errors of 2.5 %: an error of a tenth, and a little more, does not pass."""

Window = tuple[float, float]
Measure = Callable[[Log], pd.DataFrame]


def replicated(
    service: Service,
    measure: Measure,
    *,
    horizon: float,
    case: int = 0,
    replications: int = REPLICATIONS,
    engine: str = "compiled",
) -> pd.DataFrame:
    """The measure's table of many replications, with one log in memory at a time."""
    parts = []
    for k in range(replications):
        number = range(k, k + 1)
        log = simulate(
            service, horizon=horizon, seed=SEED + case, replications=number, engine=engine
        )
        parts.append(measure(log))
    return pd.concat(parts)


def agree(
    values: Sequence[float] | pd.Series,
    expected: float,
    *,
    controls: pd.DataFrame | None = None,
    within: float | None = ROUGH,
) -> None:
    """Fail unless the mean is within 4 standard errors of what is expected.

    `controls` are figures of the same replications whose expectation is 0 (control variates).
    `within` is the relative error that must not pass unseen: 4 standard errors may be no more.
    """
    mean, error = estimate(values, controls)
    assert abs(mean - expected) <= 4.0 * error, f"{mean:.6g} ± {error:.2g}, expected {expected:.6g}"
    if within is not None:
        share = 4.0 * error / abs(expected)
        assert share <= within, f"4 SE are {100 * share:.2g} % of {expected:.6g}: run for longer"


def are_none(controls: pd.DataFrame) -> None:
    """Fail unless the controls are 0 on average, so that they hide no error of their own."""
    for name in controls:
        agree(controls[name], 0.0, within=None)


def estimate(
    values: Sequence[float] | pd.Series, controls: pd.DataFrame | None = None
) -> tuple[float, float]:
    """Mean and standard error of at least 30 replications, by least squares on the controls."""
    y = np.asarray(values, dtype=float)
    assert len(y) >= 30
    assert not np.isnan(y).any()
    x = np.ones((len(y), 1)) if controls is None else np.column_stack([np.ones(len(y)), controls])
    solve = np.linalg.pinv(x)
    solution = solve @ y
    # What leaving one replication out would change, squared and summed: the jackknife's error.
    leverage = (x * solve.T).sum(axis=1)
    changes = solve[0] * (y - x @ solution) / (1.0 - leverage)
    return float(solution[0]), float(np.sqrt((changes**2).sum()))


# --- stays ---


def stays(log: Log) -> pd.DataFrame:
    """One row a stay: replication, patient, state, start, end, left_by, into. No detours."""
    rows = log.log
    rows = rows[~is_any(rows["kind"], "arrive", "choice")]
    stay = np.flatnonzero(~is_any(rows["kind"], "end", "censor"))
    begin, after = rows.take(stay), rows.take(stay + 1)
    return pd.DataFrame(
        {
            "replication": begin["replication"].array,
            "patient": begin["patient"].array,
            "state": begin["state"].array,
            "start": begin["time"].array,
            "end": after["time"].array,
            "left_by": after["cause"].array,
            "into": after["state"].array,
        }
    )


def is_any(words: pd.Series, *wanted: str) -> np.ndarray:
    """Which rows of a column of categories are one of the words wanted."""
    flags: np.ndarray = words.cat.categories.isin(wanted)[words.cat.codes]
    return flags


def within(table: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The stays that begin in the window."""
    return table[(table["start"] >= window[0]) & (table["start"] < window[1])]


def of_state(table: pd.DataFrame, *states: str) -> pd.DataFrame:
    return table[is_any(table["state"], *states)]


def mean_days(table: pd.DataFrame) -> pd.Series:
    """The mean length of the stays of each replication."""
    return (table["end"] - table["start"]).groupby(table["replication"]).mean()


def share(table: pd.DataFrame, holds: pd.Series) -> pd.Series:
    """The share of each replication's rows of which it holds."""
    return holds.groupby(table["replication"]).mean()


def time_average(table: pd.DataFrame, window: Window) -> pd.Series:
    """How many of these stays are under way, averaged over the window."""
    first, last = window
    days = (table["end"].clip(upper=last) - table["start"].clip(lower=first)).clip(lower=0.0)
    return days.groupby(table["replication"]).sum() / (last - first)


def present(table: pd.DataFrame, time: float) -> pd.Series:
    """How many of these stays are under way at a time."""
    there = (table["start"] <= time) & (table["end"] > time)
    return there.groupby(table["replication"]).sum()


# --- times to events ---


def time_of(log: Log, *states: str) -> pd.DataFrame:
    """replication, patient, time of the first entry into one of the states, inf where never."""
    rows = log.log
    arrived = is_any(rows["kind"], "arrive")
    who = np.cumsum(arrived) - 1
    entered = np.flatnonzero(is_any(rows["state"], *states) & ~is_any(rows["kind"], "censor"))
    first = entered[np.diff(who[entered], prepend=-1) > 0]
    times = np.full(np.count_nonzero(arrived), np.inf)
    times[who[first]] = rows["time"].to_numpy()[first]
    names = {name: rows[name].to_numpy()[arrived] for name in ("replication", "patient")}
    return pd.DataFrame({**names, "time": times})


def survival(times: pd.DataFrame, at: float) -> pd.Series:
    """The share of each replication whose time is beyond `at`."""
    return share(times, times["time"] > at)


def restricted_mean(times: pd.DataFrame, upto: float) -> pd.Series:
    """The mean of each replication's times, none counted beyond `upto`."""
    return times["time"].clip(upper=upto).groupby(times["replication"]).mean()


def median(times: pd.DataFrame) -> pd.Series:
    """The median of each replication's times."""
    return times["time"].groupby(times["replication"]).median()
