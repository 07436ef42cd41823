"""What must hold in every run: checks of a log against itself, as sentences.

`audit` is called by tests and at the end of a run; an empty list is the good answer. It knows the
log, the marks and the capacities, never an engine.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pathsim import events
from pathsim.events import Log
from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking, Pool
from pathsim.outcomes.columns import (
    Array,
    array,
    before,
    first_of_patient,
    is_any,
    place,
    sums,
    words,
)
from pathsim.outcomes.resources import waits
from pathsim.outcomes.stays import stays
from pathsim.outcomes.stock import stock


def audit(log: Log, marking: Marking) -> list[str]:
    """Every law of conservation that the log breaks, one sentence each; empty where none is."""
    table = stays(log.log, marking)
    return [
        *_lives(log),
        *_sums(table),
        *(
            said
            for pool in marking.pools
            if pool.places
            for said in _room(log, table, marking, pool)
        ),
        *_stock(log, table, marking),
        *_littles_law(table, marking),
    ]


def _lives(log: Log) -> Iterator[str]:
    """Arrivals are exits and those still present; time never runs back; nothing follows an end."""
    table, time = log.log, array(log.log, "time")
    kind, first, where = words(table["kind"]), first_of_patient(table), place(table)
    arrivals = int(is_any(kind, events.ARRIVE).sum())
    exits, present = (int(is_any(kind, k).sum()) for k in (events.END, events.CENSOR))
    if arrivals != exits + present:
        yield f"{arrivals} arrivals are not {exits} exits and {present} still present"
    if arrivals != len(log.patients):
        yield f"{arrivals} arrivals, but {len(log.patients)} rows of patients"
    if (back := ~first & (time < before(time, first))).any():
        yield f"time runs back for {_who(table, back)}"
    last = np.append(first[1:], True)[: len(first)]
    over = is_any(kind, events.END, events.CENSOR)
    if (after := over & ~last).any():
        yield f"something happens after the end of {_who(table, after)}"
    if (open_end := last & ~over).any():
        yield f"neither an end nor the horizon closes the life of {_who(table, open_end)}"
    expected = np.arange(len(table)) - np.flatnonzero(first)[where] if len(table) else where
    if (wrong := array(table, "step") != expected).any():
        yield f"steps do not count 0, 1, ... for {_who(table, wrong)}"


def _sums(table: pd.DataFrame) -> Iterator[str]:
    """The stays of a patient add up to the time from entry to exit."""
    where, first = place(table), first_of_patient(table)
    n, last = int(first.sum()), np.append(first[1:], True)[: len(first)]
    whole = array(table, "to")[last] - array(table, "from")[first]
    wrong = ~np.isclose(sums(where, array(table, "days"), n), whole, rtol=1e-9, atol=1e-6)
    if wrong.any():
        yield f"stays do not add up to the life of {_who(table[first], wrong)}"


def _room(log: Log, table: pd.DataFrame, marking: Marking, pool: Pool) -> Iterator[str]:
    """Who takes a place finds room: after an instant in which holdings rose they fit the capacity.

    Within an instant nothing rises after a grant (docs/law.md, section 9), so holdings above the
    capacity can only come of a capacity that fell.
    """
    block = Block.of(table, marking)
    has = block.found.held(pool.name).take(block.configuration)
    change = has - before(has, first_of_patient(table))
    replication, time = array(table, "replication"), array(table, "from")
    steps = log.capacity[log.capacity["resource"] == pool.name]
    for number in np.unique(replication):
        mine = (replication == number) & (change != 0)
        at, where = np.unique(time[mine], return_inverse=True)
        total = np.cumsum(sums(where, change[mine], len(at)))
        rose = sums(where, np.maximum(change[mine], 0.0), len(at)) > 0
        capacity = _in_force(steps[steps["replication"] == number], at)
        for k in np.flatnonzero(rose & (total > capacity)):
            yield (
                f"{pool.name}: {total[k]:g} held of {capacity[k]:g} on day {at[k]:g}, "
                f"after a grant (replication {number})"
            )


def _in_force(steps: pd.DataFrame, at: Array) -> Array:
    place = np.searchsorted(array(steps, "time"), at, side="right") - 1
    amounts = np.append(array(steps, "amount"), 0).astype(float)
    return amounts[place]


def _stock(log: Log, table: pd.DataFrame, marking: Marking) -> Iterator[str]:
    """No allotment is taken that was not there."""
    releases = stock(table, marking, capacity=log.capacity)
    for row in releases[releases["left"] < 0].to_dict("records"):
        yield (
            f"{row['resource']}: {row['taken']:g} taken of {row['stock']:g} after day "
            f"{row['time']:g} (replication {row['replication']})"
        )
    for row in releases[releases["expired"] < 0].to_dict("records"):
        yield f"{row['resource']}: more in stock on day {row['time']:g} than was left and released"


def _littles_law(table: pd.DataFrame, marking: Marking) -> Iterator[str]:
    """The length of each queue over time is the waits of those in it: L = lambda W."""
    requests, block = waits(table, marking), Block.of(table, marking)
    for pool in marking.pools:
        asked = block.found.asked(pool.name).take(block.configuration)
        length = float(np.sum(block["days"] * (asked > 0)))
        waited = float(array(requests[requests["resource"] == pool.name], "days").sum())
        if not np.isclose(length, waited, rtol=1e-9, atol=1e-6):
            yield f"{pool.name}: a queue of {length:g} patient days, but waits of {waited:g} days"


def _who(table: pd.DataFrame, wrong: Array) -> str:
    row = table[wrong].iloc[0]
    more = int(wrong.sum()) - 1
    others = f" and {more} more" if more else ""
    return f"patient {row['patient']} of replication {row['replication']}{others}"
