"""Survival by strategy: Kaplan-Meier curves, with the numbers at risk below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from pathsim.figures.style import (
    INK,
    MANY,
    SIZE,
    SMALL,
    band,
    banded,
    colour,
    dashes,
    marker,
    nobody,
    resized,
    short,
    step_of,
)
from pathsim.figures.words import number, told
from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.survival import Curve, Event, Start, curve, curves, times
from pathsim.units import DAYS_PER_MONTH

WHAT = {
    "death": "Overall survival",
    "progression": "Progression-free survival",
    "next_line": "Alive without a further line",
}
FROM = {"arrival": "arrival", "treatment": "first infusion or dose"}
ROW = 15
"""Points from one row of numbers at risk to the next."""


def survival(
    ax: Axes,
    strategies: Mapping[str, Measured],
    *,
    start: Start = "arrival",
    event: Event = "death",
    months: float | None = None,
) -> Axes:
    """Kaplan-Meier curves by strategy with a band over replications and the numbers at risk.

    The line pools all replications; the band is the middle 80 % of their own curves, left out where
    many strategies would hide each other.
    """
    longest = max(m.horizon for m in strategies.values()) / DAYS_PER_MONTH
    end = min(longest, 60.0) if months is None else months
    grid = np.linspace(0.0, end, 241)
    ticks = np.arange(0.0, end + 1e-9, step_of(end))
    few, pooled = len(strategies) <= MANY, dict[str, Curve]()
    for place, (name, measured) in enumerate(strategies.items()):
        table = times(measured.patients, start=start, event=event)
        found = pooled[name] = curve(table)
        marks: dict[str, Any] = (
            {} if few else {"marker": marker(place), "ms": 5, "markevery": (4 * place, 40)}
        )
        ax.step(grid, 100 * found.at(grid * DAYS_PER_MONTH), where="post", color=colour(place),
                lw=2.2 if few else 1.6, ls=dashes(place),
                label=f"{short(name)} (n = {found.n:,})", **marks)  # fmt: skip
        if few:
            own = [100 * c.at(grid * DAYS_PER_MONTH) for c in curves(table).values()]
            band(ax, grid, own, colour(place))
    what, since = WHAT[event], FROM[start]
    ax.set(xlim=(0, end), ylim=(0, 100), xticks=ticks, ylabel=f"{what} (%)")
    ax.set_xlabel(f"Months since {since}")
    over = banded(next(iter(strategies.values()))) if few else "all replications together"
    ax.set_title(f"{what} from {since}; {over}", loc="left")
    if not any(found.n for found in pooled.values()):
        nobody(ax)
    if few:
        ax.legend(loc="upper right", fontsize=11)
    resized(ax, SIZE[0], SIZE[1] + max(0, len(strategies) - MANY) * ROW / 72)
    _at_risk(ax, ticks, pooled, few=few)
    said = " ".join(_curve_told(name, c, end, few=few) for name, c in pooled.items())
    told(ax, f"Up: {what.lower()}, in %. Across: months since {since}, to {end:.0f}. {said}")
    return ax


def _at_risk(ax: Axes, ticks: Array, pooled: Mapping[str, Curve], *, few: bool) -> None:
    """Below the axis: how many are followed at each tick, all replications together.

    Each row begins with the line of its strategy; where these are many the rows are the legend, in
    the order in which the curves end.
    """
    below = ax.get_xaxis_transform()
    place = {name: k for k, name in enumerate(pooled)}
    counts = {name: c.at_risk(ticks * DAYS_PER_MONTH) for name, c in pooled.items()}
    longest = max(len(f"{int(each):,}") for row in counts.values() for each in row)
    said: dict[str, Any] = {"textcoords": "offset points", "fontsize": SMALL, "color": INK}
    ax.annotate("At risk, all replications", (0, 0), (-62, -52), xycoords="axes fraction",
                ha="right", **said)  # fmt: skip
    for row, name in enumerate(
        pooled if few else _by_end(pooled, float(ticks[-1]) * DAYS_PER_MONTH)
    ):
        drop = -52 - ROW * (row + 1)
        ax.annotate(short(name), (0, 0), (-62, drop), xycoords="axes fraction", ha="right", **said)
        _sample(ax, place[name], drop + 4, marked=not few)
        for tick, count in list(zip(ticks, counts[name], strict=True))[:: 1 if longest < 7 else 2]:
            ax.annotate(f"{int(count):,}", (tick, 0), (0, drop), xycoords=below, ha="center",
                        **said)  # fmt: skip


def _by_end(pooled: Mapping[str, Curve], day: float) -> list[str]:
    return sorted(pooled, key=lambda name: -float(np.nan_to_num(pooled[name].at(day))))


def _sample(ax: Axes, place: int, drop: float, *, marked: bool) -> None:
    """A piece of a strategy's line, left of the axis so many points below its foot."""
    look: Any = {"ls": dashes(place), "color": colour(place), "lw": 2}
    ax.annotate("", (-58, drop), (-26, drop), xycoords="axes points", textcoords="axes points",
                arrowprops={"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **look})  # fmt: skip
    if marked:
        at = offset_copy(ax.transAxes, ax.get_figure(root=True), -42, drop, units="points")
        ax.plot([0], [0], marker(place), color=colour(place), ms=5, transform=at, clip_on=False)


def _curve_told(name: str, found: Curve, end: float, *, few: bool) -> str:
    if not found.n:
        return f"{name}: nobody."
    at = [month for month in ((12.0, 24.0, end) if few else (end,)) if month <= end]
    shares = ", ".join(
        f"{number(100 * float(found.at(month * DAYS_PER_MONTH)))} at {month:.0f}" for month in at
    )
    median = found.median() / DAYS_PER_MONTH
    half = f"median {number(median)} months" if np.isfinite(median) else "median not reached"
    return f"{name} (n = {found.n:,}): {shares}; {half}."
