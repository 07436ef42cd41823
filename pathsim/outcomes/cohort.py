"""How a cohort fares: what patients are in, so many days after each of them came, dead included.

Made from the stays and the marks; read by figures. Other users of the resources are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import Array, Columns, coded
from pathsim.outcomes.configurations import changes
from pathsim.outcomes.patients import KINDS, day_kinds
from pathsim.outcomes.replications import ByReplication

EACH = 14
LONGEST = 1827
"""Days: five years, as far as curves of survival are drawn."""
WORDS = (*KINDS, "dead", "left")
"""Kinds of days while alive, and how the model is left: dead or alive."""


class Cohort(ByReplication):
    """(replication, therapy, kind, day, number, followed), of ours, every fourteenth day.

    `day` counts from each patient's arrival. `followed` are those who came so long before the
    horizon, whatever befell them; each of them is in one kind, so numbers over followed are shares
    that no censoring shifts. `kind` is treated or free, by therapy; waiting, off, dead and left
    (the model, alive), with no therapy, are over all therapies.
    """

    def __init__(self, marking: Marking, horizon: float) -> None:
        self.marking, self.horizon = marking, horizon
        self.steps = int(min(horizon, LONGEST)) // EACH + 1
        codes = range(len(marking.therapies))
        by_therapy = [(kind, code) for code in codes for kind in ("treated", "free")]
        self.groups = [*by_therapy, *((kind, -1) for kind in ("waiting", "off", "dead", "left"))]
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.groups), self.steps))

    def count(self, block: Block, row: Array, counted: Array) -> None:
        inside = self._inside(block)
        moved, group, change = changes(inside, block.configuration, block.first)
        arrival = block["from"].take(block.starts)
        since = block["from"].take(moved) - arrival.take(block.where.take(moved))
        self._add(counted, row.take(moved), group, np.ceil(since / EACH), change)
        # From the first step that lies beyond the horizon on, a patient is in nothing.
        over = np.floor((self.horizon - arrival) / EACH) + 1
        last = inside[block.configuration.take(block.ends)]
        patient, group = np.nonzero(last)
        at = row.take(block.ends).take(patient)
        self._add(counted, at, group, over.take(patient), -last[patient, group].astype(float))

    def _add(self, counted: Array, row: Array, group: Array, step: Array, change: Array) -> None:
        place = (row * len(self.groups) + group) * self.steps + step.astype(int)
        shown = np.flatnonzero(step < self.steps)
        np.add.at(counted.reshape(-1), place.take(shown), change.take(shown))

    def _inside(self, block: Block) -> Array:
        """For each configuration, which of the groups it is in: one."""
        found, there = block.found, ~self.marking.ending()[block.found.top]
        kinds = day_kinds(found)
        of_none = (found.therapy < 0) & (kinds != WORDS.index("waiting"))
        kinds = np.where(of_none, WORDS.index("off"), kinds)
        dead = self.marking.tagged("dead")[found.top]
        kinds = np.select([there, dead], [kinds, WORDS.index("dead")], WORDS.index("left"))
        inside = [(kinds == WORDS.index(kind)) & ((found.therapy == code) | (code < 0))
                  for kind, code in self.groups]  # fmt: skip
        return np.stack(inside, axis=1)

    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        n, groups = len(numbers), len(self.groups)
        kinds, codes = ([WORDS.index(k) for k, _ in self.groups], [c for _, c in self.groups])
        number = np.cumsum(counted, axis=-1)
        followed = np.broadcast_to(number.sum(axis=1, keepdims=True), number.shape)
        return {
            "replication": np.repeat(numbers, groups * self.steps),
            "therapy": coded(np.tile(np.repeat(codes, self.steps), n), self.marking.therapies),
            "kind": coded(np.tile(np.repeat(kinds, self.steps), n), WORDS),
            "day": np.tile(np.arange(self.steps, dtype=np.int32) * EACH, n * groups),
            "number": number.ravel(),
            "followed": followed.ravel(),
        }
