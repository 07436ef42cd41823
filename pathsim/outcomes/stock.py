"""Allotments: how many were released, taken, given back, carried over, and how many expired.

Derived from the stays and the table of releases alone; called by summaries and by the audit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import Marking, Pool
from pathsim.outcomes.columns import Array, array, before, first_of_patient
from pathsim.outcomes.resources import asked, granted, held

COLUMNS = (
    *("replication", "resource", "time", "released"),
    *("stock", "taken", "given_back", "left", "expired"),
)


def stock(stays: pd.DataFrame, marking: Marking, *, capacity: pd.DataFrame) -> pd.DataFrame:
    """A row for each release of an allotment: what became of it until the next release.

    `stock` is what there was just after the release; `taken` and `given_back` count until the next
    release (or the horizon), when `left` are over; `expired` are those that this release let lapse
    because the carry limit was reached.
    """
    releases = capacity[capacity["kind"] == "allotment"]
    parts = []
    for pool in marking.pools:
        mine = releases[releases["resource"] == pool.name]
        if pool.places or not len(mine):
            continue
        taken, back = _moves(stays, marking, pool)
        parts.append(_periods(mine, stays, taken, back))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    return table.sort_values(["replication", "resource", "time"], ignore_index=True)


def _moves(stays: pd.DataFrame, marking: Marking, pool: Pool) -> tuple[Array, Array]:
    """For each row of the stays: how many its grant took, and how many it gave back."""
    first = first_of_patient(stays)
    listed, has = asked(stays, marking, pool.name), held(stays, marking, pool.name)
    taken = np.where(granted(stays, pool.name), before(listed, first), 0.0)
    # A patient placed at the start may hold an allotment that no release gave.
    back = np.where(first, 0.0, before(has, first) + taken - has)
    until = array(stays, "entered") == marking.codes.get(pool.until or "", -9)
    used_up = until & array(stays, "entry")
    return taken, np.where(used_up | (pool.until is None), 0.0, back)


def _periods(
    releases: pd.DataFrame, stays: pd.DataFrame, taken: Array, back: Array
) -> pd.DataFrame:
    time, replication = array(stays, "from"), array(stays, "replication")
    moved = np.flatnonzero((taken != 0) | (back != 0))
    parts = []
    for number, mine in releases.groupby("replication", sort=True):
        rows = moved[replication[moved] == number]
        table = mine[["replication", "resource", "time", "stock"]].reset_index(drop=True)
        table["released"] = array(mine, "amount")
        # At one instant the release comes before grants and returns (docs/law.md, section 9).
        period = np.searchsorted(array(table, "time"), time[rows], side="right") - 1
        period, rows = period[period >= 0], rows[period >= 0]
        for name, amount in (("taken", taken), ("given_back", back)):
            table[name] = np.bincount(period, weights=amount[rows], minlength=len(table))
        table["left"] = table["stock"] - table["taken"] + table["given_back"]
        carried = table["left"].shift(fill_value=0)
        table["expired"] = carried + table["released"] - table["stock"]
        parts.append(table)
    return pd.concat(parts, ignore_index=True)
