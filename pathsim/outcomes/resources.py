"""What patients ask of resources and take from them: waits, occupancy, use, allotments.

Every function takes the stays of whole replications and the Marking, and gives one tidy table; rows
of one replication depend on that replication alone. A request runs from the first row at which the
configuration lists it to its grant or to the first row that lists it no more, pauses included.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import OTHER_USERS, Marking, Pool
from pathsim.outcomes.columns import Array, Flags, array, before, coded, first_of_patient, words
from pathsim.outcomes.stays import LEVEL_COLUMNS
from pathsim.units import DAYS_PER_MONTH

GRANTED, WITHDRAWN, WAITING = "granted", "withdrawn", "waiting"
_OUTCOMES = (GRANTED, WITHDRAWN, WAITING)


def held(stays: pd.DataFrame, marking: Marking, resource: str) -> Array:
    """How much of a resource each row holds: the most that any level lists."""
    amounts = marking.amounts("holds", resource)
    levels = [amounts[array(stays, name)] for name in LEVEL_COLUMNS]
    return cast(Array, np.max(levels, axis=0))


def asked(stays: pd.DataFrame, marking: Marking, resource: str) -> Array:
    """How much of a resource each row requests: what the innermost level that lists it says."""
    amounts, value = marking.amounts("requests", resource), np.zeros(len(stays))
    for name in LEVEL_COLUMNS:
        inner = amounts[array(stays, name)]
        value = np.where(inner > 0, inner, value)
    return value


def granted(stays: pd.DataFrame, resource: str) -> Flags:
    """True for rows that began with a grant of the resource."""
    cause = words(stays["cause"])
    if resource not in cause.categories:
        return np.zeros(len(stays), dtype=bool)
    is_cause = cause.codes == cause.categories.get_loc(resource)
    return before(is_cause, first_of_patient(stays)).astype(bool)


# --- waits -------------------------------------------------------------------------------------


def waits(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each request, in order of replication, patient, date.

    Columns: replication, patient, stream, resource, `state` (in which it was made), `from`, `to`,
    `days`, `outcome` (granted, withdrawn, or waiting still at the horizon) and `cause` (what ended
    it: the resource, the clock or other resource that led to its withdrawal, or "horizon").
    """
    names = [pool.name for pool in marking.pools]
    parts = [_requests(stays, marking, name).assign(resource=k) for k, name in enumerate(names)]
    if not parts:
        parts = [_requests(stays, marking, "").assign(resource=-1)]
    table = pd.concat(parts, ignore_index=True)
    table["resource"] = coded(array(table, "resource"), names)
    order = ["replication", "patient", "from", "resource"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _requests(stays: pd.DataFrame, marking: Marking, resource: str) -> pd.DataFrame:
    listed, first = asked(stays, marking, resource) > 0, first_of_patient(stays)
    grant = granted(stays, resource) & before(listed, first).astype(bool)
    last = np.concatenate((first[1:], [True]))[: len(first)]
    starts = np.flatnonzero(listed & (~before(listed, first).astype(bool) | grant))
    ends = np.flatnonzero(before(listed, first).astype(bool) & (grant | ~listed))
    open_at_end = np.flatnonzero(last & listed)
    # The k-th start belongs to the k-th end: a patient has one request of a resource at a time, and
    # within a row an old request ends before a new one starts, and that before the horizon.
    order = np.argsort(np.concatenate((2 * ends, 2 * open_at_end + 1)), kind="stable")
    row = np.concatenate((ends - 1, open_at_end))[order]
    outcome = np.concatenate((np.where(grant[ends], 0, 1), np.full(len(open_at_end), 2)))[order]
    table = stays[["replication", "patient", "stream", "state", "from"]].take(starts)
    table = table.reset_index(drop=True)
    table["to"] = array(stays, "to")[row]
    table["days"] = table["to"] - table["from"]
    table["outcome"] = coded(outcome, _OUTCOMES)
    table["cause"] = words(stays["cause"]).take(row)
    return table


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
    known = (array(stays, "replication"), array(capacity, "replication"))
    replications = np.unique(np.concatenate(known))
    first, grid = first_of_patient(stays), Grid(replications, horizon)
    where, time = grid.row(array(stays, "replication")), array(stays, "from")
    parts = []
    for number, pool in enumerate(marking.pools):
        table = grid.frame().assign(resource=number)
        counts = {
            "held": held(stays, marking, pool.name),
            "queue": (asked(stays, marking, pool.name) > 0).astype(float),
        }
        for name, values in counts.items():
            change = values - before(values, first)
            table[name], table[f"{name}_mean"] = grid.levels(where, time, change)
        table["capacity"], table["capacity_mean"] = _capacity(pool, capacity, grid)
        parts.append(table)
    if not parts:
        return pd.DataFrame(columns=["replication", "resource", "day"])
    daily = pd.concat(parts, ignore_index=True)
    daily["resource"] = coded(array(daily, "resource"), [pool.name for pool in marking.pools])
    order = ["replication", "resource", "day"]
    return daily.sort_values(order, kind="stable", ignore_index=True)


def monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """The days of `daily` by month of 30.4375 days: means, and the highest midnight count held."""
    month = (daily["day"] // DAYS_PER_MONTH).astype("int32")
    by = daily.assign(month=month).groupby(["replication", "resource", "month"], observed=True)
    table = by[["held_mean", "queue_mean", "capacity_mean"]].mean()
    return table.assign(held_max=by["held"].max()).reset_index()


class Grid:
    """Replications by days: turns changes at moments into what is read at midnight and by day."""

    def __init__(self, replications: Array, horizon: float) -> None:
        self.replications, self.horizon = replications, horizon
        self.days = max(1, int(np.ceil(horizon)))

    def row(self, replication: Array) -> Array:
        return np.searchsorted(self.replications, replication)

    def frame(self) -> pd.DataFrame:
        n = len(self.replications)
        return pd.DataFrame(
            {
                "replication": np.repeat(self.replications, self.days),
                "day": np.tile(np.arange(self.days, dtype=np.int32), n),
            }
        )

    def levels(self, row: Array, time: Array, change: Array) -> tuple[Array, Array]:
        """(at midnight, mean of the day), flat in the order of `frame`."""
        moved = np.flatnonzero(change)
        row, time, change = row[moved], time[moved], change[moved]
        day, midnight = np.floor(time).astype(int), np.ceil(time).astype(int)
        end = np.minimum(day + 1.0, self.horizon)
        length = np.minimum(np.arange(self.days) + 1.0, self.horizon) - np.arange(self.days)
        at_midnight = np.cumsum(self._sum(row, midnight, change), axis=1)
        before = self._sum(row, day, change).cumsum(axis=1) - self._sum(row, day, change)
        partly = self._sum(row, day, change * (end - time)) / np.where(length > 0, length, 1.0)
        return at_midnight.ravel(), (before + partly).ravel()

    def _sum(self, row: Array, day: Array, amount: Array) -> Array:
        inside = day < self.days
        flat = row[inside] * self.days + day[inside]
        size = len(self.replications) * self.days
        return np.bincount(flat, weights=amount[inside], minlength=size).reshape(-1, self.days)


def _capacity(pool: Pool, capacity: pd.DataFrame, grid: Grid) -> tuple[Array, Array]:
    if not pool.places:
        nothing = np.full(len(grid.replications) * grid.days, np.nan)
        return nothing, nothing
    steps = capacity[(capacity["resource"] == pool.name) & (capacity["kind"] == "capacity")]
    amount, replication = array(steps, "amount").astype(float), array(steps, "replication")
    first = np.concatenate(([True], replication[1:] != replication[:-1]))[: len(amount)]
    change = amount - before(amount, first)
    return grid.levels(grid.row(replication), array(steps, "time"), change)


# --- use ---------------------------------------------------------------------------------------


def use(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each replication and thing used by our patients (other users left out).

    `kind` is "place days" (amount held times days, by resource), "setting days" (by setting) or
    "used" (things used on entry, and per day while staying); `item` is what, `amount` how much.
    """
    ours = stays[~of_other_users(stays)]
    replication, days = array(ours, "replication"), array(ours, "days")
    numbers, row = np.unique(replication, return_inverse=True)
    amounts: dict[tuple[str, str], Array] = {}
    for pool in marking.pools:
        if pool.places:
            amounts["place days", pool.name] = held(ours, marking, pool.name) * days
    for code, setting in enumerate(marking.words("setting")):
        amounts["setting days", setting] = np.where(array(ours, "setting") == code, days, 0.0)
    for item in dict.fromkeys((*marking.items("uses"), *marking.items("per_day"))):
        amounts["used", item] = used(ours, marking, item)
    parts = [
        pd.DataFrame({"replication": numbers, "kind": kind, "item": item,
                      "amount": np.bincount(row, weights=amount, minlength=len(numbers))})
        for (kind, item), amount in amounts.items()
    ]  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=["replication", "kind", "item", "amount"])
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("replication", kind="stable", ignore_index=True)


def used(stays: pd.DataFrame, marking: Marking, item: str) -> Array:
    """How much of an item each row uses: on entry, and per day of the state that is on top."""
    on_entry = marking.amounts("uses", item)[array(stays, "entered")] * array(stays, "entry")
    per_day = marking.amounts("per_day", item)[array(stays, "state")] * array(stays, "days")
    total: Array = on_entry + per_day
    return total


def of_other_users(table: pd.DataFrame) -> Flags:
    """True for rows of streams that are not ours: whose name begins with "other_users"."""
    streams = words(table["stream"])
    other = np.array([str(s).startswith(OTHER_USERS) for s in streams.categories] + [False])
    flags: Flags = other[streams.codes]
    return flags
