"""The search itself: look, conclude, look again, until every capacity is settled; then check.

Called by `size`, and by tests on models of their own. `evaluate` is all that it knows of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pathsim.errors import demand
from pathsim.study.sizing.judging import Array, Promise, Rule, Verdict
from pathsim.study.sizing.lattice import Lattice, Point
from pathsim.study.sizing.seen import Seen
from pathsim.study.sizing.settling import Facts, facts, kept, next_point, settled, smallest

Evaluate = Callable[[Mapping[Point, range]], Mapping[Point, Array]]
"""Simulates points: for each the numbers of the replications to make; gives back an array for each,
a row a replication and a column a promise, NaN where there is no value. The same replication number
is to have the same luck at every point."""

Told = Callable[[Seen, int], None]
"""Hears after each look what has been seen, and how many points are settled."""


@dataclass(frozen=True)
class Found:
    """A search that is over: all that was seen, and what is known of every point."""

    seen: Seen
    facts: Facts
    frontier: tuple[Point, ...]
    """The smallest capacities that keep every promise; empty where none does."""

    @property
    def lattice(self) -> Lattice:
        return self.seen.lattice

    @property
    def promises(self) -> tuple[Promise, ...]:
        return self.seen.promises

    def at(self, point: Point) -> Facts:
        """What is known of each promise at a point."""
        where: Any = (slice(None), *point)
        return np.asarray(self.facts[where])

    @property
    def cheapest(self) -> Point | None:
        """Of the frontier the one that costs least; of equals the first."""
        return min(self.frontier, key=self.lattice.cost, default=None)


def search(
    lattice: Lattice,
    promises: Sequence[Promise],
    evaluate: Evaluate,
    *,
    rule: Rule | None = None,
    told: Told | None = None,
) -> Found:
    """The smallest points of a lattice that keep all promises.

    Looks at the ends of the lattice, then wherever most is settled, then at the neighbours of what
    was found; where these show that a capacity moves a promise both ways, it goes on. Raises
    ValueError where there is no promise.
    """
    demand(bool(promises), "there is no promise: write one or more")
    seen = Seen(lattice, promises, rule or Rule())
    wanted = lattice.ends()
    while wanted:
        _look(seen, evaluate, wanted)
        found = facts(seen)
        if told is not None:
            told(seen, int(settled(found).sum()))
        point = next_point(seen, found)
        wanted = _to_check(seen, found) if point is None else [point]
    return Found(seen, found, tuple(smallest(kept(found))))


def _look(seen: Seen, evaluate: Evaluate, wanted: Sequence[Point]) -> None:
    """Make the next replications of these points: the first, or as many again."""
    asked = {}
    for point in wanted:
        made = seen.made(point)
        asked[point] = range(made, seen.rule.next(made))
    values = evaluate(asked)
    for point in wanted:
        seen.add(point, values[point])


def _to_check(seen: Seen, found: Facts) -> list[Point]:
    """What is on the frontier and not settled by what was seen there, or one step from it and new.

    What is told of the answer should not rest on its neighbours alone. Where there is no frontier
    it is what lies half way up: whether more capacity helps at all.
    """
    good = smallest(kept(found))
    wanted = [] if good or seen.lattice.middle in seen.values else [seen.lattice.middle]
    for point in good:
        near = [other for step in (-1, 1) for _, other in seen.lattice.beside(point, step)]
        wanted += [point] if _unsure(seen, point) else []
        wanted += [each for each in near if each not in seen.values]
    return list(dict.fromkeys(wanted))


def _unsure(seen: Seen, point: Point) -> bool:
    """Whether more replications of a point could settle a promise there."""
    judged = seen.judged.get(point)
    return judged is None or any(each.verdict == Verdict.UNSURE for each in judged)
