"""The most likely numbers, and how sure: weighted least squares by scipy, on a simulated function.

Called by `study.fit`. Knows no therapy, no target and no trial: numbers come in standard
deviations from where they were thought to lie, misses in standard errors.
"""

from __future__ import annotations

from collections.abc import Callable
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


def solve(misses: Callable[[Array], Array], numbers: int) -> Solution:
    """The z that minimises the sum of squares of `misses(z)` and of z itself.

    `misses` gives (simulated - published) / standard error, shape (targets,), for a z of shape
    (numbers,); it must be a function of z alone (common random numbers).
    """
    from scipy.optimize import least_squares

    calls = 0

    def function(z: Array) -> Array:
        nonlocal calls
        calls += 1
        return np.concatenate([misses(z), z])

    known: dict[bytes, Array] = {}

    def remembered(z: Array) -> Array:
        key = z.tobytes()
        if key not in known:
            known[key] = function(z)
        return known[key]

    def slopes(z: Array) -> Array:
        """Forward differences, one column a number; inwards at the far end."""
        here, columns = remembered(z), []
        for k in range(numbers):
            step = -STEP if z[k] + STEP > FARTHEST else STEP
            there = z.copy()
            there[k] += step
            columns.append((remembered(there) - here) / step)
        return np.stack(columns, axis=1)

    found = least_squares(
        remembered,
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
    return Solution(found.x, covariance, calls, bool(found.status > 0))
