"""Figures of a queue with the states waiting, served, done and left, and their controls.

The theory tests of queues call these, with the log of one replication at a time. What is told of
customers is a sum over those who come in a window, divided by how many are expected to: a quotient
by how many came would be biased.

*Controls* are figures that are 0 on average whatever the rules of the queue, because they are made
of arrivals and services alone, or because a wait is over before its own service and the gap to the
next arrival are drawn. They explain most of a figure's luck and nothing of an error in who waits
for whom, so that far fewer customers tell an error of 2 %. An error in the arrivals or services
themselves they would hide: so the tests ask that these two (INPUTS) be 0 too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import poisson

from pathsim import Log
from tests.theory.measure import Measure, Window, time_of

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Customers:
    """Who came, by date: when, when served first and when gone (inf: not yet), and their number."""

    number: Array
    came: Array
    began: Array
    gone: Array
    window: Window

    @classmethod
    def of(cls, log: Log, window: Window) -> Customers:
        """Those of one replication, whatever their class."""
        waiting, served, gone = (
            time_of(log, *states) for states in (["waiting"], ["served"], ["done", "left"])
        )
        order = np.argsort(waiting["time"].to_numpy(), kind="stable")
        return cls(
            waiting["patient"].to_numpy()[order],
            waiting["time"].to_numpy()[order],
            served["time"].to_numpy()[order],
            gone["time"].to_numpy()[order],
            window,
        )

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Who came in the window."""
        first, last = self.window
        return (self.came >= first) & (self.came < last)

    @cached_property
    def waited(self) -> Array:
        return np.minimum(self.began, self.gone) - self.came

    @cached_property
    def service(self) -> Array:
        """Days of service, NaN of who never had it or not yet to its end."""
        served = np.isfinite(self.began) & np.isfinite(self.gone)
        return np.subtract(self.gone, self.began, out=np.full(len(served), np.nan), where=served)

    def average(self, begin: Array, end: Array) -> float:
        """How many are between the two moments, averaged over the window."""
        first, last = self.window
        days = np.clip(end, first, last) - np.clip(begin, first, last)
        return float(days.sum() / (last - first))

    def queue(self) -> float:
        return self.average(self.came, np.minimum(self.began, self.gone))

    def busy(self) -> float:
        return self.average(np.minimum(self.began, self.gone), self.gone)

    @cached_property
    def found(self) -> Array:
        """How many each finds before it, waiting or served."""
        left = np.searchsorted(np.sort(self.gone), self.came, side="right")
        return (np.arange(len(self.came)) - left).astype(float)

    # --- controls, each to be divided by how many are expected ---

    def surplus(self, mean: float) -> tuple[float, float]:
        """Days of service in the window beyond the mean; and the same, times the days waited."""
        beyond = np.nan_to_num(self.service[self.inside] - mean)
        return float(beyond.sum()), float((beyond * self.waited[self.inside]).sum())

    def gaps(self, arrival: float, weights: Array) -> float:
        """Days to the next arrival less their mean, times weights that are settled before it."""
        beyond = np.diff(self.came, append=self.came[-1] + 1 / arrival) - 1 / arrival
        return float((beyond[self.inside] * weights[self.inside]).sum())

    def overflow(self, servers: int, load: float) -> float:
        """How many more than the spare servers each would find, were there no end of servers.

        Servers without end hold a Poisson number of customers, `load` on average.
        """
        gone = np.sort(self.came + np.nan_to_num(self.service, nan=np.inf))
        first, last = np.searchsorted(self.came, self.window)
        before = np.searchsorted(gone, self.came[first:last], side="right")
        spare = servers - 1
        found = np.maximum(np.arange(first, last) - before - spare, 0)
        expected = load * poisson.sf(spare - 2, load) - spare * poisson.sf(spare - 1, load)
        return float((found - expected).sum())


INPUTS = ["arrivals", "service"]
CONTROLS = [*INPUTS, "surplus", "gaps", "overflow"]


def queue_figures(
    window: Window, *, arrival: float, mean: float, servers: int = 1, longer_than: float = 0.0
) -> Measure:
    """Figures of a queue served in order of arrival, and its CONTROLS.

    wait, in_system, p_wait, p_longer, p_left, queue, number, used. Where people leave the last
    three controls are none: whoever leaves is not served.
    """
    expected = arrival * (window[1] - window[0])

    def measure(log: Log) -> pd.DataFrame:
        people = Customers.of(log, window)
        days, there = (d[people.inside] for d in (people.waited, people.gone - people.came))
        service, surplus = people.surplus(mean)
        queue, busy = people.queue(), people.busy()
        sums = {
            "wait": days.sum(),
            "in_system": there.sum(),
            "p_wait": (days > 0.0).sum(),
            "p_longer": (days > longer_than).sum(),
            "p_left": np.isinf(people.began[people.inside]).sum(),
            "arrivals": len(days) - expected,
            "service": service,
            "surplus": surplus,
            "gaps": people.gaps(arrival, people.waited),
            "overflow": people.overflow(servers, arrival * mean),
        }
        averages = {"queue": queue, "number": queue + busy, "used": busy / servers}
        shares = {name: value / expected for name, value in sums.items()}
        return pd.DataFrame([{**shares, **averages}])

    return measure
