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

from pathsim.outcomes.block import Block, other_users
from pathsim.outcomes.catalogue import Marking
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
    runs,
    words,
)
from pathsim.outcomes.configurations import changes
from pathsim.outcomes.replications import ByReplication
from pathsim.units import DAYS_PER_MONTH

GRANTED, WITHDRAWN, WAITING = "granted", "withdrawn", "waiting"
_OUTCOMES = (GRANTED, WITHDRAWN, WAITING)


def of_other_users(table: pd.DataFrame) -> Flags:
    """True for rows of streams that are not ours."""
    return other_users(table["stream"])


# --- waits -------------------------------------------------------------------------------------


def waits(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each request, in order of replication, patient, date, resource.

    Columns: replication, patient, stream, `state` (in which it was made), `from`, `to`, `days`,
    `outcome` (granted, withdrawn, or waiting still at the horizon), `cause` (what ended it: the
    resource, the clock or other resource that led to its withdrawal, or "horizon"), resource.
    """
    return pd.DataFrame(wait_columns(Block.of(stays, marking)), copy=False)


def wait_columns(block: Block) -> Columns:
    """The columns of `waits`."""
    names = [pool.name for pool in block.marking.pools]
    begin, end, pool, outcome = requests(block, names)
    state = block.found.top.take(block.configuration.take(begin))
    made, over = block["from"].take(begin), block["to"].take(end)
    return {
        "replication": block["replication"].take(begin),
        "patient": block["patient"].take(begin),
        "stream": block.column("stream").take(begin),
        "state": coded(state, block.marking.codes),
        "from": made,
        "to": over,
        "days": over - made,
        "outcome": coded(outcome, _OUTCOMES),
        "cause": block.column("cause").take(end),
        "resource": coded(pool, names),
    }


def requests(block: Block, names: Sequence[str]) -> tuple[Array, Array, Array, Array]:
    """For each request the first row that lists it, the last one, its resource, its outcome."""
    row, pool, _ = entries(block.found.by_pool(block.found.asked), block.configuration)
    order = np.argsort(pool.astype(np.int16), kind="stable")
    row, pool = row.take(order), pool.take(order)
    is_last = np.append(block.first[1:], True).take(row)
    granted = codes_among(block.column("cause"), names).take(row) == pool
    # Rows of one resource that follow on one another are one request, unless it is granted between.
    follows = (row[1:] == row[:-1] + 1) & (pool[1:] == pool[:-1]) & ~is_last[:-1] & ~granted[:-1]
    begin = np.flatnonzero(np.append(True, ~follows)[: len(row)])
    end = np.append(begin[1:] - 1, len(row) - 1)[: len(begin)]
    outcome = np.select([is_last[end], granted[end]], [2, 0], 1)
    begin_row, end_row, pool = row.take(begin), row.take(end), pool.take(begin)
    moment = np.cumsum(block.first | runs(block["from"])).take(begin_row)
    by = np.argsort(moment * max(len(names), 1) + pool, kind="stable")
    return begin_row.take(by), end_row.take(by), pool.take(by), outcome.take(by)


def wait_summary(waits: pd.DataFrame) -> pd.DataFrame:
    """A row for each replication and resource: requests, granted, withdrawn, waiting, and the days.

    `mean`, `median` and `p90` are days from request to grant over the granted alone;
    `share_withdrawn` is of all requests.
    """
    resource, outcome = words(waits["resource"]), codes_among(waits["outcome"], _OUTCOMES)
    numbers, number = np.unique(array(waits, "replication"), return_inverse=True)
    many = len(resource.categories)
    cells, cell = np.unique(number * many + resource.codes, return_inverse=True)
    counts = np.bincount(3 * cell + outcome, minlength=3 * len(cells)).reshape(-1, 3)
    granted = np.flatnonzero(outcome == 0)
    days = pd.Series(array(waits, "days").take(granted)).groupby(cell.take(granted))
    of_granted = {"mean": days.mean(), "median": days.median(), "p90": days.quantile(0.9)}
    requests = counts.sum(axis=1)
    return pd.DataFrame({
        "replication": numbers[cells // max(many, 1)],
        "resource": coded(cells % max(many, 1), resource.categories.to_numpy()),
        **dict(zip(_OUTCOMES, counts.T, strict=True)),
        "requests": requests,
        **{name: found.reindex(range(len(cells))).to_numpy() for name, found in of_granted.items()},
        "share_withdrawn": counts[:, 1] / requests,
    })  # fmt: skip


# --- occupancy ---------------------------------------------------------------------------------


def daily(
    stays: pd.DataFrame, marking: Marking, *, capacity: pd.DataFrame, horizon: float
) -> pd.DataFrame:
    """A row for each replication, resource and day: holdings, queue and capacity.

    `held`, `queue` and `capacity` are read at midnight (time = day), after the instant; `..._mean`
    are the time-weighted means of the day (the last one ends at the horizon). Everybody counts,
    other users too. The queue counts requests. Capacity is NaN for allotments.
    """
    return Daily(marking, horizon).add(Block.of(stays, marking), capacity).finish()


def monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """The days of `daily` by month of 30.4375 days: means, and the highest midnight count held."""
    month = (daily["day"] // DAYS_PER_MONTH).astype("int32")
    by = daily.assign(month=month).groupby(["replication", "resource", "month"], observed=True)
    table = by[["held_mean", "queue_mean", "capacity_mean"]].mean()
    return table.assign(held_max=by["held"].max()).reset_index()


class Daily(ByReplication):
    """The table `daily`, block by block: changes are summed by the day on which they fall.

    What is counted has, by replication, resource and day, three sums for each level (held, queue):
    of the changes of the day, of those times what is left of it, and of those at its midnight.
    """

    def __init__(self, marking: Marking, horizon: float) -> None:
        self.marking, self.horizon = marking, horizon
        self.days = max(1, int(np.ceil(horizon)))
        self.places = self.days + 1  # the last for what happens at the horizon itself
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.marking.pools), 2, 3, self.places))

    def count(self, block: Block, row: Array, counted: Array) -> None:
        found = block.found
        levels = np.stack((found.by_pool(found.held), found.by_pool(found.asked) > 0), axis=2)
        levels = levels.reshape(len(levels), -1)
        moved, level, amount = changes(levels, block.configuration, block.first)
        self._add(counted, row.take(moved), level, block["from"].take(moved), amount)

    def _add(self, counted: Array, row: Array, level: Array, time: Array, amount: Array) -> None:
        """Add changes of levels (resource by held, queue) at moments to what is counted."""
        flat, day = counted.reshape(-1), time.astype(np.intp)
        place = (row * (counted.shape[1] * 2) + level) * (3 * self.places) + day
        np.add.at(flat, place, amount)
        left = np.minimum(day + 1.0, self.horizon) - time
        np.add.at(flat, place + self.places, amount * left)
        at_midnight = np.flatnonzero(day == time)
        np.add.at(flat, place.take(at_midnight) + 2 * self.places, amount.take(at_midnight))

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
        day, partly, at_midnight = (sums[..., k, : self.days] for k in range(3))
        before = np.cumsum(day, axis=-1) - day
        mean = before + partly / np.where(length > 0, length, 1.0)
        return (before + at_midnight).ravel(), mean.ravel()

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
    return Use(marking).add(Block.of(stays, marking).ours).finish()


class Use(ByReplication):
    """The table `use`, block by block: a sum for each replication and item, of our stays."""

    def __init__(self, marking: Marking) -> None:
        self.marking = marking
        self.places = [pool.name for pool in marking.pools if pool.places]
        settings, things = marking.words("setting"), marking.things
        self.kinds = np.repeat(["place days", "setting days", "used"],
                               [len(self.places), len(settings), len(things)])  # fmt: skip
        self.items = [*self.places, *settings, *things]
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.items)))

    def count(self, block: Block, row: Array, counted: Array) -> None:
        found, setting = block.found, block.found.mark("setting")
        each_day = [*map(found.held, self.places)]
        each_day += [setting == k for k in range(len(self.marking.words("setting")))]
        amounts = by_column(each_day, len(found.levels))
        stay, item, amount = entries(amounts, block.configuration)
        self._add(counted, row.take(stay), item, amount * block["days"].take(stay))
        stay, thing, amount = block.used
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
