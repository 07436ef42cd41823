"""Survival by strategy: Kaplan-Meier curves, with the numbers at risk below them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from pathsim.figures.style import (
    GREY,
    MANY,
    band,
    banded,
    colour,
    dashes,
    short,
    step_of,
)
from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.survival import Event, Start, curve, curves, times
from pathsim.units import DAYS_PER_MONTH


def survival(
    ax: Axes,
    strategies: Mapping[str, Measured],
    *,
    start: Start = "arrival",
    event: Event = "death",
    months: float | None = None,
) -> Axes:
    """Kaplan-Meier curves by strategy with a band over replications and the numbers at risk.

    The line pools all replications; the band is the middle 80 % of their own curves.
    """
    longest = max(m.horizon for m in strategies.values()) / DAYS_PER_MONTH
    end = min(longest, 60.0) if months is None else months
    grid = np.linspace(0.0, end, 241)
    ticks = np.arange(0.0, end + 1e-9, step_of(end))
    risks: list[tuple[str, str, Array]] = []
    for number, (name, measured) in enumerate(strategies.items()):
        table, paint = times(measured.patients, start=start, event=event), colour(number)
        pooled = curve(table)
        ax.step(grid, 100 * pooled.at(grid * DAYS_PER_MONTH), where="post", color=paint, lw=2.2,
                ls=dashes(number), label=f"{short(name)} (n = {pooled.n:,})")  # fmt: skip
        if len(strategies) <= MANY:
            own = [100 * c.at(grid * DAYS_PER_MONTH) for c in curves(table).values()]
            band(ax, grid, own, paint)
        risks.append((name, paint, pooled.at_risk(ticks * DAYS_PER_MONTH)))
    what = {"death": "Overall survival", "progression": "Progression-free survival",
            "next_line": "Free of next line and alive"}[event]  # fmt: skip
    ax.set(xlim=(0, end), ylim=(0, 100), xticks=ticks, ylabel=f"{what} (%)")
    ax.set_xlabel(f"Months since {'arrival' if start == 'arrival' else 'first infusion or dose'}")
    if len(strategies) <= MANY:
        ax.legend(loc="upper right", frameon=False)
        ax.set_title(f"{what}; {banded(next(iter(strategies.values())))}", loc="left")
    else:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=10)
        ax.set_title(f"{what}; all replications together", loc="left")
    _at_risk(ax, ticks, risks)
    return ax


def _at_risk(ax: Axes, ticks: Array, risks: list[tuple[str, str, Array]]) -> None:
    """Below the axis: how many are followed at each tick, all replications together."""
    below = ax.get_xaxis_transform()
    ax.annotate("At risk, all replications", (0, 0), (-24, -52), xycoords="axes fraction",
                textcoords="offset points", ha="right", fontsize=10, color=GREY)  # fmt: skip
    for row, (name, paint, counts) in enumerate(risks):
        drop = -68 - 15 * row
        ax.annotate(short(name), (0, 0), (-24, drop), xycoords="axes fraction",
                    textcoords="offset points", ha="right", fontsize=10, color=paint)  # fmt: skip
        for tick, count in zip(ticks, counts, strict=True):
            ax.annotate(f"{int(count):,}", (tick, 0), (0, drop), xycoords=below, color=paint,
                        textcoords="offset points", ha="center", fontsize=10)  # fmt: skip
