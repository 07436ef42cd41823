"""Measuring as a fold: start, add a block of whole replications, ..., finish.

One definition serves a whole log, a stream of blocks and a hand-written table: each row of every
table made here depends on one replication alone, so however the replications are cut into blocks
the result is the same, byte for byte. A block may be let go once it is added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pathsim.events import Log
from pathsim.outcomes import resources
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import joined
from pathsim.outcomes.patients import patients
from pathsim.outcomes.present import present
from pathsim.outcomes.stays import stays
from pathsim.outcomes.stock import stock


@dataclass(frozen=True)
class Block:
    """Whole replications of a log with the marks; each table is made when first asked for."""

    log: Log
    marking: Marking

    @cached_property
    def stays(self) -> pd.DataFrame:
        return stays(self.log.log, self.marking)

    @cached_property
    def patients(self) -> pd.DataFrame:
        return patients(self.stays, self.marking)

    @cached_property
    def waits(self) -> pd.DataFrame:
        return resources.waits(self.stays, self.marking)

    @cached_property
    def daily(self) -> pd.DataFrame:
        log = self.log
        return resources.daily(self.stays, self.marking, capacity=log.capacity, horizon=log.horizon)

    @cached_property
    def use(self) -> pd.DataFrame:
        return resources.use(self.stays, self.marking)

    @cached_property
    def stock(self) -> pd.DataFrame:
        return stock(self.stays, self.marking, capacity=self.log.capacity)

    @cached_property
    def present(self) -> pd.DataFrame:
        return present(self.stays, self.marking, horizon=self.log.horizon)


TABLES = ("patients", "waits", "daily", "use", "stock", "present")


@dataclass(frozen=True)
class Measured:
    """What was measured of one strategy: tables over all its replications; the horizon in days.

    `patients` (one row a patient), `waits` (one a request), `daily` (one a resource and day), `use`
    (one a thing used), `stock` (one a release), `present` (patients by therapy and day).
    """

    patients: pd.DataFrame
    waits: pd.DataFrame
    daily: pd.DataFrame
    use: pd.DataFrame
    stock: pd.DataFrame
    present: pd.DataFrame
    horizon: float

    @property
    def replications(self) -> int:
        return int(self.patients["replication"].nunique())


@dataclass
class Measuring:
    """The fold: made at the start, given blocks in order of their replications, finished once."""

    marking: Marking
    horizon: float = 0.0
    parts: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: {t: [] for t in TABLES})

    def add(self, log: Log) -> Measuring:
        """Measure a block of whole replications; gives itself back."""
        block, self.horizon = Block(log, self.marking), log.horizon
        for name in TABLES:
            self.parts[name].append(getattr(block, name))
        return self

    def finish(self) -> Measured:
        """Everything added so far. Raises ValueError where nothing was."""
        if not self.parts["patients"]:
            raise ValueError("nothing was measured: add at least one block")
        tables = {name: joined(parts) for name, parts in self.parts.items()}
        return Measured(**tables, horizon=self.horizon)


def measure(log: Log, marking: Marking) -> Measured:
    """Everything that is measured of a whole log."""
    return Measuring(marking).add(log).finish()
