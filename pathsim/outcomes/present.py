"""Who is there: how many patients are on each therapy, in remission, waiting or neither, by week.

Made from the stays and the marks; read by figures. Other users of the resources are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import array, before, coded, first_of_patient
from pathsim.outcomes.patients import KINDS, day_kinds
from pathsim.outcomes.resources import Grid, of_other_users

EACH = 7


def present(stays: pd.DataFrame, marking: Marking, *, horizon: float) -> pd.DataFrame:
    """(replication, therapy, kind, day, number) at midnight of every seventh day.

    `kind` is treated or free, by therapy, and waiting or off (therapy missing) over all therapies.
    """
    grid = Grid(np.unique(array(stays, "replication")), horizon)
    ours = stays[~of_other_users(stays)]
    kinds, therapy = day_kinds(ours, marking), array(ours, "therapy")
    here = ~marking.ending()[array(ours, "state")]
    where, time = grid.row(array(ours, "replication")), array(ours, "from")
    first = first_of_patient(ours)
    frame = grid.frame()
    chosen = np.flatnonzero(array(frame, "day") % EACH == 0)
    frame, parts = frame.take(chosen).reset_index(drop=True), []
    for kind, code in _groups(marking):
        inside = here & (kinds == KINDS.index(kind)) & ((therapy == code) | (code < 0))
        change = inside.astype(float) - before(inside, first)
        number, _ = grid.levels(where, time, change)
        parts.append(frame.assign(therapy=code, kind=KINDS.index(kind), number=number[chosen]))
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values("replication", kind="stable", ignore_index=True)
    table["therapy"] = coded(array(table, "therapy"), marking.therapies)
    table["kind"] = coded(array(table, "kind"), KINDS)
    return table[["replication", "therapy", "kind", "day", "number"]]


def _groups(marking: Marking) -> list[tuple[str, int]]:
    codes = range(len(marking.therapies))
    by_therapy = [(kind, code) for code in codes for kind in ("treated", "free")]
    return [*by_therapy, ("waiting", -1), ("off", -1)]
