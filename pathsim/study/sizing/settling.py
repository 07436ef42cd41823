"""What follows from what was looked at, and which point to look at next.

Called by the search. Facts are an array of verdicts, promises by the shape of the lattice; UNSURE
where nothing is known yet.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pathsim.study.sizing.judging import Verdict
from pathsim.study.sizing.lattice import Point
from pathsim.study.sizing.seen import HELPS, HURTS, Seen

Facts = npt.NDArray[np.int8]
Points = npt.NDArray[np.bool_]
_FILLED = (Verdict.NO_VALUE, Verdict.UNDECIDED, Verdict.BROKEN, Verdict.KEPT)
"""Verdicts that hold beyond their own point, the surest last; KEPT for what is better."""


def facts(seen: Seen) -> Facts:
    """The verdict on every promise at every point, looked at or concluded.

    What is kept is kept where capacities are better for that promise; what is broken, undecided or
    without a value is no better where they are worse.
    """
    found = np.zeros((len(seen.promises), *seen.lattice.shape), dtype=np.int8)
    for p in range(len(seen.promises)):
        way = seen.way(p)
        for verdict in _FILLED:
            towards = 1 if verdict == Verdict.KEPT else -1
            for point, verdicts in seen.judged.items():
                if verdicts[p].verdict == verdict:
                    found[p][_beyond(point, way, towards)] = verdict
        for point, verdicts in seen.judged.items():
            if verdicts[p].verdict in (Verdict.KEPT, Verdict.BROKEN):
                found[p][point] = verdicts[p].verdict
    return found


def _beyond(point: Point, way: tuple[int, ...], towards: int) -> tuple[slice, ...]:
    """The points that are better (1) or worse (-1) for a promise in every capacity, or equal."""
    return tuple(
        slice(k, None) if w * towards == HELPS else
        slice(None, k + 1) if w * towards == HURTS else
        slice(k, k + 1)
        for k, w in zip(point, way, strict=True)
    )  # fmt: skip


def kept(found: Facts) -> Points:
    """The points at which every promise is kept."""
    return np.asarray((found == Verdict.KEPT).all(axis=0))


def settled(found: Facts) -> Points:
    """The points at which every promise is kept, or one is not."""
    fails = ((found != Verdict.UNSURE) & (found != Verdict.KEPT)).any(axis=0)
    return np.asarray(kept(found) | fails)


def smallest(points: Points) -> list[Point]:
    """Of these points those with none below them: no capacity can be less without more of another.

    In order of the first capacity, then the next.
    """
    below = _reach(points.astype(np.int64), (HELPS,) * points.ndim)
    return [tuple(int(k) for k in at) for at in np.argwhere(points & (below == 1))]


def next_point(seen: Seen, found: Facts) -> Point | None:
    """The point to look at: where the most is settled at the least, for each replication made.

    The least that is settled, whichever way it falls out, is the smaller of what is better and what
    is worse: along one capacity this is bisection. None where all is settled. Of equals the first.
    """
    open_points = ~settled(found)
    if not open_points.any():
        return None
    gain = np.zeros(open_points.shape)
    for p in range(len(seen.promises)):
        way = seen.way(p)
        mine = (open_points & (found[p] == Verdict.UNSURE)).astype(np.int64)
        worse, better = _reach(mine, way), _reach(mine, tuple(-w for w in way))
        gain += mine * np.minimum(worse, better)
    price = np.full(open_points.shape, float(seen.rule.first))
    for point in seen.values:
        made = seen.made(point)
        price[point] = seen.rule.next(made) - made if made < seen.rule.most else np.inf
    best = np.argmax(np.where(open_points, gain / price, -1.0))
    return tuple(int(k) for k in np.unravel_index(best, open_points.shape))


def _reach(count: npt.NDArray[np.int64], way: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """For each point the sum over those that are worse than it in every capacity, or equal."""
    for axis, w in enumerate(way):
        if w == HELPS:
            count = np.cumsum(count, axis=axis)
        elif w == HURTS:
            count = np.flip(np.cumsum(np.flip(count, axis), axis=axis), axis)
    return count
