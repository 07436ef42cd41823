"""What the SimPy programs written by hand share: the codes of rows, and numbers drawn in blocks.

A number drawn alone costs more than what SimPy does with it; drawn in numpy by the thousand it
costs next to nothing. Read beside `workloads.py`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from typing import TYPE_CHECKING, Any

from benchmarks.workloads import INTENSIVE_CARE, KINDS, Rows

if TYPE_CHECKING:
    import numpy as np

Row = tuple[int, float, int]

(
    ARRIVE, AWAITING_SLOT, IN_SLOT, AWAITING_BED, FIRST_STAY, COURSE, AWAITING_ICU, IN_ICU,
    SECOND_STAY, AT_HOME, AWAITING_CLINIC, IN_CLINIC, AWAITING_WARD, IN_WARD, BACK, LATE, DEAD,
) = range(len(KINDS))  # fmt: skip
BLOCK = 8192


def by_the_thousand(draw: Callable[[int], np.ndarray[Any, Any]]) -> Callable[[], float]:
    """The next number of a law, which is drawn in blocks."""

    def numbers() -> Iterator[float]:
        while True:
            yield from draw(BLOCK).tolist()

    return numbers().__next__


class Luck:
    """The laws of the workloads, each a function without arguments."""

    def __init__(self, seed: int) -> None:
        import numpy as np

        rng = np.random.default_rng(seed)

        def exponential(mean: float) -> Callable[[], float]:
            return by_the_thousand(lambda n: rng.exponential(mean, n))

        def lognormal(median: float, sigma: float) -> Callable[[], float]:
            return by_the_thousand(lambda n: rng.lognormal(log(median), sigma, n))

        def weibull(shape: float, scale: float) -> Callable[[], float]:
            return by_the_thousand(lambda n: scale * rng.weibull(shape, n))

        self.death_before = exponential(400.0)
        self.making = lognormal(30.0, 0.3)
        self.stay = lognormal(6.0, 0.4)
        self.severe = by_the_thousand(lambda n: rng.random(n) < INTENSIVE_CARE)
        self.icu = exponential(4.0)
        self.relapse = weibull(0.8, 700.0)
        self.death_in_remission = exponential(2500.0)
        self.infection = exponential(180.0)
        self.recovery = exponential(8.0)
        self.progression = weibull(0.9, 300.0)
        self.death = exponential(150.0)


@contextmanager
def no_collection() -> Iterator[None]:
    """Nothing here makes circles of objects, and a collector that looks at the log takes time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def as_rows(rows: list[Row]) -> Rows:
    """The list as arrays, in order of patient and time, as the other programs leave it."""
    import numpy as np

    patient, time, kind = (np.array(column) for column in zip(*rows, strict=True))
    order = np.argsort(patient, kind="stable")
    return Rows(patient[order], time[order], kind[order])
