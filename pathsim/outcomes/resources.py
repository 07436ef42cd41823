"""What patients ask of resources and take from them: waits, occupancy, use.

Every function takes the stays of whole patients and the Marking, and gives one tidy table; what is
by replication can also be added block by block (`Daily`, `Use`). A request runs from the first row
at which the configuration lists it to its grant or to the first row that lists it no more, pauses
included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import OTHER_USERS, Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    array,
    before,
    by_column,
    coded,
    codes_among,
    entries,
    first_of_patient,
    is_any,
    runs,
    words,
)
from pathsim.outcomes.configurations import Configurations, changes, read
from pathsim.outcomes.replications import ByReplication
from pathsim.units import DAYS_PER_MONTH

GRANTED, WITHDRAWN, WAITING = "granted", "withdrawn", "waiting"
_OUTCOMES = (GRANTED, WITHDRAWN, WAITING)


def ours(stays: pd.DataFrame) -> pd.DataFrame:
    """The stays of our patients alone: the same table where nobody else is in it."""
    others = of_other_users(stays)
    return stays.take(np.flatnonzero(~others)) if others.any() else stays


def of_other_users(table: pd.DataFrame) -> Flags:
    """True for rows of streams that are not ours: whose name begins with "other_users"."""
    streams = words(table["stream"])
    others = [s for s in streams.categories if str(s).startswith(OTHER_USERS)]
    return is_any(streams, *others)


# --- waits -------------------------------------------------------------------------------------


def waits(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each request, in order of replication, patient, date, resource.

    Columns: replication, patient, stream, `state` (in which it was made), `from`, `to`, `days`,
    `outcome` (granted, withdrawn, or waiting still at the horizon), `cause` (what ended it: the
    resource, the clock or other resource that led to its withdrawal, or "horizon"), resource.
    """
    return pd.DataFrame(wait_columns(stays, marking), copy=False)


def wait_columns(stays: pd.DataFrame, marking: Marking) -> Columns:
    """The columns of `waits`."""
    found, rows = read(stays, marking)
    begin, end, pool, outcome = _requests(stays, marking, found, rows)
    made, over = array(stays, "from").take(begin), array(stays, "to").take(end)
    return {
        "replication": array(stays, "replication").take(begin),
        "patient": array(stays, "patient").take(begin),
        "stream": words(stays["stream"]).take(begin),
        "state": coded(found.top.take(rows.take(begin)), marking.codes),
        "from": made,
        "to": over,
        "days": over - made,
        "outcome": coded(outcome, _OUTCOMES),
        "cause": words(stays["cause"]).take(end),
        "resource": coded(pool, [pool.name for pool in marking.pools]),
    }


def _requests(
    stays: pd.DataFrame, marking: Marking, found: Configurations, rows: Array
) -> tuple[Array, Array, Array, Array]:
    """For each request the first row that lists it, the last one, its resource, its outcome."""
    row, pool, _ = entries(found.by_pool(found.asked), rows)
    order = np.argsort(pool.astype(np.int16), kind="stable")
    row, pool = row.take(order), pool.take(order)
    first = first_of_patient(stays)
    is_last = np.append(first[1:], True).take(row)
    granted = _granting(stays, marking).take(row) == pool
    # Rows of one resource that follow on one another are one request, unless it is granted between.
    follows = (row[1:] == row[:-1] + 1) & (pool[1:] == pool[:-1]) & ~is_last[:-1] & ~granted[:-1]
    begin = np.flatnonzero(np.append(True, ~follows)[: len(row)])
    end = np.append(begin[1:] - 1, len(row) - 1)[: len(begin)]
    outcome = np.select([is_last[end], granted[end]], [2, 0], 1)
    begin_row, end_row, pool = row.take(begin), row.take(end), pool.take(begin)
    moment = np.cumsum(first | runs(array(stays, "from"))).take(begin_row)
    by = np.argsort(moment * max(len(marking.pools), 1) + pool, kind="stable")
    return begin_row.take(by), end_row.take(by), pool.take(by), outcome.take(by)


def _granting(stays: pd.DataFrame, marking: Marking) -> Array:
    """For each row the place among the pools of the resource whose grant ended it; -1 for none."""
    return codes_among(stays["cause"], [pool.name for pool in marking.pools])


