"""The lives of the first patients, stay by stay: what a picture of single patients is made of.

`FirstLives` keeps them while a run is measured, so that no second simulation is needed; `lives_of`
gives those of any log. Called by `folds` and by trace. Knows no picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import Array, Columns, coded, under
from pathsim.outcomes.patients import KINDS, day_kinds
from pathsim.outcomes.stays import stretches

if TYPE_CHECKING:
    from pathsim.outcomes.folds import Measured

MANY = 20
"""How many patients: of replication 0, those who arrive first among those who count."""
REPLICATION = 0

EVENTS = {
    "first_dose": "first dose", "infused": "infusion", "progression": "progression",
    "lost": "lost before infusion", "dead": "death",
}  # fmt: skip
"""The tag of a state -> what its entry is called; of several tags the last here counts."""


class FirstLives:
    """The lives of the first patients to arrive in replication 0, a row a stay.

    Those with the least dates of arrival, then numbers, however the log is cut.
    """

    def __init__(self, marking: Marking, *, many: int = MANY) -> None:
        self.marking, self.many = marking, many
        self._parts: list[Columns] = []
        self._arrived: list[tuple[float, int]] = []

    def add(self, block: Block, capacity: pd.DataFrame | None = None) -> None:
        """Take those of a block who are among the first so far."""
        here = block["replication"].take(block.starts) == REPLICATION
        mine = self._earliest(block, np.flatnonzero(here))
        if len(mine) or not self._parts:
            self._parts.append(life_columns(block, _rows_of(block, mine)))

    def finish(self) -> pd.DataFrame:
        """The table, in order of patients."""
        table, first = under(self._parts), sorted(self._arrived)[: self.many]
        mine = table["patient"].isin([patient for _, patient in first])
        return under([{name: table.loc[mine, name].array for name in table.columns}])

    def _earliest(self, block: Block, patients: Array) -> Array:
        """Which of these patients of a block are among the first of all so far; notes them."""
        first = block.starts.take(patients)
        arrival, number = block["from"].take(first), block["patient"].take(first)
        order = np.lexsort((number, arrival))[: self.many]
        here = list(zip(arrival[order].tolist(), number[order].tolist(), strict=True))
        self._arrived = sorted([*self._arrived, *here])[: self.many]
        return np.sort(patients[order[[who in self._arrived for who in here]]])


def _rows_of(block: Block, patients: Array) -> Array:
    """The rows of these patients of a block, given by their places."""
    ends = zip(block.starts.take(patients), block.ends.take(patients), strict=True)
    return np.concatenate([np.zeros(0, dtype=int), *(np.arange(a, b + 1) for a, b in ends)])


def lives_of(log: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """The lives of everybody in a log."""
    block = Block(stretches(log, marking), marking)
    return pd.DataFrame(life_columns(block, np.arange(len(block))))


def first_to_differ(strategies: Iterable[Measured]) -> int | None:
    """The first patient whose therapies are not the same under all strategies; None for nobody."""
    given: dict[int, set[str]] = {}
    for measured in strategies:
        people, mine = measured.patients, numbers(measured.lives)
        known = people[(people["replication"] == REPLICATION) & people["patient"].isin(mine)]
        for patient, therapies in zip(known["patient"], known["therapies"], strict=True):
            given.setdefault(int(patient), set()).add(str(therapies))
    return min((patient for patient, ways in given.items() if len(ways) > 1), default=None)


def numbers(lives: pd.DataFrame) -> list[int]:
    """The numbers of the patients whose lives these are, in order; none where none was made."""
    return [int(number) for number in lives["patient"].unique()] if len(lives) else []


def life_columns(block: Block, rows: Array) -> Columns:
    """Of these rows of a block, a row a stay; times in days since the start of the run.

    - `replication`, `patient`; `from`, `to`, `days` (a stay of no length is one that is passed);
    - `state` (the current one), and what is in force there: `therapy`, `phase`, `setting` (missing
      where there is none); `kind`: treated, waiting, free or off, as `patients` counts days;
    - `event`: what began there, by name (see EVENTS), or empty; `cause` of its end: the clock that
      rang, the resource that was granted, or "horizon", and empty after the last;
    - `censored`: still there at the end of the run.
    """
    found, marking = block.found, block.marking
    stack = block.configuration.take(rows)
    marks = {
        name: coded(found.mark(name).take(stack), marking.words(name))
        for name in ("therapy", "phase", "setting")
    }
    return {
        **{name: block[name].take(rows) for name in ("replication", "patient", "from", "to")},
        "days": block["days"].take(rows),
        "state": coded(found.top.take(stack), marking.codes),
        **marks,
        "kind": coded(day_kinds(found).take(stack), KINDS),
        "event": coded(event_codes(block).take(rows), ("", *EVENTS.values())),
        "cause": block.column("cause").take(rows),
        "censored": block["censored"].take(rows),
    }


def event_codes(block: Block) -> Array:
    """For each row the place from 1 on, among EVENTS, of what began there; 0 for nothing."""
    told = np.zeros(len(block), dtype=np.int32)
    for number, tag in enumerate(EVENTS, start=1):
        told[block.entries(tag)] = number
    return told
