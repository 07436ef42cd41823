"""The capacities that are looked among: a lattice of values, each value with its cost.

Called by the search and by what tells its answer. A *point* is a place on each axis, counted from
0. Knows no resource, no promise and no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from pathsim.errors import demand

Point = tuple[int, ...]


@dataclass(frozen=True)
class Axis:
    """One capacity: its values, rising, and what one of it costs (a cost, or any weight).

    `one` and `many` are what people call one and several of it, if they have a word.
    """

    name: str
    values: tuple[float, ...]
    cost: float = 1.0
    one: str = ""
    many: str = ""

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.values, self.values[1:], strict=False))
        demand(bool(self.values) and rising, f"values of {self.name} do not rise: sort them")
        demand(self.cost >= 0, f"the cost of {self.name} is below 0: write 0 or more")

    def words(self, value: float) -> str:
        """So many of it."""
        if not self.many:
            return f"{self.name} {value:g}"
        return f"{value:g} {self.one if value == 1 else self.many}"


@dataclass(frozen=True)
class Lattice:
    """Every combination of the values of its axes."""

    axes: Sequence[Axis]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def least(self) -> Point:
        return tuple(0 for _ in self.axes)

    @property
    def most(self) -> Point:
        return tuple(n - 1 for n in self.shape)

    @property
    def pairs(self) -> int:
        """How many pairs of points differ in one capacity alone."""
        return sum(self.size * (n - 1) // 2 for n in self.shape)

    @property
    def middle(self) -> Point:
        """Half way up, or next above it."""
        return tuple(n // 2 for n in self.shape)

    def values(self, point: Point) -> tuple[float, ...]:
        return tuple(axis.values[k] for axis, k in zip(self.axes, point, strict=True))

    def cost(self, point: Point) -> float:
        """What all of it costs together."""
        values = self.values(point)
        return sum(axis.cost * value for axis, value in zip(self.axes, values, strict=True))

    def words(self, point: Point) -> str:
        """What there is at a point: `8 cell therapy beds and 3 ...`."""
        told = [a.words(v) for a, v in zip(self.axes, self.values(point), strict=True)]
        return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]

    def ends(self) -> list[Point]:
        """All at their most, all at their least, and each with one capacity at its other end."""
        found = [self.most, self.least]
        for axis in range(len(self.axes)):
            found += [_with(self.most, axis, 0), _with(self.least, axis, self.most[axis])]
        return list(dict.fromkeys(found))

    def beside(self, point: Point, step: int) -> Iterator[tuple[int, Point]]:
        """(axis, point) of the neighbours one step down (-1) or up (1), those that there are."""
        for axis, place in enumerate(point):
            if 0 <= place + step < self.shape[axis]:
                yield axis, _with(point, axis, place + step)


def _with(point: Point, axis: int, place: int) -> Point:
    return (*point[:axis], place, *point[axis + 1 :])
