"""What is read off a log to be compared with a closed form, and the rule of comparison.

The theory tests and the examples' tests call these. Everything is a table with one row a
replication, so that a standard error needs no assumption but independence. A *window* is (first,
last): customers who come in it are followed, time averages are taken over it; before it is the
warm-up. Controls are figures that are known to be 0 on average, made of arrivals and services
alone: they explain much of a figure's luck, and nothing of an error in who waits for whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import poisson

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


def estimate(
    values: Sequence[float] | pd.Series, controls: pd.DataFrame | None = None
) -> tuple[float, float]:
    """Mean and standard error of at least 30 replications, by least squares on the controls."""
    y = np.asarray(values, dtype=float)
    assert len(y) >= 30
    assert not np.isnan(y).any()
    x = np.ones((len(y), 1)) if controls is None else np.column_stack([np.ones(len(y)), controls])
    solution = np.linalg.lstsq(x, y, rcond=None)[0]
    left = y - x @ solution
    spread = left @ left / (len(y) - x.shape[1])
    return float(solution[0]), float(np.sqrt(spread * np.linalg.inv(x.T @ x)[0, 0]))


# --- stays ---


def stays(log: Log) -> pd.DataFrame:
    """One row a stay: replication, patient, state, start, end, left_by, into. No detours."""
    rows = log.log
    rows = rows[~rows["kind"].isin(["arrive", "choice"])].reset_index(drop=True)
    after = rows.shift(-1)
    same = (after["patient"] == rows["patient"]) & (after["replication"] == rows["replication"])
    table = pd.DataFrame(
        {
            "replication": rows["replication"],
            "patient": rows["patient"],
            "state": rows["state"],
            "start": rows["time"],
            "end": after["time"],
            "left_by": after["cause"],
            "into": after["state"],
        }
    )
    return table[same & ~rows["kind"].isin(["end", "censor"])]


def within(table: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The stays that begin in the window."""
    return table[(table["start"] >= window[0]) & (table["start"] < window[1])]


def of_state(table: pd.DataFrame, *states: str) -> pd.DataFrame:
    return table[table["state"].isin(states)]


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


# --- figures of a queue with the states waiting and served ---


def total(table: pd.DataFrame, values: pd.Series) -> pd.Series:
    """The sum of the values of each replication's rows."""
    return values.groupby(table["replication"]).sum()


def excess_service(table: pd.DataFrame, mean: float) -> pd.Series:
    """Days of service beyond the mean, over the services that begin in the table: a control."""
    served = of_state(table, "served")
    return total(served, served["end"] - served["start"] - mean)


def overflow(table: pd.DataFrame, window: Window, *, servers: int, load: float) -> float:
    """A control: how many more than the spare servers each would find, were there no end of them.

    Servers without end hold a Poisson number of customers, `load` on average. The table is of one
    replication. Those who come in the window are summed up, less what is expected of each.
    """
    waits, serves = of_state(table, "waiting"), of_state(table, "served")
    come, who = waits["start"].to_numpy(), waits["patient"].to_numpy()
    gone = np.full(len(come), np.inf)  # who is not served yet leaves long after the window
    row = np.searchsorted(who, serves["patient"].to_numpy())
    gone[row] = come[row] + (serves["end"] - serves["start"]).to_numpy()
    come, gone = np.sort(come), np.sort(gone)
    first, last = np.searchsorted(come, window)
    found = np.arange(first, last) - np.searchsorted(gone, come[first:last], side="right")
    spare = servers - 1
    expected = load * poisson.sf(spare - 2, load) - spare * poisson.sf(spare - 1, load)
    return float((np.maximum(found - spare, 0) - expected).sum())


def queue_figures(
    window: Window, *, arrival: float, mean: float, servers: int = 1, longer_than: float = 0.0
) -> Measure:
    """Figures of a queue: wait, in_system, p_wait, p_longer, p_left, queue, number, used.

    Sums over those who come in the window are divided by how many are expected, `arrival` a day: a
    quotient by how many came would be biased. `arrivals`, `service` and, where nobody leaves,
    `overflow` are controls, with mean 0.
    """
    expected = arrival * (window[1] - window[0])

    def measure(log: Log) -> pd.DataFrame:
        table = stays(log)
        waiting, began = of_state(table, "waiting"), within(table, window)
        came, served = of_state(began, "waiting"), of_state(began, "served")
        days = came["end"] - came["start"]
        queue = time_average(waiting, window)
        busy = time_average(of_state(table, "served"), window)
        figures = {
            "wait": total(came, days) / expected,
            "p_wait": total(came, days > 0.0) / expected,
            "p_longer": total(came, days > longer_than) / expected,
            "p_left": total(came, came["left_by"] == "patience") / expected,
            "queue": queue,
            "number": queue + busy,
            "used": busy / servers,
            "arrivals": total(came, days >= 0.0) / expected - 1.0,
            "service": excess_service(began, mean) / expected,
            "overflow": overflow(table, window, servers=servers, load=arrival * mean) / expected,
        }
        visits = total(served, served["end"] - served["start"])
        return pd.DataFrame({**figures, "in_system": figures["wait"] + visits / expected})

    return measure


# --- times to events ---


def time_of(log: Log, *states: str) -> pd.DataFrame:
    """replication, patient, time of the first entry into one of the states, inf where never."""
    rows = log.log
    arrived = (rows["kind"] == "arrive").to_numpy()
    who = np.cumsum(arrived) - 1
    entered = np.flatnonzero(rows["state"].isin(states) & (rows["kind"] != "censor"))
    first = entered[np.diff(who[entered], prepend=-1) > 0]
    table = rows.loc[arrived, ["replication", "patient"]].reset_index(drop=True)
    table["time"] = np.inf
    table.loc[who[first], "time"] = rows["time"].to_numpy()[first]
    return table


def survival(times: pd.DataFrame, at: float) -> pd.Series:
    """The share of each replication whose time is beyond `at`."""
    return share(times, times["time"] > at)


def restricted_mean(times: pd.DataFrame, upto: float) -> pd.Series:
    """The mean of each replication's times, none counted beyond `upto`."""
    return times["time"].clip(upper=upto).groupby(times["replication"]).mean()


def median(times: pd.DataFrame) -> pd.Series:
    """The median of each replication's times."""
    return times["time"].groupby(times["replication"]).median()
