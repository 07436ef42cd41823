"""Who is there: how many patients are on each therapy, in remission, waiting or neither, by week.

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

EACH = 7


class Present(ByReplication):
    """(replication, therapy, kind, day, number) at midnight of every seventh day, of ours.

    `kind` is treated or free, by therapy, and waiting or off (therapy missing) over all therapies.
    """

    def __init__(self, marking: Marking, horizon: float) -> None:
        self.marking = marking
        self.weeks = -(-max(1, int(np.ceil(horizon))) // EACH)
        codes = range(len(marking.therapies))
        by_therapy = [(kind, code) for code in codes for kind in ("treated", "free")]
        self.groups = [*by_therapy, ("waiting", -1), ("off", -1)]
        super().__init__()

    def new(self, n: int) -> Array:
        return np.zeros((n, len(self.groups), self.weeks))

    def count(self, block: Block, row: Array, counted: Array) -> None:
        found = block.found
        kinds, therapy = day_kinds(found), found.therapy
        here = ~self.marking.ending()[found.top]
        inside = [
            here & (kinds == KINDS.index(kind)) & ((therapy == code) | (code < 0))
            for kind, code in self.groups
        ]
        moved, group, change = changes(np.stack(inside, axis=1), block.configuration, block.first)
        week = -(-np.ceil(block["from"].take(moved)).astype(int) // EACH)
        shown = np.flatnonzero(week < self.weeks)
        place = (row.take(moved) * len(self.groups) + group) * self.weeks + week
        np.add.at(counted.reshape(-1), place.take(shown), change.take(shown))

    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        n, groups = len(numbers), len(self.groups)
        kinds, codes = ([KINDS.index(k) for k, _ in self.groups], [c for _, c in self.groups])
        return {
            "replication": np.repeat(numbers, groups * self.weeks),
            "therapy": coded(np.tile(np.repeat(codes, self.weeks), n), self.marking.therapies),
            "kind": coded(np.tile(np.repeat(kinds, self.weeks), n), KINDS),
            "day": np.tile(np.arange(self.weeks, dtype=np.int32) * EACH, n * groups),
            "number": np.cumsum(counted, axis=-1).ravel(),
        }
