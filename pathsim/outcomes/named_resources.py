"""The outcomes of resources by name: waits, occupancy, allotments, and what is used.

Each is a value for each replication. Called by `named`; knows nothing of intervals or strategies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, array, runs, sums, words
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.outcome import Outcome
from pathsim.outcomes.resources import of_other_users, wait_summary
from pathsim.units import DAYS_PER_YEAR


def of_resources(measured: Measured) -> Iterator[Outcome]:
    """Waits, occupancy, allotments and use, in the order of a table, of what was measured."""
    if len(measured.waits.columns):
        yield from _waits(measured)
    yield from _occupancy(measured)
    if len(measured.stock.columns):
        yield from _stock(measured)
    if len(measured.use.columns) and len(measured.patients.columns):
        yield from _use(measured)


def _waits(measured: Measured) -> Iterator[Outcome]:
    table = measured.waits[["replication", "resource", "outcome", "days"]]
    waits = wait_summary(table[~of_other_users(measured.waits)])
    # A replication in which nobody waits has no value, but is one.
    of = measured.patients if len(measured.patients.columns) else waits
    index = pd.Index(np.unique(array(of, "replication")), name="replication")
    place, resource = index.get_indexer(array(waits, "replication")), words(waits["resource"])
    for code in np.unique(resource.codes):
        name, rows = resource.categories[code], np.flatnonzero(resource.codes == code)
        n, at = int(array(waits, "granted")[rows].sum()), place[rows]
        for column, told in (("mean", "mean"), ("median", "median"), ("p90", "90th centile")):
            label = ("waits", f"wait for {name}, {told}", "days")
            days = _along(index, at, array(waits, column)[rows])
            yield Outcome(*label, days, n, "from request to grant, over the granted")
        share = 100 * _along(index, at, array(waits, "share_withdrawn")[rows])
        label = ("waits", f"requests for {name} withdrawn", "%")
        yield Outcome(*label, share, int(array(waits, "requests")[rows].sum()))


def _along(index: pd.Index, place: Array, values: Array) -> pd.Series:
    """Values at their places along an index, and NaN at the others; -1 is no place."""
    found = np.full(len(index) + 1, np.nan)
    found[place] = values
    return pd.Series(found[:-1], index)


def _occupancy(measured: Measured) -> Iterator[Outcome]:
    daily = measured.daily
    if measured.warm_up > 0.0:
        daily = daily[array(daily, "day") >= measured.warm_up]
    if not len(daily):
        return
    # Rows stand in order of replication, resource, day: a run of rows each.
    first = runs(array(daily, "replication")) | runs(array(daily, "resource"))
    cell, heads = np.cumsum(first) - 1, np.flatnonzero(first)
    columns = ["held_mean", "capacity_mean", "queue_mean"]
    held, capacity, queue = _means(daily[columns], cell, len(heads)).to_numpy().T
    busiest, full = _busiest(daily, cell, len(heads)), _full(daily, cell, len(heads))
    numbers, resource = array(daily, "replication")[heads], words(daily["resource"])
    for code in np.unique(codes := resource.codes[heads]):
        mine, name = codes == code, resource.categories[code]
        index = pd.Index(numbers[mine], name="replication")
        if not np.isnan(capacity[mine]).any():
            with np.errstate(divide="ignore", invalid="ignore"):  # of what was never open
                share = pd.Series(100 * held[mine] / capacity[mine], index)
            yield Outcome("resources", f"{name}, occupancy", "%", share, None, "all users")
            label = ("resources", f"{name}, occupancy in the busiest year", "%")
            yield Outcome(*label, pd.Series(busiest[mine], index), None, "all users")
            label = ("resources", f"{name}, no place free", "% of days")
            opened = ~np.isnan(full[mine])
            shut = pd.Series(full[mine][opened], index[opened])
            yield Outcome(*label, shut, None, "at midnight, all users")
        label = ("resources", f"{name}, queue", "requests")
        yield Outcome(*label, pd.Series(queue[mine], index), None, "all users")


def _means(table: pd.DataFrame, cell: Array, n: int) -> pd.DataFrame:
    """The mean of each column over the rows of each of `n` cells; NaN for one without rows."""
    return table.groupby(cell).mean().reindex(np.arange(n))


def _busiest(daily: pd.DataFrame, cell: Array, n: int) -> Array:
    """Occupancy in the fullest of the run's years, in %.

    A last year that is not whole is left out, unless the run is shorter than one.
    """
    day = array(daily, "day")
    day = day - day.min()  # years are counted from the end of the warm-up
    whole = max(int((day.max() + 1.5) // DAYS_PER_YEAR), 1)
    year = np.minimum(day // DAYS_PER_YEAR, whole).astype(int)
    each = cell * (whole + 1) + year
    means = _means(daily[["held_mean", "capacity_mean"]], each, n * (whole + 1))
    occupied = (100 * means["held_mean"] / means["capacity_mean"]).to_numpy()
    return cast(Array, np.fmax.reduce(occupied.reshape(n, -1)[:, :whole], axis=1))


def _full(daily: pd.DataFrame, cell: Array, n: int) -> Array:
    """The share of open days with no place free, in %; NaN where it is never open."""
    places = array(daily, "capacity")
    opened = np.flatnonzero(places > 0)
    full = array(daily, "held").take(opened) >= places.take(opened)
    cell = cell.take(opened)
    days = sums(cell, np.ones(len(cell)), n)
    return cast(Array, 100 * (sums(cell, full, n) / np.where(days > 0, days, np.nan)))


def _use(measured: Measured) -> Iterator[Outcome]:
    """What our patients use, for each hundred of them."""
    numbers, sizes = np.unique(array(measured.patients, "replication"), return_counts=True)
    index, units = pd.Index(numbers, name="replication"), {"setting days": "days", "used": "times"}
    kinds, items = words(measured.use["kind"]), words(measured.use["item"])
    place = index.get_indexer(array(measured.use, "replication"))
    amount, each = array(measured.use, "amount"), kinds.codes * len(items.categories) + items.codes
    for code in np.unique(each):
        kind, item = divmod(int(code), len(items.categories))
        kind, item = kinds.categories[kind], items.categories[item]
        rows = np.flatnonzero(each == code)
        used = _along(index, place[rows], 100 * amount[rows] / sizes[place[rows]])
        name = f"days in setting {item}" if kind == "setting days" else f"{item} used"
        label = ("use", name, f"{units.get(kind, kind)} per 100 patients")
        yield Outcome(*label, used, int(sizes.sum()))


def _stock(measured: Measured) -> Iterator[Outcome]:
    years, stock = measured.counted_days / DAYS_PER_YEAR, measured.stock
    resource = words(stock["resource"])
    for code in np.unique(resource.codes):
        rows, name = np.flatnonzero(resource.codes == code), resource.categories[code]
        numbers, at = np.unique(array(stock, "replication")[rows], return_inverse=True)
        index = pd.Index(numbers, name="replication")
        released, taken, given_back, expired = (
            sums(at, array(stock, column)[rows], len(numbers))
            for column in ("released", "taken", "given_back", "expired")
        )
        of = {"released": released, "used": taken - given_back, "expired": expired}
        for what, amount in of.items():
            a_year = pd.Series(amount / years, index)
            yield Outcome("resources", f"{name}, {what}", "a year", a_year, None)
