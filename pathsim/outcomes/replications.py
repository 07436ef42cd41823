"""Tables by replication as folds over blocks that may end in the midst of one.

What is counted of a replication is carried over from block to block and becomes a table when it is
over. Amounts are added one after another in the order of patients, those of the next block to what
the last one left: so the sums are the same, to the bit, wherever the log was cut. Called by the
tables that are made so; knows no outcome.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

import numpy as np
import pandas as pd

from pathsim.errors import demand
from pathsim.events import CAPACITY_COLUMNS
from pathsim.outcomes.block import Block
from pathsim.outcomes.columns import Array, Columns, array, runs, under


class ByReplication(ABC):
    """A table by replication: made at the start, given blocks in order, finished once.

    A subclass says what is counted of new replications, how stays are counted, and how what was
    counted of replications that are over becomes a table.
    """

    def __init__(self) -> None:
        self._numbers, self._counted = np.zeros(0, dtype=np.int32), self.new(0)
        self._capacity = pd.DataFrame(columns=list(CAPACITY_COLUMNS))
        self._parts: list[Columns] = []

    @abstractmethod
    def new(self, n: int) -> Array:
        """What is counted of `n` replications at their start; the first axis is theirs."""

    @abstractmethod
    def count(self, block: Block, row: Array, counted: Array) -> None:
        """Add what a block holds; `row` says to which of the replications each stay belongs."""

    @abstractmethod
    def table(self, numbers: Array, counted: Array, capacity: pd.DataFrame) -> Columns:
        """The table of replications that are over, in their order, as columns."""

    def add(self, block: Block, capacity: pd.DataFrame | None = None) -> Self:
        """Count a block: stays of whole patients, and the steps of replications that end in it.

        Raises ValueError where replications do not come in order, or one comes again after it was
        over.
        """
        here = block["replication"]
        order = here[runs(here)]
        ascend = bool((order[1:] > order[:-1]).all())
        demand(ascend, "replications do not stand in order in a block")
        if capacity is not None and len(capacity):
            self._capacity = _under(self._capacity, capacity)
        numbers = _distinct(self._numbers, order, array(self._capacity, "replication"))
        for number in numbers[:1].tolist():
            sound = self._numbers.tolist() in ([], [number])
            demand(sound, f"replication {number} was over: add blocks in order of replications")
        more = len(numbers) - len(self._counted)
        counted = np.concatenate((self._counted, self.new(more))) if more else self._counted
        self.count(block, _row(here, numbers), counted)
        self._go_on(numbers, counted)
        return self

    def finish(self) -> pd.DataFrame:
        """The table of all replications."""
        self._parts.append(self.table(self._numbers, self._counted, self._capacity))
        return under(self._parts)

    def _go_on(self, numbers: Array, counted: Array) -> None:
        """Make the table of all replications but the last, which may not be over."""
        self._numbers, self._counted = numbers[-1:], counted[-1:]
        if len(numbers) > 1:
            last = array(self._capacity, "replication") == numbers[-1]
            self._parts.append(self.table(numbers[:-1], counted[:-1], self._capacity[~last]))
            self._capacity, self._counted = self._capacity[last], counted[-1:].copy()


def _under(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other], ignore_index=True) if len(one) else other


def _distinct(*columns: Array) -> Array:
    """The numbers in any of these columns, in order."""
    numbers = [column[runs(column)].astype(np.int32) for column in columns]
    return np.unique(np.concatenate(numbers))


def _row(replication: Array, numbers: Array) -> Array:
    """For each row, in order, the place of its replication among the numbers."""
    starts = np.searchsorted(replication, numbers)
    return np.repeat(np.arange(len(numbers)), np.diff(starts, append=len(replication)))
