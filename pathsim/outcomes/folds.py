"""Measuring as a fold: start, add a block of whole patients, ..., finish.

One definition serves a whole log, a stream of blocks and a hand-written table: however the log is
cut between patients the result is the same, byte for byte. Rows of patients and requests depend on
one patient alone; tables by replication carry what they count from block to block (see
`replications`). A block may be let go once it is added.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pathsim.errors import demand
from pathsim.events import Log
from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.cohort import Cohort
from pathsim.outcomes.columns import Columns, array, first_of_patient, under
from pathsim.outcomes.lives import FirstLives
from pathsim.outcomes.patients import patient_columns
from pathsim.outcomes.present import Present
from pathsim.outcomes.replications import ByReplication
from pathsim.outcomes.resources import Daily, Use, wait_columns
from pathsim.outcomes.stays import stretches
from pathsim.outcomes.stock import Stock

TABLES = ("patients", "waits", "daily", "use", "stock", "present", "cohort", "lives")
AT_ONCE = 600_000
"""Rows of the log that are worked on at a time, more or less."""
OF_EVERYBODY = ("waits", "daily", "stock")
"""Tables that other users of the resources are in."""
OF_COUNTED = ("patients", "use", "cohort", "lives")
"""Tables of those of ours who arrive after the warm-up."""
DATED = {"waits": "from", "stock": "time"}
"""Tables whose rows count from the end of the warm-up on, and the column with their day."""
OF_CAPACITY = ("daily", "stock", "present")
"""Tables by replication of all that has resources, whether or not anybody of ours came."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured of one strategy: tables over all its replications; the horizon in days.

    Of a run with a `warm_up` (days) the patients, waits, use and stock are of what counts alone;
    `daily` and `present` show the whole run, and outcomes made of them leave the warm-up out.

    `patients` (one row a patient), `waits` (one a request), `daily` (one a resource and day), `use`
    (one a thing used), `stock` (one a release), `present` (patients by therapy and day),
    `cohort` (patients by therapy and time since their arrival), `lives` (one a stay of the first
    twenty patients of replication 0). A table that was not asked for is
    empty and has no columns.
    """

    patients: pd.DataFrame
    waits: pd.DataFrame
    daily: pd.DataFrame
    use: pd.DataFrame
    stock: pd.DataFrame
    present: pd.DataFrame
    cohort: pd.DataFrame
    lives: pd.DataFrame
    horizon: float
    warm_up: float = 0.0

    @property
    def replications(self) -> int:
        # After a warm-up there may be none who count; days there are in every replication.
        having = [table for table in (self.patients, self.daily) if len(table)]
        return max((int(table["replication"].nunique()) for table in having), default=0)

    @property
    def counted_days(self) -> float:
        """From the end of the warm-up to the horizon."""
        return self.horizon - self.warm_up


class Measuring:
    """The fold: made at the start, given blocks in order, finished once.

    `tables` are those wanted; no other is made or kept. `columns` says for a table which of its
    columns to keep, all where it says nothing. Of a replication that a block does not end only
    what is counted is kept: some sums a resource and day, and 18 bytes for each allotment taken or
    given back.
    """

    def __init__(
        self,
        marking: Marking,
        *,
        tables: Collection[str] = TABLES,
        columns: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.columns = dict(columns or {})
        unknown = ", ".join(sorted({*tables, *self.columns} - {*TABLES}))
        demand(not unknown, f"there is no table {unknown}; the tables are: {', '.join(TABLES)}")
        self.marking, self.tables = marking, [name for name in TABLES if name in tables]
        self.horizon = 0.0
        self._folds: dict[str, Rows | ByReplication | FirstLives] | None = None

    def add(self, log: Log) -> Measuring:
        """Measure a block of whole patients; gives itself back."""
        if self._folds is None:
            self.horizon = log.horizon
            self._folds = {name: self._begun(name) for name in self.tables}
        steps = log.capacity.astype({"resource": "category", "kind": "category"})
        for rows, capacity in _cut(log.log, steps):
            block = Block(stretches(rows, self.marking), self.marking)
            for name, fold in self._folds.items():
                who = self._of(block, name)
                fold.add(who, capacity if name in OF_CAPACITY else None)
        return self

    def finish(self) -> Measured:
        """Everything added so far. Raises ValueError where nothing was."""
        if self._folds is None:
            raise ValueError("nothing was measured: add at least one block")
        found = {name: self._kept(name, fold.finish()) for name, fold in self._folds.items()}
        tables = {name: found.get(name, pd.DataFrame()) for name in TABLES}
        return Measured(**tables, horizon=self.horizon, warm_up=self.marking.warm_up)

    def _of(self, block: Block, name: str) -> Block:
        """Those of a block whom a table is of."""
        if name in OF_COUNTED and self.marking.warm_up > 0.0:
            return block.counted
        return block if name in OF_EVERYBODY else block.ours

    def _begun(self, name: str) -> Rows | ByReplication | FirstLives:
        marking, kept = self.marking, self.columns.get(name)
        begin: dict[str, Callable[[], Rows | ByReplication | FirstLives]] = {
            "patients": lambda: Rows(patient_columns, kept),
            "waits": lambda: Rows(wait_columns, kept and {*kept, DATED["waits"]}),
            "daily": lambda: Daily(marking, self.horizon),
            "use": lambda: Use(marking),
            "stock": lambda: Stock(marking),
            "present": lambda: Present(marking, self.horizon),
            "cohort": lambda: Cohort(marking, self.horizon),
            "lives": lambda: FirstLives(marking),
        }
        return begin[name]()

    def _kept(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name in DATED and self.marking.warm_up > 0.0:
            table = table[table[DATED[name]] >= self.marking.warm_up].reset_index(drop=True)
        return table[list(self.columns[name])] if name in self.columns else table


def _cut(log: pd.DataFrame, steps: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """A log and its capacities, some whole patients at a time: what is worked on stays small."""
    starts = np.append(np.flatnonzero(first_of_patient(log)), len(log))
    cuts = starts.take(np.searchsorted(starts, np.arange(AT_ONCE, len(log), AT_ONCE)))
    replication, step_of = array(log, "replication"), array(steps, "replication")
    begin, given = 0, 0
    for end in (*np.unique(cuts[cuts < len(log)]).tolist(), len(log)):
        over = end == len(log)
        known = len(steps) if over else np.searchsorted(step_of, replication[end - 1], "right")
        yield log.iloc[begin:end], steps.iloc[given:known]
        begin, given = end, known


class Rows:
    """A table whose rows depend on one patient each: those of all blocks, one under another."""

    def __init__(self, of: Callable[[Block], Columns], kept: Collection[str] | None = None) -> None:
        self._of, self._kept = of, kept
        self._parts: list[Columns] = []

    def add(self, block: Block, capacity: pd.DataFrame | None = None) -> None:
        part = self._of(block)
        self._parts.append({name: part[name] for name in self._kept or part})

    def finish(self) -> pd.DataFrame:
        return under(self._parts)


def therapies_of(measured: Iterable[Measured]) -> tuple[str, ...]:
    """The therapies that patients of any of these may get, in the order of the scenarios."""
    columns = (str(column) for one in measured for column in one.patients.columns)
    names = (column.removeprefix("on.") for column in columns if column.startswith("on."))
    return tuple(dict.fromkeys(names))


def measure(log: Log, marking: Marking) -> Measured:
    """Everything that is measured of a whole log."""
    return Measuring(marking).add(log).finish()
