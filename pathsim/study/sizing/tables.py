"""A search's answer as tables: what was looked at, every capacity, the frontier, how they move.

Called by whoever keeps, draws or tells an answer. Knows no scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pathsim.study.sizing.judging import Judged, Promise, Verdict
from pathsim.study.sizing.lattice import Point
from pathsim.study.sizing.search import Found
from pathsim.study.sizing.seen import HELPS, HURTS
from pathsim.study.sizing.settling import kept

WORDS = {
    Verdict.UNSURE: "not known",
    Verdict.KEPT: "kept",
    Verdict.BROKEN: "broken",
    Verdict.UNDECIDED: "undecided",
    Verdict.NO_VALUE: "no value",
}
"""A verdict -> its word in tables and in print."""
WAYS = {HELPS: "helps", HURTS: "hurts"}


@dataclass(frozen=True)
class Failing:
    """One step below the frontier: the point, and the promises that it breaks or may break."""

    point: Point
    promises: tuple[int, ...]


def evaluated(found: Found) -> pd.DataFrame:
    """A row a capacity looked at and promise, in order of capacities."""
    rows = [
        {
            **_where(found, point),
            "outcome": promise.outcome,
            "unit": promise.unit,
            "side": "at_most" if promise.at_most else "at_least",
            "limit": promise.limit,
            **_clipped(judged, promise),
            "verdict": WORDS[judged.verdict],
            "replications": judged.n,
            "without_value": judged.missing,
        }
        for point, verdicts in sorted(found.seen.judged.items())
        for promise, judged in zip(found.promises, verdicts, strict=True)
    ]
    return pd.DataFrame(rows)


def capacities(found: Found) -> pd.DataFrame:
    """A row a capacity of the lattice: what is known of it, and by how many replications."""
    rows = [
        {
            **_where(found, point),
            "verdict": WORDS[verdict(found, point)],
            "breaks": "; ".join(found.promises[p].outcome for p in broken(found, point)),
            "replications": found.seen.made(point),
            "frontier": int(point in found.frontier),
            "cheapest": int(point == found.cheapest),
        }
        for point in map(tuple, np.ndindex(*found.lattice.shape))
    ]
    return pd.DataFrame(rows)


def effects(found: Found) -> pd.DataFrame:
    """A row a promise and two capacities that differ in one alone: what the step up does."""
    rows = [
        {
            "outcome": promise.outcome,
            "capacity": axis.name,
            **{f"less_{n}": v for n, v in _values(found, effect.less).items()},
            **{f"more_{n}": v for n, v in _values(found, effect.more).items()},
            "mean": effect.mean,
            "low": effect.low,
            "high": effect.high,
            "more": WAYS.get(effect.way, "nothing seen"),
        }
        for p, promise in enumerate(found.promises)
        for a, axis in enumerate(found.lattice.axes)
        for effect in found.seen.effects(p, a)
    ]
    return pd.DataFrame(rows)


def frontier(found: Found) -> pd.DataFrame:
    """The rows of `evaluated` that are of the frontier."""
    table = evaluated(found)
    names = [axis.name for axis in found.lattice.axes]
    chosen = {found.lattice.values(point) for point in found.frontier}
    mine = [tuple(row) in chosen for row in table[names].itertuples(index=False)]
    return table[mine].reset_index(drop=True)


def verdict(found: Found, point: Point) -> Verdict:
    """What is known of a point: all promises kept, or the surest way in which one is not."""
    of = {int(v) for v in found.at(point)}
    if of == {int(Verdict.KEPT)}:
        return Verdict.KEPT
    order = (Verdict.BROKEN, Verdict.NO_VALUE, Verdict.UNDECIDED, Verdict.UNSURE)
    return next(v for v in order if int(v) in of)


def failing(found: Found) -> list[Failing]:
    """The points one step below the frontier, each once, the cheapest first."""
    near = dict.fromkeys(
        below for point in found.frontier for _, below in found.lattice.beside(point, -1)
    )
    return [
        Failing(point, broken(found, point) or tuple(np.flatnonzero(of != Verdict.KEPT)))
        for point in sorted(near, key=found.lattice.cost)
        if ((of := found.at(point)) != Verdict.KEPT).any()
    ]


def broken(found: Found, point: Point) -> tuple[int, ...]:
    """The promises that are known to be broken at a point."""
    return tuple(int(p) for p in np.flatnonzero(found.at(point) == Verdict.BROKEN))


def best(found: Found, p: int) -> tuple[Point, Judged]:
    """The point looked at where a promise comes nearest to being kept.

    That is where everything is at its most, unless more of something hurts it.
    """
    sense, most = found.promises[p].sense, found.lattice.most
    if set(found.seen.way(p)) == {HELPS}:
        return most, found.seen.judged[most][p]

    def worse(item: tuple[Point, tuple[Judged, ...]]) -> float:
        mean = sense * item[1][p].mean
        return float(np.inf if np.isnan(mean) else mean)

    point, verdicts = min(found.seen.judged.items(), key=worse)
    return point, verdicts[p]


def nowhere(found: Found) -> list[int]:
    """The promises that no capacity of the lattice is known to keep."""
    return [p for p in range(len(found.promises)) if not (found.facts[p] == Verdict.KEPT).any()]


def perhaps(found: Found) -> list[Point]:
    """Points that may keep everything, and would be on the frontier or below: undecided ones."""
    by_cost = sorted(found.seen.judged, key=lambda p: (found.lattice.cost(p), p))
    points = [p for p in by_cost if verdict(found, p) == Verdict.UNDECIDED]
    good = kept(found.facts)
    return [p for p in points if not good[tuple(slice(None, k + 1) for k in p)].any()]


def _where(found: Found, point: Point) -> dict[str, float]:
    return {**_values(found, point), "cost": found.lattice.cost(point)}


def _values(found: Found, point: Point) -> dict[str, float]:
    names = [axis.name for axis in found.lattice.axes]
    return dict(zip(names, found.lattice.values(point), strict=True))


def _clipped(judged: Judged, promise: Promise) -> dict[str, float]:
    low, high = bounds(judged, promise)
    return {"mean": judged.mean, "low": low, "high": high}


def bounds(judged: Judged, promise: Promise) -> tuple[float, float]:
    """The one-sided bounds, within what the outcome can be."""
    most = 100.0 if promise.unit.startswith("%") else np.inf
    low, high = np.clip([judged.low, judged.high], 0.0, most)
    return float(low), float(high)


def columns_of(found: Found) -> Iterator[tuple[str, str]]:
    """The name of each capacity's column and what stands in it."""
    for axis in found.lattice.axes:
        yield axis.name, axis.many or "value of this field"
