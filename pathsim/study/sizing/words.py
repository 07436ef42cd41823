"""A search's answer in words: one sentence first, then the frontier, what just fails, and why.

Called by what prints an answer. Knows no scenario.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pathsim.outcomes.intervals import is_skewed
from pathsim.study.sizing import tables
from pathsim.study.sizing.judging import Judged, Promise, Verdict
from pathsim.study.sizing.lattice import Point
from pathsim.study.sizing.search import Found
from pathsim.study.sizing.seen import HELPS

FEW = 6
"""So many steps below the frontier, or undecided capacities, are told; the tables have all."""


def answer(found: Found) -> str:
    """The answer in one sentence, or that there is none and for which promise."""
    point, lattice = found.cheapest, found.lattice
    if point is None:
        return _no_answer(found)
    told = "; ".join(
        f"{promise.outcome} {value(judged, promise, limit(promise))}"
        for promise, judged in zip(found.promises, found.seen.judged[point], strict=True)
    )
    alike = [p for p in found.frontier if lattice.cost(p) == lattice.cost(point) and p != point]
    others = len(found.frontier) - 1
    chosen = f", the cheapest of {others + 1} smallest capacities" if others else ""
    if alike:
        chosen += f" ({len(alike)} more cost{'s' if len(alike) == 1 else ''} as little)"
    verb = "is" if sum(lattice.values(point)) == 1 else "are"
    return f"{lattice.words(point)} {verb} enough{chosen}: {told}."


def _no_answer(found: Found) -> str:
    """Why no capacity will do."""
    lattice, never = found.lattice, tables.nowhere(found)
    upto = f"No capacity looked at (up to {lattice.words(lattice.most)})"
    if not never:
        return (
            f"{upto} keeps all promises together. Each is kept somewhere: where one is, another is "
            "not."
        )
    told = " ".join(_never(found, p) for p in never)
    return f"{upto} keeps {' nor '.join(_promised(found.promises[p]) for p in never)}. {told}"


def _never(found: Found, p: int) -> str:
    """How near a promise comes that is kept nowhere, and what capacity does to it."""
    promise, lattice = found.promises[p], found.lattice
    point, judged = tables.best(found, p)
    if judged.verdict == Verdict.NO_VALUE:
        n = judged.n + judged.missing
        return f"{promise.outcome} has no value in {judged.missing} of {n} replications."
    where = (
        "With everything at its most" if point == lattice.most else f"With {lattice.words(point)}"
    )
    if judged.verdict == Verdict.BROKEN:
        least = value(found.seen.judged[lattice.least][p], promise)
        moved = f"with everything at its least {least}"
        return f"{where} {promise.outcome} is {value(judged, promise)}, {moved}. {_why(found, p)}"
    return (
        f"{where} {promise.outcome} is {value(judged, promise)} after {judged.n} replications, too "
        "near its limit to be sure: more replications may tell."
    )


def _why(found: Found, p: int) -> str:
    """Whether more capacity would help: what the upper half of all ranges does to the promise."""
    lattice, promise, seen = found.lattice, found.promises[p], found.seen
    middle, most = seen.values.get(lattice.middle), seen.values[lattice.most]
    if middle is None or lattice.middle == lattice.most:
        return ""
    n = min(len(middle), len(most))
    change = float(np.nanmean(most[:n, p]) - np.nanmean(middle[:n, p]))
    gap = abs(float(np.nanmean(most[:n, p])) - promise.limit)
    half, digits = value(seen.judged[lattice.middle][p], promise), decimals(gap)
    said = f"With {lattice.words(lattice.middle)} it is {half}"
    if promise.sense * change > -0.1 * gap:
        unit = _unit(promise)
        return (
            f"{said} already, so this promise is not a matter of these capacities: the upper half "
            f"of their ranges changes it by {change:+.{digits}f}{unit}, and {gap:.{digits}f}{unit} "
            "are missing."
        )
    return f"{said}: more of them than was looked at may do."


def _promised(promise: Promise) -> str:
    return f"'{promise.outcome}, {limit(promise)}'"


def limit(promise: Promise) -> str:
    """`at most 60 days`."""
    side = "at most" if promise.at_most else "at least"
    return f"{side} {promise.limit:g}{_unit(promise)}"


def value(judged: Judged, promise: Promise, also: str = "") -> str:
    """`41.2 days (38.0–44.9)`: a mean with its one-sided bounds; `also` stands in the brackets."""
    low, high = tables.bounds(judged, promise)
    digits = decimals(max(abs(judged.mean), abs(promise.limit)))
    between = f"{low:.{digits}f}–{high:.{digits}f}" if low < high else ""
    inside = "; ".join(part for part in (between, also) if part)
    return f"{judged.mean:.{digits}f}{_unit(promise)}" + (f" ({inside})" if inside else "")


def decimals(largest: float) -> int:
    """How many decimals a number of this size is told with."""
    return 0 if largest >= 100 else 1 if largest >= 1 else 2


def _unit(promise: Promise) -> str:
    return f" {promise.unit.split(' of the ')[0]}" if promise.unit else ""


def just_fails(found: Found) -> Iterator[str]:
    """One step below the frontier: which promise is broken, and by how much."""
    for each in tables.failing(found)[:FEW]:
        told = "; ".join(_breaks(found, each.point, p) for p in each.promises)
        yield f"{found.lattice.words(each.point)}: {told}"


def _breaks(found: Found, point: Point, p: int) -> str:
    promise = found.promises[p]
    judged = found.seen.judged.get(point)
    if judged is None or judged[p].verdict == Verdict.NO_VALUE:
        return f"{promise.outcome} is not kept"
    mean = judged[p].mean
    beyond = promise.sense * (mean - promise.limit)
    side = "above" if (beyond > 0) == promise.at_most else "below"
    digits = decimals(max(abs(mean), abs(promise.limit)))
    sure = "" if judged[p].verdict == Verdict.BROKEN else " (undecided)"
    by = f"{abs(mean - promise.limit):.{digits}f} {side} its limit"
    return f"{promise.outcome} is {value(judged[p], promise)}, {by}{sure}"


def undecided(found: Found) -> Iterator[str]:
    """Capacities that are smaller than the frontier and may be enough."""
    near = tables.perhaps(found)
    if near:
        which = "; ".join(found.lattice.words(p) for p in near[:FEW])
        more = f"; and {len(near) - FEW} more" if len(near) > FEW else ""
        yield (
            f"Undecided after {found.seen.rule.most} replications, and counted as not kept: "
            f"{which}{more}."
        )


def at_the_edge(found: Found) -> Iterator[str]:
    """Where the answer lies at the end of a range, beyond which nobody looked."""
    if found.cheapest is None:
        return
    for axis, place in zip(found.lattice.axes, found.cheapest, strict=True):
        if place == 0 and len(axis.values) > 1:
            yield f"{axis.words(axis.values[0])} is the least looked at: fewer may do."


def confidence(found: Found) -> str:
    """What the verdicts are worth."""
    rule, seen = found.seen.rule, found.seen
    return (
        f"With a confidence of {100 * rule.confidence:g} % no verdict is wrong: bounds in brackets "
        f"are one-sided, at a level of {seen.level:.2g} each, for {found.lattice.size} capacities, "
        f"{len(found.promises)} promise{'s' if len(found.promises) > 1 else ''} and "
        f"{len(rule.looks)} looks together (Bonferroni). Promised is the mean over replications; "
        "every capacity has the same patients and the same luck."
    )


def skewed(found: Found) -> Iterator[str]:
    """Promises whose bounds at an answer are of skewed values, which Student's are not made for."""
    for p, promise in enumerate(found.promises):
        values = [found.seen.values[point][:, p] for point in found.frontier]
        if any(is_skewed(each) for each in values):
            yield (
                f"{promise.outcome} is skewed over replications, so its bounds may be wrong more "
                "often than that; more patients or replications help."
            )


def assumption(found: Found) -> Iterator[str]:
    """What was taken for granted between the capacities looked at, and where it does not hold."""
    seen, axes = found.seen, found.lattice.axes
    pairs = sum(len(seen.effects(0, a)) for a in range(len(axes)))
    yield (
        "Taken for granted: a capacity moves a promise one way, all over its range. "
        f"{pairs} pairs of capacities that differ in one alone were compared, the neighbours of "
        "the frontier among them."
    )
    for p, promise in enumerate(found.promises):
        way = seen.way(p)
        for a, axis in enumerate(axes):
            if (p, a) in seen.both_ways():
                yield (
                    f"It does not hold: {axis.many or axis.name} move {promise.outcome} both ways. "
                    "Nothing was concluded from one number of them to another."
                )
            elif way[a] != HELPS:
                yield f"More {axis.many or axis.name} work against {promise.outcome}."
