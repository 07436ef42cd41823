"""Configurations: every stack of states that occurs in a block, once, with a number of its own.

Many thousands of rows share some hundreds of configurations. What is true of one, what it holds and
waits for and which marks are in force, is worked out here once for each, and read by row through
its number. Called by stays and by the folds made of them; knows no log and no time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd

from pathsim.errors import demand
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import Array, Flags, by_column, coded, entries, filled, numbered

LEVELS = 5
MOST_STATES = 6_000
"""More would not fit into the whole number that stands for a stack of LEVELS states."""


def stacked(entered: Array, depth: Array, clears: Flags, *, states: int) -> Any:
    """The configuration after each row: a categorical whose categories stand for stacks of states.

    `entered` are the codes of the states entered, `depth` where, `clears` whether the levels above
    were left; a row of depth 0 that clears begins each patient, so filling forward never reaches
    into another one. The category of levels l0, l1, ... is the sum of (lk + 1) * (states + 1)**k.
    """
    demand(states < MOST_STATES, f"outcomes can tell {MOST_STATES:,} states apart, not {states:,}")
    alone = np.arange(1, states + 1)
    if not depth.any():
        return coded(entered, alone)
    codes, deep = filled(entered, depth == 0), np.flatnonzero(filled(depth, clears))
    entered, depth, clears = entered.take(deep), depth.take(deep), clears.take(deep)
    stack = codes.take(deep).astype(np.int64) + 1
    for k in range(1, int(depth.max()) + 1):
        here = depth == k
        level = filled(np.where(here, entered, -1), here | (clears & (depth < k)))
        stack += (level + np.int64(1)) * (states + 1) ** k
    number, stacks = pd.factorize(stack)
    codes[deep] = states + number
    return coded(codes, np.concatenate((alone, stacks)))


@dataclass(frozen=True)
class Configurations:
    """The configurations of some stays; `levels` has a row each: state codes, -1 for none.

    Every method gives an array with one place a configuration.
    """

    levels: Array
    marking: Marking

    @classmethod
    def of(cls, stacks: Any, marking: Marking) -> Configurations:
        """Those that the categories of `stacked` stand for."""
        whole, base = stacks.to_numpy(dtype=np.int64)[:, None], len(marking.states) + 1
        return cls(whole // base ** np.arange(LEVELS) % base - 1, marking)

    def held(self, resource: str) -> Array:
        """How much of a resource is held: the most that any level lists."""
        return cast(Array, self.marking.amounts("holds", resource)[self.levels].max(axis=1))

    def asked(self, resource: str) -> Array:
        """How much of a resource is requested: what the innermost level that lists it says."""
        amounts = self.marking.amounts("requests", resource)
        return self.innermost(amounts, given=amounts > 0, otherwise=0.0)

    def by_pool(self, amount: Callable[[str], Array]) -> Array:
        """Amounts of all resources beside each other, in the order of the marking's."""
        return by_column([amount(pool.name) for pool in self.marking.pools], len(self.levels))

    @cached_property
    def therapy(self) -> Array:
        """The therapy in force: its place among the marking's, -1 for none."""
        return self.mark("therapy")

    def mark(self, name: str) -> Array:
        """The `therapy`, `phase` or `setting` in force: its place among the marking's words."""
        codes = self.marking.own(name)
        return self.innermost(codes, given=codes >= 0, otherwise=-1)

    @cached_property
    def treated(self) -> Flags:
        """Whether the mark in force says so."""
        own = [-1 if m.treated is None else int(m.treated) for m in self.marking.states]
        codes = np.array([*own, -1])
        return cast(Flags, self.innermost(codes, given=codes >= 0, otherwise=-1) == 1)

    @cached_property
    def depth(self) -> Array:
        return cast(Array, (self.levels >= 0).sum(axis=1) - 1)

    @cached_property
    def top(self) -> Array:
        """The code of the current state."""
        return self.levels[np.arange(len(self.levels)), self.depth]

    def innermost(self, own: Array, *, given: Flags, otherwise: float) -> Array:
        """What the innermost level says that says something."""
        value = np.full(len(self.levels), otherwise, dtype=own.dtype)
        for level in self.levels.T:
            value = np.where(given[level], own[level], value)
        return value


def changes(values: Array, rows: Array, first: Flags) -> tuple[Array, Array, Array]:
    """(row, column, change) of what differs in values[rows] from the row before, in order.

    Before the first row of a patient everything is 0.
    """
    nothing = np.zeros((1, values.shape[1]))
    alike, kind = np.unique(np.concatenate((nothing, values)), axis=0, return_inverse=True)
    now = kind.ravel()[1:].take(rows)
    earlier = np.concatenate((kind.ravel()[:1], now[:-1]))[: len(now)]
    earlier[np.flatnonzero(first)] = kind.ravel()[0]
    moved = np.flatnonzero(now != earlier)
    n = len(alike)
    turn, turns = numbered(earlier.take(moved) * n + now.take(moved), n * n)
    at, column, change = entries(alike[turns % n] - alike[turns // n], turn)
    return moved.take(at), column, change