def wait_summary(waits: pd.DataFrame) -> pd.DataFrame:
    """A row for each replication and resource: requests, granted, withdrawn, waiting, and the days.

    `mean`, `median` and `p90` are days from request to grant over the granted alone;
    `share_withdrawn` is of all requests.
    """
    by = ["replication", "resource"]
    counts = waits.groupby([*by, "outcome"], observed=True).size().unstack("outcome")
    counts = pd.DataFrame({o: counts.get(o, np.nan) for o in _OUTCOMES}, index=counts.index)
    counts = counts.fillna(0).astype(int)
    days = waits[waits["outcome"] == GRANTED].groupby(by, observed=True)["days"]
    table = counts.assign(
        requests=counts.sum(axis=1),
        mean=days.mean(),
        median=days.median(),
        p90=days.quantile(0.9),
        share_withdrawn=counts[WITHDRAWN] / counts.sum(axis=1),
    )
    return table.reset_index()


def withdrawals(waits: pd.DataFrame) -> pd.DataFrame:
    """A row for each replication, resource and cause of withdrawal: number, share of requests."""
    by = ["replication", "resource"]
    requests = waits.groupby(by, observed=True).size()
    lost = waits[waits["outcome"] == WITHDRAWN].groupby([*by, "cause"], observed=True).size()
    table = lost.rename("number").reset_index()
    of = requests.reindex(pd.MultiIndex.from_frame(table[by])).to_numpy()
    return table.assign(share=table["number"] / of)


# --- occupancy ---------------------------------------------------------------------------------


def daily(
    stays: pd.DataFrame, marking: Marking, *, capacity: pd.DataFrame, horizon: float
) -> pd.DataFrame:
    """A row for each replication, resource and day: holdings, queue and capacity.

    `held`, `queue` and `capacity` are read at midnight (time = day), after the instant; `..._mean`
    are the time-weighted means of the day (the last one ends at the horizon). Everybody counts,
    other users too. The queue counts requests. Capacity is NaN for allotments.
    """
    return Daily(marking, horizon).add(stays, capacity).finish()


def monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """The days of `daily` by month of 30.4375 days: means, and the highest midnight count held."""
    month = (daily["day"] // DAYS_PER_MONTH).astype("int32")
    by = daily.assign(month=month).groupby(["replication", "resource", "month"], observed=True)
    table = by[["held_mean", "queue_mean", "capacity_mean"]].mean()
    return table.assign(held_max=by["held"].max()).reset_index()


class Daily(ByReplication):
    """The table `daily`, block by block: changes are summed by the day on which they fall.

    What is counted has, by replication, resource and day, three sums for each level (held, queue):
    the changes that show at that midnight, those of that day, and those times the days left of it.
    """

    def __init__(self, marking: Marking, horizon: float) -> None:
        self.marking, self.horizon = marking, horizon
        self.days = max(1, int(np.ceil(horizon)))
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.marking.pools), 2, 3, self.days))

    def count(self, stays: pd.DataFrame, row: Array, counted: Array) -> None:
        found, rows = read(stays, self.marking)
        levels = np.stack((found.by_pool(found.held), found.by_pool(found.asked) > 0), axis=2)
        levels = levels.reshape(len(levels), -1)
        moved, level, amount = changes(levels, rows, first_of_patient(stays))
        self._add(counted, row.take(moved), level, array(stays, "from").take(moved), amount)

    def _add(self, counted: Array, row: Array, level: Array, time: Array, amount: Array) -> None:
        """Add changes of levels (resource by held, queue) at moments to what is counted."""
        day, midnight = np.floor(time).astype(int), np.ceil(time).astype(int)
        left = np.minimum(day + 1.0, self.horizon) - time
        place = (row * (counted.shape[1] * 2) + level) * 3
        for k, on, change in ((0, midnight, amount), (1, day, amount), (2, day, amount * left)):
            inside = np.flatnonzero(on < self.days)
            flat = ((place + k) * self.days + on).take(inside)
            np.add.at(counted.reshape(-1), flat, change.take(inside))

    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        pools, steps = self.marking.pools, self.new(len(numbers))
        self._add(steps, *self._steps(numbers, capacity))
        steps[:, [not pool.places for pool in pools]] = np.nan
        columns = {
            "replication": np.repeat(numbers, len(pools) * self.days),
            "day": np.tile(np.arange(self.days, dtype=np.int32), len(numbers) * len(pools)),
            "resource": self._resources(len(numbers)),
        }
        for name, sums in (("held", counted[:, :, 0]), ("queue", counted[:, :, 1]),
                           ("capacity", steps[:, :, 0])):  # fmt: skip
            columns[name], columns[f"{name}_mean"] = self._level(sums)
        return columns

    def _resources(self, n: int) -> Any:
        names = [pool.name for pool in self.marking.pools]
        codes = np.repeat(np.arange(len(names), dtype=np.int16), self.days)
        return coded(np.tile(codes, n), names)

    def _level(self, sums: Array) -> tuple[Array, Array]:
        """What stands at midnight and in the mean of the day, from the sums of changes."""
        length = np.diff(np.minimum(np.arange(self.days + 1.0), self.horizon))
        midnight, day, partly = (sums[..., k, :] for k in range(3))
        before = np.cumsum(day, axis=-1) - day
        mean = before + partly / np.where(length > 0, length, 1.0)
        return np.cumsum(midnight, axis=-1).ravel(), mean.ravel()

    def _steps(self, numbers: Array, capacity: pd.DataFrame) -> tuple[Array, Array, Array, Array]:
        """(place of the replication, level, time, change) of each step of a capacity."""
        pool = codes_among(capacity["resource"], [p.name for p in self.marking.pools])
        steps = np.flatnonzero((capacity["kind"] == "capacity").to_numpy() & (pool >= 0))
        row = np.searchsorted(numbers, array(capacity, "replication").take(steps))
        order = np.argsort(row * len(self.marking.pools) + pool.take(steps), kind="stable")
        row, steps = row.take(order), steps.take(order)
        pool, amount = pool.take(steps), array(capacity, "amount").take(steps).astype(float)
        change = amount - before(amount, runs(row) | runs(pool))
        return row, 2 * pool, array(capacity, "time").take(steps).astype(float), change


