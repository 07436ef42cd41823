"""Allotments: how many were released, taken, given back, carried over, and how many expired.

Derived from the stays and the table of releases alone; called by summaries and by the audit.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
import pandas as pd

from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    array,
    before,
    by_column,
    codes_among,
    runs,
    sums,
)
from pathsim.outcomes.configurations import changes
from pathsim.outcomes.replications import ByReplication

MOVE = np.dtype([("time", "f8"), ("pool", "i2"), ("taken", "i4"), ("back", "i4")])
"""A grant or a return of an allotment, as it is kept until the releases are known: 18 bytes."""


def stock(stays: pd.DataFrame, marking: Marking, *, capacity: pd.DataFrame) -> pd.DataFrame:
    """A row for each release of an allotment: what became of it until the next release.

    `stock` is what there was just after the release; `taken` and `given_back` count until the next
    release (or the horizon), when `left` are over; `expired` are those that this release let lapse
    because the carry limit was reached.
    """
    return Stock(marking).add(Block.of(stays, marking), capacity).finish()


class Stock(ByReplication):
    """The table `stock`, block by block: what was taken and given back is kept, by replication."""

    def __init__(self, marking: Marking) -> None:
        self.marking = marking
        self.pools = [pool for pool in marking.pools if not pool.places]
        super().__init__()

    def new(self, n: int) -> Array:
        moves = np.empty(n, dtype=object)
        moves[:] = [np.zeros(0, dtype=MOVE) for _ in range(n)]
        return moves

    def count(self, block: Block, row: Array, counted: Array) -> None:
        if not self.pools:
            return
        moves, row = self._moves(block, row)
        bounds = np.searchsorted(row, np.arange(len(counted) + 1))
        for k, (start, end) in enumerate(pairwise(bounds)):
            counted[k] = np.concatenate((counted[k], moves[start:end]))

    def _moves(self, block: Block, row: Array) -> tuple[Array, Array]:
        """What grants took and what was given back, in order, and the replication of each."""
        found, rows, first = block.found, block.configuration, block.first
        names = [pool.name for pool in self.pools]
        held = by_column([found.held(name) for name in names], len(found.levels))
        asked = by_column([found.asked(name) for name in names], len(found.levels))
        changed, of, change = changes(held, rows, first)
        # A patient placed at the start may hold an allotment that no release gave.
        later = np.flatnonzero(~first.take(changed))
        changed, of, change = changed.take(later), of.take(later), change.take(later)
        pool = codes_among(block.column("cause"), names)
        grants = np.flatnonzero((pool[:-1] >= 0) & ~first[1:])
        pool = pool.take(grants)
        amount = asked[rows.take(grants), pool]
        both = np.concatenate((grants + 1, changed)) * len(names) + np.concatenate((pool, of))
        keys, where = np.unique(both, return_inverse=True)
        taken = sums(where[: len(grants)], amount, len(keys))
        back = taken - sums(where[len(grants) :], change, len(keys))
        stay, pool = keys // len(names), keys % len(names)
        back[self._used_up(block, stay, pool)] = 0.0
        moved = np.flatnonzero((taken != 0) | (back != 0))
        moves = np.zeros(len(moved), dtype=MOVE)
        moves["time"] = block["from"].take(stay.take(moved))
        moves["pool"], moves["taken"], moves["back"] = (c.take(moved) for c in (pool, taken, back))
        return moves, row.take(stay.take(moved))

    def _used_up(self, block: Block, rows: Array, pool: Array) -> Flags:
        """Where nothing is given back: used up at its grant, or on entry into its `until`."""
        until = [-1 if p.until is None else self.marking.codes.get(p.until, -9) for p in self.pools]
        state = np.array(until)[pool]
        entered, entry = (block[name].take(rows) for name in ("entered", "entry"))
        return cast(Flags, (state == -1) | ((state == entered) & entry))

    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        names = sorted(pool.name for pool in self.pools)
        pool = codes_among(capacity["resource"], names)
        chosen = np.flatnonzero((capacity["kind"] == "allotment").to_numpy() & (pool >= 0))
        row = np.searchsorted(numbers, array(capacity, "replication").take(chosen))
        group = row * len(names) + pool.take(chosen)
        order = np.argsort(group, kind="stable")
        group, releases = group.take(order), capacity.take(chosen.take(order))
        time, first = array(releases, "time").astype(float), runs(group)
        taken, back = self._by_period(names, group, time, counted)
        released, in_stock = (array(releases, c).astype(np.int64) for c in ("amount", "stock"))
        left = in_stock - taken + back
        return {
            "replication": numbers.take(group // max(len(names), 1)),
            "resource": np.array(names, dtype=object)[group % max(len(names), 1)],
            "time": time,
            "released": released,
            "stock": in_stock,
            "taken": taken,
            "given_back": back,
            "left": left,
            "expired": before(left, first) + released - in_stock,
        }

    def _by_period(
        self, names: list[str], group: Array, time: Array, counted: Array
    ) -> tuple[Array, Array]:
        """What was taken and given back from each release to the next of its replication."""
        taken, back = np.zeros(len(group)), np.zeros(len(group))
        bounds = np.append(np.flatnonzero(runs(group)), len(group)).tolist()
        for start, end in pairwise(bounds):
            row, name = divmod(int(group[start]), len(names))
            pool = [p.name for p in self.pools].index(names[name])
            moves = counted[row][counted[row]["pool"] == pool]
            # At one instant the release comes before grants and returns (docs/law.md, section 9).
            period = np.searchsorted(time[start:end], moves["time"], side="right") - 1
            moves, period = moves[period >= 0], period[period >= 0]
            taken[start:end] = sums(period, moves["taken"], end - start)
            back[start:end] = sums(period, moves["back"], end - start)
        return taken, back
