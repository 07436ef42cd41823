"""The most likely numbers, and how sure: weighted least squares by scipy, on a simulated function.

Called by `study.fit`. Knows no therapy, no target and no trial: numbers come in standard
deviations from where they were thought to lie, misses in standard errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP = 0.25
"""Standard deviations; the step of a slope. With common random numbers a simulated share moves in
steps of one patient, so a slope is taken over a stretch in which thousands change."""

FARTHEST = 4.0
"""Standard deviations; beyond this nothing is sought."""

ENOUGH = 1e-3
"""The relative gain, or step, at which the search ends: a simulation says no more."""


@dataclass(frozen=True)
class Solution:
    """Numbers and their covariance in prior standard deviations, and the calls that it took.

    `z` has shape (n,), `covariance` (n, n): the inverse of the curvature at the minimum, that of
    the prior included (Laplace's approximation).
    """

    z: Array
    covariance: Array
    calls: int
    settled: bool


Misses = Callable[[Sequence[Array]], Sequence[Array]]
"""The misses at several points, which may be worked out at once."""


def solve(misses: Misses, numbers: int) -> Solution:
    """The z that minimises the sum of squares of its misses and of z itself.

    `misses` gives (simulated - published) / standard error, shape (targets,), for each z of shape
    (numbers,) that it is asked for; each must be a function of z alone (common random numbers). All
    points that a slope needs are asked for together.
    """
    from scipy.optimize import least_squares

    known: dict[bytes, Array] = {}

    def at(*points: Array) -> list[Array]:
        """The misses and z itself, of points that may be known."""
        new = {z.tobytes(): z.copy() for z in points if z.tobytes() not in known}
        if new:
            for z, missed in zip(new.values(), misses([*new.values()]), strict=True):
                known[z.tobytes()] = np.concatenate([missed, z])
        return [known[z.tobytes()] for z in points]

    def slopes(z: Array) -> Array:
        """Forward differences, one column a number; inwards at the far end."""
        steps = np.where(z + STEP > FARTHEST, -STEP, STEP)
        here, *there = at(z, *(z + np.diag(steps)))
        columns = [(other - here) / step for other, step in zip(there, steps, strict=True)]
        return np.stack(columns, axis=1)

    def function(z: Array) -> Array:
        return at(z)[0]

    found = least_squares(
        function,
        np.zeros(numbers),
        jac=slopes,
        bounds=(-FARTHEST, FARTHEST),
        x_scale=1.0,
        ftol=ENOUGH,
        xtol=ENOUGH,
        max_nfev=20,
    )
    slope = cast("Array", found.jac)
    curvature = slope.T @ slope
    covariance: Array = np.linalg.inv(curvature).astype(np.float64)
    return Solution(found.x, covariance, len(known), bool(found.status > 0))