# --- use ---------------------------------------------------------------------------------------


def use(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each replication and thing used by our patients (other users left out).

    `kind` is "place days" (amount held times days, by resource), "setting days" (by setting) or
    "used" (things used on entry, and per day while staying); `item` is what, `amount` how much.
    """
    return Use(marking).add(ours(stays)).finish()


class Use(ByReplication):
    """The table `use`, block by block: a sum for each replication and item, of our stays."""

    def __init__(self, marking: Marking) -> None:
        self.marking = marking
        self.places = [pool.name for pool in marking.pools if pool.places]
        self.things = list(dict.fromkeys((*marking.items("uses"), *marking.items("per_day"))))
        settings = marking.words("setting")
        self.kinds = np.repeat(["place days", "setting days", "used"],
                               [len(self.places), len(settings), len(self.things)])  # fmt: skip
        self.items = [*self.places, *settings, *self.things]
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.items)))

    def count(self, stays: pd.DataFrame, row: Array, counted: Array) -> None:
        found, rows = read(stays, self.marking)
        settings = range(len(self.marking.words("setting")))
        each_day = [*map(found.held, self.places), *(found.mark("setting") == k for k in settings)]
        stay, item, amount = entries(by_column(each_day, len(found.levels)), rows)
        self._add(counted, row.take(stay), item, amount * array(stays, "days").take(stay))
        stay, thing, amount = used(stays, self.marking, self.things)
        self._add(counted, row.take(stay), len(each_day) + thing, amount)

    def _add(self, counted: Array, row: Array, item: Array, amount: Array) -> None:
        np.add.at(counted.reshape(-1), row * len(self.items) + item, amount)

    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        n = len(numbers)
        return {
            "replication": np.repeat(numbers, len(self.items)),
            "kind": np.tile(self.kinds.astype(object), n),
            "item": np.tile(np.array(self.items, dtype=object), n),
            "amount": counted.ravel(),
        }


def used(stays: pd.DataFrame, marking: Marking, items: Sequence[str]) -> tuple[Array, Array, Array]:
    """(row, place among the items, amount) of what rows use, in order: on entry, and per day of
    the state that is on top.
    """
    found, rows = read(stays, marking)
    on_entry = by_column([marking.amounts("uses", i) for i in items], len(marking.states) + 1)
    per_day = by_column([marking.amounts("per_day", i) for i in items], len(on_entry))[found.top]
    into = np.where(array(stays, "entry"), array(stays, "entered"), -1)
    some = np.flatnonzero(np.any(per_day, axis=1)[rows] | np.any(on_entry, axis=1)[into])
    way, ways = pd.factorize(rows.take(some) * len(on_entry) + into.take(some) + 1)
    on_entry, per_day = on_entry[ways % len(on_entry) - 1], per_day[ways // len(on_entry)]
    at, item, _ = entries((on_entry != 0) | (per_day != 0), way)
    row, way = some.take(at), way.take(at)
    return row, item, on_entry[way, item] + per_day[way, item] * array(stays, "days").take(row)
