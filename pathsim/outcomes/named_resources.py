"""The outcomes of resources by name: waits, occupancy, allotments, and what is used.

Each is a value for each replication. Called by `named`; knows nothing of intervals or strategies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, array, coded, runs, sums, words
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
    replications = np.unique(array(of, "replication"))
    for resource, mine in waits.groupby("resource", observed=True, sort=True):
        by = mine.set_index("replication").reindex(replications)
        n = int(mine["granted"].sum())
        for column, name in (("mean", "mean"), ("median", "median"), ("p90", "90th centile")):
            label = ("waits", f"wait for {resource}, {name}", "days")
            yield Outcome(*label, by[column], n, "from request to grant, over the granted")
        share = 100 * by["share_withdrawn"]
        label = ("waits", f"requests for {resource} withdrawn", "%")
        yield Outcome(*label, share, int(mine["requests"].sum()))


def _occupancy(measured: Measured) -> Iterator[Outcome]:
    daily = measured.daily
    if measured.warm_up > 0.0:
        daily = daily[array(daily, "day") >= measured.warm_up]
    if not len(daily):
        return
    # Rows stand in order of replication, resource, day: a run of rows each.
    first = runs(array(daily, "replication")) | runs(array(daily, "resource"))
    cell, heads = np.cumsum(first) - 1, daily.loc[first, ["replication", "resource"]]
    means = _means(daily[["held_mean", "capacity_mean", "queue_mean"]], cell, len(heads))
    means["busiest"] = _busiest(daily, cell, len(heads))
    means["full"] = _full(daily, cell, len(heads))
    means.index = pd.Index(heads["replication"], name="replication")
    resource = words(heads["resource"])
    for code in np.unique(resource.codes):
        by, name = means[resource.codes == code], resource.categories[code]
        if by["capacity_mean"].notna().all():
            share = 100 * by["held_mean"] / by["capacity_mean"]
            yield Outcome("resources", f"{name}, occupancy", "%", share, None, "all users")
            label = ("resources", f"{name}, occupancy in the busiest year", "%")
            yield Outcome(*label, by["busiest"], None, "all users")
            label = ("resources", f"{name}, no place free", "% of days")
            yield Outcome(*label, by["full"].dropna(), None, "at midnight, all users")
        label = ("resources", f"{name}, queue", "requests")
        yield Outcome(*label, by["queue_mean"], None, "all users")


def _means(table: pd.DataFrame, cell: Array, n: int) -> pd.DataFrame:
    """The mean of each column over the rows of each of `n` cells; NaN for one without rows."""
    by = coded(cell, np.arange(n))
    return table.groupby(by, observed=False).mean().reset_index(drop=True)


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
    sizes = measured.patients.groupby("replication").size()
    units = {"place days": "place days", "setting days": "days", "used": "times"}
    for (kind, item), mine in measured.use.groupby(["kind", "item"], sort=True, observed=True):
        each = 100 * mine.set_index("replication")["amount"] / sizes
        name = f"days in setting {item}" if kind == "setting days" else f"{item} used"
        label = ("use", name, f"{units[str(kind)]} per 100 patients")
        yield Outcome(*label, each.rename_axis("replication"), int(sizes.sum()))


def _stock(measured: Measured) -> Iterator[Outcome]:
    years = measured.counted_days / DAYS_PER_YEAR
    for resource, mine in measured.stock.groupby("resource", sort=True):
        by = mine.groupby("replication")[["released", "taken", "given_back", "expired"]].sum()
        used = by["taken"] - by["given_back"]
        for name, amount in (
            ("released", by["released"]),
            ("used", used),
            ("expired", by["expired"]),
        ):
            yield Outcome("resources", f"{resource}, {name}", "a year", amount / years, None)
