"""What has been looked at: values, verdicts, and which way each capacity moves each promise.

Called by the search. Evaluations come from outside, as arrays of replications by promises; the same
replication numbers have the same luck at every capacity, so that capacities are compared in pairs.

The assumption of the search: within the lattice a capacity moves a promise one way. Which way is
seen, not supposed: more slots shorten the wait for a slot, and fill the beds. Every pair of points
that differ in one capacity is compared, replication by replication. Where a capacity is seen to
move a promise both ways nothing is concluded along it, and each of its values is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pathsim.study.sizing.judging import Array, Judged, Promise, Rule, Verdict, bound, judged
from pathsim.study.sizing.lattice import Lattice, Point

HELPS, MIXED, HURTS = 1, 0, -1
"""What more of a capacity does to a promise; HELPS too where nothing is seen."""


@dataclass(frozen=True)
class Effect:
    """What more of one capacity does to the outcome of a promise, over the same replications.

    The mean of the differences with its one-sided bounds; `way` HELPS or HURTS where they exclude
    0, otherwise MIXED, which here says that nothing is seen.
    """

    less: Point
    more: Point
    mean: float
    low: float
    high: float
    way: int


class Seen:
    """Every point looked at so far; grows as the search goes on."""

    def __init__(self, lattice: Lattice, promises: Sequence[Promise], rule: Rule) -> None:
        self.lattice, self.promises, self.rule = lattice, tuple(promises), rule
        self.level = rule.level(lattice.size, len(promises))
        self.pair_level = rule.level(max(lattice.pairs, 1), len(promises))
        self.values: dict[Point, Array] = {}
        self.judged: dict[Point, tuple[Judged, ...]] = {}
        self._effects: dict[tuple[int, int], dict[tuple[Point, Point], Effect]] = {}
        self._contradicted: set[tuple[int, int]] = set()

    @property
    def replications(self) -> int:
        """How many have been made, over all points."""
        return sum(len(values) for values in self.values.values())

    def made(self, point: Point) -> int:
        """How many replications there are of a point."""
        return len(self.values.get(point, ()))

    def add(self, point: Point, more: Array) -> None:
        """Take further replications of a point (one row each, a column a promise)."""
        have = self.values.get(point)
        values = more if have is None else np.vstack([have, more])
        last = len(values) >= self.rule.most
        self.values[point] = values
        self.judged[point] = tuple(
            judged(values[:, p], promise, level=self.level, last=last)
            for p, promise in enumerate(self.promises)
        )
        for axis, other in self._along(point):
            less, greater = sorted((point, other))
            for p in range(len(self.promises)):
                effect = self._effect(p, less, greater)
                self._effects.setdefault((p, axis), {})[less, greater] = effect
        for p in range(len(self.promises)):
            self._compare_verdicts(p, point)

    def way(self, p: int) -> tuple[int, ...]:
        """What more of each capacity does to a promise, by all that has been seen."""
        return tuple(self._way(p, axis) for axis in range(len(self.lattice.axes)))

    def effects(self, p: int, axis: int) -> list[Effect]:
        """Every comparison of a promise along a capacity, by its points."""
        return [effect for _, effect in sorted(self._effects.get((p, axis), {}).items())]

    def both_ways(self) -> list[tuple[int, int]]:
        """(promise, capacity) where the assumption does not hold."""
        axes = range(len(self.lattice.axes))
        return [(p, a) for p in range(len(self.promises)) for a in axes if self._way(p, a) == MIXED]

    def _way(self, p: int, axis: int) -> int:
        ways = {effect.way for effect in self._effects.get((p, axis), {}).values()} - {MIXED}
        if (p, axis) in self._contradicted or len(ways) == 2:
            return MIXED
        return next(iter(ways), HELPS)

    def _along(self, point: Point) -> Iterator[tuple[int, Point]]:
        """Points that differ from this one in one capacity alone, and in which."""
        for other in self.values:
            differ = [k for k, (a, b) in enumerate(zip(point, other, strict=True)) if a != b]
            if len(differ) == 1:
                yield differ[0], other

    def _effect(self, p: int, less: Point, more: Point) -> Effect:
        one, other = self.values[less][:, p], self.values[more][:, p]
        n = min(len(one), len(other))
        known = np.isfinite(one[:n]) & np.isfinite(other[:n])
        change = other[:n][known] - one[:n][known]
        if len(change) < 2:
            return Effect(less, more, np.nan, np.nan, np.nan, MIXED)
        mean, half = float(change.mean()), bound(change, self.pair_level)
        seen = abs(mean) > max(half, 1e-12)
        way = (HURTS if self.promises[p].sense * mean > 0 else HELPS) if seen else MIXED
        return Effect(less, more, mean, mean - half, mean + half, way)

    def _compare_verdicts(self, p: int, point: Point) -> None:
        """Where a promise is kept at one point and broken at a better one, it goes both ways."""
        mine, way = self.judged[point][p].verdict, self.way(p)
        against = {Verdict.KEPT: Verdict.BROKEN, Verdict.BROKEN: Verdict.KEPT}.get(mine)
        for other, theirs in self.judged.items():
            if against is None or theirs[p].verdict != against:
                continue
            kept, broken = (point, other) if mine == Verdict.KEPT else (other, point)
            steps = [b - k for k, b in zip(kept, broken, strict=True)]
            if all(s * w > 0 if s else True for s, w in zip(steps, way, strict=True)):
                self._contradicted |= {(p, axis) for axis, s in enumerate(steps) if s}
