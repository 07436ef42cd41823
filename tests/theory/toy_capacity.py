"""A service that is a formula: outcomes of capacities with known means, fast to sample.

Tests of the search for capacities call this. Values of a replication share luck at all capacities,
as those of the simulation do, and have some of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathsim.study.sizing.lattice import Lattice, Point

Array = npt.NDArray[np.float64]
Mean = Callable[[tuple[float, ...]], list[float]]


@dataclass
class Toy:
    """Means of the promised outcomes by the values of the capacities; how far luck moves them.

    `skewed` luck is that of a gamma law of shape 4, otherwise normal; `asked` counts replications.
    """

    lattice: Lattice
    mean: Mean
    noise: float
    seed: int = 0
    skewed: bool = False
    asked: dict[Point, int] = field(default_factory=dict)

    def __call__(self, wanted: Mapping[Point, range]) -> dict[Point, Array]:
        return {point: self._values(point, numbers) for point, numbers in wanted.items()}

    def _values(self, point: Point, numbers: range) -> Array:
        means = np.array(self.mean(self.lattice.values(point)))
        self.asked[point] = self.asked.get(point, 0) + len(numbers)
        assert self.asked[point] == numbers.stop, "replications are asked for once, in order"
        own = self._luck((numbers.start, 1 + self.place(point)), (len(numbers), len(means)))
        shared = self.shared[numbers.start : numbers.stop, : len(means)]
        return means + self.noise * (0.8 * shared + 0.6 * own)

    @cached_property
    def shared(self) -> Array:
        """The luck of each replication at all capacities: of up to 1024, and up to 4 outcomes."""
        return self._luck((0,), (1024, 4))

    def place(self, point: Point) -> int:
        return int(np.ravel_multi_index(point, self.lattice.shape))

    def _luck(self, of: tuple[int, ...], shape: tuple[int, int]) -> Array:
        generator = np.random.default_rng((self.seed, *of))
        if self.skewed:
            return (generator.gamma(4.0, size=shape) - 4.0) / 2.0
        return generator.standard_normal(shape)
